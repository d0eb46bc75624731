//! The real binary, on a private database.

use std::{
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
};

use tempfile::TempDir;

use crate::load::Target;

/// A running service; killed when dropped.
pub(crate) struct Service {
    child: Child,
    address: SocketAddr,
    token: String,
    codes: Option<Arc<Mutex<Vec<String>>>>,
    _folder: TempDir,
}

/// Codes issued before a run: more than it can spend.
const CODES: usize = 400_000;

impl Service {
    /// SQLite, and PostgreSQL where a server is named; by the `api` channel and by receipt.
    pub(crate) fn all() -> Vec<(&'static str, Self)> {
        let mut all =
            vec![("SQLite, api", Self::start(None, 0)), ("SQLite, receipt", Self::start(None, CODES))];
        #[expect(clippy::disallowed_methods, reason = "the runner names the server")]
        if let Ok(server) = std::env::var("TEST_DATABASE_URL") {
            all.push(("PostgreSQL, api", Self::start(Some(&server), 0)));
            all.push(("PostgreSQL, receipt", Self::start(Some(&server), CODES)));
        }
        all
    }

    pub(crate) fn target(&self) -> Target {
        Target {
            address: self.address,
            token: self.token.clone(),
            codes: self.codes.clone(),
            pid: Some(self.child.id()),
        }
    }

    fn start(server: Option<&str>, codes: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let url = server.map_or_else(
            || format!("sqlite://{}", folder.path().join("bench.db").display()),
            |server| {
                let name = format!("sipas_bench_{:x}", rand::random::<u64>());
                let made =
                    Command::new("psql").args([server, "-qc", &format!("CREATE DATABASE {name}")]).output();
                assert!(made.expect("psql runs").status.success());
                server
                    .rsplit_once('/')
                    .map(|(host, _)| format!("{host}/{name}"))
                    .expect("a database in the URL")
            },
        );
        let sipas = |arguments: &[&str]| -> Output {
            let output = Command::new(env!("CARGO_BIN_EXE_sipas"))
                .args(arguments)
                .args(["--database-url", &url])
                .arg("--key-file")
                .arg(folder.path().join("bench.key"))
                .output()
                .expect("sipas runs");
            assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            output
        };
        sipas(&["migrate"]);
        let units = folder.path().join("units.csv");
        let row = "action,code,parent,kind,name_vi,name_en,name_km,form,valid_from,valid_to,successors\n\
                   create,tra-cu,,commune,Trà Cú,,,,2020-01-01,,\n";
        std::fs::write(&units, row).expect("a file");
        sipas(&["unit", "import", &units.display().to_string()]);
        let scope = ["token", "create", "--name", "bench", "--scope", "responses:write"];
        let token = String::from_utf8(sipas(&scope).stdout).expect("a token").trim().to_owned();
        let mut child = Command::new(env!("CARGO_BIN_EXE_sipas"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database-url", &url])
            .arg("--key-file")
            .arg(folder.path().join("bench.key"))
            .stderr(Stdio::piped())
            .spawn()
            .expect("sipas starts");
        let address = listening(&mut child);
        let codes = (codes > 0).then(|| {
            let count = codes.to_string();
            let issued = sipas(&["receipt", "issue", "--unit", "tra-cu", "--count", &count]).stdout;
            let text = String::from_utf8(issued).expect("codes");
            let codes = text.lines().skip(1).filter_map(|l| l.split(',').next()).map(str::to_owned);
            Arc::new(Mutex::new(codes.collect()))
        });
        Self { child, address, token, codes, _folder: folder }
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
