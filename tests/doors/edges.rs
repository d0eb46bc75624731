//! Around the service: TLS, proxies, limits, headers, and what a stranger sends to see what gives way.

mod answers;
mod hosts;
mod limits;
mod proxies;
mod raw;
mod redirects;
mod retention;
mod smuggling;
mod tls;

use std::collections::BTreeMap;

use sipas::http::routes::TABLE;

use crate::support::service::{Answer, TestService};

/// A password that the rules let pass.
const PASSWORD: &str = "lúa chín vàng trên sông";

/// Every address of the table for one method, with something in the place of its parameters.
fn addresses(method: &str) -> Vec<String> {
    let entries = TABLE.iter().filter(|entry| entry.methods.contains(&method));
    let all: Vec<String> = entries.map(|entry| filled(entry.path)).collect();
    assert!(!all.is_empty());
    all
}

fn filled(path: &str) -> String {
    let fillings = BTreeMap::from([("{code}", "MCAV-KN24-YPJ"), ("{unit}", "tra-cu"), ("{file}", "x.css")]);
    let parts = path.split('/').map(|part| {
        let other = if part.starts_with('{') { "1" } else { part };
        fillings.get(part).copied().unwrap_or(other)
    });
    parts.collect::<Vec<_>>().join("/")
}

/// An account with these roles everywhere, and a browser's cookie of it.
fn signed_in(service: &TestService, name: &str, roles: &[&str]) -> String {
    let file = service.database.folder.path().join("password");
    std::fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    let file = file.display().to_string();
    let create = ["account", "create", "--name", name, "--password-file", &file, "--role"];
    service.cli_ok(&[&create, roles].concat());
    let entered = service.submit("/sign-in", &[("name", name), ("password", PASSWORD)]);
    assert_eq!(entered.status, 303, "{}", entered.text());
    cookie(&entered)
}

/// The cookie that an answer sets, as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}
