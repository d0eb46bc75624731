//! The instruments: a list, and one as it is printed, in all its languages.

use std::collections::BTreeMap;

use askama::Template;

use super::{OfficeFrame, OfficeShell};
use crate::{
    domain::form_change::{Change, Reach},
    http::pages::words::Words,
    report::form_json::{FormDocument, FormSummary, QuestionView},
};

struct Row {
    title: String,
    href: String,
    id: String,
    version: u16,
    series: u16,
    languages: String,
    questions: usize,
    criteria: usize,
    method: String,
}

#[derive(Template)]
#[template(path = "office/forms.html")]
struct List {
    shell: OfficeShell,
    rows: Vec<Row>,
}

/// Every version of every form.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn list(frame: OfficeFrame<'_>, all: &[FormSummary]) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let row = |form: &FormSummary| Row {
        title: in_one(words, &form.title),
        href: format!("/office/forms/{}/{}", form.id, form.version),
        id: form.id.clone(),
        version: form.version,
        series: form.series,
        languages: languages(words, &form.languages, &form.draft),
        questions: form.questions,
        criteria: form.criteria,
        method: form.method.clone(),
    };
    List { rows: all.iter().map(row).collect(), shell: OfficeShell { title: words.t("room-forms"), ..shell } }
        .render()
}

/// A text in the reader's language, else in Vietnamese.
fn in_one(words: Words, texts: &BTreeMap<String, String>) -> String {
    texts.get(words.language().as_str()).or_else(|| texts.get("vi")).cloned().unwrap_or_default()
}

fn languages(words: Words, all: &[String], draft: &[String]) -> String {
    let one = |code: &String| {
        if draft.contains(code) { format!("{code} ({})", words.t("forms-draft")) } else { code.clone() }
    };
    all.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// A text with its language.
struct Said {
    lang: String,
    text: String,
}

struct Choice {
    code: String,
    said: Vec<Said>,
}

struct Asked {
    slug: String,
    kind: String,
    facts: String,
    said: Vec<Said>,
    hint: Vec<Said>,
    rows: Vec<Choice>,
    options: Vec<Choice>,
}

struct Difference {
    key: String,
    what: String,
    reach: String,
    breaks: bool,
}

struct VersionLink {
    version: u16,
    href: String,
    compare: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "office/form.html")]
struct One<'a> {
    shell: OfficeShell,
    form: &'a FormDocument,
    languages: String,
    title: Vec<Said>,
    intro: Vec<Said>,
    levels: Vec<Choice>,
    dont_know: Vec<Said>,
    questions: Vec<Asked>,
    versions: Vec<VersionLink>,
    compared: String,
    differences: Vec<Difference>,
}

/// One version as printed; `compared` is another version and what differs.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn one(
    frame: OfficeFrame<'_>,
    form: &FormDocument,
    versions: &[u16],
    compared: Option<(u16, Vec<Change>)>,
) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let codes: Vec<String> = form.languages.iter().map(|language| language.code.clone()).collect();
    let said = |texts: &BTreeMap<String, String>| said(&codes, texts);
    let between = compared.as_ref().map(|(other, _)| {
        let (old, new) = (form.version.min(*other).to_string(), form.version.max(*other).to_string());
        words.with("forms-compared", &[("old", &old), ("new", &new)])
    });
    let changes = compared.map(|(_, changes)| changes).unwrap_or_default();
    let level = |(number, texts): (usize, &BTreeMap<String, String>)| Choice {
        code: (number + 1).to_string(),
        said: said(texts),
    };
    One {
        languages: languages(words, &codes, &form.draft),
        title: said(&form.title),
        intro: said(&form.intro),
        levels: form.levels.iter().enumerate().map(level).collect(),
        dont_know: said(&form.dont_know_label),
        questions: form.questions.iter().map(|question| asked(words, &codes, question)).collect(),
        versions: versions.iter().map(|version| link(words, form, *version)).collect(),
        compared: between.unwrap_or_default(),
        differences: changes.into_iter().map(|change| difference(words, change)).collect(),
        form,
        shell: OfficeShell { title: in_one(words, &form.title), ..shell },
    }
    .render()
}

fn said(codes: &[String], texts: &BTreeMap<String, String>) -> Vec<Said> {
    let one = |code: &String| Some(Said { lang: code.clone(), text: texts.get(code)?.clone() });
    codes.iter().filter_map(one).filter(|said| !said.text.is_empty()).collect()
}

fn link(words: Words, form: &FormDocument, version: u16) -> VersionLink {
    let href = format!("/office/forms/{}/{version}", form.id);
    let compare = (version != form.version).then(|| {
        let here = format!("/office/forms/{}/{}?with={version}", form.id, form.version);
        (here, words.with("forms-compare", &[("version", &version.to_string())]))
    });
    VersionLink { version, href, compare }
}

fn difference(words: Words, change: Change) -> Difference {
    let key = match change.reach {
        Reach::Meaning => "forms-reach-meaning",
        Reach::Translations => "forms-reach-translations",
        Reach::Unreadable => "forms-reach-unreadable",
    };
    let breaks = change.reach == Reach::Meaning;
    Difference { key: change.key, what: change.what, reach: words.t(key), breaks }
}

fn asked(words: Words, codes: &[String], question: &QuestionView) -> Asked {
    let choice = |code: &str, label: &BTreeMap<String, String>| Choice {
        code: code.to_owned(),
        said: said(codes, label),
    };
    let options = question.options.iter().flatten().map(|option| choice(&option.code, &option.label));
    let classes = question.classes.iter().flatten().map(|class| choice(&class.code, &class.label));
    Asked {
        slug: question.slug.clone(),
        kind: words.t(&format!("forms-kind-{}", question.kind)),
        facts: facts(words, question),
        said: said(codes, &question.text),
        hint: question.hint.as_ref().map(|hint| said(codes, hint)).unwrap_or_default(),
        rows: question.rows.iter().flatten().map(|row| choice(&row.slug, &row.label)).collect(),
        options: options.chain(classes).collect(),
    }
}

/// What holds for the answer, in one line.
fn facts(words: Words, question: &QuestionView) -> String {
    let number = |n: usize| n.to_string();
    let range = question
        .min
        .zip(question.max)
        .map(|(min, max)| words.with("forms-range", &[("min", &min.to_string()), ("max", &max.to_string())]));
    let only_if = question.only_if.as_ref().map(|only| {
        let values = [("question", only.question.as_str()), ("codes", &only.is.join(", "))];
        words.with("forms-only-if", &values)
    });
    [
        question.required.then(|| words.t("forms-required")),
        question.at_most.map(|n| words.with("forms-at-most", &[("n", &number(n))])),
        range,
        question.max_chars.map(|n| words.with("forms-chars", &[("n", &number(n))])),
        only_if,
    ]
    .into_iter()
    .flatten()
    .fold(String::new(), |line, fact| format!("{line}; {fact}"))
}
