//! A link that lets somebody in: on the page, once, and in a mail.

use askama::Template;

use crate::{
    domain::ids::Language,
    http::pages::{
        office::{OfficeFrame, OfficeShell},
        words::Words,
    },
    storage::accounts::Account,
};

/// How the link goes to whom it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The administrator hands it over.
    Shown,
    /// It was mailed.
    Mailed,
    /// It could not be mailed.
    Failed,
}

/// A link that was made.
#[derive(Debug, Clone, Copy)]
pub struct Made<'a> {
    /// Whom it lets in.
    pub to: &'a Account,
    /// Whether it sets a first password.
    pub first: bool,
    /// The link; empty where it was mailed.
    pub address: &'a str,
    /// How it goes there.
    pub way: Way,
}

#[derive(Template)]
#[template(path = "office/link.html")]
struct Page {
    shell: OfficeShell,
    back: String,
    name: String,
    text: String,
    failed: String,
    address: String,
}

/// The page; `back` is that of the account.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn render(frame: OfficeFrame<'_>, back: &str, made: &Made<'_>) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let name = made.to.display_name.as_str();
    let title =
        words.with(if made.first { "link-title-first" } else { "link-title-reset" }, &[("name", name)]);
    let text = match made.way {
        Way::Mailed => words.with("link-mailed", &[("address", &made.to.email)]),
        Way::Shown | Way::Failed => words.t("link-shown"),
    };
    Page {
        back: back.to_owned(),
        name: name.to_owned(),
        text,
        failed: if made.way == Way::Failed { words.t("link-failed") } else { String::new() },
        address: made.address.to_owned(),
        shell: OfficeShell { title, ..shell },
    }
    .render()
}

/// Subject and text of the mail, in these languages one after the other.
#[must_use]
pub fn mail(to: &Account, first: bool, address: &str, languages: &[Language]) -> (String, String) {
    let key = if first { "mail-first" } else { "mail-reset" };
    let subject = languages.first().map(|language| Words::of(*language).t(&format!("{key}-subject")));
    let text = |language: &Language| {
        let words = Words::of(*language);
        let hello = words.with("mail-hello", &[("name", &to.display_name)]);
        let account = words.with("welcome-account", &[("name", to.name.as_str())]);
        let (what, unasked) = (words.t(&format!("{key}-text")), words.t("mail-unasked"));
        format!("{hello}\n\n{what}\n\n{address}\n\n{account}\n{unasked}\n")
    };
    let texts: Vec<String> = languages.iter().map(text).collect();
    (subject.unwrap_or_default(), texts.join("\n--\n\n"))
}
