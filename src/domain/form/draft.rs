//! What an instrument says: its languages, parts, factors and questions, as a file gives them.

use std::collections::BTreeMap;

use crate::domain::{
    ids::{FormId, Language, OptionCode, Slug},
    score::Method,
};

/// Whether a person who speaks the language has looked at a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextState {
    /// Not yet reviewed; may be shown, is listed by `sipas form check`.
    Draft,
    /// Reviewed by a named person.
    Reviewed,
}

/// One text in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wording {
    /// What is shown.
    pub text: String,
    /// Whether it was reviewed.
    pub state: TextState,
}

/// A text in all its languages. Vietnamese is always there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text(pub BTreeMap<Language, Wording>);

impl Text {
    /// The text in this language, else in Vietnamese, with the language it is really in.
    #[must_use]
    pub fn get(&self, language: Language) -> (&str, Language) {
        match self.0.get(&language) {
            Some(wording) => (&wording.text, language),
            None => (self.vi(), Language::VI),
        }
    }

    /// The Vietnamese text.
    #[must_use]
    pub fn vi(&self) -> &str {
        self.0.get(&Language::VI).map_or("", |w| w.text.as_str())
    }
}

/// A language that a form is offered in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormLanguage {
    /// Its code.
    pub code: Language,
    /// Its own name for itself, as the link shows it: `Tiếng Việt`.
    pub name: String,
    /// State of the texts that do not say their own.
    pub state: TextState,
    /// Who reviewed them.
    pub reviewer: Option<String>,
}

/// A domain of the method (`policy`, `service`), called part here because the code has a room `domain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// `policy`.
    pub slug: Slug,
    /// Its name.
    pub name: Text,
}

/// A factor: a handful of criteria that are scored together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// `access`.
    pub slug: Slug,
    /// Its name.
    pub name: Text,
    /// Index of its part in [`FormDraft::parts`], where the instrument has parts.
    pub part: Option<usize>,
}

/// One option of a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Stable code, as stored and exported.
    pub code: OptionCode,
    /// What is shown.
    pub label: Text,
}

/// One row of a matrix; it is answered, counted and exported as a question of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixRow {
    /// Full slug, `interest.health`.
    pub slug: Slug,
    /// What is shown.
    pub label: Text,
}

/// A class that a number is stored as; the number itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberClass {
    /// Stable code, for example `3_to_5`.
    pub code: OptionCode,
    /// What is shown in results.
    pub label: Text,
    /// Largest number in the class (inclusive).
    pub up_to: i64,
}

/// What kind of answer a question takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuestionKind {
    /// Five levels of satisfaction: a criterion, or the general question.
    Satisfaction {
        /// Index of its factor; `None` for the general question, a node of its own outside the overall.
        factor: Option<usize>,
    },
    /// One of several options.
    Single {
        /// The options, in order.
        options: Vec<Choice>,
    },
    /// Any number of several options.
    Multiple {
        /// The options, in order; at most 60.
        options: Vec<Choice>,
        /// Most that may be picked, where the form limits it.
        at_most: Option<usize>,
    },
    /// Several rows with the same options.
    Matrix {
        /// The rows, in order.
        rows: Vec<MatrixRow>,
        /// The options of every row.
        options: Vec<Choice>,
    },
    /// A whole number, kept as its class.
    Number {
        /// Smallest allowed.
        min: i64,
        /// Largest allowed.
        max: i64,
        /// The classes, ascending; the last reaches `max`.
        classes: Vec<NumberClass>,
    },
    /// Free text; becomes a comment, never part of a block.
    Text {
        /// Most characters (Unicode scalar values).
        max_chars: usize,
    },
}

/// What a question is for; groupings and pages differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Satisfaction: the only purpose that is scored.
    Satisfaction,
    /// Perceptions and facts (trips, lateness, harassment).
    Fact,
    /// Wishes and expectations.
    Expectation,
    /// About the respondent (age band, sex): may be used as a grouping.
    Respondent,
    /// Free text.
    Comment,
}

/// Asks a question only where another was answered in a certain way; else it is `not_applicable`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnlyIf {
    /// Index of the single-choice question that decides; always an earlier one.
    pub question: usize,
    /// Indexes of the options that let this question be asked.
    pub options: Vec<usize>,
}

/// One question of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Stable slug, `access.seating`.
    pub slug: Slug,
    /// What is asked.
    pub text: Text,
    /// The object of the question, a run of `text` that a page may set bold.
    pub emphasis: Text,
    /// One line of help under it.
    pub hint: Option<Text>,
    /// What it takes.
    pub kind: QuestionKind,
    /// What it is for.
    pub purpose: Purpose,
    /// Whether an answer must be given.
    pub required: bool,
    /// Whether "don't know / not applicable" is offered.
    pub dont_know: bool,
    /// When it is asked.
    pub only_if: Option<OnlyIf>,
}

/// Everything that a form file says, before [`Form::assemble`](super::Form::assemble) has looked whether it holds together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormDraft {
    /// `one-stop-short`.
    pub id: FormId,
    /// 1, 2, ...: a published version never changes.
    pub version: u16,
    /// The version that began the series this one continues; equal to `version` where it starts one.
    pub series: u16,
    /// Shown as the heading.
    pub title: Text,
    /// One or two sentences under the heading.
    pub intro: Text,
    /// A notice before the respondent's questions, where the form has such.
    pub respondent_notice: Option<Text>,
    /// Languages, Vietnamese first.
    pub languages: Vec<FormLanguage>,
    /// Words of levels 1 (very dissatisfied) to 5 (very satisfied).
    pub levels: [Text; 5],
    /// Levels in the order of showing: `[1,2,3,4,5]` or `[5,4,3,2,1]`.
    pub order: [u8; 5],
    /// Words of the "don't know" answer.
    pub dont_know_label: Text,
    /// Parts, where the instrument has them.
    pub parts: Vec<Part>,
    /// Factors, in order.
    pub factors: Vec<Factor>,
    /// Questions, in the order of asking.
    pub questions: Vec<Question>,
    /// How its scores are made unless another method is asked for.
    pub method: Method,
    /// Where the instrument comes from.
    pub source: String,
}
