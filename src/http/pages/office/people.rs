//! The list of people, and what leads to one of them.

pub mod form;
pub mod link;
pub mod person;

use askama::Template;

use super::{OfficeFrame, OfficeShell, grant_text};
use crate::{
    domain::{
        access::{Grant, reach::is_live},
        account::AccountId,
        period::Day,
        unit::UnitTree,
    },
    http::{doors::form_urlencoded, pages::words::Words},
    storage::accounts::Account,
};

/// An account with its grants.
#[derive(Debug)]
pub struct Listed {
    /// The account.
    pub account: Account,
    /// What it may do, also later.
    pub grants: Vec<Grant>,
}

/// One page of the list.
#[derive(Debug)]
pub struct List<'a> {
    /// What was searched for.
    pub wanted: &'a str,
    /// How many there are on all pages.
    pub total: usize,
    /// Which page this is, from 1.
    pub number: usize,
    /// How many there are.
    pub pages: usize,
    /// Who is on this page.
    pub people: Vec<Listed>,
    /// Whether the reader may make accounts.
    pub may_change: bool,
    /// Where roles hold.
    pub units: &'a UnitTree,
    /// Today.
    pub today: Day,
}

/// An account in addresses: by its id, because names may be addresses of mail, which logs of proxies would keep.
#[must_use]
pub fn address(id: AccountId) -> String {
    format!("{:032x}", u128::from_be_bytes(id.0))
}

struct Row {
    href: String,
    name: String,
    sign_in: String,
    roles: Vec<String>,
    factor: String,
    state: &'static str,
    state_text: String,
}

#[derive(Template)]
#[template(path = "office/people.html")]
struct Page {
    shell: OfficeShell,
    basis: String,
    wanted: String,
    may_change: bool,
    rows: Vec<Row>,
    before: String,
    after: String,
}

/// The list.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn list(frame: OfficeFrame<'_>, list: &List<'_>) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let to = |number: usize| format!("/office/people?q={}&page={number}", form_urlencoded(list.wanted));
    Page {
        basis: words.with("people-basis", &[("count", &list.total.to_string())]),
        wanted: list.wanted.to_owned(),
        may_change: list.may_change,
        rows: list.people.iter().map(|one| row(words, one, list)).collect(),
        before: if list.number > 1 { to(list.number - 1) } else { String::new() },
        after: if list.number < list.pages { to(list.number + 1) } else { String::new() },
        shell: OfficeShell { title: words.t("room-people"), ..shell },
    }
    .render()
}

fn row(words: Words, one: &Listed, list: &List<'_>) -> Row {
    let live = one.grants.iter().filter(|grant| is_live(grant, list.today));
    let (state, key) = state_of(&one.account);
    Row {
        href: format!("/office/people/{}", address(one.account.id)),
        name: one.account.display_name.clone(),
        sign_in: one.account.name.to_string(),
        roles: live.map(|grant| grant_text(words, list.units, grant)).collect(),
        factor: words.t(if one.account.totp.is_some() { "people-factor-yes" } else { "people-factor-no" }),
        state,
        state_text: words.t(key),
    }
}

/// The badge of an account, and the key of its word.
fn state_of(account: &Account) -> (&'static str, &'static str) {
    match (account.disabled.is_some(), account.password.is_some() || account.oidc_subject.is_some()) {
        (true, _) => ("late", "people-state-shut"),
        (false, true) => ("ok", "people-state-open"),
        (false, false) => ("wait", "people-state-invited"),
    }
}
