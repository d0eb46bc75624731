//! While answers wait, a copy tells units, forms and months and nothing of what was answered; after the fold SQLite's
//! file and log hold no row that waited, and PostgreSQL's dead rows only what is sealed.

use std::{fs, path::Path};

use sipas::config::DatabaseUrl;

use super::{
    day::{Person, a_province, answer},
    dump::{ask, bytes, hex, try_ask},
};
use crate::support::service::TestService;

/// Four people of one unit: one less than a handful.
fn people(service: &TestService, levels: [u8; 6], language: &'static str, comment: &str) -> Vec<Person> {
    let codes = service.receipts("tra-cu", 4).into_iter();
    codes.map(|code| Person { code, levels, language, comment: Some(comment.to_owned()) }).collect()
}

/// A province in which four people wait.
fn four_wait(levels: [u8; 6], language: &'static str, comment: &str) -> TestService {
    let service = a_province();
    for person in people(&service, levels, language, comment) {
        answer(&service, &person);
    }
    service
}

/// Tables that hold nothing of a person, and what the making of a database puts there.
const SETTINGS: [&str; 9] = [
    "meta",
    "form",
    "unit",
    "unit_import",
    "unit_successor",
    "job",
    "audit",
    "one_time_link",
    "__diesel_schema_migrations",
];

fn tables(url: &DatabaseUrl) -> Vec<String> {
    let query = match url {
        DatabaseUrl::Sqlite(_) => "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
        DatabaseUrl::Postgres(_) => {
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        }
    };
    ask(url, query).into_iter().flatten().filter(|name| !SETTINGS.contains(&name.as_str())).collect()
}

/// Every row of every table, with random bytes as their length.
fn told(url: &DatabaseUrl) -> Vec<String> {
    let mut rows = Vec::new();
    for table in tables(url) {
        let columns = match url {
            DatabaseUrl::Sqlite(_) => format!("SELECT name, type FROM pragma_table_info('{table}')"),
            DatabaseUrl::Postgres(_) => format!(
                "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{table}' \
                 ORDER BY ordinal_position"
            ),
        };
        let shown = |column: &Vec<String>| {
            let binary = ["blob", "bytea"].contains(&column[1].to_lowercase().as_str());
            if binary { format!("length(\"{}\")", column[0]) } else { format!("\"{}\"", column[0]) }
        };
        let columns: Vec<String> = ask(url, &columns).iter().map(shown).collect();
        let query = format!("SELECT '{table}', {} FROM {table}", columns.join(", "));
        rows.extend(ask(url, &query).into_iter().map(|row| row.join(" | ")));
    }
    rows.sort();
    rows
}

/// Everything that the database's files hold.
fn raw(url: &DatabaseUrl) -> Vec<u8> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let mut all = fs::read(path).unwrap();
            all.extend(fs::read(path.with_extension("db-wal")).unwrap_or_default());
            all
        }
        DatabaseUrl::Postgres(_) => pages_of(url, "inbox"),
    }
}

/// The pages of one table with its dead rows, and of what was put apart because it was long.
fn pages_of(url: &DatabaseUrl, table: &str) -> Vec<u8> {
    ask(url, "CREATE EXTENSION IF NOT EXISTS pageinspect");
    let query = format!(
        "SELECT encode(get_raw_page(r.name, page::int), 'hex') FROM \
         (SELECT '{table}' AS name UNION ALL SELECT reltoastrelid::regclass::text FROM pg_class \
          WHERE oid = '{table}'::regclass AND reltoastrelid <> 0) AS r, \
         generate_series(0, pg_relation_size(r.name::regclass) / 8192 - 1) AS page"
    );
    ask(url, &query).iter().flat_map(|row| bytes(&row[0])).collect()
}

/// Names of the log's files in which these bytes stand, of those that were written lately.
fn in_wal(url: &DatabaseUrl, wanted: &[u8]) -> Vec<String> {
    let query = format!(
        "SELECT name FROM pg_ls_waldir() WHERE modification > now() - interval '3 minutes' AND \
         position('\\x{}'::bytea IN pg_read_binary_file('pg_wal/' || name, 0, 16777216, true)) > 0",
        hex(wanted)
    );
    ask(url, &query).into_iter().flatten().collect()
}

fn holds(all: &[u8], wanted: &[u8]) -> bool {
    // One character a byte: a search in texts is faster than one by windows.
    let text = |bytes: &[u8]| bytes.iter().map(|byte| char::from(*byte)).collect::<String>();
    text(all).contains(&text(wanted))
}

#[test]
fn while_answers_wait_a_copy_tells_nothing_of_what_was_answered() {
    let bad = four_wait([1, 2, 1, 1, 2, 1], "vi", "chờ-ba-tiếng-không-ai-gọi");
    let good = four_wait([5, 5, 4, 5, 5, 4], "km", "ល្អណាស់");
    let (told_of_bad, told_of_good) = (told(&bad.database.url), told(&good.database.url));
    assert!(told_of_bad.iter().filter(|row| row.starts_with("inbox | ")).count() == 4, "{told_of_bad:#?}");
    assert_eq!(told_of_bad, told_of_good, "the same columns, the same lengths");
    for (service, comment) in [(&bad, "chờ-ba-tiếng-không-ai-gọi"), (&good, "ល្អណាស់")] {
        let url = &service.database.url;
        let all = raw(url);
        assert!(holds(&all, b"tra-cu"), "these bytes are those of the rows that wait");
        assert!(!holds(&all, comment.as_bytes()), "{comment} stands in the files");
        assert!(!service.log().contains(comment));
        if matches!(url, DatabaseUrl::Postgres(_)) {
            assert_eq!(in_wal(url, comment.as_bytes()), Vec::<String>::new(), "{comment} stands in the log");
        }
    }
}

/// Ids and the begin of what is sealed, of the rows that wait.
fn waiting(url: &DatabaseUrl) -> Vec<Vec<u8>> {
    let query = match url {
        DatabaseUrl::Sqlite(_) => "SELECT hex(id), hex(substr(sealed, 1, 48)) FROM inbox",
        DatabaseUrl::Postgres(_) => {
            "SELECT encode(id, 'hex'), encode(substring(sealed FROM 1 FOR 48), 'hex') FROM inbox"
        }
    };
    ask(url, query).iter().flatten().map(|text| bytes(text)).collect()
}

fn log_is_empty(file: &Path) -> bool {
    fs::metadata(file.with_extension("db-wal")).is_ok_and(|log| log.len() == 0)
}

#[test]
fn after_the_fold_no_row_that_waited_is_left_but_sealed_bytes_in_dead_rows_of_a_server() {
    let comment = "góp-ý-của-người-thứ-tư";
    let service = four_wait([2, 3, 2, 3, 2, 3], "vi", comment);
    let url = service.database.url.clone();
    let old = waiting(&url);
    assert_eq!(old.len(), 8);
    let before = raw(&url);
    assert!(old.iter().all(|part| holds(&before, part)), "they are found where they are");
    let fifth = people(&service, [4, 3, 2, 1, 2, 3], "vi", comment).remove(0);
    answer(&service, &fifth);
    service.eventually("five are folded", |service| service.metrics_say("kind=\"folded\"", 5));
    match &url {
        DatabaseUrl::Sqlite(file) => {
            service.eventually("the log is emptied", |_| log_is_empty(file));
            let all = raw(&url);
            for part in &old {
                assert!(!holds(&all, part), "{} is still there", hex(part));
            }
            assert!(holds(&all, comment.as_bytes()), "its comment is put apart, in plain");
        }
        DatabaseUrl::Postgres(_) => {
            assert_eq!(ask(&url, "SELECT count(*) FROM inbox"), [["0"]]);
            // Dead rows stay until the page is tidied: of theirs, only what was sealed.
            let dead = pages_of(&url, "inbox");
            assert!(!holds(&dead, comment.as_bytes()), "a plain comment lies in the pages of the inbox");
            assert!(try_ask(&url, "VACUUM inbox").is_ok());
            assert!(!holds(&pages_of(&url, "inbox"), comment.as_bytes()));
        }
    }
}
