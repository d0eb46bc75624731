//! A broken file is told line by line, with every fault and its remedy.

use super::{GOOD, broken, faults_of, with_question};

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
