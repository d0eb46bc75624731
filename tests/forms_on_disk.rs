//! Form files: the shipped ones hold together, broken ones are told line by line, and no form asks who answers.

mod changes;
mod faults;
mod identity;

use std::{fs, path::PathBuf};

use sipas::{
    cli::form,
    domain::{
        form::{Form, NodeKind, QuestionKind},
        form_file::{self, FileFault},
        ids::Language,
    },
    report::form_json,
};

/// A small form without a fault and without a note; tests break it in one place.
const GOOD: &str = r#"id = "desk"
version = 2
method = "top2-pooled"
source = "a test"
dont_know = true
title.vi = "Phiếu thử"
title.en = "A test"
intro.vi = "Các câu trả lời được cộng chung."
intro.en = "Answers are added up."
respondent_notice.vi = "Câu sau là tự nguyện."
respondent_notice.en = "What follows is voluntary."
dont_know_label.vi = "Không biết"
dont_know_label.en = "Don't know"
levels = [
  { vi = "Rất không hài lòng", en = "Very dissatisfied" },
  { vi = "Không hài lòng", en = "Dissatisfied" },
  { vi = "Bình thường", en = "Neither" },
  { vi = "Hài lòng", en = "Satisfied" },
  { vi = "Rất hài lòng", en = "Very satisfied" },
]
[languages.vi]
name = "Tiếng Việt"
state = "reviewed"
reviewer = "A. Reviewer"
[languages.en]
name = "English"
state = "reviewed"
reviewer = "A. Reviewer"
[[factor]]
slug = "access"
name.vi = "Tiếp cận"
name.en = "Access"
[[factor.question]]
slug = "access.seating"
text.vi = "Ông/bà hài lòng đến mức nào với *chỗ ngồi chờ*?"
text.en = "How satisfied are you with *the seats*?"
[[question]]
slug = "fact.late"
kind = "single"
text.vi = "Kết quả có trễ hẹn không?"
text.en = "Was the result late?"
options = [
  { code = "no", vi = "Không", en = "No" },
  { code = "yes", vi = "Có", en = "Yes" },
]
[[question]]
slug = "fact.days"
kind = "number"
only_if = { question = "fact.late", is = ["yes"] }
text.vi = "Trễ bao nhiêu ngày?"
text.en = "How many days late?"
min = 1
max = 90
classes = [
  { code = "few", up_to = 5, vi = "1-5", en = "1-5" },
  { code = "many", up_to = 90, vi = "Trên 5", en = "Over 5" },
]
[[question]]
slug = "comment"
kind = "text"
text.vi = "Ông/bà muốn sửa điều gì?"
text.en = "What should be mended?"
hint.vi = "Xin không ghi họ tên, số điện thoại."
hint.en = "Please do not write your name or telephone number."
"#;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("survey-forms")
}

fn shipped(id: &str) -> Form {
    let name = format!("{id}.toml");
    let Some((_, text)) = form_file::SHIPPED.iter().find(|(n, _)| *n == name) else {
        panic!("{name} is not shipped")
    };
    form_file::read(&name, text).unwrap_or_else(|faults| panic!("{faults:#?}")).form
}

fn faults_of(text: &str) -> Vec<FileFault> {
    form_file::read("desk.toml", text).err().unwrap_or_default()
}

/// [`GOOD`] with one run replaced, and the line where the replacement begins.
fn broken(from: &str, to: &str) -> (String, usize) {
    let Some((before, _)) = GOOD.split_once(from) else { panic!("{from:?} is not in the form") };
    (GOOD.replacen(from, to, 1), before.matches('\n').count() + 1)
}

#[test]
fn every_shipped_form_is_good_and_says_what_is_draft() {
    let report = form::check(&[folder()], &[]);
    assert!(!report.has_faults(), "{report}");
    assert_eq!(report.good.len(), form_file::SHIPPED.len(), "{report}");
    for name in ["one-stop-short", "one-stop-full", "sipas-2022"] {
        let drafts = |n: &&form_file::FileNote| n.file.contains(name) && n.what.contains("texts are draft");
        let km = report.notes.iter().filter(drafts).find(|n| n.key == "languages.km").expect("a draft note");
        assert!(km.what.ends_with("no reviewer is named"), "{km}");
    }
    let missing = report.notes.iter().find(|n| n.what.contains("the Vietnamese text is shown"));
    assert_eq!(missing, None, "every string has all three languages");
}

#[test]
fn the_binary_carries_what_stands_on_the_disk() {
    for (name, text) in form_file::SHIPPED {
        assert_eq!(fs::read_to_string(folder().join(name)).expect("the file"), *text, "{name}");
    }
}

fn criteria(form: &Form) -> Vec<&str> {
    let nodes = form.nodes().iter();
    nodes.filter(|n| n.kind == NodeKind::Criterion && n.parent.is_some()).map(|n| n.slug.as_str()).collect()
}

#[test]
fn the_short_form_asks_the_five_factors_and_the_general_question() {
    let form = shipped("one-stop-short");
    let slugs: Vec<&str> = form.questions.iter().map(|q| q.slug.as_str()).collect();
    insta::assert_snapshot!(slugs.join(" "), @"general access.ease procedure.ease official.attitude result.delivery feedback.handling comment");
    assert_eq!(criteria(&form).len(), 5);
    assert!(form.questions.iter().all(|q| !q.required), "one level is a whole answer");
    let general = form.nodes().iter().find(|n| n.slug == "general").expect("a node of its own");
    let overall = form.nodes().last().expect("the overall");
    assert_eq!((general.kind, general.parent), (NodeKind::Criterion, None));
    assert!(general.columns.iter().all(|c| !overall.columns.contains(c)), "general is outside the overall");
}

#[test]
fn the_full_form_has_the_22_criteria_of_decision_2640() {
    let form = shipped("one-stop-full");
    insta::assert_snapshot!(criteria(&form).join("\n"), @r"
    access.seating
    access.equipment_complete
    access.equipment_modern
    access.equipment_easy
    procedure.posted_complete
    procedure.posted_accurate
    procedure.dossier_lawful
    procedure.fee_lawful
    procedure.time_limit_lawful
    official.polite
    official.listens
    official.answers
    official.guides_devoted
    official.guides_clear
    official.complies
    result.lawful
    result.complete
    result.accurate
    feedback.channel
    feedback.easy
    feedback.active
    feedback.result_notified
    ");
    let sizes: Vec<usize> =
        form.nodes().iter().filter(|n| n.kind == NodeKind::Factor).map(|n| n.columns.len()).collect();
    assert_eq!(sizes, [4, 5, 6, 3, 4]);
    assert!(
        form.questions
            .iter()
            .filter(|q| matches!(q.kind, QuestionKind::Satisfaction { .. }))
            .all(|q| q.dont_know)
    );
}

#[test]
fn the_2022_form_has_33_criteria_in_two_parts_and_no_way_out() {
    let form = shipped("sipas-2022");
    assert_eq!(criteria(&form).len(), 33);
    let sizes =
        |kind| form.nodes().iter().filter(|n| n.kind == kind).map(|n| n.columns.len()).collect::<Vec<_>>();
    assert_eq!(sizes(NodeKind::Factor), [2, 2, 8, 2, 4, 4, 5, 3, 3]);
    assert_eq!(sizes(NodeKind::Part), [14, 19]);
    assert_eq!(form.nodes().len(), 45, "the 45 satisfaction indices of 2022");
    let rated = form.questions.iter().filter(|q| matches!(q.kind, QuestionKind::Satisfaction { .. }));
    assert!(rated.into_iter().all(|q| q.required && !q.dont_know));
    let perceptions =
        form.questions.iter().take_while(|q| !matches!(q.kind, QuestionKind::Satisfaction { .. }));
    assert_eq!(perceptions.count(), 8);
}

#[test]
fn the_structure_of_the_shipped_forms_stays() {
    for (id, width) in [("one-stop-short", 6), ("one-stop-full", 35), ("sipas-2022", 70)] {
        let form = shipped(id);
        assert_eq!(form.width(), width, "bytes of an answer to {id}");
        assert_eq!(form.method.id(), "top2-pooled");
        let lines: Vec<String> = form
            .questions
            .iter()
            .map(|q| {
                let kind = format!("{:?}", q.kind);
                let kind = kind.split([' ', '{']).next().unwrap_or_default().to_lowercase();
                let only = q.only_if.as_ref().map_or("", |_| " filtered");
                let required = if q.required { " required" } else { "" };
                format!("{} {kind}{only}{required}", q.slug)
            })
            .collect();
        insta::assert_snapshot!(format!("structure_{id}"), lines.join("\n"));
    }
}

#[test]
fn the_example_of_these_tests_has_neither_fault_nor_note() {
    let read = form_file::read("desk.toml", GOOD).unwrap_or_else(|f| panic!("{f:?}"));
    assert_eq!(read.notes, []);
    assert!(form_file::read("survey-forms/desk-v2.toml", GOOD).is_ok());
}

#[test]
fn a_missing_translation_is_a_note_and_falls_back() {
    let (text, line) = broken("text.en = \"Was the result late?\"\n", "");
    let read = form_file::read("desk.toml", &text).expect("no fault");
    let note = read.notes.first().expect("a note");
    assert_eq!((note.key.as_str(), note.line), ("question fact.late, text", line - 1));
    let question = read.form.questions.iter().find(|q| q.slug.as_str() == "fact.late").expect("the question");
    assert_eq!(question.text.get(Language::EN), ("Kết quả có trễ hẹn không?", Language::VI));
}

#[test]
fn a_text_may_have_a_state_of_its_own() {
    let (text, _) = broken("title.en = \"A test\"", "title.en = { text = \"A test\", state = \"draft\" }");
    let read = form_file::read("desk.toml", &text).expect("no fault");
    assert_eq!(read.notes[0].what, "en: 1 text is draft: A. Reviewer has not reviewed them");
}

fn without_last_question(text: &str) -> &str {
    text.rsplit_once("[[question]]").map_or(text, |(before, _)| before)
}

/// A block in place of the last question.
fn with_question(block: &str) -> String {
    format!("{}{block}", without_last_question(GOOD))
}

#[test]
fn wording_that_could_be_plainer_is_a_note() {
    let notes = |words: &str| {
        let (text, _) = broken("Ông/bà hài lòng đến mức nào với *chỗ ngồi chờ*?", words);
        let read = form_file::read("desk.toml", &text).unwrap_or_else(|f| panic!("{f:?}"));
        read.notes.into_iter().map(|n| n.what).collect::<Vec<_>>().join("; ")
    };
    let seed = "Ông/bà hài lòng với *chỗ ngồi, trang thiết bị và các vật dụng*?";
    assert!(notes(seed).contains("joins objects with \"và\""), "the plan's own phrase");
    assert!(notes("Ông/bà hài lòng với *TTHC của UBND*?").contains("says TTHC"));
    assert!(notes("Ông/bà hài lòng với *thủ tục hành chính (TTHC)*?").is_empty());
    assert!(notes("Bạn hài lòng với *chỗ ngồi*?").contains("addresses people as \"bạn\""));
    assert!(notes("Ông/bà có hài lòng? Với *chỗ ngồi*?").contains("more than one question mark"));
    let long = "Ông/bà hài lòng đến mức nào với việc *cơ quan thông báo kịp thời kết quả xử lý góp ý, phản ánh, kiến nghị của người dân trong xã*?";
    assert!(notes(long).contains("syllables"), "{}", notes(long));
}

#[test]
fn a_comment_box_without_its_warning_is_a_note() {
    let (text, _) =
        broken("hint.vi = \"Xin không ghi họ tên, số điện thoại.\"", "hint.vi = \"Xin viết ngắn.\"");
    let read = form_file::read("desk.toml", &text).expect("no fault");
    assert!(read.notes.iter().any(|n| n.what.starts_with("does not warn people")), "{:?}", read.notes);
}

#[test]
fn the_example_of_the_guide_is_a_good_form() {
    let guide = fs::read_to_string(folder().join("README.md")).expect("the guide");
    let example =
        guide.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    assert!(
        form_file::read("counter.toml", example).is_ok(),
        "{:#?}",
        form_file::read("counter.toml", example)
    );
}

#[test]
fn the_published_schema_is_the_one_of_the_code() {
    let path = folder().join("form.schema.json");
    if std::env::var_os("SIPAS_WRITE_SCHEMA").is_some() {
        fs::write(&path, form::schema_text()).expect("the schema");
    }
    let published = fs::read_to_string(path).expect("the schema");
    assert!(
        published == form::schema_text(),
        "write it anew: sipas form schema > survey-forms/form.schema.json"
    );
}

#[test]
fn the_api_shows_a_form_as_it_is_asked() {
    let short = serde_json::to_value(form_json::summary(&shipped("one-stop-short"))).expect("json");
    assert_eq!(short["criteria"], 5);
    assert_eq!(short["draft"], serde_json::json!(["km", "en"]));
    let full = serde_json::to_value(form_json::full(&shipped("one-stop-full"))).expect("json");
    assert_eq!(full["factors"][0]["criteria"][0]["slug"], "access.seating");
    assert_eq!(full["levels"].as_array().map(Vec::len), Some(5));
    let late_days =
        full["questions"].as_array().expect("questions").iter().find(|q| q["slug"] == "fact.late_days");
    insta::assert_json_snapshot!(late_days.expect("the question"));
}
