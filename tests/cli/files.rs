//! What a script reads is alone on standard output, what a person reads on standard error.

use super::{run, run_in, with_units};
use crate::support::database::PrivateDatabase;

#[test]
fn exit_codes_tell_done_found_misused_and_refused_apart() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, code) in [
        (&["form", "list"][..], 0),
        (&["form", "check", "absent.toml"], 1),
        (&["form", "chekc"], 2),
        (&["token", "create"], 2),
        (&["--set", "workers=0", "form", "list"], 2),
        (&["verify"], 3),
        (&["unit", "list"], 3),
        (&["export", "scores"], 3),
    ] {
        let ran = run_in(folder.path(), &[], arguments);
        assert_eq!(ran.code, code, "{arguments:?}: {}", ran.err);
    }
    assert!(!folder.path().join("data").exists(), "what only reads makes no database");
}

#[test]
fn a_reader_of_a_database_that_is_not_there_is_told_how_to_make_one() {
    let folder = tempfile::tempdir().unwrap();
    run_in(folder.path(), &[], &["token", "list"])
        .assert_refused(3, &["there is no database data/sipas.db", "sipas serve", "--database-url"]);
}

#[test]
fn a_new_token_is_alone_on_standard_output() {
    let database = with_units();
    let create = ["token", "create", "--name", "desk", "--scope", "receipts:write", "scores:read"];
    let made = run(&database, &[&create[..], &["--unit", "tra-cu"]].concat());
    let token = made.out.strip_suffix('\n').expect("a line break");
    assert!(!token.contains(char::is_whitespace) && token.starts_with("sipas_"), "{token:?}");
    assert!(made.err.contains("tra-cu and everything below it") && made.err.contains("only this once"));
    assert!(!made.err.contains(token));
    let list = run(&database, &["token", "list"]);
    assert!(list.out.starts_with(
        "name,scopes,unit,created,revoked,expires,last_used\ndesk,receipts:write scores:read,tra-cu,"
    ));
    assert!(!list.out.contains(token) && list.err.is_empty());
    run(&database, &create).assert_refused(3, &["\"desk\" already", "choose another name"]);
    run(&database, &["token", "revoke", "desk"]).assert_silent();
    run(&database, &["token", "revoke", "desk"]).assert_refused(3, &["sipas token list"]);
}

#[test]
fn issued_receipts_are_a_table_of_codes_addresses_and_last_days() {
    let database = with_units();
    let address = ["--set", "public-url=https://sipas.test/"];
    let issue = ["receipt", "issue", "--unit", "tra-cu", "--count", "3", "--expires-in-days", "7"];
    let issued = run(&database, &[&address[..], &issue].concat());
    assert_eq!(issued.err, "3 receipts issued for tra-cu (one-stop-short)\n");
    let lines: Vec<&str> = issued.out.split_terminator('\n').collect();
    assert_eq!((lines.len(), lines[0]), (4, "code,url,expires"));
    for line in &lines[1..] {
        let [code, url, expires] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        assert_eq!(url, format!("https://sipas.test/r/{}", code.replace('-', "")));
        assert_eq!((code.len(), expires.len()), (13, 10), "{line}");
    }
    let code = lines[1].split(',').next().unwrap();
    run(&database, &["receipt", "void", code]).assert_silent();
    run(&database, &["receipt", "void", code]).assert_refused(3, &["the receipt is void", "only an issued"]);
    let slip = if code.ends_with('0') { "1" } else { "0" };
    let mistyped = format!("{}{slip}", &code[..code.len() - 1]);
    run(&database, &["receipt", "void", &mistyped]).assert_refused(2, &["not a code"]);
}

#[test]
fn an_empty_database_is_made_whole_by_the_first_command_that_writes() {
    let database = PrivateDatabase::new();
    let applied = run(&database, &["migrate"]);
    assert_eq!((applied.code, applied.out.lines().count()), (0, 4), "{}", applied.err);
    assert_eq!(run(&database, &["migrate"]).out, "");
    let file = super::table(&database, "units.csv", super::TWO_UNITS);
    run(&database, &["unit", "import", &file]).assert_silent();
    let issued = run(&database, &["receipt", "issue", "--unit", "tra-cu"]);
    assert_eq!(issued.code, 0, "the forms are there too: {}", issued.err);
    let sound = run(&database, &["verify"]);
    sound.assert_silent();
    assert!(sound.err.contains("everything is as it must be"), "{}", sound.err);
}

#[test]
fn an_empty_table_still_has_its_header() {
    let database = with_units();
    for (arguments, header) in [
        (&["period", "list"][..], "month,state,since,responses,waiting,carried\n"),
        (&["token", "list"], "name,scopes,unit,created,revoked,expires,last_used\n"),
        (&["export", "responses"], "\u{feff}origin,unit,unit_name,form,form_version,month,day,"),
        (&["export", "scores"], "\u{feff}period,unit,unit_name,form,form_version,method,grouping,group,"),
    ] {
        let ran = run(&database, arguments);
        assert_eq!((ran.code, ran.out.lines().count()), (0, 1), "{arguments:?}");
        assert!(ran.out.starts_with(header), "{}", ran.out);
    }
}
