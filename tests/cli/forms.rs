//! Form files by command: checked, listed, described; what was published stays.

use std::{fs, path::PathBuf};

use serde_json::Value;

use super::{run, run_in, start, with_units};
use crate::support::{
    database::PrivateDatabase,
    service::{TestService, sipas},
};

fn shipped() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("survey-forms")
}

/// A folder with the short form under its old number, but with another question.
fn changed() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(shipped().join("one-stop-short.toml")).unwrap();
    let other = text.replacen("đến mức nào", "như thế nào", 1);
    assert_ne!(text, other, "the form asks `đến mức nào`");
    fs::write(folder.path().join("one-stop-short.toml"), other).unwrap();
    folder
}

#[test]
fn a_faulty_file_is_told_by_file_and_line_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(shipped().join("one-stop-short.toml")).unwrap();
    let line = text.lines().position(|line| line.starts_with("version")).unwrap() + 1;
    let broken = text.replacen("version = 1", "version = 0", 1);
    fs::write(folder.path().join("one-stop-short.toml"), broken).unwrap();
    run_in(folder.path(), &[], &["form", "check", "one-stop-short.toml"]).assert_refused(
        1,
        &[&format!("fault: one-stop-short.toml:{line}: version: "), "0 good, 1 fault", "have faults"],
    );
    run_in(folder.path(), &[], &["form", "check", "absent.toml"]).assert_refused(1, &["absent.toml:1: file"]);
}

#[test]
fn the_shipped_folder_is_good_and_its_drafts_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let checked = run_in(folder.path(), &[], &["form", "check", &shipped().display().to_string()]);
    checked.assert_silent();
    assert!(checked.err.contains("3 good, 0 faults") && checked.err.contains("languages.km"));
    assert!(!folder.path().join("data").exists(), "a check makes no database");
}

#[test]
fn the_schema_on_standard_output_is_the_published_file() {
    let folder = tempfile::tempdir().unwrap();
    let schema = run_in(folder.path(), &[], &["form", "schema"]);
    assert_eq!((schema.code, schema.err.as_str()), (0, ""));
    assert!(serde_json::from_str::<Value>(&schema.out).unwrap()["$schema"].is_string());
    assert!(schema.out == fs::read_to_string(shipped().join("form.schema.json")).unwrap());
}

#[test]
fn the_list_is_the_same_before_and_after_publishing() {
    let before = PrivateDatabase::new();
    let shipped = sipas_list(&before);
    assert_eq!(shipped.lines().count(), 3);
    assert!(shipped.contains("one-stop-short version 1 (series 1), 5 criteria"), "{shipped}");
    let mut published: Vec<String> = sipas_list(&with_units()).lines().map(str::to_owned).collect();
    let mut shipped: Vec<String> = shipped.lines().map(str::to_owned).collect();
    published.sort();
    shipped.sort();
    assert_eq!(published, shipped);
}

/// What `form list` prints; on a server's empty database, what it prints without one.
fn sipas_list(database: &PrivateDatabase) -> String {
    let listed = sipas(database, &["form", "list"]);
    if listed.status.success() {
        return String::from_utf8(listed.stdout).unwrap();
    }
    run_in(database.folder.path(), &[], &["form", "list"]).out
}

#[test]
fn a_published_version_that_changed_fails_the_check_and_names_the_difference() {
    let database = with_units();
    let file = changed().keep().join("one-stop-short.toml").display().to_string();
    run(&database, &["form", "check", &file]).assert_refused(
        1,
        &["differs from the published one-stop-short version 1", "như thế nào", "publish as version 2"],
    );
    fs::remove_file(file).unwrap();
}

#[test]
fn a_service_goes_on_with_what_was_published_and_says_so() {
    let database = std::sync::Arc::new(with_units());
    let folder = changed();
    let forms = folder.path().display().to_string();
    let service = TestService::on(std::sync::Arc::clone(&database), &["--forms", &forms]);
    assert!(service.log().contains("one-stop-short version 1 was published with another text"));
    let asked = service.get("/api/v1/forms/one-stop-short").text();
    assert!(!asked.contains("như thế nào"), "the stored version is asked");
    let ready = service.get("/readyz");
    assert!(ready.text().contains("one-stop-short version 1"), "{} {}", ready.status, ready.text());
    drop(service);
    start(&database, &["--forms", &forms, "--strict-forms"])
        .assert_refused(3, &["--strict-forms was given", "sipas form check"]);
}
