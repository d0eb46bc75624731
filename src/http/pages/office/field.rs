//! Fields of forms, each with what is wrong with it, and the summary of all faults at the top of a page.

use std::fmt;

use askama::{Template, filters::HtmlSafe};

use crate::http::pages::words::Words;

/// One thing to correct: its field, the key of what is said, and what is filled in there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fault {
    field: &'static str,
    key: &'static str,
    value: String,
}

/// What must be corrected in a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// One fault.
    #[must_use]
    pub fn one(field: &'static str, key: &'static str) -> Self {
        let mut faults = Self::default();
        faults.add(field, key);
        faults
    }

    /// Notes one more; the text of the key says what to do.
    pub fn add(&mut self, field: &'static str, key: &'static str) {
        self.add_with(field, key, String::new());
    }

    /// The same, with a value at `{ $value }`.
    pub fn add_with(&mut self, field: &'static str, key: &'static str, value: String) {
        self.0.push(Fault { field, key, value });
    }

    /// Whether there is nothing to correct.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each with its field, in words.
    pub(super) fn lines(&self, words: Words) -> impl Iterator<Item = (&'static str, String)> {
        self.0.iter().map(move |fault| (fault.field, words.with(fault.key, &[("value", &fault.value)])))
    }

    fn text(&self, words: Words, field: &str) -> String {
        self.lines(words).find(|(own, _)| *own == field).map(|(_, text)| text).unwrap_or_default()
    }
}

/// Something that is HTML already, made by a template or by this program alone.
pub(super) struct Html(pub(super) String);

impl fmt::Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

/// The summary of all faults.
#[derive(Template)]
#[template(path = "office/errors.html")]
pub(super) struct Errors {
    title: String,
    faults: Vec<(&'static str, String)>,
}

impl HtmlSafe for Errors {}

impl Errors {
    pub(super) fn new(words: Words, faults: &Faults) -> Self {
        let title = words.with("faults-title", &[("count", &faults.0.len().to_string())]);
        Self { title, faults: faults.lines(words).collect() }
    }
}

/// One field.
#[derive(Template)]
#[template(path = "office/field.html")]
pub(super) struct Field {
    id: String,
    name: &'static str,
    label: String,
    hint: String,
    kind: &'static str,
    value: String,
    complete: &'static str,
    error: String,
    optional: bool,
}

impl HtmlSafe for Field {}

impl Field {
    /// A field whose label is the text of `key`.
    pub(super) fn new(words: Words, kind: &'static str, id: &'static str, key: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: id,
            label: words.t(key),
            hint: String::new(),
            kind,
            value: String::new(),
            complete: "off",
            error: String::new(),
            optional: false,
        }
    }

    /// The same with one more sentence.
    pub(super) fn hint(self, hint: String) -> Self {
        Self { hint, ..self }
    }

    /// The same with what was typed before.
    pub(super) fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// The same, telling the browser what it may fill in.
    pub(super) fn complete(self, complete: &'static str) -> Self {
        Self { complete, ..self }
    }

    /// The same under another id, where a page has two fields of this name.
    pub(super) fn named_apart(self, by: &str) -> Self {
        Self { id: format!("{}-{by}", self.id), ..self }
    }

    /// The same, which may be left empty.
    pub(super) fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    /// The same with what is wrong with it.
    pub(super) fn faults(self, words: Words, faults: &Faults) -> Self {
        Self { error: faults.text(words, self.name), ..self }
    }
}

/// The fields for a new password.
pub(super) fn new_password(words: Words, faults: &Faults) -> Vec<Field> {
    vec![
        Field::new(words, "password", "password", "field-new-password")
            .hint(words.t("field-new-password-hint"))
            .complete("new-password")
            .faults(words, faults),
        Field::new(words, "password", "again", "field-again").complete("new-password").faults(words, faults),
    ]
}

/// A field whose values are given.
#[derive(Template)]
#[template(path = "office/choice.html")]
pub(super) struct Choice {
    id: &'static str,
    label: String,
    hint: String,
    options: Vec<(String, String, bool)>,
    error: String,
}

impl HtmlSafe for Choice {}

impl Choice {
    /// A choice among values with their texts.
    pub(super) fn new(
        words: Words,
        id: &'static str,
        key: &str,
        options: Vec<(String, String)>,
        chosen: &str,
    ) -> Self {
        let options = options.into_iter().map(|(value, text)| {
            let is_chosen = value == chosen;
            (value, text, is_chosen)
        });
        let options = options.collect();
        Self { id, label: words.t(key), hint: String::new(), options, error: String::new() }
    }

    /// The same with what is wrong with it.
    pub(super) fn faults(self, words: Words, faults: &Faults) -> Self {
        Self { error: faults.text(words, self.id), ..self }
    }
}
