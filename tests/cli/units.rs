//! Units by table: shown before, done whole or not at all, taken back.

use super::{TWO_UNITS, on_postgres, run, table, with_units};
use crate::support::database::PrivateDatabase;

const MERGER: &str = "create,tra-cu-moi,tv,commune,Xã Trà Cú mới,2025-07-01,,\n\
                      merge,tra-cu,,,,,2025-06-30,tra-cu-moi";

#[test]
fn a_dry_run_shows_the_change_and_changes_nothing() {
    let database = with_units();
    let before = run(&database, &["unit", "list"]).out;
    let file = table(&database, "merger.csv", MERGER);
    let shown = run(&database, &["unit", "import", &file, "--dry-run"]);
    shown.assert_silent();
    insta::assert_snapshot!(shown.err, @r"
    + tra-cu-moi  Xã Trà Cú mới (commune in tv) from 2025-07-01
    ~ tra-cu  Xã Trà Cú; closed after 2025-06-30; followed by tra-cu-moi
    2 units change, 0 lines are already so
    nothing was changed (--dry-run)
    ");
    assert_eq!(run(&database, &["unit", "list"]).out, before);
    assert_eq!(run(&database, &["unit", "imports"]).out.lines().count(), 2);
}

#[test]
fn a_dry_run_on_nothing_makes_no_database() {
    let database = PrivateDatabase::new();
    let file = table(&database, "units.csv", TWO_UNITS);
    let shown = run(&database, &["unit", "import", &file, "--dry-run"]);
    shown.assert_silent();
    assert!(shown.err.starts_with("+ tv  Tỉnh Trà Vinh (province) from 2020-01-01\n"), "{}", shown.err);
    assert_eq!(run(&database, &["unit", "list"]).code, 3);
    if !on_postgres() {
        assert!(!database.folder.path().join("sipas.db").exists());
    }
}

#[test]
fn an_import_is_done_listed_and_taken_back() {
    let database = with_units();
    let file = table(&database, "merger.csv", MERGER);
    let done = run(&database, &["unit", "import", &file]);
    assert!(done.err.ends_with("done: import 2; to take it back: sipas unit take-back 2\n"), "{}", done.err);
    assert_eq!(
        run(&database, &["unit", "list"]).out,
        "code,parent,kind,name_vi,name_en,name_km,form,valid_from,valid_to,successors\n\
         tv,,province,Tỉnh Trà Vinh,,,,2020-01-01,,\n\
         tra-cu,tv,commune,Xã Trà Cú,,,,2020-01-01,2025-06-30,tra-cu-moi\n\
         tra-cu-moi,tv,commune,Xã Trà Cú mới,,,,2025-07-01,,\n"
    );
    let again = run(&database, &["unit", "import", &file]);
    assert_eq!((again.code, again.err.as_str()), (0, "0 units change, 2 lines are already so\n"));
    run(&database, &["unit", "take-back", "2"]).assert_silent();
    assert_eq!(run(&database, &["unit", "list"]).out.lines().count(), 3);
    let imports = run(&database, &["unit", "imports"]).out;
    let lines: Vec<Vec<&str>> = imports.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines[0], ["import", "day", "file", "units", "taken_back"]);
    assert_eq!((lines[1][2], lines[1][3], lines[1][4]), ("units.csv", "2", ""));
    assert_eq!((lines[2][2], lines[2][4]), ("merger.csv", lines[2][1]));
    run(&database, &["unit", "take-back", "2"]).assert_refused(3, &["taken back before", "unit imports"]);
    run(&database, &["unit", "take-back", "9"]).assert_refused(3, &["no import 9", "sipas unit imports"]);
}

#[test]
fn an_import_that_something_hangs_on_stays() {
    let database = with_units();
    assert_eq!(run(&database, &["receipt", "issue", "--unit", "tra-cu"]).code, 0);
    let before = run(&database, &["unit", "list"]).out;
    run(&database, &["unit", "take-back", "1"])
        .assert_refused(3, &["import 1 cannot be taken back", "tra-cu"]);
    assert_eq!(run(&database, &["unit", "list"]).out, before);
}

#[test]
fn a_faulty_table_is_told_whole_with_its_lines_and_nothing_of_it_is_done() {
    let database = with_units();
    let before = run(&database, &["unit", "list"]).out;
    let file = table(
        &database,
        "bad.csv",
        "creat,ben-lua,tv,commune,Xã Bến Lúa,2020-01-01,,\n\
         create,Dai An,tv,commune,Xã Đại An,2020-01-01,,\n\
         create,dai-an,tv,village,,2020-13-01,,\n\
         create,dai-an.1,dai-an,branch,Chi nhánh,2020-01-01,,\n\
         create,ham-giang,nowhere,commune,Xã Hàm Giang,2020-01-01,2019-01-01,\n\
         create,dinh-an,nowhere,commune,Xã Định An,2020-01-01,,\n\
         merge,tra-cu,,,,,2025-06-30,elsewhere",
    );
    let refused = run(&database, &["unit", "import", &file]);
    refused.assert_refused(1, &["bad.csv: line 2, action", "nothing was changed"]);
    let told = refused.err.replace(&format!("{file}: "), "");
    insta::assert_snapshot!("faulty_table", told);
    assert_eq!(run(&database, &["unit", "list"]).out, before);
}

#[test]
fn a_file_that_is_no_table_of_units_is_told_what_one_is() {
    let database = PrivateDatabase::new();
    let path = database.folder.path().join("other.csv");
    let file = path.display().to_string();
    for (content, told) in [
        (&b"action,name\n"[..], "line 1: \"name\" is no column"),
        (b"code,parent\n", "the column \"action\" is missing"),
        (b"action,code\ncreate,a,b\n", "line 2 has 3 cells, the header 2"),
        (b"action,code\ncreate,\xff\n", "is not UTF-8 (at byte 19)"),
    ] {
        std::fs::write(&path, content).unwrap();
        run(&database, &["unit", "import", &file])
            .assert_refused(3, &[told, "save it as CSV, UTF-8, with the columns action, code, parent"]);
    }
    run(&database, &["unit", "import", "absent.csv"]).assert_refused(3, &["absent.csv: No such file"]);
}
