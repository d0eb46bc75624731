//! The file format as a JSON Schema, for editors that complete and check while one types.
//!
//! The schema knows shapes; that a form holds together is for [`super::read`] alone. The types here only describe;
//! nothing is ever read into them. A test keeps their keys equal to those that the reader knows.
#![expect(dead_code, reason = "the types are never filled: the schema is derived from them")]

use std::collections::BTreeMap;

use schemars::{JsonSchema, schema_for};

/// The JSON Schema of a form file.
#[must_use]
pub fn schema() -> serde_json::Value {
    schema_for!(FormFile).to_value()
}

/// A survey form of SIPAS: one instrument in one version.
#[derive(JsonSchema)]
#[schemars(title = "SIPAS form file", deny_unknown_fields)]
pub(super) struct FormFile {
    /// The instrument's name, also the name of the file: `<id>.toml` or `<id>-v<version>.toml`.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9-]{0,39}$"))]
    id: String,
    /// 1, 2, ...; a published version never changes.
    #[schemars(range(min = 1))]
    version: u16,
    /// The version that began the series; left out where this version begins one.
    #[schemars(range(min = 1))]
    series: Option<u16>,
    /// `short` holds the form to at most 6 rated questions and 1 comment. Default: `full`.
    length: Option<Length>,
    /// How scores are made from it. Default: `top2-pooled`.
    method: Option<String>,
    /// Where the instrument comes from.
    source: String,
    /// Levels in the order of showing. Default: `[1, 2, 3, 4, 5]`.
    order: Option<[u8; 5]>,
    /// Whether satisfaction questions offer "don't know". Default: `false`.
    dont_know: Option<bool>,
    /// Whether satisfaction questions must be answered. Default: `false`.
    required: Option<bool>,
    /// The heading.
    title: Text,
    /// One or two sentences under the heading.
    intro: Text,
    /// The notice before the questions about the respondent; needed where there are such.
    respondent_notice: Option<Text>,
    /// Words of the "don't know" answer.
    dont_know_label: Text,
    /// Words of the five levels, from 1 (very dissatisfied) to 5 (very satisfied).
    levels: [Text; 5],
    /// Languages of the form; `vi` must be among them.
    languages: BTreeMap<String, Language>,
    /// Parts (domains of the method), where the instrument has them.
    part: Option<Vec<Part>>,
    /// Factors, in order.
    factor: Option<Vec<Factor>>,
    /// Questions that stand outside the factors' blocks; all questions are asked in the order of the file.
    question: Option<Vec<Question>>,
}

/// How long the form says it is.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Length {
    Short,
    Full,
}

/// A text by language. Every key is a declared language; `vi` is required.
#[derive(JsonSchema)]
struct Text {
    /// Vietnamese.
    vi: Words,
    /// The other languages.
    #[schemars(flatten)]
    others: BTreeMap<String, Words>,
}

/// A text in one language, with its state where that differs from the language's.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Words {
    /// The words; in the text of a question, a pair of stars encloses its object.
    Plain(String),
    /// The words with a state of their own.
    WithState(Wording),
}

/// Words with a state.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Wording {
    /// The words.
    text: String,
    /// Whether a person who speaks the language has reviewed them.
    state: Option<State>,
}

/// Whether a person who speaks the language has reviewed a text.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum State {
    Draft,
    Reviewed,
}

/// A language of the form.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Language {
    /// Its own name for itself: `Tiếng Việt`.
    name: String,
    /// State of the texts that do not say their own; `reviewed` needs a reviewer.
    state: State,
    /// Who reviewed the texts.
    reviewer: Option<String>,
}

/// A part of the instrument (a domain of the method).
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Part {
    slug: Slug,
    name: Text,
}

/// A factor: criteria that are scored together.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Factor {
    slug: Slug,
    name: Text,
    /// Slug of its part, where the instrument has parts.
    part: Option<String>,
    /// Its questions, as blocks `[[factor.question]]`.
    question: Option<Vec<Question>>,
}

/// The stable name of a question, factor, part or row.
#[derive(JsonSchema)]
struct Slug(#[schemars(regex(pattern = r"^[a-z0-9][a-z0-9_.]{0,59}$"))] String);

/// The stable name of an option or class.
#[derive(JsonSchema)]
struct Code(#[schemars(regex(pattern = r"^[a-z0-9][a-z0-9_-]{0,39}$"))] String);

/// A question.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Question {
    slug: Slug,
    /// What it takes. Default inside a factor: `satisfaction`.
    kind: Option<Kind>,
    /// What it is for. Default: `satisfaction`, `comment` for texts, else `fact`.
    purpose: Option<Purpose>,
    text: Text,
    /// One line of help under it.
    hint: Option<Text>,
    /// Whether an answer must be given.
    required: Option<bool>,
    /// Whether "don't know" is offered; not for texts.
    dont_know: Option<bool>,
    /// Asks it only where an earlier single choice was answered so.
    only_if: Option<OnlyIf>,
    /// Satisfaction outside a factor's block: slug of its factor.
    factor: Option<String>,
    /// Single, multiple, matrix: what can be chosen.
    options: Option<Vec<ChoiceItem>>,
    /// Multiple: most options that may be picked.
    at_most: Option<u8>,
    /// Matrix: its rows, each counted as a question of its own.
    rows: Option<Vec<Row>>,
    /// Number: smallest allowed.
    min: Option<i64>,
    /// Number: largest allowed.
    max: Option<i64>,
    /// Number: the classes that are kept instead of the number, ascending; the last reaches `max`.
    classes: Option<Vec<Class>>,
    /// Text: most characters, at most 500.
    #[schemars(range(min = 1, max = 500))]
    max_chars: Option<u16>,
}

/// What a question takes.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Kind {
    Satisfaction,
    Single,
    Multiple,
    Matrix,
    Number,
    Text,
}

/// What a question is for.
#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Purpose {
    Satisfaction,
    Fact,
    Expectation,
    Respondent,
    Comment,
}

/// When a question is asked.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct OnlyIf {
    /// Slug of an earlier single-choice question.
    question: String,
    /// Codes of its options.
    is: Vec<String>,
}

/// An option: its code and its words by language.
#[derive(JsonSchema)]
struct ChoiceItem {
    code: Code,
    #[schemars(flatten)]
    label: Text,
}

/// A row of a matrix: its slug and its words by language.
#[derive(JsonSchema)]
struct Row {
    slug: Slug,
    #[schemars(flatten)]
    label: Text,
}

/// A class of a number: its code, its largest number and its words by language.
#[derive(JsonSchema)]
struct Class {
    code: Code,
    /// Largest number in the class.
    up_to: i64,
    #[schemars(flatten)]
    label: Text,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::form_file::{FACTOR_KEYS, PART_KEYS, TOP_KEYS, question, text};

    fn keys_of(schema: &serde_json::Value) -> BTreeSet<String> {
        schema["properties"].as_object().expect("properties").keys().cloned().collect()
    }

    fn set(keys: &[&str]) -> BTreeSet<String> {
        keys.iter().map(|k| (*k).to_owned()).collect()
    }

    #[test]
    fn the_schema_knows_the_keys_that_the_reader_knows() {
        let schema = schema();
        let definition = |name: &str| keys_of(&schema["$defs"][name]);
        assert_eq!(keys_of(&schema), set(TOP_KEYS));
        assert_eq!(definition("Part"), set(PART_KEYS));
        assert_eq!(definition("Factor"), set(FACTOR_KEYS));
        assert_eq!(definition("Language"), set(text::LANGUAGE_KEYS));
        assert_eq!(definition("Wording"), set(text::WORDING_KEYS));
        assert_eq!(definition("OnlyIf"), set(question::ONLY_IF_KEYS));
        let own = question::KINDS.into_iter().flat_map(question::own_keys).copied();
        let question_keys: Vec<&str> = question::COMMON_KEYS.iter().copied().chain(own).collect();
        assert_eq!(definition("Question"), set(&question_keys));
    }
}
