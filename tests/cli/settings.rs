//! Where settings come from, and that the start says so.

use std::{fs, net::TcpListener, path::Path};

use super::{Ran, run_in};

/// What a start in this folder says before it finds its port taken.
fn told(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let started = run_in(folder, variables, &[arguments, &["--listen", &address]].concat());
    started.assert_refused(3, &[&address, "is taken by another program", "--listen"]);
    started
}

#[test]
fn an_option_wins_over_a_variable_and_a_variable_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = "queue = 300\nconnections = 5\nworkers = 3\ncontact-phone = \"0294\"\n";
    fs::write(folder.path().join("sipas.toml"), file).unwrap();
    let variables = [("SIPAS_CONNECTIONS", "6"), ("SIPAS_WORKERS", "4"), ("SIPAS_CONTACT_PHONE", "")];
    let started = told(folder.path(), &variables, &["serve", "--set", "workers=5"]);
    for line in [
        "INFO queue = 300 (sipas.toml)\n",
        "INFO connections = 6 (SIPAS_CONNECTIONS)\n",
        "INFO workers = 5 (command line)\n",
        "INFO contact-phone = 0294 (sipas.toml)\n",
        "INFO body-bytes = 262144 (default)\n",
        "INFO database-url = sqlite://data/sipas.db (default)\n",
        "INFO key-file = data/sipas.key (default)\n",
    ] {
        assert!(started.err.contains(line), "{line:?} is not in {}", started.err);
    }
}

#[test]
fn every_setting_is_told_once_with_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let started = told(folder.path(), &[], &["serve"]);
    for setting in sipas::config::SETTINGS {
        let line = format!("INFO {} = ", setting.name);
        assert_eq!(started.err.matches(&line).count(), 1, "{}: {}", setting.name, started.err);
    }
}

#[test]
fn no_command_is_serve_and_takes_its_options() {
    let folder = tempfile::tempdir().unwrap();
    let started = told(folder.path(), &[], &[]);
    assert!(folder.path().join("data/sipas.db").exists() && started.err.contains("(command line)"));
}

#[test]
fn a_password_is_not_told() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://sipas:hunter2@127.0.0.1:1/sipas?password=hunter3";
    let started = run_in(folder.path(), &[("DATABASE_URL", url)], &["serve"]);
    started.assert_refused(3, &["database-url = postgres://sipas:***@127.0.0.1:1/sipas?… (DATABASE_URL)"]);
    assert!(!started.err.contains("hunter"), "{}", started.err);
    let bad = run_in(folder.path(), &[], &["serve", "--database-url", "mysql://root:hunter2@db/x"]);
    bad.assert_refused(2, &["mysql"]);
    assert!(!bad.err.contains("hunter"), "{}", bad.err);
}

#[test]
fn what_means_nothing_in_the_file_is_an_error_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    for (content, line) in [
        (
            "queue = 300\n\nlisten-on = \"x\"\n",
            "sipas.toml:3: \"listen-on\" is no setting; is \"listen\" meant?",
        ),
        ("# a remark\nzoom = 1\n", "sipas.toml:2: \"zoom\" is no setting; `sipas serve --help` lists all"),
        ("queue = 1.5\n", "sipas.toml:1: queue takes a text, a whole number, or true and false"),
        ("queue = 300\nworkers =\n", "sipas.toml:2: "),
        ("queue = 0\n", "queue (sipas.toml): \"0\" must be a whole number, 1 to 1000000"),
    ] {
        fs::write(folder.path().join("sipas.toml"), content).unwrap();
        run_in(folder.path(), &[], &["verify"]).assert_refused(2, &[line]);
    }
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let named = ["--config", "other.toml", "form", "list"];
    run_in(folder.path(), &[], &named).assert_refused(2, &["other.toml: cannot be read"]);
    fs::write(folder.path().join("other.toml"), "workers = 3\n").unwrap();
    fs::write(folder.path().join("sipas.toml"), "workers = 9\n").unwrap();
    let started = told(folder.path(), &[], &["serve", "--config", "other.toml"]);
    assert!(started.err.contains("workers = 3 (other.toml)"), "{}", started.err);
}

#[test]
fn a_misspelt_variable_is_a_warning_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let started = told(folder.path(), &[("SIPAS_WORKER", "3")], &["serve"]);
    assert!(started.err.contains("WARN the environment variable SIPAS_WORKER means nothing"));
}
