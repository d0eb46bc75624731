//! A PostgreSQL server of a test's own: it may be stopped in every way, restarted, copied and promoted.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// Gone, with its data, when dropped.
pub struct TestServer {
    folder: TempDir,
    port: u16,
}

/// Where the server's programs are; the newest of several.
fn programs() -> PathBuf {
    let versions =
        std::fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed (tests/run does it)");
    let mut folders: Vec<PathBuf> = versions.map(|entry| entry.unwrap().path().join("bin")).collect();
    folders.retain(|folder| folder.join("initdb").exists());
    folders.sort();
    folders.pop().expect("initdb is installed")
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout == b"0\n"
}

/// Gives a folder to whom the server runs as.
pub fn give(folder: &Path) {
    if is_root() {
        assert!(Command::new("chown").arg("postgres").arg(folder).status().unwrap().success());
    }
}

/// Runs a program of the server; PostgreSQL refuses to run as root.
fn run(folder: &Path, program: &str, arguments: &[&str]) {
    let program = programs().join(program);
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    // The server inherits what it is started with: a pipe would never end.
    let log = std::fs::File::options().create(true).append(true).open(folder.join("said")).unwrap();
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    let done = command.stdout(log.try_clone().unwrap()).stderr(log).status().expect("it runs");
    let said = || std::fs::read_to_string(folder.join("said")).unwrap_or_default();
    assert!(done.success(), "{arguments:?}: {}", said());
}

impl TestServer {
    /// A server with an empty database `sipas`.
    pub fn start() -> Self {
        let server = Self::new();
        let data = server.data();
        let options = ["-D", &data, "-U", "sipas", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
        run(server.folder.path(), "initdb", &options);
        server.start_again();
        server.ask("postgres", "CREATE DATABASE sipas");
        server
    }

    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        give(folder.path());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { folder, port }
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its database, as `--database-url` takes it.
    pub fn url(&self) -> String {
        self.url_of("sipas")
    }

    fn url_of(&self, database: &str) -> String {
        format!("postgres://sipas@127.0.0.1:{}/{database}", self.port)
    }

    /// Starts it, and waits until it answers.
    pub fn start_again(&self) {
        let folder = self.folder.path().display();
        let options = format!("-p {} -k {folder} -c listen_addresses=127.0.0.1", self.port);
        self.control(&["-w", "-l", "log", "-o", &options, "start"]);
    }

    /// Stops it: `fast` as an operator does, `immediate` as a crash does.
    pub fn stop(&self, mode: &str) {
        self.control(&["-m", mode, "-w", "stop"]);
    }

    fn control(&self, arguments: &[&str]) {
        let data = self.data();
        run(self.folder.path(), "pg_ctl", &[&["-D", &data], arguments].concat());
    }

    /// Runs a statement in a database; what it returns.
    pub fn ask(&self, database: &str, statement: &str) -> String {
        let url = self.url_of(database);
        let done = Command::new("psql").args([&url, "-qAt", "-c", statement]).output().expect("psql runs");
        assert!(done.status.success(), "{statement}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    }

    /// Sets something for all sessions, now.
    pub fn set(&self, setting: &str, value: &str) {
        self.ask("postgres", &format!("ALTER SYSTEM SET {setting} = '{value}'"));
        self.ask("postgres", "SELECT pg_reload_conf()");
    }

    /// Ends the connections of the service in the middle of what they do; how many.
    pub fn cut_connections(&self) -> usize {
        let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = 'sipas'";
        self.ask("postgres", cut).parse().unwrap()
    }

    /// A standby that follows it.
    pub fn standby(&self) -> Self {
        let standby = Self::new();
        let port = self.port.to_string();
        let data = standby.data();
        let from = ["-h", "127.0.0.1", "-p", &port, "-U", "sipas", "-D", &data, "-R", "-c", "fast", "-N"];
        run(standby.folder.path(), "pg_basebackup", &from);
        standby.start_again();
        standby
    }

    /// Makes a standby the primary.
    pub fn promote(&self) {
        self.control(&["-w", "promote"]);
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let data = self.data();
        if Path::new(&data).join("postmaster.pid").exists() && !std::thread::panicking() {
            self.stop("immediate");
        } else if let Ok(pid) = std::fs::read_to_string(Path::new(&data).join("postmaster.pid")) {
            let pid = pid.lines().next().unwrap_or_default().to_owned();
            let _ended = Command::new("kill").args(["-QUIT", &pid]).status();
        }
    }
}
