//! One account: who it is, its roles, and what can be done to it.

use askama::Template;

use super::{form::grant_id, state_of};
use crate::{
    domain::{access::reach::is_live, period::Day, unit::UnitTree},
    http::pages::office::{OfficeFrame, OfficeShell, grant_text},
    storage::{accounts::Account, grants::StoredGrant},
};

/// What the page shows.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// The account.
    pub account: &'a Account,
    /// Its grants, also those that ended.
    pub grants: &'a [StoredGrant],
    /// Where they hold.
    pub units: &'a UnitTree,
    /// Today.
    pub today: Day,
    /// Whether the reader may change it.
    pub may_change: bool,
    /// Whether the reader may join and part its identity.
    pub may_join: bool,
    /// The key of what was done a moment ago; empty: nothing.
    pub done: &'a str,
}

struct Role {
    text: String,
    over: bool,
    withdraw: String,
}

#[derive(Template)]
#[template(path = "office/person.html")]
struct Page {
    shell: OfficeShell,
    done: String,
    sign_in: String,
    email: String,
    created: String,
    state: &'static str,
    state_text: String,
    has_password: bool,
    has_factor: bool,
    /// The identity at the provider; `None` where there is none.
    identity: Option<String>,
    /// What can be done with it: the last part of an address; empty: nothing.
    identity_link: &'static str,
    roles: Vec<Role>,
    home: String,
    may: May,
}

/// What the reader may do with the account.
#[derive(PartialEq, Eq)]
enum May {
    /// Read.
    Read,
    /// Everything.
    Change,
    /// Open it again.
    Open,
}

/// The page at `home`.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn render(frame: OfficeFrame<'_>, home: &str, shown: &Shown<'_>) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, shown.account.display_name.clone());
    let words = shell.words;
    let account = shown.account;
    let (state, key) = state_of(account);
    let role = |stored: &StoredGrant| Role {
        text: grant_text(words, shown.units, &stored.grant),
        over: !is_live(&stored.grant, shown.today),
        withdraw: format!("{home}/withdraw?grant={}", grant_id(stored.id)),
    };
    Page {
        done: if shown.done.is_empty() { String::new() } else { words.t(shown.done) },
        sign_in: account.name.to_string(),
        email: account.email.clone(),
        created: words.day(account.created),
        state,
        state_text: match account.disabled {
            Some(day) => words.with("people-shut-since", &[("day", &words.day(day))]),
            None => words.t(key),
        },
        has_password: account.password.is_some(),
        has_factor: account.totp.is_some(),
        identity: account.oidc_subject.clone(),
        identity_link: match &account.oidc_subject {
            Some(_) if shown.may_join => "part",
            None if shown.may_join && frame.provider.is_some() => "join",
            _ => "",
        },
        roles: shown.grants.iter().map(role).collect(),
        home: home.to_owned(),
        may: match (shown.may_change, account.disabled) {
            (false, _) => May::Read,
            (true, None) => May::Change,
            (true, Some(_)) => May::Open,
        },
        shell,
    }
    .render()
}
