//! A table of changes to units, as a plan: shown before it is done, done whole or not at all, taken back as long
//! as nothing hangs on it.

mod fault;
mod shown;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ids::{FormId, Language, UnitCode},
    period::Day,
    unit::{self, TreeError, Unit, UnitKind, UnitTree},
};
pub use fault::{ImportFault, Wrong};

/// The columns of an import, in order; `name_` also takes other languages.
pub const COLUMNS: [&str; 11] = [
    "action",
    "code",
    "parent",
    "kind",
    "name_vi",
    "name_en",
    "name_km",
    "form",
    "valid_from",
    "valid_to",
    "successors",
];

/// One row of the table: its line and its cells by column, trimmed; empty cells are left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportRow {
    /// Line in the file, from 1.
    pub line: u64,
    /// Cells by column name.
    pub cells: BTreeMap<String, String>,
}

/// A unit before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitChange {
    /// As it was; `None` where it is new.
    pub before: Option<Unit>,
    /// As it will be.
    pub after: Unit,
}

/// What an import does.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportPlan {
    /// Changed units, in the order of the file.
    pub changes: Vec<UnitChange>,
    /// Lines that change nothing, because it is already so.
    pub unchanged: Vec<u64>,
}

/// Plans an import. `is_form` knows the published forms.
///
/// # Errors
/// All faults at once; nothing is planned then.
pub fn plan(
    tree: &UnitTree,
    rows: &[ImportRow],
    is_form: &dyn Fn(&FormId) -> bool,
) -> Result<ImportPlan, Vec<ImportFault>> {
    let mut planner = Planner {
        units: tree.all().map(|u| (u.code.clone(), u.clone())).collect(),
        is_form,
        faults: Vec::new(),
        lines: BTreeMap::new(),
        changed_by_rows: changed_by(rows),
    };
    let mut plan = ImportPlan::default();
    let mut unread = BTreeSet::new();
    for row in rows {
        let Some(after) = planner.row(row) else {
            unread.extend(row.cells.get("code").map(String::as_str));
            continue;
        };
        let before = planner.units.insert(after.code.clone(), after.clone());
        planner.lines.insert(after.code.clone(), row.line);
        if before.as_ref() == Some(&after) {
            plan.unchanged.push(row.line);
        } else {
            note(&mut plan, UnitChange { before, after });
        }
    }
    // A unit that two rows changed there and back is as it was.
    plan.changes.retain(|change| change.before.as_ref() != Some(&change.after));
    let misfits = unit::faults(&planner.units);
    let misfits: Vec<ImportFault> =
        misfits.iter().filter(|m| !follows(m, &unread)).map(|m| planner.of_tree(m, rows)).collect();
    planner.faults.extend(misfits);
    planner.faults.sort_by_key(|fault| fault.line);
    if planner.faults.is_empty() { Ok(plan) } else { Err(planner.faults) }
}

/// Two rows about one unit are one change: a unit may be renamed and closed in one file.
fn note(plan: &mut ImportPlan, change: UnitChange) {
    match plan.changes.iter_mut().find(|c| c.after.code == change.after.code) {
        Some(earlier) => earlier.after = change.after,
        None => plan.changes.push(change),
    }
}

/// Whether a misfit only says again that a row could not be read: the unit that it misses stands there.
fn follows(misfit: &TreeError, unread: &BTreeSet<&str>) -> bool {
    match misfit {
        TreeError::Parent { parent: missed, .. } | TreeError::Successor { successor: missed, .. } => {
            unread.contains(missed.as_str())
        }
        TreeError::Circle { .. } | TreeError::Backwards { .. } => false,
    }
}

/// Codes of the units that rows change once they are there.
fn changed_by(rows: &[ImportRow]) -> BTreeSet<String> {
    let changes = rows.iter().filter(|row| row.cells.get("action").is_some_and(|a| a != "create"));
    changes.filter_map(|row| row.cells.get("code").cloned()).collect()
}

/// The columns that an action reads, beside `action` and `code`; names are apart.
fn columns_of(action: &str) -> &'static [&'static str] {
    match action {
        "create" => &["parent", "kind", "form", "valid_from", "valid_to", "successors"],
        "rename" => &["form"],
        _ => &["valid_to", "successors"],
    }
}

struct Planner<'a> {
    units: BTreeMap<UnitCode, Unit>,
    is_form: &'a dyn Fn(&FormId) -> bool,
    faults: Vec<ImportFault>,
    lines: BTreeMap<UnitCode, u64>,
    changed_by_rows: BTreeSet<String>,
}

impl Planner<'_> {
    fn fault(&mut self, row: &ImportRow, column: &str, what: Wrong) {
        let value = row.cells.get(column).cloned().unwrap_or_default();
        self.faults.push(ImportFault { line: row.line, column: column.to_owned(), value, what });
    }

    fn of_tree(&self, error: &TreeError, rows: &[ImportRow]) -> ImportFault {
        let (unit, column) = match error {
            TreeError::Parent { unit, .. } => (unit, "parent"),
            TreeError::Successor { unit, .. } => (unit, "successors"),
            TreeError::Circle { unit } => (unit, "code"),
            TreeError::Backwards { unit } => (unit, "valid_to"),
        };
        let line = self.lines.get(unit).copied().unwrap_or(0);
        let cell = rows.iter().find(|row| row.line == line).and_then(|row| row.cells.get(column));
        let value = cell.cloned().unwrap_or_else(|| unit.to_string());
        ImportFault { line, column: column.to_owned(), value, what: Wrong::Tree(error.clone()) }
    }

    /// The unit as a row leaves it.
    fn row(&mut self, row: &ImportRow) -> Option<Unit> {
        let faults = self.faults.len();
        let code: Option<UnitCode> = self.read(row, "code");
        let known = code.as_ref().and_then(|code| self.units.get(code)).cloned();
        let action = row.cells.get("action").map(String::as_str);
        self.unread(row, action.unwrap_or_default());
        let after = match (action, code?, known) {
            (Some("create"), code, known) => self.create(row, code, known.as_ref()),
            (Some("rename"), _, Some(unit)) => Some(self.rename(row, unit)),
            (Some("close"), _, Some(unit)) => self.close(row, unit, Ending::Closed),
            (Some("merge"), _, Some(unit)) => self.close(row, unit, Ending::Merged),
            (Some("rename" | "close" | "merge"), _, None) => {
                self.fault(row, "code", Wrong::NoUnit);
                None
            }
            (_, _, _) => {
                self.fault(row, "action", Wrong::Action);
                None
            }
        };
        after.filter(|_| self.faults.len() == faults)
    }

    /// A cell that must be there and be a `T`.
    fn read<T: std::str::FromStr<Err: std::fmt::Display>>(
        &mut self,
        row: &ImportRow,
        column: &str,
    ) -> Option<T> {
        if !row.cells.contains_key(column) {
            self.fault(row, column, Wrong::Empty);
            return None;
        }
        self.read_if_there(row, column)
    }

    fn read_if_there<T: std::str::FromStr<Err: std::fmt::Display>>(
        &mut self,
        row: &ImportRow,
        column: &str,
    ) -> Option<T> {
        let read = row.cells.get(column)?.parse::<T>();
        let wrong = |error: T::Err| {
            let said = error.to_string();
            if column.starts_with("valid_") { Wrong::Day(said) } else { Wrong::Name(said) }
        };
        read.map_err(|error| self.fault(row, column, wrong(error))).ok()
    }

    fn create(&mut self, row: &ImportRow, code: UnitCode, known: Option<&Unit>) -> Option<Unit> {
        let kind = self.kind(row);
        let names = self.names(row);
        if !names.contains_key(&Language::VI) {
            self.fault(row, "name_vi", Wrong::NoName);
        }
        let parent = self.read_if_there(row, "parent");
        let form = self.form(row);
        let valid_from: Option<Day> = self.read(row, "valid_from");
        let valid_to = self.read_if_there(row, "valid_to");
        let successors = self.successors(row);
        let unit =
            Unit { code, parent, kind: kind?, names, form, valid_from: valid_from?, valid_to, successors };
        let Some(known) = known.filter(|known| **known != unit) else { return Some(unit) };
        // A file that was imported before: the unit is as this row made it, and as later rows changed it.
        let same =
            known.kind == unit.kind && known.parent == unit.parent && known.valid_from == unit.valid_from;
        if !same || !self.changed_by_rows.contains(unit.code.as_str()) {
            self.fault(row, "code", Wrong::Another);
        }
        Some(known.clone())
    }

    /// A cell that an action does not read would be a silent mistake.
    fn unread(&mut self, row: &ImportRow, action: &str) {
        if !matches!(action, "create" | "rename" | "close" | "merge") {
            return;
        }
        let read = columns_of(action);
        let named = matches!(action, "create" | "rename");
        for column in row.cells.keys().filter(|c| !matches!(c.as_str(), "action" | "code")) {
            let is_read = read.contains(&column.as_str()) || (named && column.starts_with("name_"));
            if !is_read {
                self.fault(row, column, Wrong::Unread(action.to_owned()));
            }
        }
    }

    fn rename(&mut self, row: &ImportRow, mut unit: Unit) -> Unit {
        let names = self.names(row);
        let form = self.form(row);
        if names.is_empty() && form.is_none() {
            self.fault(row, "name_vi", Wrong::NothingRenamed);
        }
        unit.names.extend(names);
        unit.form = form.or(unit.form);
        unit
    }

    fn close(&mut self, row: &ImportRow, mut unit: Unit, ending: Ending) -> Option<Unit> {
        let last: Option<Day> = self.read(row, "valid_to");
        let successors = self.successors(row);
        if ending == Ending::Merged && successors.len() != 1 {
            self.fault(row, "successors", Wrong::NotOne);
        }
        if unit.valid_to.is_some() && (unit.valid_to != last || unit.successors != successors) {
            self.fault(row, "code", Wrong::Closed);
        }
        unit.valid_to = Some(last?);
        unit.successors = successors;
        Some(unit)
    }

    fn kind(&mut self, row: &ImportRow) -> Option<UnitKind> {
        let kind = row.cells.get("kind").and_then(|name| UnitKind::named(name));
        if kind.is_none() {
            self.fault(row, "kind", Wrong::Kind);
        }
        kind
    }

    fn form(&mut self, row: &ImportRow) -> Option<FormId> {
        let form: FormId = self.read_if_there(row, "form")?;
        if !(self.is_form)(&form) {
            self.fault(row, "form", Wrong::Form);
        }
        Some(form)
    }

    fn names(&mut self, row: &ImportRow) -> BTreeMap<Language, String> {
        let mut names = BTreeMap::new();
        for (column, name) in &row.cells {
            let Some(language) = column.strip_prefix("name_") else { continue };
            match language.parse::<Language>() {
                Ok(_) if name.chars().any(char::is_control) => self.fault(row, column, Wrong::Obeyed),
                Ok(language) => {
                    names.insert(language, name.clone());
                }
                Err(error) => self.fault(row, column, Wrong::Name(error.to_string())),
            }
        }
        names
    }

    /// Several successors stand in one cell with spaces, `|` or `;` between them.
    fn successors(&mut self, row: &ImportRow) -> Vec<UnitCode> {
        let cell = row.cells.get("successors").map(String::as_str).unwrap_or_default();
        let mut codes = Vec::new();
        for text in cell.split([' ', '|', ';']).filter(|text| !text.is_empty()) {
            match text.parse::<UnitCode>() {
                Ok(code) => codes.push(code),
                Err(error) => self.fault(row, "successors", Wrong::Name(error.to_string())),
            }
        }
        codes.sort();
        codes.dedup();
        codes
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Closed,
    Merged,
}

#[cfg(test)]
mod tests;
