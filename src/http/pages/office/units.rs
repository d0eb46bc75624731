//! The tree of units as a table, an import before it is done, and one that was done.

use askama::Template;

use super::{OfficeFrame, OfficeShell};
use crate::{
    domain::{
        access::Area,
        ids::UnitCode,
        period::Day,
        unit::{Unit, UnitTree},
        unit_import::{COLUMNS, ImportFault, ImportPlan, UnitChange},
    },
    http::pages::words::Words,
    storage::imports::Import,
};

/// What the page of the tree shows.
pub struct Seen<'a> {
    /// All units.
    pub tree: &'a UnitTree,
    /// Those that are shown.
    pub area: &'a Area,
    /// All imports, where the reader may see them.
    pub imports: &'a [Import],
    /// The import that was done a moment ago.
    pub done: Option<i64>,
    /// Whether the reader may import.
    pub may_import: bool,
    /// Today.
    pub today: Day,
}

struct Row {
    depth: usize,
    name: String,
    code: String,
    kind: String,
    from: String,
    to: String,
    after: String,
    form: String,
    ended: bool,
}

struct Done {
    id: i64,
    day: String,
    file: String,
    units: String,
    taken_back: String,
}

#[derive(Template)]
#[template(path = "office/units.html")]
struct Tree {
    shell: OfficeShell,
    basis: String,
    note: String,
    rows: Vec<Row>,
    imports: Vec<Done>,
    may_import: bool,
}

/// The tree.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn tree(frame: OfficeFrame<'_>, seen: &Seen<'_>) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let inside: Vec<&Unit> =
        seen.tree.in_order().into_iter().filter(|unit| seen.area.covers(seen.tree, &unit.code)).collect();
    let above = inside.iter().map(|unit| seen.tree.depth(&unit.code)).min().unwrap_or(0);
    let living = inside.iter().filter(|unit| unit.is_valid_on(seen.today)).count();
    let row = |unit: &&Unit| Row {
        depth: (seen.tree.depth(&unit.code) - above).min(5),
        name: unit.name(words.language()).0.to_owned(),
        code: unit.code.to_string(),
        kind: words.t(&format!("kind-{}", unit.kind.as_str())),
        from: words.day(unit.valid_from),
        to: unit.valid_to.map(|day| words.day(day)).unwrap_or_default(),
        after: codes(&unit.successors),
        form: unit.form.as_ref().map(ToString::to_string).unwrap_or_default(),
        ended: !unit.is_valid_on(seen.today),
    };
    let done = |import: &Import| Done {
        id: import.id,
        day: words.day(import.day),
        file: import.file_name.clone(),
        units: import.changes.len().to_string(),
        taken_back: import.taken_back.map(|day| words.day(day)).unwrap_or_default(),
    };
    let number = |n: usize| n.to_string();
    Tree {
        basis: words.with("units-basis", &[("all", &number(inside.len())), ("now", &number(living))]),
        note: seen.done.map(|id| words.with("units-done", &[("id", &id.to_string())])).unwrap_or_default(),
        rows: inside.iter().map(row).collect(),
        imports: seen.imports.iter().rev().map(done).collect(),
        may_import: seen.may_import,
        shell: OfficeShell { title: words.t("room-units"), ..shell },
    }
    .render()
}

fn codes(units: &[UnitCode]) -> String {
    units.iter().map(UnitCode::as_str).collect::<Vec<_>>().join(", ")
}

/// What the page of an import shows.
#[derive(Debug, Default)]
pub struct Asked {
    /// What was pasted.
    pub table: String,
    /// What the person calls it.
    pub name: String,
    /// Why it cannot be read at all; empty where it can.
    pub unreadable: String,
    /// Its faults.
    pub faults: Vec<ImportFault>,
    /// What it would change.
    pub shown: Option<Shown>,
    /// Whether it was confirmed, and the units are not what they were any more.
    pub stale: bool,
}

/// What an import would change, and the word that confirms it.
#[derive(Debug)]
pub struct Shown {
    /// What it would change.
    pub plan: ImportPlan,
    /// What tells it from any other.
    pub digest: String,
}

impl Asked {
    /// Whether nothing has to be corrected.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.faults.is_empty() && self.unreadable.is_empty() && !self.stale
    }
}

struct Changed {
    new: bool,
    code: String,
    name: String,
    what: Vec<String>,
}

/// A fault as a page tells it.
struct FaultLine<'a> {
    line: u64,
    column: &'a str,
    value: &'a str,
    what: String,
}

#[derive(Template)]
#[template(path = "office/units_import.html")]
struct ImportPage<'a> {
    shell: OfficeShell,
    columns: String,
    asked: &'a Asked,
    digest: &'a str,
    counted: String,
    faulty: String,
    faults: Vec<FaultLine<'a>>,
    changes: Vec<Changed>,
}

/// The page of an import.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn import(frame: OfficeFrame<'_>, asked: &Asked) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let plan = asked.shown.as_ref().map(|shown| &shown.plan);
    let changes: Vec<Changed> =
        plan.iter().flat_map(|plan| &plan.changes).map(|change| changed(words, change)).collect();
    let counted = plan.map(|plan| {
        let (units, same) = (plan.changes.len().to_string(), plan.unchanged.len().to_string());
        words.with("units-counted", &[("units", &units), ("same", &same)])
    });
    ImportPage {
        columns: COLUMNS.join(","),
        digest: asked.shown.as_ref().map_or("", |shown| &shown.digest),
        counted: counted.unwrap_or_default(),
        faulty: words.with("units-faults", &[("count", &asked.faults.len().to_string())]),
        faults: asked.faults.iter().map(|fault| fault_line(words, fault)).collect(),
        changes,
        asked,
        shell: OfficeShell { title: words.t("units-import"), ..shell }.failed(!asked.is_good()),
    }
    .render()
}

fn fault_line(words: Words, fault: &ImportFault) -> FaultLine<'_> {
    let what = words.with(&format!("import-{}", fault.what.key()), &[("value", &fault.what.value())]);
    FaultLine { line: fault.line, column: &fault.column, value: &fault.value, what }
}

fn changed(words: Words, change: &UnitChange) -> Changed {
    let after = &change.after;
    let what = match &change.before {
        None => as_new(words, after),
        Some(before) => differences(words, before, after),
    };
    Changed {
        new: change.before.is_none(),
        code: after.code.to_string(),
        name: after.name(words.language()).0.to_owned(),
        what,
    }
}

fn as_new(words: Words, unit: &Unit) -> Vec<String> {
    let mut what = vec![words.t(&format!("kind-{}", unit.kind.as_str()))];
    if let Some(parent) = &unit.parent {
        what.push(words.with("units-in", &[("unit", parent.as_str())]));
    }
    what.push(words.with("office-from-on", &[("from", &words.day(unit.valid_from))]));
    if let Some(form) = &unit.form {
        what.push(words.with("units-form", &[("form", form.as_str())]));
    }
    what.extend(ending(words, unit));
    what
}

fn differences(words: Words, before: &Unit, after: &Unit) -> Vec<String> {
    let mut what = Vec::new();
    for (language, name) in &after.names {
        let old = before.names.get(language).map_or("", String::as_str);
        if old != name {
            let values = [("language", language.as_str()), ("old", old), ("new", name)];
            what.push(words.with("units-renamed", &values));
        }
    }
    if let Some(form) = after.form.as_ref().filter(|_| before.form != after.form) {
        what.push(words.with("units-form", &[("form", form.as_str())]));
    }
    if before.valid_to != after.valid_to || before.successors != after.successors {
        what.extend(ending(words, after));
    }
    what
}

fn ending(words: Words, unit: &Unit) -> Vec<String> {
    let last = unit.valid_to.map(|day| words.with("units-until", &[("day", &words.day(day))]));
    let after = (!unit.successors.is_empty())
        .then(|| words.with("units-followed", &[("units", &codes(&unit.successors))]));
    last.into_iter().chain(after).collect()
}

#[derive(Template)]
#[template(path = "office/units_one.html")]
struct One {
    shell: OfficeShell,
    id: i64,
    basis: String,
    taken_back: String,
    changes: Vec<Changed>,
    may: bool,
    failure: String,
    sure: bool,
}

/// One import; `failure` is the key of what went wrong, or a sentence of the storage.
///
/// # Errors
/// Where the template fails; never in practice.
pub fn one(frame: OfficeFrame<'_>, import: &Import, may: bool, failure: &str) -> askama::Result<String> {
    let shell = OfficeShell::new(frame, "");
    let words = shell.words;
    let count = import.changes.len().to_string();
    let values = [("file", import.file_name.as_str()), ("day", &words.day(import.day)), ("units", &count)];
    let known = failure.starts_with("units-");
    One {
        id: import.id,
        basis: words.with("units-one-basis", &values),
        taken_back: import
            .taken_back
            .map(|day| words.with("units-taken-back", &[("day", &words.day(day))]))
            .unwrap_or_default(),
        changes: import.changes.iter().map(|change| changed(words, change)).collect(),
        may,
        failure: if known { words.t(failure) } else { failure.to_owned() },
        sure: failure == "units-not-sure",
        shell: OfficeShell { title: words.with("units-one", &[("id", &import.id.to_string())]), ..shell }
            .failed(!failure.is_empty()),
    }
    .render()
}
