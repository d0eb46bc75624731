//! Texts by language: which languages a file declares, and each text in them.

use toml::de::DeValue;

use super::toml_text::{Reading, Section, tidy};
use crate::domain::{
    form::{FormLanguage, Text, TextState, Wording},
    ids::Language,
};

pub(super) const LANGUAGE_KEYS: &[&str] = &["name", "state", "reviewer"];
pub(super) const WORDING_KEYS: &[&str] = &["text", "state"];
const STATES: &str = "write \"draft\" or \"reviewed\"";

/// The languages of a file; every text is read through them.
#[derive(Debug)]
pub(super) struct Texts {
    /// Vietnamese first, the others as the file has them.
    pub languages: Vec<FormLanguage>,
}

impl Texts {
    /// Reads `[languages.vi]` and its like.
    pub(super) fn declared(reading: &mut Reading<'_>, top: &Section<'_, '_>) -> Self {
        let mut languages = Vec::new();
        match top.get("languages") {
            Some(DeValue::Table(table)) => {
                let all = top.inner("languages", table, top.byte("languages"));
                for (code, at, value) in all.entries() {
                    languages.extend(language_of(reading, code, at, value));
                }
            }
            Some(_) => reading.fault(top, "languages", "is no table", "write a block [languages.vi]"),
            None => reading.fault(
                top,
                "languages",
                "are missing",
                "write a block [languages.vi] with name and state",
            ),
        }
        languages.sort_by_key(|l| l.code != Language::VI);
        Self { languages }
    }

    /// A text that must be there; without Vietnamese it is empty, which the rules find.
    pub(super) fn text(&self, reading: &mut Reading<'_>, section: &Section<'_, '_>, key: &str) -> Text {
        self.optional(reading, section, key).unwrap_or_default()
    }

    /// A text that may be left out.
    pub(super) fn optional(
        &self,
        reading: &mut Reading<'_>,
        section: &Section<'_, '_>,
        key: &str,
    ) -> Option<Text> {
        let value = section.get(key)?;
        let at = section.byte(key);
        reading.note_place(section.key(key), at);
        let DeValue::Table(table) = value else {
            let remedy = format!("write it by language: {key}.vi = \"...\"");
            reading.fault(section, key, "is not given by language", remedy);
            return None;
        };
        Some(self.flat(reading, &section.inner(key, table, at), &[]))
    }

    /// The languages of a table that holds other keys too, as an option does beside its code.
    pub(super) fn flat(&self, reading: &mut Reading<'_>, section: &Section<'_, '_>, others: &[&str]) -> Text {
        let mut text = Text::default();
        for (key, at, value) in section.entries() {
            if others.contains(&key) {
                continue;
            }
            let Some(language) = self.languages.iter().find(|l| l.code.as_str() == key) else {
                let declared: Vec<&str> = self.languages.iter().map(|l| l.code.as_str()).collect();
                let allowed = [others, declared.as_slice()].concat().join(", ");
                let remedy =
                    format!("allowed here: {allowed}; a new language needs a block [languages.{key}]");
                reading.fault(section, key, "is no language that this form declares", remedy);
                continue;
            };
            reading.note_place(section.key(key), at);
            if let Some(wording) = wording_of(reading, section, key, value, language) {
                text.0.insert(language.code, wording);
            }
        }
        text
    }

    /// The words of the five levels.
    pub(super) fn levels(&self, reading: &mut Reading<'_>, top: &Section<'_, '_>) -> [Text; 5] {
        reading.note_place("levels".to_owned(), top.byte("levels"));
        let mut levels = Vec::new();
        for (index, mut section) in reading.tables(top, "levels").into_iter().enumerate() {
            section.name = format!("levels, {}", index + 1);
            reading.note_place(section.name.clone(), section.at);
            levels.push(self.flat(reading, &section, &[]));
        }
        let found = levels.len();
        levels.try_into().unwrap_or_else(|_| {
            let remedy = "write five, from level 1 (very dissatisfied) to level 5 (very satisfied)";
            reading.fault(top, "levels", format!("has {found} levels"), remedy);
            reading.mute("levels");
            Default::default()
        })
    }
}

fn language_of(
    reading: &mut Reading<'_>,
    code: &str,
    at: usize,
    value: &DeValue<'_>,
) -> Option<FormLanguage> {
    let key = format!("languages.{code}");
    reading.note_place(key.clone(), at);
    let language: Option<Language> = code.parse().ok();
    if language.is_none() {
        reading.fault_at(
            at,
            &key,
            "is no language",
            "use an ISO 639 code of two or three letters: vi, km, en",
        );
    }
    let DeValue::Table(table) = value else {
        reading.fault_at(at, &key, "is no table", format!("write a block [{key}] with name and state"));
        return None;
    };
    let mut section = Section::top(table);
    section.at = at;
    section.name = key;
    reading.known_keys(&section, LANGUAGE_KEYS);
    let name = reading.needed(&section, "name");
    let reviewer: Option<String> = reading.string(&section, "reviewer").filter(|r| !r.is_empty());
    if !section.has("state") {
        reading.fault(&section, "state", "is missing", STATES);
    }
    let state = state_of(reading, &section).unwrap_or(TextState::Draft);
    Some(FormLanguage { code: language?, name: name?, state, reviewer })
}

fn state_of(reading: &mut Reading<'_>, section: &Section<'_, '_>) -> Option<TextState> {
    match reading.string(section, "state")?.as_str() {
        "draft" => Some(TextState::Draft),
        "reviewed" => Some(TextState::Reviewed),
        _ => {
            reading.fault(section, "state", "is no state of a text", STATES);
            None
        }
    }
}

fn wording_of(
    reading: &mut Reading<'_>,
    section: &Section<'_, '_>,
    key: &str,
    value: &DeValue<'_>,
    language: &FormLanguage,
) -> Option<Wording> {
    match value {
        DeValue::String(text) => Some(Wording { text: tidy(text), state: language.state }),
        DeValue::Table(table) => {
            let inner = section.inner(key, table, section.byte(key));
            reading.known_keys(&inner, WORDING_KEYS);
            let text = reading.needed(&inner, "text");
            let state = state_of(reading, &inner).unwrap_or(language.state);
            if state == TextState::Reviewed && language.reviewer.is_none() {
                let remedy =
                    format!("write reviewer = \"...\" in [languages.{}], or leave it a draft", language.code);
                reading.fault(&inner, "state", "is reviewed, but the language names no reviewer", remedy);
            }
            Some(Wording { text: text?, state })
        }
        DeValue::Integer(_)
        | DeValue::Float(_)
        | DeValue::Boolean(_)
        | DeValue::Datetime(_)
        | DeValue::Array(_) => {
            reading.fault(section, key, "is no text", "write it in quotation marks");
            None
        }
    }
}
