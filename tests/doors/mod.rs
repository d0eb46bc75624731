//! Doors: who gets in, what they may do there, what is recorded of it, and that nobody else can.

mod attacks;
mod audit;
mod audit_chain;
mod browser;
mod callers;
mod devices;
mod edges;
mod matrix;
mod oidc;
mod people;
mod people_account;
mod people_mail;
mod people_office;
mod people_shell;
mod people_sign_in;
mod people_welcome;
mod provider;
mod queues;
mod receipts;
mod rights;
mod structure;
mod tokens;

use sipas::config::DatabaseUrl;
use std::process::Command;
use ureq::http::Request;

use crate::support::{
    database::{PrivateDatabase, psql},
    service::{Answer, TestService},
};

/// Somebody who signed in.
pub struct Somebody<'a> {
    service: &'a TestService,
    cookie: String,
}

impl<'a> Somebody<'a> {
    /// With this role, in this unit or everywhere.
    pub fn new(service: &'a TestService, name: &str, role: &str, unit: Option<&str>) -> Self {
        const PASSWORD: &str = "lúa chín vàng trên sông";
        let file = service.database.folder.path().join("password");
        std::fs::write(&file, PASSWORD).unwrap();
        let file = file.display().to_string();
        let mut arguments =
            vec!["account", "create", "--name", name, "--role", role, "--password-file", &file];
        arguments.extend(unit.into_iter().flat_map(|unit| ["--unit", unit]));
        service.cli_ok(&arguments);
        let signed_in = service.submit("/sign-in", &[("name", name), ("password", PASSWORD)]);
        assert_eq!(signed_in.status, 303, "{}", signed_in.text());
        let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
        Self { service, cookie }
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(self.service.page_request(path))
    }

    pub fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.service.form_request(path, fields))
    }

    fn send(&self, mut request: Request<Vec<u8>>) -> Answer {
        request.headers_mut().insert("cookie", self.cookie.parse().unwrap());
        self.service.send(request)
    }
}

/// A service with units where nobody needs a second factor.
pub fn town() -> TestService {
    let service = TestService::start_with(&["--set", "second-factor-for=none"]);
    service.import(
        "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\n\
         create,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,\n\
         create,dai-an,tv,commune,Xã Đại An,2020-01-01,,",
    );
    service
}

/// Runs a statement by hand, past the service.
pub fn by_hand(database: &PrivateDatabase, statement: &str) {
    match &database.url {
        DatabaseUrl::Postgres(url) => psql(url, statement),
        DatabaseUrl::Sqlite(path) => {
            let done = Command::new("sqlite3").arg(path).arg(statement).output().expect("sqlite3 runs");
            assert!(done.status.success(), "{statement}: {}", String::from_utf8_lossy(&done.stderr));
        }
    }
}

/// The text between two others.
pub fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("{before} is in {text}"));
    rest.split_once(after).expect("an end").0
}
