//! What differs between two versions of a form, and whether one may continue the other's series.
//!
//! A published version never changes. When a file says something else under the same number, this tells what, and
//! which version the file should become.

use std::{collections::BTreeMap, fmt};

use super::{
    form::{Form, FormDraft, Purpose, Question, QuestionKind, Text, TextState},
    form_file::{self, FileFault},
    ids::Language,
};

/// How far a difference reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Only translations, their states or the source: answers mean the same.
    Translations,
    /// Vietnamese wording, order, options, scale or structure: answers may mean something else.
    Meaning,
    /// One of the texts cannot be read, so nobody can tell.
    Unreadable,
}

/// One thing that differs, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// For example `question access.ease, text`.
    pub key: String,
    /// For example `vi "A" -> "B"`.
    pub what: String,
    /// How far it reaches.
    pub reach: Reach,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.what)
    }
}

/// Everything that differs, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDifference {
    /// What differs; never empty.
    pub changes: Vec<Change>,
    /// What to do.
    pub remedy: String,
}

impl FormDifference {
    /// The farthest reach among the changes.
    #[must_use]
    pub fn reach(&self) -> Reach {
        let has = |reach| self.changes.iter().any(|c| c.reach == reach);
        if has(Reach::Unreadable) {
            Reach::Unreadable
        } else if has(Reach::Meaning) {
            Reach::Meaning
        } else {
            Reach::Translations
        }
    }
}

impl fmt::Display for FormDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for change in &self.changes {
            writeln!(f, "{change}")?;
        }
        f.write_str(&self.remedy)
    }
}

/// What differs between a stored published text and a file under the same number.
///
/// Comments, blanks and the order of keys are no difference: what is compared is what the texts say.
#[must_use]
pub fn difference(stored: &str, file: &str) -> Option<FormDifference> {
    if stored == file {
        return None;
    }
    match (form_file::read_stored("stored version", stored), form_file::read_stored("file", file)) {
        (Ok(stored), Ok(file)) => of_forms(&stored, &file),
        (Err(faults), _) | (Ok(_), Err(faults)) => Some(unreadable(&faults)),
    }
}

fn unreadable(faults: &[FileFault]) -> FormDifference {
    let change =
        |f: &FileFault| Change { key: f.key.clone(), what: f.what.clone(), reach: Reach::Unreadable };
    FormDifference { changes: faults.iter().map(change).collect(), remedy: "mend the file first".to_owned() }
}

/// What differs between two forms of the same id and number.
#[must_use]
pub fn of_forms(stored: &Form, file: &Form) -> Option<FormDifference> {
    let changes = changes(stored, file);
    if changes.is_empty() {
        return None;
    }
    let next = stored.version.saturating_add(1);
    let meaning = changes.iter().any(|c| c.reach == Reach::Meaning);
    let remedy = if meaning {
        format!("publish as version {next} with its own series: write version = {next} and leave series out")
    } else {
        format!("only translations differ: publish as version {next} with series = {}", stored.series)
    };
    Some(FormDifference { changes, remedy })
}

/// Whether a version may continue another's series: answers to both must mean the same.
///
/// # Errors
/// Every change of the Vietnamese wording, the order, the options, the scale, the method or the structure.
pub fn may_continue(old: &Form, new: &Form) -> Result<(), Vec<Change>> {
    let breaking: Vec<Change> = changes(old, new).into_iter().filter(|c| c.reach == Reach::Meaning).collect();
    if breaking.is_empty() { Ok(()) } else { Err(breaking) }
}

fn changes(old: &FormDraft, new: &FormDraft) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut meaning = |key: &str, what: String| {
        changes.push(Change { key: key.to_owned(), what, reach: Reach::Meaning });
    };
    if old.id != new.id {
        meaning("id", format!("{} -> {}", old.id, new.id));
    }
    if old.order != new.order {
        meaning("order", format!("{:?} -> {:?}", old.order, new.order));
    }
    if old.method != new.method {
        meaning("method", format!("{} -> {}", old.method.id(), new.method.id()));
    }
    let (before, after) = (structure(old), structure(new));
    for (key, what) in &before {
        match after.get(key) {
            None => meaning(key, "is taken out".to_owned()),
            Some(now) if now != what => meaning(key, format!("{what} -> {now}")),
            Some(_) => {}
        }
    }
    for key in after.keys().filter(|k| !before.contains_key(*k)) {
        meaning(key, "is new".to_owned());
    }
    for (what, old, new) in sequences(old, new) {
        if old != new && sorted(&old) == sorted(&new) {
            meaning(&what, format!("the order {} -> {}", old.join(", "), new.join(", ")));
        }
    }
    changes.extend(text_changes(old, new));
    changes.extend(beside_changes(old, new));
    changes
}

fn sorted(list: &[String]) -> Vec<&String> {
    let mut list: Vec<&String> = list.iter().collect();
    list.sort_unstable();
    list
}

/// What each named thing is, apart from its words, as one line that can be compared and read.
fn structure(draft: &FormDraft) -> BTreeMap<String, String> {
    let mut lines = BTreeMap::new();
    for part in &draft.parts {
        lines.insert(format!("part {}", part.slug), "part".to_owned());
    }
    for factor in &draft.factors {
        let part = factor.part.and_then(|p| draft.parts.get(p)).map_or("none", |p| p.slug.as_str());
        lines.insert(format!("factor {}", factor.slug), format!("part {part}"));
    }
    for question in &draft.questions {
        lines.insert(format!("question {}", question.slug), question_line(draft, question));
    }
    lines
}

fn question_line(draft: &FormDraft, question: &Question) -> String {
    let mut line = match &question.kind {
        QuestionKind::Satisfaction { factor } => {
            let factor = factor.and_then(|f| draft.factors.get(f)).map_or("none", |f| f.slug.as_str());
            format!("satisfaction in factor {factor}")
        }
        QuestionKind::Single { .. } => "single".to_owned(),
        QuestionKind::Multiple { at_most, .. } => {
            format!("multiple, at most {}", at_most.map_or("all".to_owned(), |m| m.to_string()))
        }
        QuestionKind::Matrix { .. } => "matrix".to_owned(),
        QuestionKind::Number { min, max, classes } => {
            let ends: Vec<String> = classes.iter().map(|c| format!("{} up to {}", c.code, c.up_to)).collect();
            format!("number {min} to {max} in {}", ends.join(", "))
        }
        QuestionKind::Text { max_chars } => format!("text of {max_chars} characters"),
    };
    line.push_str(match question.purpose {
        Purpose::Satisfaction | Purpose::Comment => "",
        Purpose::Fact => ", a fact",
        Purpose::Expectation => ", an expectation",
        Purpose::Respondent => ", about the respondent",
    });
    line.push_str(if question.required { ", required" } else { "" });
    line.push_str(if question.dont_know { ", with don't know" } else { "" });
    if let Some(only_if) = &question.only_if {
        let decides = draft.questions.get(only_if.question);
        let slug = decides.map_or("", |q| q.slug.as_str());
        let codes: Vec<&str> = match decides.map(|q| &q.kind) {
            Some(QuestionKind::Single { options }) => {
                only_if.options.iter().filter_map(|o| options.get(*o)).map(|o| o.code.as_str()).collect()
            }
            _ => Vec::new(),
        };
        line = format!("{line}, only if {slug} is {}", codes.join(" or "));
    }
    line
}

/// Lists whose order is part of the instrument.
fn sequences(old: &FormDraft, new: &FormDraft) -> Vec<(String, Vec<String>, Vec<String>)> {
    let questions = |d: &FormDraft| d.questions.iter().map(|q| q.slug.to_string()).collect();
    let factors = |d: &FormDraft| d.factors.iter().map(|f| f.slug.to_string()).collect();
    let parts = |d: &FormDraft| d.parts.iter().map(|p| p.slug.to_string()).collect();
    let mut lists = vec![
        ("questions".to_owned(), questions(old), questions(new)),
        ("factors".to_owned(), factors(old), factors(new)),
        ("parts".to_owned(), parts(old), parts(new)),
    ];
    for question in &old.questions {
        let Some(now) = new.questions.iter().find(|q| q.slug == question.slug) else { continue };
        let key = |list: &str| format!("question {}, {list}", question.slug);
        lists.push((key("options"), option_codes(question), option_codes(now)));
        lists.push((key("rows"), row_slugs(question), row_slugs(now)));
    }
    lists
}

fn option_codes(question: &Question) -> Vec<String> {
    match &question.kind {
        QuestionKind::Single { options }
        | QuestionKind::Multiple { options, .. }
        | QuestionKind::Matrix { options, .. } => options.iter().map(|o| o.code.to_string()).collect(),
        QuestionKind::Satisfaction { .. } | QuestionKind::Number { .. } | QuestionKind::Text { .. } => {
            Vec::new()
        }
    }
}

fn row_slugs(question: &Question) -> Vec<String> {
    match &question.kind {
        QuestionKind::Matrix { rows, .. } => rows.iter().map(|r| r.slug.to_string()).collect(),
        QuestionKind::Satisfaction { .. }
        | QuestionKind::Single { .. }
        | QuestionKind::Multiple { .. }
        | QuestionKind::Number { .. }
        | QuestionKind::Text { .. } => Vec::new(),
    }
}

/// Texts by place; a text that came or went with its question is told there, not here.
fn text_changes(old: &FormDraft, new: &FormDraft) -> Vec<Change> {
    let new_texts: BTreeMap<String, &Text> = new.every_text().into_iter().collect();
    let old_texts: BTreeMap<String, &Text> = old.every_text().into_iter().collect();
    let kept = |key: &str| {
        let question = key.strip_prefix("question ").and_then(|k| k.split_once(", ")).map(|(slug, _)| slug);
        question.is_none_or(|slug| {
            old.questions.iter().chain(&new.questions).filter(|q| q.slug.as_str() == slug).count() == 2
        })
    };
    let mut changes = Vec::new();
    for (key, text) in old.every_text().into_iter().filter(|(k, _)| kept(k)) {
        match new_texts.get(&key) {
            Some(now) => changes.extend(wording_changes(&key, text, now)),
            None => changes.push(Change { key, what: "is taken out".to_owned(), reach: Reach::Meaning }),
        }
    }
    let fresh = new.every_text().into_iter().filter(|(k, _)| kept(k) && !old_texts.contains_key(k));
    changes.extend(fresh.map(|(key, _)| Change { key, what: "is new".to_owned(), reach: Reach::Meaning }));
    changes.retain(|c| !c.key.starts_with("part ") && !c.key.starts_with("factor ") || c.what.contains("->"));
    changes
}

fn wording_changes(key: &str, old: &Text, new: &Text) -> Vec<Change> {
    let mut changes = Vec::new();
    let languages: std::collections::BTreeSet<&Language> = old.0.keys().chain(new.0.keys()).collect();
    for language in languages {
        let (before, after) = (old.0.get(language), new.0.get(language));
        let words =
            |w: Option<&super::form::Wording>| w.map_or("nothing".to_owned(), |w| format!("{:?}", w.text));
        let state = |w: Option<&super::form::Wording>| w.map(|w| w.state);
        let reach = if *language == Language::VI { Reach::Meaning } else { Reach::Translations };
        if before.map(|w| &w.text) != after.map(|w| &w.text) {
            let what = format!("{language} {} -> {}", words(before), words(after));
            changes.push(Change { key: key.to_owned(), what, reach });
        } else if state(before) != state(after) {
            let what = format!("{language} {} -> {}", state_name(state(before)), state_name(state(after)));
            changes.push(Change { key: key.to_owned(), what, reach: Reach::Translations });
        }
    }
    changes
}

fn state_name(state: Option<TextState>) -> &'static str {
    match state {
        Some(TextState::Draft) => "draft",
        Some(TextState::Reviewed) => "reviewed",
        None => "absent",
    }
}

/// What stands beside the instrument: languages, reviewers, emphasis, source, the series it says it continues.
fn beside_changes(old: &FormDraft, new: &FormDraft) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut beside = |key: String, what: String| {
        changes.push(Change { key, what, reach: Reach::Translations });
    };
    for language in &old.languages {
        let key = format!("languages.{}", language.code);
        match new.languages.iter().find(|l| l.code == language.code) {
            None => beside(key, "is taken out".to_owned()),
            Some(now) if now != language => beside(key, "name, state or reviewer differ".to_owned()),
            Some(_) => {}
        }
    }
    for language in new.languages.iter().filter(|l| old.languages.iter().all(|o| o.code != l.code)) {
        beside(format!("languages.{}", language.code), "is new".to_owned());
    }
    if old.source != new.source {
        beside("source".to_owned(), format!("{:?} -> {:?}", old.source, new.source));
    }
    if old.series != new.series && old.version == new.version {
        beside("series".to_owned(), format!("{} -> {}", old.series, new.series));
    }
    for question in &old.questions {
        let now = new.questions.iter().find(|q| q.slug == question.slug);
        if now.is_some_and(|n| n.emphasis != question.emphasis && n.text == question.text) {
            beside(format!("question {}, text", question.slug), "the stars stand elsewhere".to_owned());
        }
    }
    changes
}
