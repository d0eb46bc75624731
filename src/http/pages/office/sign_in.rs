//! The page to sign in, and the one for the second step.

use askama::Template;

use super::{
    OfficeFrame, OfficeShell,
    field::{Faults, Field},
    plain_form::{self, Parts},
};
use crate::http::pages::words::Words;

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// Name and password do not fit.
    Wrong,
    /// Too much was wrong before; seconds to wait.
    Wait(u64),
}

impl Failure {
    fn text(self, words: Words) -> String {
        match self {
            Self::Wrong => words.t("sign-in-wrong"),
            Self::Wait(seconds) => wait(words, seconds),
        }
    }
}

/// How long to wait, in a sentence.
fn wait(words: Words, seconds: u64) -> String {
    if seconds <= 60 {
        return words.with("wait-seconds", &[("value", &seconds.to_string())]);
    }
    words.with("wait-minutes", &[("value", &seconds.div_ceil(60).to_string())])
}

#[derive(Template)]
#[template(path = "office/sign_in.html")]
struct Page {
    shell: OfficeShell,
    name: String,
    next: String,
    failure: String,
}

/// The page.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn render(
    frame: OfficeFrame<'_>,
    name: &str,
    next: &str,
    failure: Option<Failure>,
) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let failure = failure.map(|failure| failure.text(shell.words)).unwrap_or_default();
    let shell = OfficeShell { title: shell.t("sign-in-title"), ..shell }.failed(!failure.is_empty());
    Page { shell, name: name.to_owned(), next: next.to_owned(), failure }.render()
}

/// The page for the code of the second factor.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn code(frame: OfficeFrame<'_>, next: &str, faults: &Faults) -> askama::Result<String> {
    plain_form::render(frame, faults, |words| Parts {
        title: words.t("code-step-title"),
        lead: words.t("code-step-lead"),
        action: "/sign-in/code".to_owned(),
        button: words.t("sign-in-go"),
        hidden: vec![("next", next.to_owned())],
        fields: vec![
            Field::new(words, "text", "code", "field-code")
                .hint(words.t("field-code-hint"))
                .complete("one-time-code")
                .faults(words, faults),
        ],
        after: vec![words.t("code-step-help")],
        ..Parts::default()
    })
}
