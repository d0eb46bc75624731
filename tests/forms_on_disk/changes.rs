//! A published version never changes, and only translations continue a series.

use std::fs;

use sipas::{
    cli::form::{self, StoredText},
    domain::{
        form_change::{self, Reach},
        form_file,
    },
};

use super::{GOOD, broken};

#[test]
fn a_published_version_that_changed_is_told_with_the_remedy() {
    assert_eq!(form_change::difference(GOOD, &format!("# a remark\n\n{GOOD}")), None);
    let difference =
        |from: &str, to: &str| form_change::difference(GOOD, &broken(from, to).0).expect("a difference");
    insta::assert_snapshot!(difference("Was the result late?", "Was it late?"), @r#"
    question fact.late, text: en "Was the result late?" -> "Was it late?"
    only translations differ: publish as version 3 with series = 2
    "#);
    insta::assert_snapshot!(difference("Kết quả có trễ hẹn không?", "Có trễ hẹn không?"), @r#"
    question fact.late, text: vi "Kết quả có trễ hẹn không?" -> "Có trễ hẹn không?"
    publish as version 3 with its own series: write version = 3 and leave series out
    "#);
    assert_eq!(difference("dont_know = true", "dont_know = false").reach(), Reach::Meaning);
    assert_eq!(difference("up_to = 5", "up_to = 7").reach(), Reach::Meaning);
    assert_eq!(difference("*chỗ ngồi chờ*", "chỗ ngồi chờ").reach(), Reach::Translations);
    let order = "dont_know = true\norder = [5, 4, 3, 2, 1]";
    assert_eq!(
        difference("dont_know = true", order).to_string().lines().next(),
        Some("order: [1, 2, 3, 4, 5] -> [5, 4, 3, 2, 1]")
    );
}

#[test]
fn only_translations_continue_a_series() {
    let old = form_file::read_stored("old", GOOD).expect("a form");
    let next = |from: &str, to: &str| {
        let text = broken(from, to).0.replace("version = 2", "version = 3\nseries = 2");
        form_file::read_stored("new", &text).expect("a form")
    };
    assert_eq!(form_change::may_continue(&old, &next("Was the result late?", "Late?")), Ok(()));
    let reviewer = next("reviewer = \"A. Reviewer\"\n[[factor]]", "reviewer = \"Another\"\n[[factor]]");
    assert_eq!(form_change::may_continue(&old, &reviewer), Ok(()));
    let options = next(
        "  { code = \"no\", vi = \"Không\", en = \"No\" },\n  { code = \"yes\", vi = \"Có\", en = \"Yes\" },\n",
        "  { code = \"yes\", vi = \"Có\", en = \"Yes\" },\n  { code = \"no\", vi = \"Không\", en = \"No\" },\n",
    );
    let changes = form_change::may_continue(&old, &options).expect_err("another order");
    assert_eq!(changes[0].to_string(), "question fact.late, options: the order no, yes -> yes, no");
}

#[test]
fn the_check_compares_with_what_was_published() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = dir.path().join("desk.toml");
    fs::write(&file, GOOD.replace("Was the result late?", "Late?")).expect("a file");
    let stored = StoredText { id: "desk".parse().expect("an id"), version: 2, text: GOOD.to_owned() };
    let report = form::check(&[dir.path().to_owned()], std::slice::from_ref(&stored));
    assert!(report.has_faults());
    assert!(report.to_string().contains("differs from the published desk version 2"), "{report}");
    fs::write(&file, format!("# the same\n{GOOD}")).expect("a file");
    assert!(!form::check(std::slice::from_ref(&file), std::slice::from_ref(&stored)).has_faults());
    let next =
        GOOD.replace("version = 2", "version = 3\nseries = 2").replace("*chỗ ngồi chờ*", "*ghế ngồi chờ*");
    fs::write(dir.path().join("desk-v3.toml"), next).expect("a file");
    let report = form::check(&[dir.path().to_owned()], &[]);
    assert_eq!(report.faults.len(), 1, "{report}");
    assert_eq!((report.faults[0].line, report.faults[0].key.as_str()), (3, "series"), "{report}");
}

#[test]
fn what_cannot_be_read_is_told_with_a_remedy() {
    let dir = tempfile::tempdir().expect("a folder");
    let report = form::check(&[dir.path().join("nowhere.toml"), dir.path().to_owned()], &[]);
    let told: Vec<&str> = report.faults.iter().map(|f| f.remedy.as_str()).collect();
    assert_eq!(
        told,
        ["look at the name: there is no such file", "name a folder with files that end in .toml"]
    );
}
