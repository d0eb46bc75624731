//! A raw submission checked against a form: either an [`AnswerSet`], or every fault at once.
//!
//! An answer set is already in the shape of a block's row, so nothing after this point can meet an answer
//! that the form does not know.

mod cells;
mod checking;

use super::ids::Slug;

/// Why there is no answer; never a zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// The person was not asked (a block that was not drawn).
    NotAsked,
    /// Asked and left empty.
    Skipped,
    /// A fact said that the question does not apply.
    NotApplicable,
    /// The person said that they do not know.
    DontKnow,
}

impl Missing {
    /// All reasons, in the order of tables.
    pub const ALL: [Self; 4] = [Self::NotAsked, Self::Skipped, Self::NotApplicable, Self::DontKnow];

    /// As the API, the CSV and files write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAsked => "not_asked",
            Self::Skipped => "skipped",
            Self::NotApplicable => "not_applicable",
            Self::DontKnow => "dont_know",
        }
    }

    /// Index in [`Missing::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        match self {
            Self::NotAsked => 0,
            Self::Skipped => 1,
            Self::NotApplicable => 2,
            Self::DontKnow => 3,
        }
    }

    /// The reason with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.as_str() == name)
    }

    /// The byte that stands for it in a one-byte column.
    #[must_use]
    pub fn byte(self) -> u8 {
        match self {
            Self::NotAsked => 0xFC,
            Self::Skipped => 0xFD,
            Self::NotApplicable => 0xFE,
            Self::DontKnow => 0xFF,
        }
    }

    /// The reason that a byte of a one-byte column stands for.
    #[must_use]
    pub fn of_byte(byte: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.byte() == byte)
    }
}

/// What one cell of a block says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// A level, an option's index or a class's index.
    Value(u8),
    /// The options picked, as bits from bit 0.
    Picked(u64),
    /// No answer, and why.
    Missing(Missing),
}

/// One answer as a client sent it.
#[derive(Debug, Clone, PartialEq)]
pub enum RawAnswer {
    /// A level or a number.
    Number(i64),
    /// An option's code, or a text.
    Text(String),
    /// Several options' codes.
    Codes(Vec<String>),
    /// Explicitly missing, with the reason's name.
    Missing(String),
}

/// What is wrong with one answer. [`FaultCode::as_str`] is stable and part of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FaultCode {
    /// The form has no such question.
    UnknownQuestion,
    /// The form requires an answer.
    Required,
    /// Another kind of value is needed.
    WrongType,
    /// Not among the allowed levels or numbers.
    OutOfRange,
    /// No such option.
    UnknownOption,
    /// More options than allowed.
    TooMany,
    /// A text of so many characters, more than allowed.
    TooLong(usize),
    /// This missing reason is not offered here.
    MissingNotOffered,
    /// Answered although a fact says that it does not apply.
    DoesNotApply,
    /// Nothing was answered at all.
    Empty,
}

impl FaultCode {
    /// The stable name.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::UnknownQuestion => "unknown_question",
            Self::Required => "required",
            Self::WrongType => "wrong_type",
            Self::OutOfRange => "out_of_range",
            Self::UnknownOption => "unknown_option",
            Self::TooMany => "too_many",
            Self::TooLong(_) => "too_long",
            Self::MissingNotOffered => "missing_not_offered",
            Self::DoesNotApply => "does_not_apply",
            Self::Empty => "empty",
        }
    }
}

/// One fault, at its question. Never carries what the person typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The slug as it was sent; empty for the submission as a whole.
    pub slug: String,
    /// Index in [`FormDraft::questions`](super::form::FormDraft::questions), where the form has the question.
    pub question: Option<usize>,
    /// What is wrong.
    pub code: FaultCode,
    /// What is allowed, for machines and people alike: `1..5`, `yes, no`, `500`.
    pub allowed: Option<String>,
}

/// What to do with an answer to a question that a fact rules out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RuledOut {
    /// A fault: machines should know better.
    Refuse,
    /// Set aside: on a page without scripts the question stands there for everybody.
    SetAside,
}

/// A whole submission in the shape of a block's row, plus its free texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerSet {
    /// [`Form::width`](super::form::Form::width) bytes.
    pub row: Vec<u8>,
    /// Free texts by question slug, trimmed, never empty.
    pub texts: Vec<(Slug, String)>,
}
