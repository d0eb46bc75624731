//! The audit log cannot be altered, inserted into, thinned out or cut without being found.

use std::process::Output;

use crate::support::{
    database::PrivateDatabase,
    service::{TestService, sipas},
};

use super::by_hand;

/// A database with a log of some entries, and its head.
fn some_entries() -> (PrivateDatabase, i64, String) {
    let database = PrivateDatabase::new();
    for name in ["a", "b", "c", "d"] {
        done(&database, &["token", "create", "--name", name, "--scope", "scores:read"]);
    }
    let head = done(&database, &["audit", "verify"]).trim().to_owned();
    let number: i64 = head.split(':').next().unwrap().parse().unwrap();
    assert!(number >= 6, "{head}");
    (database, number, head)
}

fn done(database: &PrivateDatabase, arguments: &[&str]) -> String {
    let output = sipas(database, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The check fails with exit code 1 and these words first; so does the check of everything.
#[track_caller]
fn found(database: &PrivateDatabase, words: &str) {
    let (code, told) = said(&sipas(database, &["audit", "verify"]));
    assert!(code == Some(1) && told.starts_with(words), "{words}: {code:?} {told}");
    let (code, told) = said(&sipas(database, &["verify"]));
    assert!(code == Some(1) && told.contains(words), "{words}: {code:?} {told}");
}

#[test]
fn whatever_is_done_to_the_log_by_hand_is_found_and_named() {
    let (database, last, _head) = some_entries();
    let harms = [
        ("UPDATE audit SET subject = 'another' WHERE number = 3".to_owned(), "audit entry 3 was altered".to_owned()),
        ("UPDATE audit SET at = at + 1 WHERE number = 1".to_owned(), "audit entry 1 was altered".to_owned()),
        (format!("UPDATE audit SET actor = 'service' WHERE number = {last}"), format!("audit entry {last} was altered")),
        ("UPDATE audit SET unit = '' WHERE number = 2".to_owned(), "audit entry 2 was altered".to_owned()),
        (
            "UPDATE audit SET hash = (SELECT hash FROM audit AS a WHERE a.number = 1) WHERE number = 4".to_owned(),
            "audit entry 4 was altered".to_owned(),
        ),
        ("DELETE FROM audit WHERE number = 4".to_owned(), "audit entry 4 is missing".to_owned()),
        ("DELETE FROM audit WHERE number <= 2".to_owned(), "audit entry 1 is missing".to_owned()),
        (
            "UPDATE audit SET number = -1 WHERE number = 3; UPDATE audit SET number = 3 WHERE number = 4; \
             UPDATE audit SET number = 4 WHERE number = -1"
                .to_owned(),
            "audit entry 3 was altered".to_owned(),
        ),
        (
            format!(
                "INSERT INTO audit SELECT {last} + 1, at, actor, action, subject, unit, details, hash FROM audit WHERE \
                 number = {last}"
            ),
            format!("audit entry {} was altered", last + 1),
        ),
        (
            "INSERT INTO audit SELECT 0, at, actor, action, subject, unit, details, hash FROM audit WHERE number = 1"
                .to_owned(),
            "audit entry 0 was inserted".to_owned(),
        ),
        (format!("DELETE FROM audit WHERE number > {last} - 2"), format!("audit entry {} is missing", last - 1)),
        ("DELETE FROM audit".to_owned(), "audit entry 1 is missing".to_owned()),
        (
            "UPDATE meta SET value = 'nothing' WHERE name = 'audit_head'".to_owned(),
            "the end of the audit log".to_owned(),
        ),
        ("DELETE FROM meta WHERE name = 'audit_head'".to_owned(), "the end of the audit log".to_owned()),
    ];
    for (statement, words) in harms {
        let harmed = database.copy();
        by_hand(&harmed, &statement);
        found(&harmed, &words);
    }
    assert_eq!(said(&sipas(&database, &["verify"])).0, Some(0), "what was copied is whole");
}

#[test]
fn a_tail_that_was_cut_with_the_end_that_the_database_remembers_is_found_by_any_other_memory_of_it() {
    let (database, last, head) = some_entries();
    let file = database.folder.path().join("kept.backup").display().to_string();
    done(&database, &["backup", "--to", &file]);
    let entries = done(&database, &["audit", "list"]);
    let kept = entries.lines().find(|line| line.starts_with(&format!("{},", last - 1))).unwrap();
    let hash = kept.rsplit(',').next().unwrap();
    let end = format!("{}:{hash}", last - 1);
    by_hand(
        &database,
        &format!(
            "DELETE FROM audit WHERE number >= {last}; UPDATE meta SET value = '{end}' WHERE name = 'audit_head'"
        ),
    );
    assert_eq!(done(&database, &["audit", "verify"]).trim(), end, "the database alone cannot tell");
    let words = format!("audit entry {last} is missing");
    for memory in [["--head", head.as_str()], ["--backup", file.as_str()]] {
        let (code, told) = said(&sipas(&database, &["audit", "verify", memory[0], memory[1]]));
        assert!(code == Some(1) && told.starts_with(&words), "{memory:?}: {told}");
    }
    // A log that was made anew from some entry on fits together, and is another than the one that was remembered.
    let (number, hash) = head.split_once(':').unwrap();
    let other: String = hash.chars().rev().collect();
    let whole = some_entries().0;
    let (code, told) = said(&sipas(&whole, &["audit", "verify", "--head", &format!("{number}:{other}")]));
    assert!(code == Some(1) && told.starts_with(&format!("audit entry {number} is another")), "{told}");
}

#[test]
fn those_who_record_at_the_same_time_make_one_chain() {
    let service = TestService::with_units();
    let issuer = service.token(&["receipts:write"], None);
    let before = heads(&service);
    std::thread::scope(|scope| {
        for turn in 0..20 {
            let (service, issuer) = (&service, &issuer);
            scope.spawn(move || {
                let name = format!("parallel-{turn}");
                if turn % 2 == 0 {
                    service.cli_ok(&["token", "create", "--name", &name, "--scope", "scores:read"]);
                } else {
                    let body = serde_json::json!({"unit": "tra-cu", "count": 1});
                    assert_eq!(service.post(issuer, "/api/v1/receipts", &body).status, 201);
                }
            });
        }
    });
    assert_eq!(heads(&service), before + 20);
    service.assert_sound();
}

fn heads(service: &TestService) -> i64 {
    let head = service.cli_ok(&["audit", "verify"]);
    head.split(':').next().unwrap().parse().unwrap()
}

#[test]
fn the_head_stands_in_the_log_of_the_service_and_in_each_backup() {
    let mut service = TestService::with_units();
    let file = service.database.folder.path().join("kept.backup").display().to_string();
    let made = service.cli(&["backup", "--to", &file]);
    let told = String::from_utf8_lossy(&made.stderr).into_owned();
    let head = service.cli_ok(&["audit", "verify"]).trim().to_owned();
    assert!(told.contains(&format!("its audit log ends with {head}")), "{told}");
    let check = service.cli(&["restore", "--check", &file]);
    let told = String::from_utf8_lossy(&check.stderr).into_owned();
    assert!(told.contains(&format!("its audit log ends with {head}")), "{told}");
    service.stop();
    service.restart();
    assert!(service.log().contains(&format!("audit_head={head}")), "{}", service.log());
}
