//! A raw submission checked against a form: either an [`AnswerSet`], or every fault at once.
//!
//! An answer set is already in the shape of a block's row, so nothing after this point can meet an answer
//! that the form does not know.

use std::collections::BTreeMap;

use super::{
    form::{Column, ColumnKind, Form, OnlyIf, Place, Question, QuestionKind},
    ids::Slug,
};

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
    /// Index in [`Form::questions`], where the form has the question.
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
    /// [`Form::width`] bytes.
    pub row: Vec<u8>,
    /// Free texts by question slug, trimmed, never empty.
    pub texts: Vec<(Slug, String)>,
}

impl Form {
    /// Checks a raw submission.
    ///
    /// # Errors
    /// All faults at once, each at its question.
    pub fn check(
        &self,
        raw: &BTreeMap<String, RawAnswer>,
        ruled_out: RuledOut,
    ) -> Result<AnswerSet, Vec<Fault>> {
        let mut checker = Checker {
            form: self,
            row: vec![0; self.width()],
            texts: Vec::new(),
            faults: unknown_questions(self, raw),
            answered: false,
        };
        for (index, question) in self.questions.iter().enumerate() {
            let applies = question.only_if.as_ref().is_none_or(|o| checker.lets(o));
            match &question.kind {
                QuestionKind::Text { max_chars } => {
                    checker.text(index, question, *max_chars, raw.get(question.slug.as_str()));
                }
                _ => {
                    for column in self.columns().iter().filter(|c| c.question == index) {
                        let given = raw.get(column.slug.as_str()).filter(|a| !is_blank(a));
                        checker.column(question, column, given, applies, ruled_out);
                    }
                }
            }
        }
        checker.finish()
    }
}

fn unknown_questions(form: &Form, raw: &BTreeMap<String, RawAnswer>) -> Vec<Fault> {
    let known = |slug: &str| match form.place(slug) {
        Some(Place::Column(_)) => true,
        Some(Place::Question(q)) => {
            form.questions.get(q).is_some_and(|q| matches!(q.kind, QuestionKind::Text { .. }))
        }
        None => false,
    };
    raw.keys()
        .filter(|slug| !known(slug))
        .map(|slug| Fault {
            slug: slug.clone(),
            question: None,
            code: FaultCode::UnknownQuestion,
            allowed: None,
        })
        .collect()
}

/// Left empty, however a client writes that.
fn is_blank(answer: &RawAnswer) -> bool {
    match answer {
        RawAnswer::Text(text) => text.trim().is_empty(),
        RawAnswer::Codes(codes) => codes.is_empty(),
        RawAnswer::Number(_) | RawAnswer::Missing(_) => false,
    }
}

struct Checker<'a> {
    form: &'a Form,
    row: Vec<u8>,
    texts: Vec<(Slug, String)>,
    faults: Vec<Fault>,
    answered: bool,
}

impl Checker<'_> {
    fn lets(&self, only_if: &OnlyIf) -> bool {
        let decides = self.form.columns().iter().find(|c| c.question == only_if.question);
        let cell = decides.map(|c| c.read(&self.row));
        matches!(cell, Some(Cell::Value(v)) if only_if.options.contains(&usize::from(v)))
    }

    fn fault(&mut self, slug: &str, question: usize, code: FaultCode, allowed: Option<String>) {
        self.faults.push(Fault { slug: slug.to_owned(), question: Some(question), code, allowed });
    }

    fn column(
        &mut self,
        question: &Question,
        column: &Column,
        given: Option<&RawAnswer>,
        applies: bool,
        ruled_out: RuledOut,
    ) {
        let outcome = match (given, applies) {
            (None, false) => Ok(Cell::Missing(Missing::NotApplicable)),
            (Some(RawAnswer::Missing(reason)), false) => match Missing::named(reason) {
                Some(_) => Ok(Cell::Missing(Missing::NotApplicable)),
                None => Err((FaultCode::MissingNotOffered, None)),
            },
            (Some(_), false) if ruled_out == RuledOut::SetAside => Ok(Cell::Missing(Missing::NotApplicable)),
            (Some(_), false) => Err((FaultCode::DoesNotApply, None)),
            (None, true) if question.required => Err((FaultCode::Required, allowed_of(question))),
            (None, true) => Ok(Cell::Missing(Missing::Skipped)),
            (Some(answer), true) => read_answer(question, answer),
        };
        match outcome {
            Ok(cell) => {
                self.answered |= !matches!(
                    cell,
                    Cell::Missing(Missing::Skipped | Missing::NotAsked | Missing::NotApplicable)
                );
                column.write(cell, &mut self.row);
            }
            Err((code, allowed)) => {
                column.write(Cell::Missing(Missing::Skipped), &mut self.row);
                self.fault(column.slug.as_str(), column.question, code, allowed);
            }
        }
    }

    fn text(&mut self, index: usize, question: &Question, max_chars: usize, given: Option<&RawAnswer>) {
        let slug = question.slug.as_str();
        match given {
            Some(RawAnswer::Text(text)) => {
                let text = normal_lines(text);
                let chars = text.chars().count();
                if chars > max_chars {
                    self.fault(slug, index, FaultCode::TooLong(chars), Some(max_chars.to_string()));
                } else if !text.is_empty() {
                    self.answered = true;
                    self.texts.push((question.slug.clone(), text));
                } else if question.required {
                    self.fault(slug, index, FaultCode::Required, None);
                }
            }
            Some(RawAnswer::Missing(reason)) => match Missing::named(reason) {
                Some(Missing::Skipped | Missing::NotAsked) if !question.required => {}
                _ => self.fault(slug, index, FaultCode::MissingNotOffered, Some("skipped".to_owned())),
            },
            Some(RawAnswer::Number(_) | RawAnswer::Codes(_)) => {
                self.fault(slug, index, FaultCode::WrongType, Some("text".to_owned()));
            }
            None if question.required => self.fault(slug, index, FaultCode::Required, None),
            None => {}
        }
    }

    fn finish(mut self) -> Result<AnswerSet, Vec<Fault>> {
        if self.faults.is_empty() && !self.answered {
            let fault = Fault { slug: String::new(), question: None, code: FaultCode::Empty, allowed: None };
            self.faults.push(fault);
        }
        if self.faults.is_empty() {
            Ok(AnswerSet { row: self.row, texts: self.texts })
        } else {
            Err(self.faults)
        }
    }
}

/// Browsers send CR LF for every line break of a text area; one person's line break counts once.
/// Control characters other than line breaks and tabs say nothing and could harm a reader.
fn normal_lines(text: &str) -> String {
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    unix.trim().chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

type Outcome = Result<Cell, (FaultCode, Option<String>)>;

fn read_answer(question: &Question, answer: &RawAnswer) -> Outcome {
    let wrong = |code| Err((code, allowed_of(question)));
    if let RawAnswer::Missing(reason) = answer {
        return match Missing::named(reason) {
            Some(Missing::DontKnow) if question.dont_know => Ok(Cell::Missing(Missing::DontKnow)),
            Some(Missing::NotApplicable) if question.dont_know => Ok(Cell::Missing(Missing::NotApplicable)),
            Some(Missing::NotAsked) => Ok(Cell::Missing(Missing::NotAsked)),
            Some(Missing::Skipped) if !question.required => Ok(Cell::Missing(Missing::Skipped)),
            _ => Err((FaultCode::MissingNotOffered, Some(missing_offered(question)))),
        };
    }
    match (&question.kind, answer) {
        (QuestionKind::Satisfaction { .. }, RawAnswer::Number(level)) => match u8::try_from(*level) {
            Ok(level @ 1..=5) => Ok(Cell::Value(level)),
            _ => wrong(FaultCode::OutOfRange),
        },
        (QuestionKind::Single { options } | QuestionKind::Matrix { options, .. }, RawAnswer::Text(code)) => {
            match options.iter().position(|o| o.code.as_str() == code).and_then(|i| u8::try_from(i).ok()) {
                Some(index) => Ok(Cell::Value(index)),
                None => wrong(FaultCode::UnknownOption),
            }
        }
        (QuestionKind::Multiple { options, at_most }, RawAnswer::Codes(codes)) => {
            let mut bits = 0_u64;
            for code in codes {
                let Some(index) = options.iter().position(|o| o.code.as_str() == code) else {
                    return wrong(FaultCode::UnknownOption);
                };
                bits |= 1 << index;
            }
            let picked = usize::try_from(bits.count_ones()).unwrap_or(usize::MAX);
            if at_most.is_some_and(|most| picked > most) {
                return Err((FaultCode::TooMany, at_most.map(|m| m.to_string())));
            }
            Ok(Cell::Picked(bits))
        }
        (QuestionKind::Number { min, max, classes }, RawAnswer::Number(number)) => {
            if number < min || number > max {
                return wrong(FaultCode::OutOfRange);
            }
            let class = classes.iter().position(|c| *number <= c.up_to).and_then(|i| u8::try_from(i).ok());
            class.map_or_else(|| wrong(FaultCode::OutOfRange), |i| Ok(Cell::Value(i)))
        }
        _ => wrong(FaultCode::WrongType),
    }
}

fn missing_offered(question: &Question) -> String {
    let mut names = vec!["not_asked"];
    if !question.required {
        names.push("skipped");
    }
    if question.dont_know {
        names.extend(["not_applicable", "dont_know"]);
    }
    names.join(", ")
}

/// What a question takes, in a few characters.
#[expect(clippy::unnecessary_wraps, reason = "every caller wants the option")]
fn allowed_of(question: &Question) -> Option<String> {
    let codes = |options: &[super::form::Choice]| {
        options.iter().map(|o| o.code.as_str()).collect::<Vec<_>>().join(", ")
    };
    Some(match &question.kind {
        QuestionKind::Satisfaction { .. } => "1..5".to_owned(),
        QuestionKind::Single { options }
        | QuestionKind::Matrix { options, .. }
        | QuestionKind::Multiple { options, .. } => codes(options),
        QuestionKind::Number { min, max, .. } => format!("{min}..{max}"),
        QuestionKind::Text { max_chars } => max_chars.to_string(),
    })
}

impl Column {
    /// Reads this column's cell out of one answer's row.
    #[must_use]
    pub fn read(&self, row: &[u8]) -> Cell {
        let bytes = row.get(self.offset..self.offset + self.width).unwrap_or_default();
        self.read_cell(bytes)
    }

    /// Reads a cell from exactly its own bytes.
    #[must_use]
    pub fn read_cell(&self, bytes: &[u8]) -> Cell {
        match self.kind {
            ColumnKind::Level | ColumnKind::Choice(_) | ColumnKind::Class(_) => {
                let byte = bytes.first().copied().unwrap_or(Missing::Skipped.byte());
                Missing::of_byte(byte).map_or(Cell::Value(byte), Cell::Missing)
            }
            ColumnKind::Bits(options) => {
                let mut all = [0_u8; 8];
                for (to, from) in all.iter_mut().zip(bytes) {
                    *to = *from;
                }
                let bits = u64::from_le_bytes(all);
                let reason = (bits >> options) & 0b111;
                match reason {
                    0 => Cell::Picked(bits & ((1 << options) - 1)),
                    n => Cell::Missing(reason_of(n)),
                }
            }
        }
    }

    /// Writes a cell into one answer's row.
    pub fn write(&self, cell: Cell, row: &mut [u8]) {
        let Some(bytes) = row.get_mut(self.offset..self.offset + self.width) else { return };
        match (self.kind, cell) {
            (ColumnKind::Bits(options), cell) => {
                let bits = match cell {
                    Cell::Picked(bits) => bits,
                    Cell::Value(index) => 1 << index,
                    Cell::Missing(reason) => reason_bits(reason) << options,
                };
                for (to, from) in bytes.iter_mut().zip(bits.to_le_bytes()) {
                    *to = from;
                }
            }
            (_, cell) => {
                if let Some(byte) = bytes.first_mut() {
                    *byte = match cell {
                        Cell::Value(value) => value,
                        Cell::Picked(_) => Missing::Skipped.byte(),
                        Cell::Missing(reason) => reason.byte(),
                    };
                }
            }
        }
    }
}

fn reason_bits(reason: Missing) -> u64 {
    match reason {
        Missing::NotAsked => 1,
        Missing::Skipped => 2,
        Missing::NotApplicable => 3,
        Missing::DontKnow => 4,
    }
}

fn reason_of(bits: u64) -> Missing {
    match bits {
        1 => Missing::NotAsked,
        3 => Missing::NotApplicable,
        4 => Missing::DontKnow,
        _ => Missing::Skipped,
    }
}
