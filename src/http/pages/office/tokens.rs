//! Tokens of other systems: the list, a new one, its secret, and the question before one is revoked.

use askama::Template;

use super::{
    OfficeFrame, OfficeShell,
    field::Faults,
    parts::{FaultList, UnitChoice, choices, day_text, unit_name},
};
use crate::{
    domain::{ids::UnitCode, period::Day, token::Scope, unit::UnitTree},
    storage::tokens::StoredToken,
};

/// A form that was not right, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    /// Its name.
    pub name: String,
    /// Its scopes, as they are written.
    pub scopes: Vec<String>,
    /// The code of its unit; empty: everywhere.
    pub unit: String,
    /// Its last day, `YYYY-MM-DD`; empty: none.
    pub expires: String,
}

/// What the list shows.
pub struct List<'a> {
    /// The tokens that this reader may see.
    pub tokens: &'a [StoredToken],
    /// All units.
    pub units: &'a UnitTree,
    /// Today.
    pub today: Day,
    /// The units for which this reader may make tokens; none: they only read.
    pub may: Option<May>,
    /// The form as it was typed, with its faults.
    pub typed: &'a Typed,
    /// What is wrong with it.
    pub faults: &'a Faults,
    /// A token that was made just now: name and secret.
    pub made: Option<(&'a str, &'a str)>,
    /// A token that was revoked just now.
    pub revoked: Option<&'a str>,
}

/// Where somebody may make something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct May {
    /// Also everywhere at once.
    pub everywhere: bool,
    /// In these units.
    pub units: Vec<UnitCode>,
}

struct Line {
    name: String,
    scopes: Vec<String>,
    place: String,
    created: String,
    expires: String,
    used: String,
    state: &'static str,
    state_text: String,
    /// Where it is revoked; empty where it cannot be.
    revoke: String,
}

struct ScopeChoice {
    code: &'static str,
    text: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "office/tokens.html")]
struct Page {
    shell: OfficeShell,
    lines: Vec<Line>,
    form: Option<Form>,
    faults: FaultList,
    made: String,
    secret: String,
    revoked: String,
}

struct Form {
    name: String,
    expires: String,
    first_day: String,
    everywhere: bool,
    scopes: Vec<ScopeChoice>,
    units: Vec<UnitChoice>,
}

/// The page.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn render(frame: OfficeFrame<'_>, list: &List<'_>) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let faults = FaultList::new(words, list.faults);
    let (made, secret) = list.made.map_or_else(Default::default, |(name, secret)| {
        (words.with("tokens-made", &[("name", name)]), secret.to_owned())
    });
    let shell = OfficeShell { title: words.t("room-tokens"), ..shell }.failed(!faults.is_empty());
    let form = list.may.as_ref().map(|may| Form {
        name: list.typed.name.clone(),
        expires: list.typed.expires.clone(),
        first_day: list.today.to_string(),
        everywhere: may.everywhere,
        scopes: Scope::ALL
            .into_iter()
            .map(|scope| ScopeChoice {
                code: scope.as_str(),
                text: scope_text(&shell, scope),
                chosen: list.typed.scopes.iter().any(|typed| typed == scope.as_str()),
            })
            .collect(),
        units: choices(words, list.units, &may.units, &list.typed.unit),
    });
    let lines = list.tokens.iter().map(|token| line(&shell, list, token)).collect();
    let revoked =
        list.revoked.map_or_else(String::new, |name| words.with("tokens-revoked", &[("name", name)]));
    Page { shell, lines, form, faults, made, secret, revoked }.render()
}

fn scope_text(shell: &OfficeShell, scope: Scope) -> String {
    shell.t(match scope {
        Scope::ReceiptsWrite => "scope-receipts",
        Scope::ResponsesWrite => "scope-responses",
        Scope::ScoresRead => "scope-scores",
    })
}

fn line(shell: &OfficeShell, list: &List<'_>, token: &StoredToken) -> Line {
    let words = shell.words;
    let is_over = token.expires.is_some_and(|last| last < list.today);
    let (state, state_text) = match token.revoked {
        Some(day) => ("few", words.with("tokens-off", &[("day", &words.day(day))])),
        None if is_over => ("late", words.t("tokens-over")),
        None => ("ok", words.t("tokens-works")),
    };
    let may_revoke = token.revoked.is_none() && list.may.is_some();
    let address =
        |name: &str| format!("/office/tokens/revoke?name={}", crate::http::doors::form_urlencoded(name));
    let scopes = token.scopes.split_whitespace().filter_map(|scope| scope.parse().ok());
    Line {
        name: token.name.clone(),
        scopes: scopes.map(|scope| scope_text(shell, scope)).collect(),
        place: token
            .unit
            .as_ref()
            .map_or_else(|| words.t("office-everywhere"), |unit| unit_name(words, list.units, unit.as_str())),
        created: words.day(token.created),
        expires: token.expires.map_or_else(|| words.t("tokens-never"), |day| words.day(day)),
        used: token.last_used.map_or_else(|| words.t("tokens-unused"), |day| day_text(words, Some(day))),
        state,
        state_text,
        revoke: if may_revoke { address(&token.name) } else { String::new() },
    }
}

#[derive(Template)]
#[template(path = "office/confirm.html")]
pub(super) struct Confirm {
    pub(super) shell: OfficeShell,
    pub(super) text: String,
    pub(super) action: String,
    pub(super) name: String,
    pub(super) go: String,
    pub(super) back: &'static str,
}

/// The question before a token is revoked.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn confirm(frame: OfficeFrame<'_>, name: &str) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    Confirm {
        text: words.t("tokens-ask-text"),
        action: "/office/tokens/revoke".to_owned(),
        name: name.to_owned(),
        go: words.t("tokens-revoke"),
        back: "/office/tokens",
        shell: OfficeShell { title: words.with("tokens-ask", &[("name", name)]), ..shell },
    }
    .render()
}
