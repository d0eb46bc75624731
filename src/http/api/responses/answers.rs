//! The answers of a body, from JSON to what the form checks. Every fault stands at its own question.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    domain::{
        answers::{AnswerSet, Fault, FaultCode, RawAnswer, RuledOut},
        form::Form,
    },
    http::problem::{FieldFault, pointer},
};

/// Checks the answers against the form.
///
/// # Errors
/// All faults at once.
pub(in crate::http::api) fn check(
    form: &Form,
    answers: &BTreeMap<String, Value>,
) -> Result<AnswerSet, Vec<FieldFault>> {
    let mut raw = BTreeMap::new();
    let mut wrong: Vec<&str> = Vec::new();
    for (slug, value) in answers {
        match read(value) {
            Some(answer) => {
                raw.insert(slug.clone(), answer);
            }
            None if form.place(slug).is_some() => wrong.push(slug),
            // Unknown: the form says so, whatever stands there.
            None => {
                raw.insert(slug.clone(), RawAnswer::Number(0));
            }
        }
    }
    let checked = form.check(&raw, RuledOut::Refuse);
    if wrong.is_empty() {
        return checked.map_err(|faults| faults.iter().map(at_answer).collect());
    }
    let mut faults: Vec<FieldFault> = wrong
        .iter()
        .map(|slug| FieldFault {
            pointer: pointer(["answers", slug]),
            code: FaultCode::WrongType.as_str().to_owned(),
            allowed: None,
        })
        .collect();
    let others = checked.err().unwrap_or_default();
    // A question that was answered with the wrong type is not also missing, and the whole is not empty.
    let new = |f: &&Fault| !wrong.contains(&f.slug.as_str()) && f.code != FaultCode::Empty;
    faults.extend(others.iter().filter(new).map(at_answer));
    Err(faults)
}

/// A fault of the form at its place in the body.
pub(super) fn at_answer(fault: &Fault) -> FieldFault {
    let pointer = match fault.slug.as_str() {
        "" => pointer(["answers"]),
        slug => pointer(["answers", slug]),
    };
    FieldFault { pointer, code: fault.code.as_str().to_owned(), allowed: fault.allowed.clone() }
}

/// `None` where it is none of the shapes that an answer has.
fn read(value: &Value) -> Option<RawAnswer> {
    match value {
        Value::Number(number) => number.as_i64().map(RawAnswer::Number),
        Value::String(text) => Some(RawAnswer::Text(text.clone())),
        Value::Array(codes) => {
            let codes: Option<Vec<String>> =
                codes.iter().map(|c| c.as_str().map(ToOwned::to_owned)).collect();
            codes.map(RawAnswer::Codes)
        }
        Value::Object(members) if members.len() == 1 => {
            members.get("missing").and_then(Value::as_str).map(|r| RawAnswer::Missing(r.to_owned()))
        }
        Value::Object(_) | Value::Null | Value::Bool(_) => None,
    }
}
