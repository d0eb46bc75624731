//! Notes on plain language: abbreviations, length, double questions, address, the warning beside a comment box.

use super::{
    WordingNote, identity,
    tokens::{plain, words},
};
use crate::domain::{
    form::{FormDraft, Question, QuestionKind},
    ids::Language,
};

/// Abbreviations of offices that citizens need not know, with what explains them.
const ABBREVIATIONS: [(&str, &str); 5] = [
    ("tthc", "thủ tục hành chính"),
    ("pakn", "phản ánh, kiến nghị"),
    ("ubnd", "ủy ban nhân dân"),
    ("hđnd", "hội đồng nhân dân"),
    ("dvc", "dịch vụ công"),
];
/// Most syllables of a question; Vietnamese writes each apart.
const MOST_SYLLABLES: usize = 25;
/// Most syllables under the heading.
const MOST_INTRO: usize = 60;
/// Ways to address people other than "ông/bà".
const ADDRESSES: [&str; 5] = ["bạn", "anh chị", "quý vị", "quý khách", "các bác"];

/// Words that look like several objects and are one.
const ONE_THING: [&str; 7] = [
    "ông/bà",
    "phí/lệ phí",
    "góp ý, phản ánh, kiến nghị",
    "phản ánh, kiến nghị",
    "khám, chữa bệnh",
    "trật tự, an toàn xã hội",
    "tận tình, chu đáo",
];

/// Everything about the Vietnamese words that the author may want to mend.
#[must_use]
pub fn notes(draft: &FormDraft) -> Vec<WordingNote> {
    let mut notes = Vec::new();
    let mut note = |key: &str, what: String| notes.push(WordingNote { key: key.to_owned(), what });
    for (key, text) in draft.every_text() {
        for what in voice_notes(&plain(text.vi())) {
            note(&key, what);
        }
    }
    if syllables(draft.intro.vi()) > MOST_INTRO {
        note("intro", format!("has {} syllables; {MOST_INTRO} are read", syllables(draft.intro.vi())));
    }
    for question in &draft.questions {
        let key = format!("question {}, text", question.slug);
        for what in question_notes(question) {
            note(&key, what);
        }
        if let Some(what) = comment_note(question) {
            note(&format!("question {}, hint", question.slug), what);
        }
    }
    notes
}

/// The same of a text of the service's own pages: what it asks must be readable at once.
#[must_use]
pub fn text_notes(text: &str) -> Vec<String> {
    let mut notes = voice_notes(&plain(text));
    notes.extend(question_marks_note(text));
    let sentences = text.split_inclusive(['.', '?', '!', ';', '\n']);
    for question in sentences.filter(|sentence| sentence.ends_with('?')) {
        notes.extend(length_note(question));
        notes.extend(joined(question).map(joint_note));
    }
    notes
}

/// Abbreviations and addresses of a plain text.
fn voice_notes(plain_text: &str) -> Vec<String> {
    let short = |word: &str| format!("says {} and does not explain it", word.to_uppercase());
    let other = |address: &str| format!("addresses people as {address:?}; elsewhere it is \"ông/bà\"");
    let short = unexplained(plain_text).into_iter().map(short);
    short.chain(other_addresses(plain_text).into_iter().map(other)).collect()
}

fn length_note(text: &str) -> Option<String> {
    let count = syllables(text);
    (count > MOST_SYLLABLES).then(|| format!("has {count} syllables; {MOST_SYLLABLES} can be read at once"))
}

fn question_marks_note(text: &str) -> Option<String> {
    (text.matches('?').count() > 1).then(|| "has more than one question mark".to_owned())
}

fn joint_note(joint: &str) -> String {
    format!("joins objects with {joint:?}: possibly two questions in one")
}

fn question_notes(question: &Question) -> Vec<String> {
    let text = question.text.vi();
    let mut notes: Vec<String> = length_note(text).into_iter().chain(question_marks_note(text)).collect();
    let object = if question.emphasis.vi().is_empty() { text } else { question.emphasis.vi() };
    if let (QuestionKind::Satisfaction { .. }, Some(joint)) = (&question.kind, joined(object)) {
        notes.push(joint_note(joint));
    }
    notes
}

/// What joins several objects in one: "và", "hoặc", a stroke or a list's comma.
fn joined(object: &str) -> Option<&'static str> {
    let text = ONE_THING.iter().fold(plain(object), |text, thing| text.replace(thing, "x"));
    let listed = words(&text);
    if let Some(word) = ["và", "hoặc"].into_iter().find(|j| listed.contains(j)) {
        return Some(word);
    }
    ["/", ","].into_iter().find(|j| text.contains(j))
}

fn unexplained(plain_text: &str) -> Vec<&'static str> {
    let listed = words(plain_text);
    let unexplained =
        |(short, long): &&(&'static str, &str)| listed.contains(short) && !plain_text.contains(long);
    ABBREVIATIONS.iter().filter(unexplained).map(|(short, _)| *short).collect()
}

fn other_addresses(plain_text: &str) -> Vec<&'static str> {
    let spaced = format!(" {} ", words(plain_text).join(" "));
    let friend = |a: &str| a == "bạn" && (spaced.contains(" bạn bè ") || spaced.contains(" bè bạn "));
    ADDRESSES.into_iter().filter(|a| spaced.contains(&format!(" {a} ")) && !friend(a)).collect()
}

fn syllables(text: &str) -> usize {
    words(&plain(text)).len()
}

fn comment_note(question: &Question) -> Option<String> {
    let QuestionKind::Text { .. } = question.kind else { return None };
    let warned = question.hint.as_ref().is_some_and(|h| identity::forbids(h.vi(), Language::VI));
    (!warned).then(|| "does not warn people to write no name, identity card or telephone number".to_owned())
}
