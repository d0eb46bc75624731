//! Help that teaches.

use std::process::{Command, Stdio};

use sipas::config::SETTINGS;

use super::run_in;

/// Every command that does something.
const COMMANDS: &[&str] = &[
    "serve",
    "demo",
    "form check",
    "form list",
    "form schema",
    "unit import",
    "unit list",
    "unit imports",
    "unit take-back",
    "receipt issue",
    "receipt print",
    "receipt poster",
    "receipt void",
    "receipt unused",
    "token create",
    "token list",
    "token revoke",
    "account create",
    "account grant",
    "account withdraw",
    "account list",
    "account disable",
    "account enable",
    "account reset",
    "account setup-link",
    "routes",
    "retention",
    "licenses",
    "device enroll",
    "device list",
    "device revoke",
    "audit verify",
    "audit list",
    "audit export",
    "period list",
    "period close",
    "export scores",
    "export responses",
    "verify",
    "backup",
    "restore",
    "copy",
    "migrate",
    "completions",
];

/// What the binary says at a width that does not depend on who runs the tests.
fn help(command: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let arguments: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
    let ran = run_in(folder.path(), &[("COLUMNS", "100")], &arguments);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{command}");
    assert_eq!(folder.path().read_dir().unwrap().count(), 0, "help makes nothing");
    ran.out
}

#[test]
fn the_first_help_says_what_there_is_where_to_begin_and_what_exit_codes_mean() {
    insta::assert_snapshot!("first", help(""));
}

#[test]
fn every_command_shows_how_it_is_used() {
    for command in COMMANDS {
        let help = help(command);
        assert!(help.contains(&format!("Example: sipas {command}")), "{command}:\n{help}");
        assert!(help.contains("--database-url") && help.contains("--key-file"), "{command}");
    }
}

#[test]
fn the_list_of_commands_is_whole() {
    for group in ["", "form", "unit", "receipt", "token", "device", "audit", "period", "export"] {
        let help = help(group);
        let (_, listed) = help.split_once("Commands:\n").expect("a list of commands");
        let (listed, _) = listed.split_once("\n\n").expect("options after it");
        let names = listed.lines().filter(|line| !line.starts_with("   "));
        for name in names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help") {
            let whole = format!("{group} {name}");
            let known = COMMANDS.iter().any(|c| *c == whole.trim() || c.starts_with(&format!("{name} ")));
            assert!(known, "{whole} is in no test of help");
        }
    }
}

#[test]
fn what_serves_lists_every_setting_with_its_variable_and_default() {
    let help = help("serve");
    let words: Vec<&str> = help.split_whitespace().collect();
    for setting in SETTINGS {
        let has = |wanted: &[&str]| words.windows(wanted.len()).any(|run| run == wanted);
        assert!(has(&[setting.name, setting.variable]), "{}", setting.name);
        if let Some(default) = setting.default.filter(|default| !default.is_empty()) {
            let shown = format!("[default: {default}]");
            let shown: Vec<&str> = shown.split_whitespace().collect();
            assert!(has(&shown), "{}", setting.name);
        }
    }
}

#[test]
fn the_demo_says_that_it_works_on_a_database_of_its_own() {
    let words = help("demo").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("of the demo sqlite://data/demo.db"), "{words}");
}

#[test]
fn completions_name_the_commands_and_survive_a_reader_who_goes_away() {
    let folder = tempfile::tempdir().unwrap();
    let script = run_in(folder.path(), &[], &["completions", "bash"]);
    assert_eq!((script.code, script.err.as_str()), (0, ""));
    assert!(script.out.starts_with("_sipas() {") && script.out.contains("take-back"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_sipas"))
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}
