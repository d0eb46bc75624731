//! The real binary on a private database, and people who talk to it.

use std::{
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use ureq::{
    Agent,
    http::{Request, Response},
};

use super::database::PrivateDatabase;

/// How long a test waits for what happens by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// An answer of the service, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A running service; killed and removed with its database when dropped.
pub struct TestService {
    pub database: Arc<PrivateDatabase>,
    child: Child,
    /// Reads the log to its end.
    reader: Option<JoinHandle<()>>,
    base: String,
    agent: Agent,
    log: Arc<Mutex<String>>,
    extra: Vec<String>,
}

/// Runs a command of the binary on a database.
pub fn sipas(database: &PrivateDatabase, arguments: &[&str]) -> Output {
    command(database).args(arguments).output().expect("sipas runs")
}

/// A command of the binary on a database, to be given its arguments.
pub fn command(database: &PrivateDatabase) -> Command {
    let words = [database.run_by.as_slice(), &[env!("CARGO_BIN_EXE_sipas").to_owned()]].concat();
    let mut command = Command::new(&words[0]);
    command
        .args(&words[1..])
        .current_dir(database.folder.path())
        .env_remove("DATABASE_URL")
        .env("NO_COLOR", "1")
        .args(["--database-url", &database.url_text(), "--key-file"])
        .arg(database.folder.path().join("sipas.key"));
    command
}

impl TestService {
    /// A service on an empty database.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// A service with more options of `serve`.
    pub fn start_with(extra: &[&str]) -> Self {
        Self::on(Arc::new(PrivateDatabase::new()), extra)
    }

    /// A service on a database that is there: a second node on PostgreSQL, or a restart.
    pub fn on(database: Arc<PrivateDatabase>, extra: &[&str]) -> Self {
        let extra: Vec<String> = extra.iter().map(|e| (*e).to_owned()).collect();
        let log = Arc::new(Mutex::new(String::new()));
        let (child, base, reader) = launch(&database, &extra, &log);
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(Some(PATIENCE))
            .build()
            .into();
        Self { database, child, reader: Some(reader), base, agent, log, extra }
    }

    /// Everything that the service wrote to standard error so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub fn send(&self, request: Request<Vec<u8>>) -> Answer {
        self.try_send(request).expect("the service answers")
    }

    /// `Err` where the connection broke: the service was killed.
    pub fn try_send(&self, request: Request<Vec<u8>>) -> Result<Answer, ureq::Error> {
        let response: Response<ureq::Body> = self.agent.run(request)?;
        let (parts, mut body) = response.into_parts();
        let bytes = body.with_config().limit(64 << 20).read_to_vec()?;
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, bytes })
    }

    fn request(&self, method: &str, path: &str) -> ureq::http::request::Builder {
        Request::builder().method(method).uri(format!("{}{path}", self.base))
    }

    /// GET as a program does.
    pub fn get(&self, path: &str) -> Answer {
        self.send(self.request("GET", path).body(Vec::new()).unwrap())
    }

    /// GET with a token.
    pub fn get_as(&self, token: &str, path: &str) -> Answer {
        let request = self.request("GET", path).header("authorization", format!("Bearer {token}"));
        self.send(request.body(Vec::new()).unwrap())
    }

    /// GET as a browser does.
    pub fn browse(&self, path: &str) -> Answer {
        self.send(self.page_request(path))
    }

    pub fn page_request(&self, path: &str) -> Request<Vec<u8>> {
        let request = self.request("GET", path).header("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        request.body(Vec::new()).unwrap()
    }

    /// POST of a JSON body; an empty token is none.
    pub fn post(&self, token: &str, path: &str, body: &Value) -> Answer {
        self.send(self.json_request(token, path, body))
    }

    pub fn json_request(&self, token: &str, path: &str, body: &Value) -> Request<Vec<u8>> {
        let mut request = self.request("POST", path).header("content-type", "application/json");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        request.body(body.to_string().into_bytes()).unwrap()
    }

    /// POST of a form as a browser does.
    pub fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.form_request(path, fields))
    }

    pub fn form_request(&self, path: &str, fields: &[(&str, &str)]) -> Request<Vec<u8>> {
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let request = self
            .request("POST", path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "text/html")
            .header("origin", self.origin());
        request.body(body.join("&").into_bytes()).unwrap()
    }

    /// What a browser says a page of this service came from: where its public address has TLS, a proxy is thought before it.
    pub fn origin(&self) -> String {
        let public = self.extra.iter().skip_while(|word| *word != "--public-url").nth(1);
        let is_secure = public.is_some_and(|url| url.starts_with("https://"));
        if is_secure { self.base.replacen("http:", "https:", 1) } else { self.base.clone() }
    }

    /// Runs a command on the same database, beside the service.
    pub fn cli(&self, arguments: &[&str]) -> Output {
        sipas(&self.database, arguments)
    }

    /// Runs a command that must succeed; its standard output.
    pub fn cli_ok(&self, arguments: &[&str]) -> String {
        let output = self.cli(arguments);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// A token with these scopes.
    pub fn token(&self, scopes: &[&str], unit: Option<&str>) -> String {
        let name = format!("token-{:x}", rand::random::<u64>());
        let mut arguments = vec!["token", "create", "--name", &name, "--scope"];
        arguments.extend(scopes);
        if let Some(unit) = unit {
            arguments.extend(["--unit", unit]);
        }
        self.cli_ok(&arguments).trim().to_owned()
    }

    /// Imports rows of `action,code,parent,kind,name_vi,valid_from,valid_to,successors`, and waits until the
    /// service knows them.
    pub fn import(&self, rows: &str) {
        let path: PathBuf = self.database.folder.path().join("units.csv");
        let header = "action,code,parent,kind,name_vi,valid_from,valid_to,successors";
        std::fs::write(&path, format!("{header}\n{rows}\n")).unwrap();
        self.cli_ok(&["unit", "import", path.to_str().unwrap()]);
        let last = rows.lines().last().and_then(|row| row.split(',').nth(1)).unwrap().to_owned();
        self.eventually("the service knows the new units", |service| {
            service.browse(&format!("/u/{last}")).status != 404
        });
    }

    /// A province with two communes: `tv`, `tra-cu`, `dai-an`.
    pub fn with_units() -> Self {
        Self::with_units_on(PrivateDatabase::new())
    }

    /// The same on a database that the test made.
    pub fn with_units_on(database: PrivateDatabase) -> Self {
        let service = Self::on(Arc::new(database), &[]);
        service.import(
            "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\n\
             create,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,\n\
             create,dai-an,tv,commune,Xã Đại An,2020-01-01,,",
        );
        service
    }

    /// `count` receipts' codes.
    pub fn receipts(&self, unit: &str, count: usize) -> Vec<String> {
        let csv = self.cli_ok(&["receipt", "issue", "--unit", unit, "--count", &count.to_string()]);
        csv.lines().skip(1).filter_map(|line| line.split(',').next()).map(str::to_owned).collect()
    }

    /// Stops as an operator does, and waits for the end.
    pub fn stop(&mut self) {
        signal("TERM", self.process());
        assert!(self.child.wait().unwrap().success());
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
    }

    /// `kill -9`, while others may still be talking to it.
    pub fn pull_the_plug(&self) {
        signal("KILL", self.process());
    }

    /// Where it listens.
    pub fn address(&self) -> &str {
        self.base.trim_start_matches("http://")
    }

    /// The number of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Waits until its process has ended.
    pub fn await_end(&mut self) -> std::process::ExitStatus {
        self.child.wait().unwrap()
    }

    /// Starts again on the same database.
    pub fn restart(&mut self) {
        self.await_end();
        let (child, base, reader) = launch(&self.database, &self.extra, &self.log);
        (self.child, self.base, self.reader) = (child, base, Some(reader));
    }

    /// Waits until something holds.
    pub fn eventually(&self, what: &str, mut holds: impl FnMut(&Self) -> bool) {
        let begin = Instant::now();
        while !holds(self) {
            assert!(begin.elapsed() < PATIENCE, "still not: {what}\n{}", self.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Whether the counter with these labels stands at this number.
    pub fn metrics_say(&self, labels: &str, number: u64) -> bool {
        self.get("/metrics")
            .text()
            .lines()
            .any(|line| line.contains(labels) && line.ends_with(&format!(" {number}")))
    }

    /// Everything verifies.
    pub fn assert_sound(&self) {
        let output = self.cli(&["verify"]);
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{out}{err}");
    }
}

impl Drop for TestService {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

/// Sends a signal to a process.
pub fn signal(name: &str, process: u32) {
    let sent = Command::new("kill").args([format!("-{name}"), process.to_string()]).status().unwrap();
    assert!(sent.success(), "process {process} is there for SIG{name}");
}

fn launch(
    database: &PrivateDatabase,
    extra: &[String],
    log: &Arc<Mutex<String>>,
) -> (Child, String, JoinHandle<()>) {
    let mut child = command(database)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(extra)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("sipas starts");
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut base = None;
    for line in lines.by_ref().map_while(Result::ok) {
        log.lock().unwrap().extend([line.as_str(), "\n"]);
        if let Some((_, address)) = line.split_once("SIPAS listens on ") {
            base = address.split_whitespace().next().map(str::to_owned);
            break;
        }
    }
    let base = base.unwrap_or_else(|| panic!("the service did not start:\n{}", log.lock().unwrap()));
    let log = Arc::clone(log);
    let reader = std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            log.lock().unwrap().extend([line.as_str(), "\n"]);
        }
    });
    (child, base, reader)
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// A random submission key.
pub fn key() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// A whole answer to `one-stop-short` by the `api` channel.
pub fn a_submission(unit: &str, levels: [u8; 6]) -> Value {
    let slugs = [
        "general",
        "access.ease",
        "procedure.ease",
        "official.attitude",
        "result.delivery",
        "feedback.handling",
    ];
    let answers: serde_json::Map<String, Value> =
        slugs.iter().zip(levels).map(|(slug, level)| ((*slug).to_owned(), level.into())).collect();
    json!({
        "submission_key": key(), "form": "one-stop-short", "version": 1, "unit": unit, "channel": "api",
        "language": "vi", "answers": answers,
    })
}
