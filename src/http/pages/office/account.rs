//! One's own account: roles, password, second factor, sessions.

use askama::Template;

use super::{
    OfficeFrame, OfficeShell,
    field::{Faults, Field, new_password},
    grant_text,
    plain_form::{self, Crumb, Parts},
};
use crate::{
    domain::unit::UnitTree,
    http::{extract::caller::Person, pages::words::Words},
    storage::sessions::Session,
};

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct Own<'a> {
    /// Who.
    pub person: &'a Person,
    /// Where their roles hold.
    pub units: &'a UnitTree,
    /// Their sessions that still hold.
    pub sessions: &'a [Session],
    /// Recovery codes that are left.
    pub codes: i64,
    /// The key of what was done a moment ago; empty: nothing.
    pub done: &'a str,
}

/// What a page calls a session by: the hash's first characters, which open nothing.
#[must_use]
pub fn short(session: &Session) -> String {
    blake3::Hash::from_bytes(session.hash.0).to_hex().chars().take(16).collect()
}

struct Row {
    id: String,
    began: String,
    seen: String,
    own: bool,
}

#[derive(Template)]
#[template(path = "office/account.html")]
struct Page {
    shell: OfficeShell,
    basis: String,
    done: String,
    grants: Vec<String>,
    has_password: bool,
    factor: String,
    sessions: Vec<Row>,
}

/// The page.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn render(frame: OfficeFrame<'_>, own: &Own<'_>) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let account = &own.person.account;
    let row = |session: &Session| Row {
        id: short(session),
        began: words.moment(session.began),
        seen: words.moment(session.seen),
        own: session.hash == own.person.session.hash,
    };
    Page {
        basis: words.with("account-basis", &[("name", account.name.as_str())]),
        done: if own.done.is_empty() { String::new() } else { words.t(own.done) },
        grants: own.person.grants.iter().map(|grant| grant_text(words, own.units, grant)).collect(),
        has_password: account.password.is_some(),
        factor: factor_text(words, own),
        sessions: own.sessions.iter().map(row).collect(),
        shell: OfficeShell { title: words.t("room-account"), ..shell },
    }
    .render()
}

fn factor_text(words: Words, own: &Own<'_>) -> String {
    if own.person.account.totp.is_none() {
        return words.t("account-factor-none");
    }
    words.with("account-factor-on", &[("count", &own.codes.to_string())])
}

/// The page to change the password; without one, it says where people sign in instead.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn password(frame: OfficeFrame<'_>, has_one: bool, faults: &Faults) -> askama::Result<String> {
    plain_form::render(frame, faults, |words| {
        let crumb = Crumb("/account".to_owned(), words.t("room-account"));
        let title = words.t("account-password-change");
        if !has_one {
            return Parts { crumb, title, lines: vec![words.t("account-password-none")], ..Parts::default() };
        }
        let current = Field::new(words, "password", "current", "field-current-password")
            .complete("current-password")
            .faults(words, faults);
        let mut fields = vec![current];
        fields.extend(new_password(words, faults));
        Parts {
            crumb,
            title,
            lead: words.t("account-password-lead"),
            action: "/account/password".to_owned(),
            button: words.t("account-password-go"),
            fields,
            ..Parts::default()
        }
    })
}
