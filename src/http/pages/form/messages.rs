//! What is wrong with an answer, in words that say what to do; the same at the top and at the question.

use super::{
    ErrorLink, FormView,
    question::{self, QuestionView},
};
use crate::{
    domain::{
        answers::{Fault, FaultCode},
        form::{Question, QuestionKind},
    },
    http::pages::words::Words,
};

/// The message at a question or a row; empty where nothing is wrong.
pub(super) fn at(view: &FormView<'_>, words: Words, slug: &str) -> String {
    let fault = view.faults.iter().find(|fault| fault.slug == slug);
    fault.map(|fault| message(view, words, fault)).unwrap_or_default()
}

/// All messages, each with the control that mends it, in the order of the page.
pub(super) fn links(view: &FormView<'_>, words: Words, questions: &[QuestionView]) -> Vec<ErrorLink> {
    let place = |fault: &Fault| {
        let asked = view.form.questions.iter();
        asked.enumerate().find(|(_, q)| question::holds(q, &fault.slug)).map(|(index, _)| index)
    };
    let mut faults: Vec<(Option<usize>, &Fault)> = view.faults.iter().map(|f| (place(f), f)).collect();
    faults.sort_by_key(|(index, _)| index.unwrap_or(0));
    let link = |(index, fault): (Option<usize>, &Fault)| {
        let shown = questions.iter().find(|q| Some(q.index) == index).or(questions.first())?;
        Some(ErrorLink { target: shown.control_of(&fault.slug), text: message(view, words, fault) })
    };
    faults.into_iter().filter_map(link).collect()
}

fn message(view: &FormView<'_>, words: Words, fault: &Fault) -> String {
    let asked = fault.question.and_then(|index| view.form.questions.get(index).map(|q| (index, q)));
    let what = what(view, words, fault, asked.map(|(_, q)| q));
    match asked.and_then(|(index, _)| question::number_of(view.form, index)) {
        Some(number) => words.with("error-at", &[("number", &number.to_string()), ("what", &what)]),
        None => what,
    }
}

fn what(view: &FormView<'_>, words: Words, fault: &Fault, asked: Option<&Question>) -> String {
    let allowed = fault.allowed.as_deref().unwrap_or_default();
    match (&fault.code, asked.map(|q| &q.kind)) {
        (FaultCode::Empty, _) => words.t("error-empty"),
        (FaultCode::TooLong(length), _) => {
            words.with("error-too-long", &[("length", &length.to_string()), ("max", allowed)])
        }
        (FaultCode::TooMany, _) => words.with("error-too-many", &[("max", allowed)]),
        (FaultCode::DoesNotApply, _) => words.t("error-not-applicable"),
        (FaultCode::WrongType | FaultCode::OutOfRange, Some(QuestionKind::Number { min, max, .. })) => {
            words.with("error-number", &[("min", &min.to_string()), ("max", &max.to_string())])
        }
        (FaultCode::Required, Some(QuestionKind::Satisfaction { .. })) if asked.is_some_and(|q| q.dont_know) => {
            let (label, _) = view.form.dont_know_label.get(view.language);
            words.with("error-required-level", &[("dont_know", label)])
        }
        (FaultCode::Required, _) => words.t("error-required"),
        (
            FaultCode::UnknownQuestion
            | FaultCode::WrongType
            | FaultCode::OutOfRange
            | FaultCode::UnknownOption
            | FaultCode::MissingNotOffered,
            _,
        ) => words.t("error-choose"),
    }
}
