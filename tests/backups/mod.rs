//! Backups: from either database into the other, refused where anything is wrong, made beside a service that works.

mod beside;
mod both_ways;
mod by_itself;
mod cut;
mod refusals;
mod released;
mod unused;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use serde_json::{Value, json};

use crate::support::{
    database::{PrivateDatabase, on_postgres},
    service::{TestService, a_submission, key, sipas},
};

/// Where from and where to: on PostgreSQL both ways between the two databases.
fn ways() -> Vec<(PrivateDatabase, PrivateDatabase)> {
    if on_postgres() {
        return vec![
            (PrivateDatabase::new(), PrivateDatabase::sqlite()),
            (PrivateDatabase::sqlite(), PrivateDatabase::new()),
        ];
    }
    vec![(PrivateDatabase::sqlite(), PrivateDatabase::sqlite())]
}

/// Runs a command that must succeed; what it printed, and what it said.
#[track_caller]
fn done(database: &PrivateDatabase, arguments: &[&str]) -> (String, String) {
    let output = sipas(database, arguments);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{arguments:?}: {out}{err}");
    (out, err)
}

/// Runs a command that must be refused with this code; what it said.
#[track_caller]
fn refused(database: &PrivateDatabase, code: i32, arguments: &[&str]) -> String {
    let output = sipas(database, arguments);
    let err = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {err}");
    assert!(!err.contains("panicked"), "{err}");
    err
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().unwrap().permissions().mode() & 0o777
}

/// Whether nothing is in a database: for SQLite not even a file with pages.
fn assert_untouched(database: &PrivateDatabase) {
    if let Some(path) = database.url_text().strip_prefix("sqlite://") {
        assert!(!Path::new(path).exists(), "a file was made");
        return;
    }
    let list = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    let counted = std::process::Command::new("psql")
        .args([database.url_text().as_str(), "-A", "-t", "-c", list])
        .output()
        .unwrap();
    assert_eq!(text(&counted.stdout).trim(), "0");
}

/// A place where people have answered: codes used and unused, a closed month, comments, answers that wait.
struct Lived {
    service: TestService,
    token: String,
    /// Answers that were acknowledged.
    sent: Vec<Value>,
    used: String,
    unused: String,
}

impl Lived {
    fn on(database: PrivateDatabase) -> Self {
        let service = TestService::on(Arc::new(database), &[]);
        service.import(
            "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\n\
             create,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,\n\
             create,dai-an,tv,commune,Xã Đại An,2020-01-01,,",
        );
        let token = service.token(&["responses:write", "scores:read"], None);
        let mut codes = service.receipts("tra-cu", 12);
        let mut sent = Vec::new();
        let last_month = last_month(&service);
        for _ in 0..11 {
            let mut body = a_submission("tra-cu", [5, 4, 3, 4, 5, 2]);
            body["channel"] = json!("paper");
            body["answered_on"] = json!(format!("{last_month}-28"));
            body["answers"]["comment"] = json!("Chờ lâu quá, xin sửa.");
            sent.push(body);
        }
        for _ in 0..9 {
            sent.push(a_submission("dai-an", [2, 4, 3, 1, 5, 5]));
        }
        for code in &codes[..7] {
            let mut body = a_submission("tra-cu", [1, 2, 3, 4, 5, 5]);
            body["channel"] = json!("receipt");
            body["receipt"] = json!(code);
            sent.push(body);
        }
        for body in &sent {
            let answer = service.post(&token, "/api/v1/responses", body);
            assert_eq!(answer.status, 201, "{}", answer.text());
        }
        service.cli_ok(&["period", "close", &last_month]);
        let mut same = (0, 0);
        service.eventually("what can be folded is folded", |service| {
            let waiting = waiting(service);
            same = if waiting == same.0 { (waiting, same.1 + 1) } else { (waiting, 0) };
            waiting < 9 && same.1 > 2
        });
        let (used, unused) = (codes.remove(0), codes.remove(10));
        Self { service, token, sent, used, unused }
    }

    /// A file in the folder of the database.
    fn file(&self, name: &str) -> (PathBuf, String) {
        let path = self.service.database.folder.path().join(name);
        (path.clone(), path.display().to_string())
    }
}

/// The month before the one that runs. Its 28th day is at most 59 days ago, which paper may be.
fn last_month(service: &TestService) -> String {
    let expires = service.cli_ok(&["receipt", "issue", "--unit", "dai-an", "--expires-in-days", "1"]);
    let tomorrow = expires.trim().rsplit(',').next().unwrap();
    let tomorrow: sipas::domain::period::Day = tomorrow.parse().unwrap();
    tomorrow.plus(-1).month().plus(-1).to_string()
}

/// Answers that wait, in all months.
fn waiting(service: &TestService) -> usize {
    let list = service.cli_ok(&["period", "list"]);
    list.lines().skip(1).map(|line| line.split(',').nth(4).unwrap().parse::<usize>().unwrap_or(0)).sum()
}

/// A short answer by paper, sent once.
fn another(service: &TestService, token: &str) -> u16 {
    let mut body = a_submission("dai-an", [3; 6]);
    body["submission_key"] = json!(key());
    service.post(token, "/api/v1/responses", &body).status
}
