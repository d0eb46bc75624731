//! Killed at a chosen write, one after the other: of a migration, of a close with its folds, of a key file. At even
//! numbers the write itself is cut in half.

use std::{
    fs,
    os::unix::process::ExitStatusExt as _,
    process::{Command, Output},
    thread,
};

use sipas::http::state::Clock;

use crate::support::{
    database::{PrivateDatabase, on_postgres, psql},
    harm::dying_at,
    service::{TestService, a_submission, command, sipas},
};

/// Not every write in every run: each run begins at another one.
const STRIDE: u32 = 5;

fn ok(database: &PrivateDatabase, arguments: &[&str]) -> String {
    let output = sipas(database, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command on databases made by `make`, killed at one write after the other until it ends before; `check` looks
/// at each that was killed. How many were.
fn killed_at_each_write(
    arguments: &[&str],
    make: impl Fn() -> PrivateDatabase,
    check: impl Fn(&PrivateDatabase),
) -> u32 {
    let mut killed = 0;
    let mut at = 1 + rand::random::<u32>() % STRIDE;
    loop {
        let mut database = make();
        database.run_by = dying_at(at);
        let Output { status, stderr, .. } = sipas(&database, arguments);
        database.run_by.clear();
        if status.success() {
            return killed;
        }
        assert_eq!(status.signal(), Some(9), "at write {at}: {}", String::from_utf8_lossy(&stderr));
        check(&database);
        killed += 1;
        at += STRIDE;
    }
}

#[test]
fn a_migration_that_is_cut_at_any_write_is_done_by_the_next_one() {
    let killed = killed_at_each_write(&["migrate"], PrivateDatabase::new, |database| {
        ok(database, &["migrate"]);
        ok(database, &["unit", "list"]);
        assert_eq!(ok(database, &["migrate"]), "", "nothing is left to do");
    });
    assert!(killed >= 2, "{killed}");
}

#[test]
fn tables_without_the_mark_of_their_migration_are_told_and_left_alone() {
    let database = PrivateDatabase::new();
    let table = "CREATE TABLE inbox (id INTEGER)";
    match database.url_text().strip_prefix("sqlite://") {
        Some(path) => assert!(Command::new("sqlite3").args([path, table]).status().unwrap().success()),
        None => psql(&database.url_text(), table),
    }
    for _again in 0..2 {
        let refused = sipas(&database, &["migrate"]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(3), "{said}");
        assert!(said.contains("cannot be brought to this program's version"), "{said}");
        assert!(said.contains("inbox") && said.contains("already exists"), "{said}");
        assert!(
            said.contains("restore a backup") && said.contains("another database with --database-url"),
            "{said}"
        );
    }
}

#[test]
fn a_close_that_is_cut_at_any_write_loses_and_doubles_nothing_and_goes_on() {
    let mut service = TestService::start_with(&["--set", "close-after-days=365"]);
    service.import(
        "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\n\
         create,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,\n\
         create,dai-an,tv,commune,Xã Đại An,2020-01-01,,",
    );
    let token = service.token(&["responses:write"], None);
    let past = Clock::System.today().month().plus(-1);
    for number in 0..23 {
        let mut body = a_submission(if number % 3 == 0 { "dai-an" } else { "tra-cu" }, [4; 6]);
        body["channel"] = "paper".into();
        body["answered_on"] = past.last_day().to_string().into();
        assert_eq!(service.post(&token, "/api/v1/responses", &body).status, 201);
    }
    service.stop();
    let count = |database: &PrivateDatabase| -> u64 {
        let list = ok(database, &["period", "list"]);
        let cells = list.lines().skip(1).flat_map(|line| line.split(',').skip(3).take(2).collect::<Vec<_>>());
        cells.map(|cell| cell.parse::<u64>().unwrap_or(0)).sum()
    };
    let month = past.to_string();
    let killed = killed_at_each_write(
        &["period", "close", &month],
        || service.database.copy(),
        |database| {
            ok(database, &["verify"]);
            assert_eq!(count(database), 23);
            ok(database, &["period", "close", &month]);
            assert_eq!(count(database), 23);
            ok(database, &["verify"]);
        },
    );
    assert!(killed >= 3, "{killed}");
}

#[test]
fn a_key_file_is_whole_or_absent_wherever_its_making_is_cut() {
    let ready = PrivateDatabase::new();
    ok(&ready, &["migrate"]);
    let file = ready.folder.path().join("units.csv");
    fs::write(&file, "action,code,kind,name_vi,valid_from\ncreate,tv,province,Trà Vinh,2020-01-01\n")
        .unwrap();
    ok(&ready, &["unit", "import", file.to_str().unwrap()]);
    let issue = ["receipt", "issue", "--unit", "tv"];
    let killed = killed_at_each_write(
        &issue,
        || ready.copy(),
        |database| {
            ok(database, &issue);
            ok(database, &["verify"]);
        },
    );
    assert!(killed >= 1, "{killed}");
}

#[test]
fn of_several_that_start_at_once_on_nothing_a_file_has_one_and_a_server_has_all() {
    let mut database = PrivateDatabase::new();
    // One that serves is ended with 124.
    database.run_by = ["timeout", "8"].map(str::to_owned).to_vec();
    let ended: Vec<(Option<i32>, String)> = thread::scope(|scope| {
        let start = || command(&database).args(["serve", "--listen", "127.0.0.1:0"]).output().unwrap();
        let starts: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
        starts
            .into_iter()
            .map(|start| start.join().unwrap())
            .map(|output| (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned()))
            .collect()
    });
    let serving = ended.iter().filter(|(code, _)| *code == Some(124)).count();
    assert_eq!(serving, if on_postgres() { 4 } else { 1 }, "{ended:?}");
    for (code, said) in ended.iter().filter(|(code, _)| *code != Some(124)) {
        assert_eq!(*code, Some(3), "{said}");
        assert!(said.contains("a running `sipas` holds"), "{said}");
    }
    database.run_by.clear();
    ok(&database, &["verify"]);
}
