//! What an author should know about a form that has no fault.

use std::collections::BTreeMap;

use super::{FileNote, toml_text::Reading};
use crate::domain::{
    form::{FormDraft, TextState},
    ids::Language,
    wording,
};

/// Missing translations one by one, drafts as a count for each language, then wording; by line.
pub(super) fn of(reading: &Reading<'_>, draft: &FormDraft) -> Vec<FileNote> {
    let mut notes: Vec<(String, String)> = missing(draft);
    notes.extend(drafts(draft));
    notes.extend(wording::notes(draft).into_iter().map(|n| (n.key, n.what)));
    let mut notes: Vec<FileNote> = notes
        .into_iter()
        .map(|(key, what)| FileNote { file: reading.file().to_owned(), line: reading.line(&key), key, what })
        .collect();
    notes.sort_by_key(|n| n.line);
    notes
}

fn missing(draft: &FormDraft) -> Vec<(String, String)> {
    let mut notes = Vec::new();
    for (key, text) in draft.every_text() {
        for language in draft.languages.iter().filter(|l| !text.0.contains_key(&l.code)) {
            let what = format!("has no {}; the Vietnamese text is shown, marked", language.code);
            notes.push((key.clone(), what));
        }
    }
    notes
}

fn drafts(draft: &FormDraft) -> Vec<(String, String)> {
    let mut counts: BTreeMap<Language, usize> = BTreeMap::new();
    for (_, text) in draft.every_text() {
        for (language, _) in text.0.iter().filter(|(_, w)| w.state == TextState::Draft) {
            *counts.entry(*language).or_default() += 1;
        }
    }
    let described = draft.languages.iter().filter_map(|l| counts.get(&l.code).map(|n| (l, *n)));
    described
        .map(|(language, count)| {
            let texts =
                if count == 1 { "1 text is draft".to_owned() } else { format!("{count} texts are draft") };
            let why = match &language.reviewer {
                Some(reviewer) => format!("{reviewer} has not reviewed them"),
                None => "no reviewer is named".to_owned(),
            };
            (format!("languages.{}", language.code), format!("{}: {texts}: {why}", language.code))
        })
        .collect()
}
