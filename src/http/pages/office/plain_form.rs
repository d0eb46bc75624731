//! Pages with one form and some sentences: the second step, a new password, a confirmation.

use askama::Template;

use super::{
    OfficeFrame, OfficeShell,
    field::{Choice, Errors, Faults, Field},
};
use crate::http::pages::words::Words;

/// Where a page leads back to.
#[derive(Default)]
pub(super) struct Crumb(pub(super) String, pub(super) String);

impl Crumb {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What stands on such a page.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) crumb: Crumb,
    pub(super) title: String,
    pub(super) lead: String,
    /// Sentences before the form.
    pub(super) lines: Vec<String>,
    /// Where it is sent.
    pub(super) action: String,
    /// What the button says; empty: there is no form.
    pub(super) button: String,
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) fields: Vec<Field>,
    pub(super) choices: Vec<Choice>,
    /// Fields after the choices.
    pub(super) last: Vec<Field>,
    /// Sentences after the form.
    pub(super) after: Vec<String>,
}

#[derive(Template)]
#[template(path = "office/plain_form.html")]
struct Page {
    shell: OfficeShell,
    errors: Errors,
    crumb: Crumb,
    lead: String,
    lines: Vec<String>,
    action: String,
    button: String,
    hidden: Vec<(&'static str, String)>,
    fields: Vec<Field>,
    choices: Vec<Choice>,
    last: Vec<Field>,
    after: Vec<String>,
}

/// The page.
pub(super) fn render(
    frame: OfficeFrame<'_>,
    faults: &Faults,
    parts: impl FnOnce(Words) -> Parts,
) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let Parts { crumb, title, lead, lines, action, button, hidden, fields, choices, last, after } =
        parts(words);
    let errors = Errors::new(words, faults);
    let shell = OfficeShell { title, ..shell }.failed(!faults.is_empty());
    Page { shell, errors, crumb, lead, lines, action, button, hidden, fields, choices, last, after }.render()
}
