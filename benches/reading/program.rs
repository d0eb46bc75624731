//! The real program on a private SQLite file.

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// A folder with a database and its key.
pub(crate) struct Program {
    folder: TempDir,
}

/// A service that listens; killed when dropped.
pub(crate) struct Service {
    child: Child,
    pub(crate) started: Duration,
    address: String,
    token: String,
}

/// What an export was like.
pub(crate) struct Exported {
    pub(crate) first: Duration,
    pub(crate) whole: Duration,
    pub(crate) bytes: u64,
    pub(crate) most_mb: f64,
}

impl Program {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn url(&self) -> String {
        format!("sqlite://{}", self.path("bench.db").display())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sipas"));
        command
            .args(arguments)
            .args(["--database-url", &self.url()])
            .arg("--key-file")
            .arg(self.path("bench.key"));
        command
    }

    /// Runs a command; what it printed, and how long it took.
    pub(crate) fn time(&self, arguments: &[&str]) -> (String, Duration) {
        let began = Instant::now();
        let output = self.command(arguments).output().expect("sipas runs");
        let took = began.elapsed();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let told = [output.stdout, output.stderr].concat();
        (String::from_utf8_lossy(&told).into_owned(), took)
    }

    /// Bytes of the database and its log.
    pub(crate) fn bytes(&self) -> f64 {
        let length = |name| std::fs::metadata(self.path(name)).map_or(0, |file| file.len());
        super::float(length("bench.db") + length("bench.db-wal"))
    }

    pub(crate) fn serve(&self) -> Service {
        let token = self
            .time(&[
                "token",
                "create",
                "--name",
                &format!("bench-{:x}", rand::random::<u32>()),
                "--scope",
                "scores:read",
            ])
            .0;
        let token = token.lines().next().expect("a token").trim().to_owned();
        let began = Instant::now();
        let mut child = self
            .command(&["serve", "--listen", "127.0.0.1:0"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("sipas starts");
        let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let address = lines.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, after) = line.split_once("listens on ")?;
            after.split_whitespace().next().map(str::to_owned)
        });
        let started = began.elapsed();
        std::thread::spawn(move || lines.for_each(drop));
        Service { child, started, address: address.expect("the service says where it listens"), token }
    }

    pub(crate) fn export(&self) -> Exported {
        let began = Instant::now();
        let mut child = self
            .command(&["export", "responses", "--period", "2025", "--unit", "tinh", "--subtree"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("sipas runs");
        let mut out = child.stdout.take().expect("a pipe");
        let mut buffer = vec![0; 1 << 20];
        let (mut first, mut bytes, mut most_mb) = (Duration::ZERO, 0, 0.0_f64);
        loop {
            let read = out.read(&mut buffer).expect("a file comes");
            if read == 0 {
                break;
            }
            if bytes == 0 {
                first = began.elapsed();
            }
            bytes += u64::try_from(read).expect("a length");
            most_mb = most_mb.max(status_mb(child.id(), "VmHWM"));
        }
        assert!(child.wait().expect("it ends").success());
        Exported { first, whole: began.elapsed(), bytes, most_mb }
    }
}

impl Service {
    pub(crate) fn resident_mb(&self, what: &str) -> f64 {
        status_mb(self.child.id(), what)
    }

    /// One reading of a year's scores of every unit.
    pub(crate) fn scores(&self) -> Duration {
        let address = format!("{}/api/v1/scores?unit=tinh&subtree=true&period=2025&by=unit", self.address);
        let began = Instant::now();
        let mut answer = ureq::get(&address)
            .header("Authorization", format!("Bearer {}", self.token))
            .call()
            .expect("scores are there");
        let text = answer.body_mut().with_config().limit(1 << 30).read_to_string().expect("a body");
        assert!(text.len() > 1000, "{text}");
        began.elapsed()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

pub(crate) fn status_mb(process: u32, what: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(what));
    let kilobytes: f64 = line
        .and_then(|line| line.trim_start_matches(':').split_whitespace().next()?.parse().ok())
        .unwrap_or(0.0);
    kilobytes / 1000.0
}
