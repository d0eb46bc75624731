//! The demo: made once, served again, never mixed with anything.

use super::{run, with_units};
use crate::support::database::PrivateDatabase;

const DEMO: [&str; 8] = ["demo", "--no-serve", "--responses", "150", "--seed", "3", "--until", "2026-11-24"];

#[test]
fn a_demo_is_made_once_and_other_numbers_are_refused() {
    let database = PrivateDatabase::new();
    let made = run(&database, &DEMO);
    made.assert_silent();
    assert!(made.err.contains("made up: responses=150 seed=3 until=2026-11-24\n"), "{}", made.err);
    assert!(made.err.contains("a receipt to try: "), "{}", made.err);
    for again in [&DEMO[..], &["demo", "--no-serve"], &["demo", "--no-serve", "--seed", "3"]] {
        let served = run(&database, again);
        served.assert_silent();
        assert!(
            served.err.contains("serving the demo that is there: responses=150 seed=3"),
            "{}",
            served.err
        );
    }
    for other in [["--seed", "4"], ["--responses", "151"], ["--until", "2026-11-23"]] {
        run(&database, &[&["demo", "--no-serve"][..], &other].concat()).assert_refused(
            3,
            &[
                "this database holds another demo: responses=150 seed=3 until=2026-11-24",
                "delete the database, or name another with --database-url",
            ],
        );
    }
    let sound = run(&database, &["verify"]);
    assert_eq!(sound.code, 0, "{}{}", sound.out, sound.err);
    exports_are_files(&database);
}

/// A file for spreadsheets: byte order mark, CRLF, the same bytes on standard output and in a file.
fn exports_are_files(database: &PrivateDatabase) {
    let path = database.folder.path().join("scores.csv");
    let file = path.display().to_string();
    let export = ["export", "scores", "--unit", "cuu-giang", "--subtree", "--by", "unit", "--period", "2026"];
    let to_file = run(database, &[&export[..], &["--out", &file]].concat());
    to_file.assert_silent();
    assert!(to_file.err.ends_with(" rows\n"), "{}", to_file.err);
    let text = std::fs::read_to_string(&path).unwrap();
    let rows = text.strip_prefix("\u{feff}").expect("a byte order mark");
    assert!(rows.ends_with("\r\n") && rows.matches('\n').count() == rows.matches("\r\n").count());
    assert!(rows.lines().count() > 30, "{rows}");
    let printed = run(database, &[&export[..], &["--out", "-"]].concat());
    assert!(printed.out == text, "the same bytes");
    let nowhere = database.folder.path().join("nowhere/scores.csv").display().to_string();
    run(database, &[&export[..], &["--out", &nowhere]].concat())
        .assert_refused(3, &["nowhere/scores.csv: No"]);
}

#[test]
fn a_demo_does_not_touch_real_data() {
    let database = with_units();
    let before = run(&database, &["unit", "list"]).out;
    run(&database, &DEMO).assert_refused(
        3,
        &["holds real data", "a demo needs an empty database: name another with --database-url"],
    );
    assert_eq!(run(&database, &["unit", "list"]).out, before);
}

#[test]
fn the_same_numbers_give_the_same_bytes() {
    let export = |_| {
        let database = PrivateDatabase::new();
        run(&database, &DEMO).assert_silent();
        let scores = run(&database, &["export", "scores", "--period", "2026", "--by", "month"]).out;
        let responses = run(&database, &["export", "responses", "--period", "2025-07..2026-11"]).out;
        (scores, responses)
    };
    let [first, second] = [1, 2].map(export);
    assert!(first == second);
    assert!(first.0.lines().count() > 1 && first.1.lines().count() > 1, "{}", first.1);
    assert!(first.1.lines().skip(1).all(|line| line.starts_with("demo,")), "{}", first.1);
}
