//! A table of changes to units, as a plan: shown before it is done, done whole or not at all, taken back as long
//! as nothing hangs on it.

use std::collections::BTreeMap;

use super::{
    ids::{FormId, Language, UnitCode},
    period::Day,
    unit::{TreeError, Unit, UnitKind, UnitTree},
};

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

/// What is wrong with one cell, or with a unit as a whole (then `column` is `code`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, {column}: {value:?} {what}")]
pub struct ImportFault {
    /// Line in the file.
    pub line: u64,
    /// Column.
    pub column: String,
    /// What the cell says.
    pub value: String,
    /// What is wrong with it, and what is allowed.
    pub what: String,
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
    };
    let mut plan = ImportPlan::default();
    for row in rows {
        let Some(after) = planner.row(row) else { continue };
        let before = planner.units.insert(after.code.clone(), after.clone());
        planner.lines.insert(after.code.clone(), row.line);
        if before.as_ref() == Some(&after) {
            plan.unchanged.push(row.line);
        } else {
            note(&mut plan, UnitChange { before, after });
        }
    }
    if planner.faults.is_empty()
        && let Err(error) = UnitTree::new(planner.units.values().cloned())
    {
        let fault = planner.of_tree(&error);
        planner.faults.push(fault);
    }
    if planner.faults.is_empty() { Ok(plan) } else { Err(planner.faults) }
}

/// Two rows about one unit are one change: a unit may be renamed and closed in one file.
fn note(plan: &mut ImportPlan, change: UnitChange) {
    match plan.changes.iter_mut().find(|c| c.after.code == change.after.code) {
        Some(earlier) => earlier.after = change.after,
        None => plan.changes.push(change),
    }
}

struct Planner<'a> {
    units: BTreeMap<UnitCode, Unit>,
    is_form: &'a dyn Fn(&FormId) -> bool,
    faults: Vec<ImportFault>,
    lines: BTreeMap<UnitCode, u64>,
}

impl Planner<'_> {
    fn fault(&mut self, row: &ImportRow, column: &str, what: impl Into<String>) {
        let value = row.cells.get(column).cloned().unwrap_or_default();
        self.faults.push(ImportFault { line: row.line, column: column.to_owned(), value, what: what.into() });
    }

    fn of_tree(&self, error: &TreeError) -> ImportFault {
        let (unit, column) = match error {
            TreeError::Parent { unit, .. } => (unit, "parent"),
            TreeError::Successor { unit, .. } => (unit, "successors"),
            TreeError::Circle { unit } => (unit, "code"),
            TreeError::Backwards { unit } => (unit, "valid_to"),
        };
        let line = self.lines.get(unit).copied().unwrap_or(0);
        ImportFault { line, column: column.to_owned(), value: unit.to_string(), what: error.to_string() }
    }

    /// The unit as a row leaves it.
    fn row(&mut self, row: &ImportRow) -> Option<Unit> {
        let faults = self.faults.len();
        let code: Option<UnitCode> = self.read(row, "code");
        let known = code.as_ref().and_then(|code| self.units.get(code)).cloned();
        let action = row.cells.get("action").map(String::as_str);
        let after = match (action, code?, known) {
            (Some("create"), code, known) => self.create(row, code, known.as_ref()),
            (Some("rename"), _, Some(unit)) => Some(self.rename(row, unit)),
            (Some("close"), _, Some(unit)) => self.close(row, unit, Ending::Closed),
            (Some("merge"), _, Some(unit)) => self.close(row, unit, Ending::Merged),
            (Some("rename" | "close" | "merge"), _, None) => {
                self.fault(row, "code", "is no unit yet; create it first");
                None
            }
            (_, _, _) => {
                self.fault(row, "action", "is no action; allowed: create, rename, close, merge");
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
            self.fault(row, column, "is empty; this action needs it");
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
        read.map_err(|error| self.fault(row, column, format!("cannot be read: {error}"))).ok()
    }

    fn create(&mut self, row: &ImportRow, code: UnitCode, known: Option<&Unit>) -> Option<Unit> {
        let kind = self.kind(row);
        let names = self.names(row);
        if !names.contains_key(&Language::VI) {
            self.fault(row, "name_vi", "is empty; every unit has a Vietnamese name");
        }
        let parent = self.read_if_there(row, "parent");
        let form = self.form(row);
        let valid_from: Option<Day> = self.read(row, "valid_from");
        let valid_to = self.read_if_there(row, "valid_to");
        let successors = self.successors(row);
        let unit =
            Unit { code, parent, kind: kind?, names, form, valid_from: valid_from?, valid_to, successors };
        if known.is_some_and(|known| *known != unit) {
            self.fault(row, "code", "exists already and is another; to change it use rename, close or merge");
        }
        Some(unit)
    }

    fn rename(&mut self, row: &ImportRow, mut unit: Unit) -> Unit {
        let names = self.names(row);
        let form = self.form(row);
        if names.is_empty() && form.is_none() {
            self.fault(row, "name_vi", "is empty; a rename gives at least one name or a form");
        }
        unit.names.extend(names);
        unit.form = form.or(unit.form);
        unit
    }

    fn close(&mut self, row: &ImportRow, mut unit: Unit, ending: Ending) -> Option<Unit> {
        let last: Option<Day> = self.read(row, "valid_to");
        let successors = self.successors(row);
        if ending == Ending::Merged && successors.len() != 1 {
            self.fault(row, "successors", "must be one unit; to split a unit use close with several");
        }
        if unit.valid_to.is_some() && (unit.valid_to != last || unit.successors != successors) {
            self.fault(row, "code", "is closed already");
        }
        unit.valid_to = Some(last?);
        unit.successors = successors;
        Some(unit)
    }

    fn kind(&mut self, row: &ImportRow) -> Option<UnitKind> {
        let kind = row.cells.get("kind").and_then(|name| UnitKind::named(name));
        if kind.is_none() {
            let allowed: Vec<&str> = UnitKind::ALL.into_iter().map(UnitKind::as_str).collect();
            self.fault(row, "kind", format!("is no kind of unit; allowed: {}", allowed.join(", ")));
        }
        kind
    }

    fn form(&mut self, row: &ImportRow) -> Option<FormId> {
        let form: FormId = self.read_if_there(row, "form")?;
        if !(self.is_form)(&form) {
            self.fault(row, "form", "is no published form; see `sipas form list`");
        }
        Some(form)
    }

    fn names(&mut self, row: &ImportRow) -> BTreeMap<Language, String> {
        let mut names = BTreeMap::new();
        for (column, name) in &row.cells {
            let Some(language) = column.strip_prefix("name_") else { continue };
            match language.parse() {
                Ok(language) => {
                    names.insert(language, name.clone());
                }
                Err(error) => self.fault(row, column, format!("names no language: {error}")),
            }
        }
        names
    }

    /// Several successors stand in one cell with spaces, `|` or `;` between them.
    fn successors(&mut self, row: &ImportRow) -> Vec<UnitCode> {
        let cell = row.cells.get("successors").map(String::as_str).unwrap_or_default();
        let mut codes = Vec::new();
        for text in cell.split([' ', '|', ';']).filter(|text| !text.is_empty()) {
            match text.parse() {
                Ok(code) => codes.push(code),
                Err(error) => self.fault(row, "successors", format!("cannot be read: {error}")),
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

impl std::fmt::Display for UnitChange {
    /// One line of a dry run.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (name, _) = self.after.name(Language::VI);
        let code = &self.after.code;
        let Some(before) = &self.before else {
            write!(f, "+ {code}  {name} ({}", self.after.kind.as_str())?;
            if let Some(parent) = &self.after.parent {
                write!(f, " in {parent}")?;
            }
            return write!(f, ") from {}", self.after.valid_from);
        };
        write!(f, "~ {code}  {name}")?;
        for (language, name) in &self.after.names {
            let old = before.names.get(language).map_or("", String::as_str);
            if old != name {
                write!(f, "; {language}: {old:?} -> {name:?}")?;
            }
        }
        if let (true, Some(form)) = (before.form != self.after.form, &self.after.form) {
            write!(f, "; form {form}")?;
        }
        if let (true, Some(last)) = (before.valid_to != self.after.valid_to, self.after.valid_to) {
            write!(f, "; closed after {last}")?;
        }
        if before.successors != self.after.successors {
            let codes: Vec<&str> = self.after.successors.iter().map(UnitCode::as_str).collect();
            write!(f, "; followed by {}", codes.join(", "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(line: u64, cells: &[(&str, &str)]) -> ImportRow {
        let cells = cells.iter().map(|(c, v)| ((*c).to_owned(), (*v).to_owned())).collect();
        ImportRow { line, cells }
    }

    fn create(line: u64, code: &str) -> ImportRow {
        row(
            line,
            &[
                ("action", "create"),
                ("code", code),
                ("kind", "commune"),
                ("name_vi", "Xã"),
                ("valid_from", "2020-01-01"),
            ],
        )
    }

    fn merge(line: u64, code: &str, into: &str) -> ImportRow {
        row(line, &[("action", "merge"), ("code", code), ("valid_to", "2025-06-30"), ("successors", into)])
    }

    #[test]
    fn a_file_creates_and_merges_and_says_so() {
        let rows = [create(2, "old"), create(3, "new"), merge(4, "old", "new")];
        let plan = plan(&UnitTree::default(), &rows, &|_| true).unwrap();
        let lines: Vec<String> = plan.changes.iter().map(ToString::to_string).collect();
        assert_eq!(lines, ["+ old  Xã (commune) from 2020-01-01", "+ new  Xã (commune) from 2020-01-01"]);
        assert_eq!(plan.changes[0].after.successors, ["new".parse().unwrap()]);
    }

    #[test]
    fn the_same_file_twice_changes_nothing() {
        let rows = [create(2, "old"), create(3, "new")];
        let first = plan(&UnitTree::default(), &rows, &|_| true).unwrap();
        let tree = UnitTree::new(first.changes.into_iter().map(|c| c.after)).unwrap();
        let again = plan(&tree, &rows, &|_| true).unwrap();
        assert_eq!((again.changes.len(), again.unchanged), (0, vec![2, 3]));
    }

    #[test]
    fn all_faults_come_at_once_with_line_column_and_value() {
        let rows = [
            row(2, &[("action", "create"), ("code", "Bad Code"), ("kind", "commune")]),
            row(3, &[("action", "create"), ("code", "a"), ("kind", "village"), ("valid_from", "1/1/2020")]),
            row(4, &[("action", "erase"), ("code", "a")]),
            row(5, &[("action", "merge"), ("code", "nobody"), ("valid_to", "2025-06-30")]),
        ];
        let faults = plan(&UnitTree::default(), &rows, &|_| true).unwrap_err();
        let at: Vec<(u64, &str)> = faults.iter().map(|f| (f.line, f.column.as_str())).collect();
        assert_eq!(
            at,
            [(2, "code"), (3, "kind"), (3, "name_vi"), (3, "valid_from"), (4, "action"), (5, "code")]
        );
    }

    #[test]
    fn what_would_be_no_tree_is_refused() {
        let mut lost = create(2, "a");
        lost.cells.insert("parent".to_owned(), "nowhere".to_owned());
        let faults = plan(&UnitTree::default(), &[lost], &|_| true).unwrap_err();
        assert_eq!((faults[0].line, faults[0].column.as_str()), (2, "parent"));
        let faults =
            plan(&UnitTree::default(), &[create(2, "a"), merge(3, "a", "a")], &|_| true).unwrap_err();
        assert_eq!(faults[0].line, 3);
    }
}
