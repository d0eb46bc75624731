//! What is kept for a time only goes when its time is over, the report of it stays, and so does the chain of the audit
//! log; a change of policy is on record.

use std::{process::Command, sync::Arc};

use sipas::{
    config::DatabaseUrl,
    domain::{
        account::AccountId,
        audit::{Action, Actor, Event},
    },
    http::state::Clock,
    storage::{
        Db, StorageError, Store, accounts,
        audit::{self, Entry, Head},
        links::{self, LinkHash, Purpose},
        sessions::{self, Proof, Session, SessionHash},
    },
};

use crate::{
    journeys::Table,
    support::{
        database::{PrivateDatabase, psql},
        service::{TestService, sipas},
    },
};

const DAY: i64 = 86_400;

/// Runs a statement as the administrator of the database would; `x'..'` is bytes.
fn statement(database: &PrivateDatabase, text: &str) {
    match &database.url {
        DatabaseUrl::Sqlite(path) => {
            let ran =
                Command::new("sqlite3").arg(path).args(["-cmd", ".timeout 5000", text]).output().unwrap();
            assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        }
        DatabaseUrl::Postgres(url) => psql(url, &text.replace("x'", "'\\x")),
    }
}

fn on<T>(database: &PrivateDatabase, work: impl FnOnce(&mut Db) -> Result<T, StorageError>) -> T {
    Store::open(&database.url, 1).unwrap().with(work).unwrap()
}

fn entries(database: &PrivateDatabase) -> Vec<Entry> {
    on(database, |db| audit::after(db, 0, 1000))
}

/// Walks the chain from its base, as whoever checks it must.
fn assert_chained(database: &PrivateDatabase) {
    let (base, head, entries) =
        on(database, |db| Ok((audit::base(db)?, audit::head(db)?, audit::after(db, 0, 1000)?)));
    let end = entries.iter().fold(base, |before, entry| {
        assert_eq!(entry.number, before.number + 1);
        let hash = entry.hash_after(before.hash);
        assert_eq!(entry.stored_hash(), Some(hash), "entry {}", entry.number);
        Head { number: entry.number, hash }
    });
    assert_eq!(end, head);
}

fn session(account: AccountId, number: u8, began: i64, seen: i64) -> Session {
    Session { hash: SessionHash([number; 32]), account, proof: Proof::Whole, began, seen }
}

/// Something old and something young of everything that is kept for a time only.
fn fill(database: &PrivateDatabase, now: i64) {
    let name = "lan".parse().unwrap();
    on(database, |db| {
        let account = accounts::named(db, &name)?.unwrap().id;
        db.write(|db| {
            sessions::begin(db, &session(account, 1, now - 100, now - 50))?;
            sessions::begin(db, &session(account, 2, now - 3 * 3600, now - 2 * 3600))?;
            sessions::begin(db, &session(account, 3, now - 13 * 3600, now - 50))?;
            links::make(db, LinkHash([1; 32]), Purpose::SetUp, now - 1)?;
            links::make(db, LinkHash([2; 32]), Purpose::Reset(account), now + 3600)?;
            for (number, age) in [(1, 400), (2, 200), (3, 31), (4, 29)] {
                let event =
                    Event::new(Actor::Shell("lan".to_owned()), Action::TokenCreate, format!("t{number}"));
                audit::append(db, now - age * DAY, &event)?;
            }
            Ok(())
        })
    });
    for (id, code, expires) in [("01", "11", now - 1), ("02", "22", now + 3600)] {
        let (id, code) = (id.repeat(16), code.repeat(32));
        statement(
            database,
            &format!(
                "INSERT INTO device (id, unit, desk, code_hash, code_expires, created_day) \
                 VALUES (x'{id}', 'tv', 'Quầy 1', x'{code}', {expires}, 20000)"
            ),
        );
    }
}

fn cleared(csv: &str, what: &str) -> (String, String) {
    let table = Table::read(csv.as_bytes());
    (table.cell(&[("what", what)], "kept"), table.cell(&[("what", what)], "cleared"))
}

#[test]
fn a_run_clears_what_is_old_keeps_what_is_young_and_reports_it() {
    let service = TestService::start_with(&["--set", "audit-keep-days=30", "--set", "receipt-keep-days=7"]);
    super::signed_in(&service, "lan", &["analyst"]);
    service.eventually("the sweep of the day is done", |service| {
        !service.cli_ok(&["retention"]).contains("links that open once,until they expire,\n")
    });
    let now = Clock::System.unix_seconds();
    // Entries of the audit log that are as old as they say: the log of a service that began long ago.
    statement(&service.database, "DELETE FROM audit");
    statement(&service.database, "DELETE FROM meta WHERE name = 'audit_head'");
    fill(&service.database, now);
    assert_chained(&service.database);

    let options = ["retention", "--run", "--set", "audit-keep-days=30", "--set", "receipt-keep-days=7"];
    let ran = service.cli(&options);
    let (said, csv) = (String::from_utf8_lossy(&ran.stderr), String::from_utf8(ran.stdout).unwrap());
    assert!(ran.status.success(), "{said}");
    assert!(said.contains("2 sessions, 1 links, 1 device codes, 3 audit"), "{said}");
    assert_eq!(
        cleared(&csv, "sessions"),
        ("60 minutes without a request, 12 hours at most".into(), "2".into())
    );
    assert_eq!(cleared(&csv, "links that open once").1, "1");
    assert_eq!(cleared(&csv, "codes to enrol tablets").1, "1");
    assert_eq!(cleared(&csv, "audit log"), ("30 days".into(), "3".into()));
    assert_eq!(cleared(&csv, "receipts"), ("7 days after their expiry".into(), "0".into()));
    assert!(
        service.browse("/privacy?lang=en").text().contains("erased 7 days after"),
        "the page says what is so"
    );
    assert_eq!(cleared(&csv, "folded answers, comments, tallies"), ("for ever".into(), String::new()));

    let left = entries(&service.database);
    let told: Vec<(i64, &str)> = left.iter().map(|entry| (entry.number, entry.action.as_str())).collect();
    assert_eq!(told, [(4, "token.create"), (5, "retention.run")]);
    assert!(said.contains(&format!("by {}: ", left[1].actor)), "{said}");
    let base = on(&service.database, audit::base);
    assert_eq!(base.number, 3);
    assert!(
        left[1].details.contains(&base.to_string()),
        "the chain covers its own base: {}",
        left[1].details
    );
    assert_chained(&service.database);
    let (young, link) = on(&service.database, |db| {
        Ok((sessions::find(db, SessionHash([1; 32]))?, links::find(db, LinkHash([2; 32]), now)?))
    });
    assert!(young.is_some() && link.is_some(), "what is young stays");

    // Again: nothing is left to clear, and nothing is written about that.
    let again = service.cli(&options);
    assert!(String::from_utf8_lossy(&again.stderr).contains("there was nothing"));
    assert_eq!(entries(&service.database).len(), 2);
    super::signed_in(&service, "minh", &["analyst"]);
    assert_chained(&service.database);
    assert!(entries(&service.database).len() > 2, "the log goes on as before");
}

#[test]
fn the_audit_log_is_kept_for_ever_unless_somebody_says_otherwise() {
    let mut service = TestService::start();
    super::signed_in(&service, "lan", &["analyst"]);
    let now = Clock::System.unix_seconds();
    let before = entries(&service.database).len();
    on(&service.database, |db| {
        let event = Event::new(Actor::Service, Action::FormPublish, "old");
        db.write(|db| audit::append(db, now - 10_000 * DAY, &event))
    });
    service.stop();
    let ran = sipas(&service.database, &["retention", "--run"]);
    assert!(ran.status.success());
    assert_eq!(entries(&service.database).len(), before + 1);
    assert_eq!(on(&service.database, audit::base), Head::EMPTY);
    let refused = sipas(&service.database, &["retention", "--set", "audit-keep-days=29"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("30 to 36500"));
}

#[test]
fn another_policy_at_the_start_is_an_entry_with_what_it_was() {
    let database = Arc::new(PrivateDatabase::new());
    let changes = || -> Vec<String> {
        let all = entries(&database).into_iter();
        all.filter(|entry| entry.action == "policy.change").map(|entry| entry.details).collect()
    };
    TestService::on(Arc::clone(&database), &[]).stop();
    TestService::on(Arc::clone(&database), &[]).stop();
    assert_eq!(changes(), Vec::<String>::new(), "the first start and the same policy again are no change");
    let other = ["--set", "public-from=20", "--set", "public-scores=false", "--set", "queue=100"];
    let mut service = TestService::on(Arc::clone(&database), &other);
    assert!(service.log().contains("public-from 10 -> 20"), "{}", service.log());
    service.stop();
    assert_eq!(changes(), [r#"{"public-from":"10 -> 20","public-scores":"yes -> no"}"#]);
    TestService::on(Arc::clone(&database), &["--set", "public-from=20", "--set", "public-scores=no"]).stop();
    assert_eq!(changes().len(), 1, "the same said in another word is no change");
    TestService::on(Arc::clone(&database), &[]).stop();
    assert_eq!(changes()[1], r#"{"public-from":"20 -> 10","public-scores":"no -> yes"}"#);
    assert_chained(&database);
}
