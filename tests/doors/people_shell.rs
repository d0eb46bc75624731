//! Accounts from the shell.

use super::people::{Browser, PASSWORD, account, audit, signed_in};
use crate::support::service::TestService;

/// The lines of the list, without its header.
fn list(service: &TestService) -> Vec<String> {
    service.cli_ok(&["account", "list"]).lines().skip(1).map(str::to_owned).collect()
}

/// What a command that must be refused says.
fn refused(service: &TestService, arguments: &[&str]) -> String {
    let output = service.cli(arguments);
    assert_eq!(output.status.code(), Some(3), "{arguments:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn roles_are_granted_and_taken_back_and_each_is_on_record() {
    let service = TestService::with_units();
    account(&service, "lan", "clerk", Some("tra-cu"));
    let browser = Browser::new(&service);
    browser.sign_in("lan", PASSWORD);
    assert_eq!(browser.get("/api/v1/counts").status, 403);
    service.cli_ok(&[
        "account",
        "grant",
        "lan",
        "--role",
        "analyst",
        "--unit",
        "tv",
        "--from",
        "2026-01-01",
        "--to",
        "2099-12-31",
    ]);
    assert_eq!(browser.get("/api/v1/counts").status, 200, "it holds at once");
    let lines = list(&service);
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.iter().any(
        |line| line.starts_with("lan,lan,,yes,no,") && line.ends_with("analyst,tv,2026-01-01,2099-12-31")
    ));
    service.cli_ok(&["account", "withdraw", "lan", "--role", "analyst", "--unit", "tv"]);
    assert_eq!(browser.get("/api/v1/counts").status, 403, "and ends at once");
    let said = refused(&service, &["account", "withdraw", "lan", "--role", "analyst", "--unit", "tv"]);
    assert!(said.contains("lan is not analyst in tv"), "{said}");
    let said = refused(&service, &["account", "grant", "lan", "--role", "analyst", "--unit", "nowhere"]);
    assert!(said.contains("there is no unit nowhere"), "{said}");
    let actions: Vec<String> = audit(&service, "lan")
        .iter()
        .filter_map(|entry| entry.strip_prefix("shell:"))
        .map(str::to_owned)
        .collect();
    let words: Vec<&str> = actions.iter().filter_map(|entry| entry.split_once(' ')).map(|(_, a)| a).collect();
    assert_eq!(words, ["account.withdraw", "account.grant", "account.grant", "account.create"]);
}

#[test]
fn a_shut_account_is_out_at_once_and_comes_back_as_it_was() {
    let service = TestService::start();
    let browser = signed_in(&service, "lan", "analyst", None);
    service.cli_ok(&["account", "disable", "lan"]);
    assert!(!browser.is_in());
    assert_eq!(browser.sign_in("lan", PASSWORD).status, 422);
    assert!(refused(&service, &["account", "disable", "lan"]).contains("nothing to change"));
    assert!(refused(&service, &["account", "reset", "lan"]).contains("sipas account enable lan"));
    assert!(refused(&service, &["account", "create", "--name", "lan"]).contains("there is an account"));
    service.cli_ok(&["account", "enable", "lan"]);
    assert_eq!(browser.sign_in("lan", PASSWORD).status, 303);
}

#[test]
fn the_last_administrator_stays() {
    let service = TestService::with_units();
    account(&service, "lan", "administrator", None);
    // These do not count: invited only, in a subtree, shut.
    service.cli_ok(&["account", "create", "--name", "tam", "--role", "administrator"]);
    account(&service, "hoa", "administrator", Some("tv"));
    account(&service, "minh", "administrator", None);
    service.cli_ok(&["account", "disable", "minh"]);
    for arguments in
        [&["account", "disable", "lan"][..], &["account", "withdraw", "lan", "--role", "administrator"]]
    {
        let said = refused(&service, arguments);
        assert!(said.contains("lan is the last administrator of everything"), "{said}");
    }
    assert!(
        !audit(&service, "lan").iter().any(|entry| entry.contains("disable") || entry.contains("withdraw"))
    );
    service.cli_ok(&["account", "enable", "minh"]);
    service.cli_ok(&["account", "disable", "lan"]);
    assert!(refused(&service, &["account", "disable", "minh"]).contains("last administrator"));
}

#[test]
fn a_password_file_is_held_to_the_same_rules() {
    let service = TestService::start();
    let file = service.database.folder.path().join("password");
    std::fs::write(&file, "matkhau123\n").unwrap();
    let arguments = ["account", "create", "--name", "lan", "--password-file", file.to_str().unwrap()];
    assert!(refused(&service, &arguments).contains("at least 15 characters"));
    assert_eq!(list(&service), Vec::<String>::new());
}
