//! Form files: the shipped ones hold together, broken ones are told line by line, and no form asks who answers.

mod changes;
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

/// What is broken, where it is told, and a word of what is said.
const BROKEN: &[(&str, &str, &str, &str)] = &[
    ("version = 2", "version = 0", "version", "no version"),
    ("version = 2", "version = \"two\"", "version", "is a text"),
    ("version = 2\n", "", "version", "is missing"),
    ("version = 2", "version = 2\nseries = 3", "series", "this is version 2"),
    ("id = \"desk\"", "id = \"Desk!\"", "id", "cannot be used"),
    ("id = \"desk\"", "id = \"counter\"", "file", "says id counter"),
    ("method = \"top2-pooled\"", "method = \"stars\"", "method", "cannot be used"),
    ("dont_know = true", "dont_know = \"yes\"", "dont_know", "is a text"),
    ("source = \"a test\"", "sourse = \"a test\"", "sourse", "is not a key"),
    ("title.vi = \"Phiếu thử\"\n", "", "title", "has no Vietnamese"),
    ("title.en = \"A test\"", "title.fr = \"Essai\"", "title, fr", "no language that this form declares"),
    (
        "title.vi = \"Phiếu thử\"\ntitle.en = \"A test\"",
        "title = \"Phiếu thử\"",
        "title",
        "not given by language",
    ),
    ("dont_know = true", "dont_know = true\norder = [1, 2, 3, 5, 4]", "order", "one direction"),
    ("dont_know = true", "dont_know = true\nlength = \"tiny\"", "length", "no length"),
    ("  { vi = \"Bình thường\", en = \"Neither\" },\n", "", "levels", "has 4 levels"),
    ("reviewer = \"A. Reviewer\"\n[languages.en]", "[languages.en]", "languages.vi", "names no reviewer"),
    ("[languages.vi]", "[languages.km]", "languages", "do not begin with vi"),
    (
        "text.vi = \"Ông/bà hài lòng đến mức nào với *chỗ ngồi chờ*?\"",
        "text.vi = \"Chỗ *ngồi?\"",
        "question access.seating, text",
        "stars",
    ),
    (
        "slug = \"access.seating\"",
        "slug = \"access seating\"",
        "factor access, question 1, slug",
        "cannot be used",
    ),
    ("slug = \"access.seating\"", "slug = \"general\"", "question general", "stands in a factor"),
    ("slug = \"access.seating\"", "slug = \"access\"", "question access", "which factor access has too"),
    ("slug = \"fact.late\"", "slug = \"channel\"", "question channel", "exports use"),
    ("slug = \"comment\"", "slug = \"fact.late\"", "question fact.late", "has too"),
    ("kind = \"single\"", "kind = \"radio\"", "question fact.late, kind", "no kind"),
    ("kind = \"single\"\n", "", "question fact.late, kind", "is missing"),
    ("kind = \"single\"", "kind = \"single\"\nat_most = 2", "question fact.late, at_most", "is not a key"),
    (
        "kind = \"single\"",
        "kind = \"single\"\npurpose = \"comment\"",
        "question fact.late, purpose",
        "does not fit",
    ),
    ("  { code = \"yes\", vi = \"Có\", en = \"Yes\" },\n", "", "question fact.late, options", "needs two"),
    ("code = \"yes\", vi = \"Có\"", "code = \"no\", vi = \"Có\"", "question fact.late, option no", "twice"),
    (
        "code = \"yes\", vi = \"Có\"",
        "code = \"dont_know\", vi = \"Có\"",
        "question fact.late, option dont_know",
        "no answer",
    ),
    ("code = \"no\", vi = \"Không\"", "code = \"no\"", "question fact.late, option no", "has no Vietnamese"),
    ("is = [\"yes\"]", "is = [\"maybe\"]", "question fact.days, only_if, is", "no option"),
    (
        "question = \"fact.late\", is",
        "question = \"fact.soon\", is",
        "question fact.days, only_if, question",
        "no question",
    ),
    (
        "question = \"fact.late\", is",
        "question = \"fact.days\", is",
        "question fact.days, only_if",
        "earlier",
    ),
    (
        "question = \"fact.late\", is",
        "question = \"access.seating\", is",
        "question fact.days, only_if",
        "no single choice",
    ),
    ("up_to = 5", "up_to = 95", "question fact.days, classes", "do not ascend"),
    ("up_to = 90", "up_to = 80", "question fact.days, classes", "do not end"),
    ("up_to = 5", "up_to = 0", "question fact.days, classes", "begin below"),
    ("min = 1", "min = 100", "question fact.days, min", "above"),
    ("max = 90\n", "", "question fact.days, max", "is missing"),
    ("kind = \"text\"", "kind = \"text\"\nrequired = true", "question comment, required", "free text"),
    (
        "kind = \"text\"",
        "kind = \"text\"\nmax_chars = 900",
        "question comment, max_chars",
        "between 1 and 500",
    ),
    (
        "[[factor]]",
        "[[factor]]\nslug = \"empty\"\nname.vi = \"Rỗng\"\n[[factor]]",
        "factor empty",
        "has no satisfaction",
    ),
    ("[[factor]]", "[[part]]\nslug = \"p\"\nname.vi = \"Phần\"\n[[factor]]", "factor access", "in no part"),
    ("slug = \"access\"\nname", "slug = \"access\"\npart = \"q\"\nname", "factor access, part", "no part"),
    (
        "kind = \"single\"",
        "kind = \"satisfaction\"\nfactor = \"nowhere\"",
        "question fact.late, factor",
        "no factor",
    ),
    (
        "[[question]]\nslug = \"fact.late\"\nkind = \"single\"",
        "[[question]]\nslug = \"fact.late\"\nkind = \"satisfaction\"",
        "question fact.late",
        "in no factor",
    ),
];

#[test]
fn a_broken_file_is_told_with_its_line_and_its_remedy() {
    for (from, to, key, word) in BROKEN {
        let (text, line) = broken(from, to);
        let faults = faults_of(&text);
        let fault = faults
            .iter()
            .find(|f| f.key == *key && f.what.contains(word))
            .unwrap_or_else(|| panic!("{to:?}: no fault {key:?} with {word:?} in {faults:#?}"));
        assert!(!fault.remedy.is_empty() && fault.file == "desk.toml");
        let near = line.saturating_sub(9)..=line + 12;
        assert!(near.contains(&fault.line) || fault.line == 1, "{to:?} is on line {line}: {fault}");
    }
}

#[test]
fn lines_are_exact() {
    let line_of = |from: &str, to: &str| {
        let (text, line) = broken(from, to);
        (faults_of(&text).first().map(|f| f.line), Some(line))
    };
    for (from, to) in [
        ("version = 2", "version = 0"),
        ("up_to = 90", "up_to = \"90\""),
        ("code = \"yes\", vi = \"Có\"", "code = \"no\", vi = \"Có\""),
        ("kind = \"single\"", "kind = \"radio\""),
        ("hint.vi = \"Xin không ghi họ tên, số điện thoại.\"", "hint.vi = \"Xin ghi họ tên.\""),
        ("only_if = {", "only_iff = {"),
    ] {
        let (found, wanted) = line_of(from, to);
        assert_eq!(found, wanted, "{to}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let text = GOOD
        .replace("version = 2", "version = 0")
        .replace("kind = \"single\"", "kind = \"radio\"")
        .replace("up_to = 90", "up_to = 80")
        .replace("source = \"a test\"", "colour = \"red\"");
    let keys: Vec<String> = faults_of(&text).into_iter().map(|f| f.key).collect();
    assert!(keys.contains(&"version".to_owned()) && keys.contains(&"colour".to_owned()), "{keys:?}");
    let text = text.replace("version = 0", "version = 2");
    let keys: Vec<String> = faults_of(&text).into_iter().map(|f| f.key).collect();
    for key in ["colour", "source", "question fact.late, kind", "question fact.days, classes"] {
        assert!(keys.contains(&key.to_owned()), "{key} in {keys:?}");
    }
}

#[test]
fn what_is_no_toml_is_told_with_its_line() {
    let (text, line) = broken("source = \"a test\"", "source = \"a test");
    let faults = faults_of(&text);
    assert!(faults.iter().any(|f| f.line == line && f.what.contains("not TOML")), "{faults:?}");
}

#[test]
fn a_fault_reads_as_a_sentence() {
    let (text, _) = broken("up_to = 90", "up_to = 80");
    let faults = faults_of(&text);
    insta::assert_snapshot!(faults[0], @"desk.toml:54: question fact.days, classes: do not end at the largest number 90; write up_to = 90 in the last class");
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
fn a_choice_has_no_more_options_than_a_block_can_hold() {
    let block = |kind: &str, count: usize| {
        let options: Vec<String> =
            (0..count).map(|i| format!("{{ code = \"o{i}\", vi = \"{i}\" }},\n")).collect();
        let options = options.concat();
        with_question(&format!(
            "[[question]]\nslug = \"many\"\nkind = \"{kind}\"\ntext.vi = \"Chọn gì?\"\noptions = [\n{options}]\n"
        ))
    };
    for (kind, most) in [("multiple", 60), ("single", 250)] {
        assert_eq!(faults_of(&block(kind, most)), []);
        let faults = faults_of(&block(kind, most + 1));
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].what, format!("are {}, more than {most}", most + 1));
    }
}

#[test]
fn a_form_that_says_it_is_short_is_short() {
    let criterion =
        |i| format!("[[factor.question]]\nslug = \"access.c{i}\"\ntext.vi = \"Ông/bà hài lòng không?\"\n");
    let criteria = (0..6).map(criterion).collect::<Vec<_>>().concat();
    let long = GOOD.replace(
        "[[question]]\nslug = \"fact.late\"",
        &format!("{criteria}[[question]]\nslug = \"fact.late\""),
    );
    assert_eq!(faults_of(&long), []);
    let short = long.replace("dont_know = true", "dont_know = true\nlength = \"short\"");
    let faults = faults_of(&short);
    assert_eq!(faults.len(), 1);
    assert!(faults[0].what.contains("7 rated questions"), "{}", faults[0]);
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
