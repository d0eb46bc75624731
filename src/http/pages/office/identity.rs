//! Pages about the identity that somebody has at a provider.

use askama::Template;

use super::{OfficeFrame, OfficeShell};

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
    has_password: bool,
    failure: String,
}

/// The identity that belongs to an account, and the button that joins one or parts it.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn joining(
    frame: OfficeFrame<'_>,
    joined: Option<&str>,
    has_password: bool,
    failure: &str,
) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let failure = if failure.is_empty() { String::new() } else { shell.t(failure) };
    let lead = match frame.provider {
        Some(name) => shell.words.with("identity-lead", &[("name", name)]),
        None => shell.t("identity-none"),
    };
    let shell = OfficeShell { title: shell.t("identity-title"), ..shell }.failed(!failure.is_empty());
    Joining { lead, joined: joined.map(str::to_owned), has_password, failure, shell }.render()
}
