//! Two folders of migrations and one table of columns in the code: the same tables, columns and order.

use std::{fs, path::PathBuf, process::Command};

use super::{read, top};
use crate::support::database::PrivateDatabase;

/// A table: its name and its columns, in order.
type Table = (String, Vec<String>);

fn migrations(backend: &str) -> Vec<String> {
    let folder = top().join("migrations").join(backend);
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().expect("plain names"))
        .collect();
    names.sort();
    names
}

/// The text of one step of every migration, in order, without comments.
fn statements(backend: &str, step: &str) -> String {
    let texts: Vec<String> = migrations(backend)
        .iter()
        .map(|name| read(&format!("migrations/{backend}/{name}/{step}.sql")))
        .collect();
    let text = texts.concat();
    text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The columns of a `CREATE TABLE`, without its constraints.
fn columns(body: &str) -> Vec<String> {
    let lines = body.lines().map(str::trim).filter(|line| !line.is_empty());
    let constraint = |line: &&str| {
        ["PRIMARY KEY", "FOREIGN KEY", "UNIQUE", "CHECK", "CONSTRAINT"]
            .iter()
            .any(|word| line.starts_with(word))
    };
    let name = |line: &str| line.split_whitespace().next().unwrap_or_default().trim_matches('"').to_owned();
    lines.filter(|line| !constraint(line)).map(name).collect()
}

fn created(backend: &str) -> Vec<Table> {
    let text = statements(backend, "up");
    let mut tables: Vec<Table> = Vec::new();
    for part in text.split("CREATE TABLE ").skip(1) {
        let (name, rest) = part.split_once(" (\n").expect("a table");
        let (body, _) = rest.split_once("\n)").expect("the end of a table");
        let table = (name.trim().to_owned(), columns(body));
        // A later migration may make a table anew.
        match tables.iter_mut().find(|(known, _)| *known == table.0) {
            Some(known) => *known = table,
            None => tables.push(table),
        }
    }
    for (name, column) in added(&text) {
        let (_, columns) =
            tables.iter_mut().find(|(known, _)| *known == name).expect("a table that is there");
        columns.push(column);
    }
    tables
}

/// The columns that later migrations add to tables.
fn added(text: &str) -> Vec<(String, String)> {
    let statements = text.lines().filter_map(|line| line.strip_prefix("ALTER TABLE "));
    let parts = statements.filter_map(|rest| rest.split_once(" ADD COLUMN "));
    let first = |text: &str| text.split_whitespace().next().unwrap_or_default().to_owned();
    parts.map(|(table, column)| (table.to_owned(), first(column))).collect()
}

/// What the code knows: `table (keys) { column -> Type, … }`.
fn known() -> Vec<Table> {
    let schema = read("src/storage/schema.rs");
    let table = |part: &str| {
        let (head, body) = part.split_once('{').expect("a table");
        let name = head.split_whitespace().next().unwrap_or_default().to_owned();
        let body = body.split('}').next().unwrap_or_default();
        let columns = body.split(" -> ").filter_map(|run| run.split_whitespace().last());
        let mut columns: Vec<String> = columns.map(str::to_owned).collect();
        columns.pop(); // what follows the last arrow is a type
        (name, columns)
    };
    let mut tables: Vec<Table> = schema.split("diesel::table! {").skip(1).map(table).collect();
    tables.sort();
    tables
}

#[test]
fn both_databases_have_the_same_migrations_with_both_ways() {
    let names = migrations("sqlite");
    assert!(!names.is_empty());
    assert_eq!(names, migrations("postgres"));
    for (backend, step) in [("sqlite", "up"), ("sqlite", "down"), ("postgres", "up"), ("postgres", "down")] {
        assert!(!statements(backend, step).trim().is_empty(), "{backend} {step}");
    }
}

#[test]
fn both_databases_have_the_same_tables_and_columns_in_the_same_order() {
    let sqlite = created("sqlite");
    assert!(sqlite.len() > 15 && sqlite.iter().all(|(_, columns)| !columns.is_empty()), "{sqlite:?}");
    assert_eq!(sqlite, created("postgres"));
}

#[test]
fn the_code_knows_every_table_as_it_is() {
    let mut tables = created("sqlite");
    tables.sort();
    assert_eq!(known(), tables);
}

#[test]
fn the_way_back_drops_every_table_and_each_before_what_it_needs() {
    let mut names: Vec<String> = created("sqlite").into_iter().map(|(name, _)| name).collect();
    names.reverse();
    for backend in ["sqlite", "postgres"] {
        let down = statements(backend, "down");
        let dropped = down.lines().filter_map(|line| line.strip_prefix("DROP TABLE ")?.strip_suffix(';'));
        // What a migration put aside while it made a table anew is no table of the code.
        let dropped: Vec<&str> = dropped.filter(|table| !table.contains("_by_")).collect();
        let mut sorted = (dropped.clone(), names.clone());
        sorted.0.sort_unstable();
        sorted.1.sort();
        assert_eq!(sorted.0, sorted.1, "{backend}");
        let place = |name: &str| dropped.iter().position(|dropped| *dropped == name);
        assert!(place("unit_successor") < place("unit"), "{backend}: a successor is a unit");
    }
}

/// Runs a file with the database's own tool; what it prints.
fn run_file(database: &PrivateDatabase, file: &PathBuf) -> String {
    let url = database.url_text();
    let script = fs::File::open(file).unwrap();
    let mut command = if let Some(path) = url.strip_prefix("sqlite://") {
        let mut command = Command::new("sqlite3");
        command.args(["-bail", path]);
        command
    } else {
        let mut command = Command::new("psql");
        command.args([url.as_str(), "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]);
        command
    };
    let done = command.stdin(script).output().expect("the database's tool runs");
    assert!(done.status.success(), "{}: {}", file.display(), String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn up_down_and_up_again_leaves_nothing_behind() {
    let database = PrivateDatabase::new();
    let (backend, list) = if crate::support::database::on_postgres() {
        ("postgres", "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename;")
    } else {
        ("sqlite", "SELECT name FROM sqlite_master ORDER BY name;")
    };
    let listing = database.folder.path().join("list.sql");
    fs::write(&listing, list).unwrap();
    let apply = |step: &str, names: &[String]| {
        for name in names {
            run_file(&database, &top().join(format!("migrations/{backend}/{name}/{step}.sql")));
        }
    };
    let mut names = migrations(backend);
    apply("up", &names);
    let tables = run_file(&database, &listing);
    names.reverse();
    apply("down", &names);
    assert_eq!(run_file(&database, &listing), "");
    names.reverse();
    apply("up", &names);
    assert_eq!(run_file(&database, &listing), tables);
}
