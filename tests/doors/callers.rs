//! Everybody who may call: nobody, each role in each place, a token of each scope in each place, a tablet.

use std::{process::Command, sync::Mutex};

use sipas::{config::DatabaseUrl, storage::devices::CredentialHash};
use ureq::http::Request;

use crate::support::{
    database::{PrivateDatabase, psql},
    service::{Answer, TestService},
};

use super::rights::{ROLES, SCOPES};

/// A password that nobody guesses first.
pub const PASSWORD: &str = "lúa chín vàng trên sông";
/// The unit that is asked about.
pub const OWN: &str = "tra-cu";
/// The one beside it.
pub const NEIGHBOUR: &str = "dai-an";

/// What somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Nobody,
    Role(&'static str),
    Token(&'static str),
    Device,
}

/// Somebody, in a place (`None`: everywhere), with what they send to be known.
pub struct Caller {
    pub kind: Kind,
    pub unit: Option<&'static str>,
    /// Name of the account, for signing in again.
    name: String,
    /// The token, or the session's cookie; it changes when a session is renewed.
    secret: Mutex<String>,
}

impl Caller {
    fn new(kind: Kind, unit: Option<&'static str>, name: String, secret: String) -> Self {
        Self { kind, unit, name, secret: Mutex::new(secret) }
    }

    /// For messages.
    pub fn said(&self) -> String {
        format!("{:?} in {}", self.kind, self.unit.unwrap_or("everywhere"))
    }

    /// Sends a request as this caller; `body` empty: a GET's.
    pub fn call(&self, service: &TestService, method: &str, path: &str, body: &str) -> Answer {
        let page = !path.starts_with("/api/");
        let kind = match (page, method) {
            (false, _) => "application/json",
            (true, _) => "application/x-www-form-urlencoded",
        };
        let base = format!("http://{}", service.address());
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{base}{path}"))
            .header("accept", if page { "text/html" } else { "application/json" });
        if method == "POST" {
            request = request.header("content-type", kind).header("origin", service.origin());
        }
        let secret = self.secret.lock().unwrap().clone();
        request = match self.kind {
            Kind::Nobody => request,
            Kind::Role(_) => request.header("cookie", format!("sipas_session={secret}")),
            Kind::Token(_) | Kind::Device => request.header("authorization", format!("Bearer {secret}")),
        };
        let answer = service.send(request.body(body.as_bytes().to_vec()).unwrap());
        self.renewed(service, &answer);
        answer
    }

    /// Keeps the cookie of a session that was renewed; signs in again where it was ended.
    fn renewed(&self, service: &TestService, answer: &Answer) {
        if !matches!(self.kind, Kind::Role(_)) {
            return;
        }
        if let Some(cookie) = session_cookie(answer) {
            let again = if cookie.is_empty() { sign_in(service, &self.name) } else { cookie };
            *self.secret.lock().unwrap() = again;
        }
    }
}

/// The session that an answer sets; empty where it ends one.
fn session_cookie(answer: &Answer) -> Option<String> {
    let set = answer.headers.get_all("set-cookie").into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = set.filter_map(|line| line.split(';').next()?.split_once('='));
    pairs.find(|(name, _)| *name == "sipas_session").map(|(_, value)| value.to_owned())
}

/// Makes an account with a password.
pub fn account(service: &TestService, name: &str, role: &str, unit: Option<&str>) {
    let file = service.database.folder.path().join("password");
    std::fs::write(&file, PASSWORD).unwrap();
    let mut arguments = vec!["account", "create", "--name", name, "--role", role];
    arguments.extend(["--password-file", file.to_str().unwrap()]);
    arguments.extend(unit.into_iter().flat_map(|unit| ["--unit", unit]));
    service.cli_ok(&arguments);
}

/// Signs in; the session's secret.
pub fn sign_in(service: &TestService, name: &str) -> String {
    let answer = service.submit("/sign-in", &[("name", name), ("password", PASSWORD)]);
    assert_eq!(answer.status, 303, "{name}: {}", answer.text());
    session_cookie(&answer).expect("a session begins")
}

/// Everybody: nobody, then each role and each scope everywhere, in the unit, in the one beside it, and a tablet.
pub fn everybody(service: &TestService) -> Vec<Caller> {
    let mut all = vec![Caller::new(Kind::Nobody, None, String::new(), String::new())];
    for unit in [None, Some(OWN), Some(NEIGHBOUR)] {
        for role in ROLES {
            let name =
                format!("{role}-{}", unit.map_or("all", |unit| if unit == OWN { "own" } else { "other" }));
            account(service, &name, role, unit);
            let secret = sign_in(service, &name);
            all.push(Caller::new(Kind::Role(role), unit, name, secret));
        }
        for scope in SCOPES {
            let secret = service.token(&[scope], unit);
            all.push(Caller::new(Kind::Token(scope), unit, String::new(), secret));
        }
    }
    let secret = tablet(&service.database);
    all.push(Caller::new(Kind::Device, Some(OWN), String::new(), secret));
    all
}

/// A tablet at a desk of the unit, as enrolment leaves it; its credential.
fn tablet(database: &PrivateDatabase) -> String {
    let secret = format!("device_{:064x}", rand::random::<u128>());
    let hash = blake3::Hash::from_bytes(CredentialHash::of(&secret).0).to_hex();
    let insert = |id: &str, hash: &str| {
        format!(
            "INSERT INTO device (id, unit, desk, credential_hash, created_day, enrolled_day) \
             VALUES ({id}, '{OWN}', '1', {hash}, 20000, 20000)"
        )
    };
    match &database.url {
        DatabaseUrl::Sqlite(path) => {
            let statement = insert("randomblob(16)", &format!("x'{hash}'"));
            let done =
                Command::new("sqlite3").args(["-cmd", ".timeout 9000"]).arg(path).arg(statement).output();
            let done = done.expect("sqlite3 runs");
            assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        }
        DatabaseUrl::Postgres(url) => {
            let id = format!("'\\x{:032x}'", rand::random::<u128>());
            psql(url, &insert(&id, &format!("'\\x{hash}'")));
        }
    }
    secret
}
