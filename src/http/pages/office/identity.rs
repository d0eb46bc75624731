//! Pages about the identity that somebody has at a provider.

use askama::Template;

use super::{
    OfficeFrame, OfficeShell,
    field::{Errors, Faults, Field},
};

#[derive(Template)]
#[template(path = "office/identity_failed.html")]
struct Failed {
    shell: OfficeShell,
    text: String,
    key: String,
}

/// What went wrong at the provider or after it; `key` is the identity that no account has.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn failed(frame: OfficeFrame<'_>, text: &str, key: &str) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let text = shell.t(text);
    let shell = OfficeShell { title: shell.t("sign-in-failed"), ..shell }.failed(true);
    Failed { shell, text, key: key.to_owned() }.render()
}

#[derive(Template)]
#[template(path = "office/identity.html")]
struct Joining {
    shell: OfficeShell,
    lead: String,
    joined: Option<String>,
    errors: Errors,
    /// Asked of who has one.
    password: Option<Field>,
}

/// The identity that belongs to an account, and the button that joins one or parts it.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn joining(
    frame: OfficeFrame<'_>,
    joined: Option<&str>,
    has_password: bool,
    faults: &Faults,
) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "").failed(!faults.is_empty());
    let words = shell.words;
    let lead = match frame.provider {
        Some(name) => shell.words.with("identity-lead", &[("name", name)]),
        None => shell.t("identity-none"),
    };
    let password = || {
        Field::new(words, "password", "password", "sign-in-password")
            .hint(words.t("identity-password-hint"))
            .complete("current-password")
            .faults(words, faults)
    };
    Joining {
        lead,
        joined: joined.map(str::to_owned),
        errors: Errors::new(words, faults),
        password: has_password.then(password),
        shell: OfficeShell { title: words.t("identity-title"), ..shell },
    }
    .render()
}
