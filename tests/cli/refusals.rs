//! What a command will not do, and what it tells to do instead.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt as _};

use super::{Ran, on_postgres, run, run_in, sql, start, with_units};
use crate::support::{database::PrivateDatabase, service::TestService};

#[test]
fn a_wrong_value_is_told_with_its_option_and_what_is_allowed() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, told) in [
        ("token create --name a --scope scores:reed", "'scores:reed' for '--scope|scores:read"),
        ("receipt issue --unit tra-cu --count 0", "'0' for '--count|1..=1000000"),
        ("receipt issue --unit Trà-Cú", "'Trà-Cú' for '--unit|a-z 0-9"),
        ("receipt issue --unit a --expires-in-days 400", "'400' for '--expires-in-days|1..=365"),
        ("export scores --period soon", "'soon' for '--period|2026, 2026-Q3, 2026-11 or 2026-03..2026-08"),
        ("export scores --audience all", "'all' for '--audience|public, unit, analyst"),
        ("export scores --method stars", "'stars' for '--method|top2-pooled"),
        ("export scores --posters some", "'some' for '--posters|without, with or only"),
        ("export scores --follow all", "--follow \"all\"|successors or none"),
        ("export scores --by channel,language", "--by \"language\"|one grouping at a time"),
        ("export scores --format xls", "'xls' for '--format|csv"),
        ("period close 2026-Q3", "'2026-Q3' for '[MONTH]'|write it as 2026-11"),
        ("demo --until 24.11.2026", "'24.11.2026' for '--until|write it as 2026-11-24"),
        ("demo --responses 9000000", "'9000000' for '--responses|0..=5000000"),
        ("completions tcsh", "'tcsh' for '<SHELL>'|bash"),
        ("verify --set nix=1", "--set \"nix\" is no setting|sipas serve --help"),
        ("verify --set workers", "--set \"workers\"|NAME=VALUE"),
        ("verify --set workers=0", "workers (command line): \"0\"|1 to 256"),
        ("verify --set public-from=9", "public-from (command line): \"9\"|10 to 1000000"),
        ("verify --set log-format=xml", "log-format (command line): \"xml\"|one of: text, json"),
        ("serve --listen localhost", "listen (command line): \"localhost\"|ADDRESS:PORT"),
        ("verify --database-url mysql://x/y", "scheme: mysql|sqlite://PATH or postgres://"),
        ("verify --database-url data/sipas.db", "scheme: it has none|sqlite://PATH or postgres://"),
    ] {
        let ran = run_in(folder.path(), &[], &arguments.split(' ').collect::<Vec<_>>());
        ran.assert_refused(2, &told.split('|').collect::<Vec<_>>());
    }
}

#[test]
fn what_does_not_exist_is_told_with_where_to_look() {
    let database = with_units();
    for (arguments, told) in [
        ("receipt issue --unit dai-an", "there is no unit dai-an today|sipas unit list"),
        ("receipt issue --unit tra-cu --form stars", "there is no form stars|sipas form list"),
        ("token create --name a --scope scores:read --unit dai-an", "no unit dai-an|sipas unit list"),
        ("receipt void 0000-0000-000", "no receipt with this code"),
        ("period close 2099-01", "2099-01 has not ended|from 2099-02-01 on"),
    ] {
        let ran = run(&database, &arguments.split(' ').collect::<Vec<_>>());
        ran.assert_refused(3, &told.split('|').collect::<Vec<_>>());
    }
}

#[test]
fn a_database_of_a_newer_program_is_left_alone() {
    let database = with_units();
    sql(&database, "INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000000')");
    let told = ["newer than this program", "20991231000000", "start the newer program, or restore a backup"];
    for arguments in [&["verify"][..], &["migrate"], &["unit", "list"], &["export", "scores"]] {
        run(&database, arguments).assert_refused(3, &told);
    }
    run(&database, &["receipt", "issue", "--unit", "tra-cu"]).assert_refused(3, &told);
    start(&database, &[]).assert_refused(3, &told);
}

/// Commands that hash, sign, seal or open.
fn with_the_key(database: &PrivateDatabase) -> [Ran; 3] {
    [
        start(database, &[]),
        run(database, &["receipt", "issue", "--unit", "tra-cu"]),
        run(database, &["receipt", "void", "0000-0000-000"]),
    ]
}

#[test]
fn a_database_without_its_key_file_waits_for_it() {
    let database = with_units();
    assert_eq!(run(&database, &["receipt", "issue", "--unit", "tra-cu"]).code, 0);
    let key = database.folder.path().join("sipas.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    fs::rename(&key, key.with_extension("away")).unwrap();
    for ran in with_the_key(&database) {
        ran.assert_refused(3, &["sipas.key is missing", "bring the file back from its copy", "--key-file"]);
    }
    assert!(!key.exists(), "no other key is made");
    for arguments in [&["verify"][..], &["unit", "list"], &["token", "list"], &["export", "scores"]] {
        assert_eq!(run(&database, arguments).code, 0, "{arguments:?} works without");
    }
    fs::rename(key.with_extension("away"), &key).unwrap();
    assert_eq!(run(&database, &["receipt", "issue", "--unit", "tra-cu"]).code, 0);
}

#[test]
fn another_databases_key_is_refused_and_not_overwritten() {
    let database = with_units();
    assert_eq!(run(&database, &["receipt", "issue", "--unit", "tra-cu"]).code, 0);
    let key = database.folder.path().join("sipas.key");
    let other = format!("sipas key 1\n{}\n", "0f".repeat(32));
    for (content, told) in [
        (other.as_str(), "and the database was made with key"),
        ("ssh-ed25519 AAAA\n", "is not a key file of this service"),
    ] {
        fs::write(&key, content).unwrap();
        for ran in with_the_key(&database) {
            ran.assert_refused(3, &[told, "name the right file with --key-file"]);
            assert!(!ran.err.contains("0f0f"), "a key is never shown");
        }
        assert_eq!(fs::read_to_string(&key).unwrap(), content);
    }
}

#[test]
fn one_file_has_one_service_and_small_commands_work_beside_it() {
    if on_postgres() {
        return; // any number of nodes serve one server
    }
    let service = TestService::with_units();
    let database = &service.database;
    for refused in [
        start(database, &[]),
        run(database, &["migrate"]),
        run(database, &["demo", "--no-serve", "--responses", "10"]),
    ] {
        refused.assert_refused(3, &["a running `sipas` holds", "stop it first, or name another database"]);
    }
    for beside in [
        &["verify"][..],
        &["unit", "list"],
        &["export", "scores"],
        &["receipt", "issue", "--unit", "tra-cu"],
        &["token", "create", "--name", "beside", "--scope", "scores:read"],
    ] {
        assert_eq!(run(database, beside).code, 0, "{beside:?}");
    }
    let closed = run(database, &["period", "close", "2020-01"]);
    closed.assert_silent();
    assert_eq!(closed.err, "2020-01 closed, 0 answers carried\n");
}

#[test]
fn a_taken_port_is_told_with_the_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let database = PrivateDatabase::new();
    run(&database, &["serve", "--listen", &address]).assert_refused(
        3,
        &[
            &format!("{address} is taken by another program"),
            "stop it, or choose another address with --listen",
        ],
    );
}

#[test]
fn a_server_that_cannot_be_reached_is_told_without_the_password() {
    let folder = tempfile::tempdir().unwrap();
    let url = "postgres://sipas:hunter2@127.0.0.1:1/sipas?connect_timeout=2";
    for arguments in [&["verify"][..], &["serve"], &["unit", "list"]] {
        let ran = run_in(folder.path(), &[("DATABASE_URL", url)], arguments);
        ran.assert_refused(3, &["the database cannot be reached", "127.0.0.1"]);
        assert!(!ran.err.contains("hunter2"), "{}", ran.err);
    }
}
