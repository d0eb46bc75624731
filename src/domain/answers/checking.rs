//! The check of a raw submission: question by question, in the order of asking, every fault kept.

use std::collections::BTreeMap;

use super::{AnswerSet, Cell, Fault, FaultCode, Missing, RawAnswer, RuledOut};
use crate::domain::{
    form::{Choice, Column, Form, OnlyIf, Place, Question, QuestionKind},
    ids::Slug,
};

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
    let codes = |options: &[Choice]| options.iter().map(|o| o.code.as_str()).collect::<Vec<_>>().join(", ");
    Some(match &question.kind {
        QuestionKind::Satisfaction { .. } => "1..5".to_owned(),
        QuestionKind::Single { options }
        | QuestionKind::Matrix { options, .. }
        | QuestionKind::Multiple { options, .. } => codes(options),
        QuestionKind::Number { min, max, .. } => format!("{min}..{max}"),
        QuestionKind::Text { max_chars } => max_chars.to_string(),
    })
}
