//! The real binary, on a private database.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
};

use tempfile::TempDir;

use crate::load::{Target, Way};

/// Which database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    Postgres,
}

/// The server that the runner names.
pub(crate) fn server() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the runner names the server")]
    std::env::var("TEST_DATABASE_URL").ok()
}

/// A database with its key and one unit.
pub(crate) struct Home {
    _folder: Option<TempDir>,
    path: PathBuf,
    url: String,
    unit: &'static str,
}

impl Home {
    /// A new one; nothing where no server is named.
    pub(crate) fn new(database: Database) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().to_owned();
        let url = match database {
            Database::Sqlite => format!("sqlite://{}", path.join("bench.db").display()),
            Database::Postgres => on_server(&server()?),
        };
        let home = Self { _folder: Some(folder), path, url, unit: "tra-cu" };
        home.sipas(&["migrate"]);
        let units = home.path.join("units.csv");
        let row = "action,code,parent,kind,name_vi,name_en,name_km,form,valid_from,valid_to,successors\n\
                   create,tra-cu,,commune,Trà Cú,,,,2020-01-01,,\n";
        std::fs::write(&units, row).expect("a file");
        home.sipas(&["unit", "import", &units.display().to_string()]);
        Some(home)
    }

    /// One that is there.
    pub(crate) fn at(path: &Path, url: String, unit: &'static str) -> Self {
        Self { _folder: None, path: path.to_owned(), url, unit }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sipas"));
        let key = self.path.join("bench.key");
        command.args(arguments).args(["--database-url", &self.url]).arg("--key-file").arg(key);
        command
    }

    pub(crate) fn sipas(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().expect("sipas runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// Issues codes.
    pub(crate) fn codes(&self, count: usize) -> Arc<Mutex<Vec<String>>> {
        let issue = ["receipt", "issue", "--unit", self.unit, "--count", &count.to_string()];
        let text = String::from_utf8(self.sipas(&issue).stdout).expect("codes");
        let codes = text.lines().skip(1).filter_map(|l| l.split(',').next()).map(str::to_owned);
        Arc::new(Mutex::new(codes.collect()))
    }

    pub(crate) fn token(&self) -> Way {
        let create = ["token", "create", "--name", "bench", "--scope", "responses:write"];
        Way::Token(String::from_utf8(self.sipas(&create).stdout).expect("a token").trim().to_owned())
    }

    pub(crate) fn serve(&self) -> Service {
        let mut child = self
            .command(&["serve", "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("sipas starts");
        let address = listening(&mut child);
        Service { child, address }
    }

    pub(crate) fn target(&self, services: &[Service], way: Way, codes: &Arc<Mutex<Vec<String>>>) -> Target {
        Target {
            addresses: services.iter().map(|service| service.address).collect(),
            unit: self.unit,
            way,
            codes: Arc::clone(codes),
            pids: services.iter().map(|service| service.child.id()).collect(),
        }
    }
}

/// A new database on a server.
fn on_server(server: &str) -> String {
    let name = format!("sipas_bench_{:x}", rand::random::<u64>());
    let made = Command::new("psql").args([server, "-qc", &format!("CREATE DATABASE {name}")]).output();
    assert!(made.expect("psql runs").status.success());
    server.rsplit_once('/').map(|(host, _)| format!("{host}/{name}")).expect("a database in the URL")
}

/// A running service; killed when dropped.
pub(crate) struct Service {
    child: Child,
    address: SocketAddr,
}

impl Service {
    /// What a browser sends of the time at which it opened the page of this code.
    pub(crate) fn opened(&self, code: &str) -> Way {
        let mut stream = TcpStream::connect(self.address).expect("the service listens");
        let get = format!(
            "GET /r/{} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n",
            code.replace('-', "")
        );
        stream.write_all(get.as_bytes()).expect("the service takes requests");
        let mut page = String::new();
        stream.read_to_string(&mut page).expect("a page");
        let field = page.split("name=\"START\"").nth(1).expect("the page says when it was opened");
        let value = field.split("value=\"").nth(1).and_then(|rest| rest.split('"').next());
        Way::Page(value.expect("a value").to_owned())
    }
}

fn listening(child: &mut Child) -> SocketAddr {
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let (_, after) = line.split_once("listens on http://")?;
        after.split_whitespace().next()?.parse().ok()
    });
    std::thread::spawn(move || lines.for_each(drop));
    address.expect("the service says where it listens")
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}
