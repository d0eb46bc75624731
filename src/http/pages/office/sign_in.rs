//! The page to sign in.

use askama::Template;

use super::{OfficeFrame, OfficeShell};

#[derive(Template)]
#[template(path = "office/sign_in.html")]
struct Page {
    shell: OfficeShell,
    name: String,
    next: String,
    failure: String,
}

/// The page; `failure` is the key of what went wrong, empty at first.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn render(frame: OfficeFrame<'_>, name: &str, next: &str, failure: &str) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let failure = if failure.is_empty() { String::new() } else { shell.t(failure) };
    let shell = OfficeShell { title: shell.t("sign-in-title"), ..shell }.failed(!failure.is_empty());
    Page { shell, name: name.to_owned(), next: next.to_owned(), failure }.render()
}
