//! The audit log: what was done, by whom, where; the newest first.

use askama::Template;

use super::{OfficeFrame, OfficeShell, parts::unit_name};
use crate::{
    domain::{
        audit::Action,
        period::{Day, Period},
        unit::UnitTree,
    },
    http::pages::words::Words,
    storage::audit::Entry,
};

/// What was asked for, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// By whom.
    pub actor: String,
    /// The name of an action.
    pub action: String,
    /// First day, `YYYY-MM-DD`.
    pub since: String,
    /// Last day.
    pub until: String,
}

/// What the page shows.
pub struct List<'a> {
    /// Entries, the newest first.
    pub entries: &'a [Entry],
    /// All units.
    pub units: &'a UnitTree,
    /// What was asked for.
    pub asked: &'a Asked,
    /// The address of older entries; empty where there are none.
    pub older: String,
    /// The address of the newest ones; empty where these are shown.
    pub newest: String,
    /// Whether the reader sees only what concerns some units.
    pub in_part: bool,
}

struct Line {
    number: String,
    at: String,
    who: String,
    what: String,
    subject: String,
    details: Vec<(String, String)>,
    place: String,
}

struct ActionChoice {
    code: &'static str,
    text: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "office/audit.html")]
struct Page {
    shell: OfficeShell,
    lines: Vec<Line>,
    actions: Vec<ActionChoice>,
    asked: Asked,
    older: String,
    newest: String,
    in_part: bool,
}

/// The page.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn render(frame: OfficeFrame<'_>, list: List<'_>) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let choice = |action: &Action| ActionChoice {
        code: action.as_str(),
        text: action_text(words, action.as_str()),
        chosen: list.asked.action == action.as_str(),
    };
    Page {
        lines: list.entries.iter().map(|entry| line(words, list.units, entry)).collect(),
        actions: Action::ALL.iter().map(choice).collect(),
        asked: list.asked.clone(),
        older: list.older,
        newest: list.newest,
        in_part: list.in_part,
        shell: OfficeShell { title: words.t("room-audit"), ..shell },
    }
    .render()
}

/// An action in words; its name where a newer program wrote it.
fn action_text(words: Words, name: &str) -> String {
    words.known(&format!("audit-{}", name.replace('.', "-"))).unwrap_or_else(|| name.to_owned())
}

/// `account:lan` as people say it.
fn who(words: Words, actor: &str) -> String {
    let (kind, name) = actor.split_once(':').unwrap_or((actor, ""));
    let text = words.known(&format!("audit-by-{kind}")).unwrap_or_else(|| kind.to_owned());
    format!("{text} {name}").trim_end().to_owned()
}

/// A month or a day as its reader writes it. A unit has a column of its own.
fn subject(words: Words, entry: &Entry) -> String {
    if entry.unit.as_ref() == Some(&entry.subject) {
        return String::new();
    }
    let period = entry.subject.parse::<Period>().ok().map(|period| words.period(period));
    period.unwrap_or_else(|| entry.subject.clone())
}

/// A detail as its reader writes it: days, roles and scopes in words.
fn value_text(words: Words, name: &str, value: &str) -> String {
    if let Ok(day) = value.parse::<Day>() {
        return words.day(day);
    }
    let known = |key: String| words.known(&key);
    let scope = |scope: &str| {
        let key = format!("scope-{}", scope.split(':').next().unwrap_or_default());
        known(key).unwrap_or_else(|| scope.to_owned())
    };
    match (name, value) {
        ("scopes", scopes) => scopes.split_whitespace().map(scope).collect::<Vec<_>>().join(", "),
        ("role", role) => known(format!("role-{role}")).unwrap_or_else(|| role.to_owned()),
        (_, "yes" | "no") => words.t(&format!("audit-{value}")),
        _ => {
            let key = format!("audit-value-{name}-{value}").replace('_', "-");
            known(key).unwrap_or_else(|| value.to_owned())
        }
    }
}

fn line(words: Words, units: &UnitTree, entry: &Entry) -> Line {
    let detail = |(name, value): (String, String)| {
        let shown = value_text(words, &name, &value);
        (words.known(&format!("audit-with-{}", name.replace('_', "-"))).unwrap_or(name), shown)
    };
    Line {
        number: entry.number.to_string(),
        at: words.moment(entry.at),
        who: who(words, &entry.actor),
        what: action_text(words, &entry.action),
        subject: subject(words, entry),
        details: entry.details().into_iter().map(detail).collect(),
        place: entry.unit.as_ref().map(|unit| unit_name(words, units, unit)).unwrap_or_default(),
    }
}
