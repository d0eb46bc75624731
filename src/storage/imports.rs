//! Imports of units: each is kept with what it changed, and can be taken back while nothing hangs on it.

use std::collections::BTreeMap;

use diesel::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, Queryable, RunQueryDsl as _};
use serde::{Deserialize, Serialize};

use super::{
    Db, StorageError,
    schema::{inbox, receipt, receipt_count, tally, token, unit_import},
    units,
};
use crate::domain::{
    ids::{Language, UnitCode},
    period::Day,
    unit::{Unit, UnitKind},
    unit_import::{ImportPlan, UnitChange},
};

/// An import that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// 1, 2, ...
    pub id: i64,
    /// When it was done.
    pub day: Day,
    /// Name of the file.
    pub file_name: String,
    /// What it changed.
    pub changes: Vec<UnitChange>,
    /// When it was taken back.
    pub taken_back: Option<Day>,
}

/// Why an import cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TakeBackError {
    /// There is none with this number.
    #[error("there is no import {0}")]
    Unknown(i64),
    /// It was taken back before.
    #[error("import {0} was taken back before")]
    Before(i64),
    /// Something was done with its units since.
    #[error("import {id} cannot be taken back: {why}")]
    Hangs {
        /// The import.
        id: i64,
        /// What hangs on which unit.
        why: String,
    },
}

#[derive(Queryable)]
struct Row {
    id: i64,
    day: i32,
    file_name: String,
    changes: String,
    taken_back_day: Option<i32>,
}

/// A unit as imports keep it.
#[derive(Serialize, Deserialize)]
struct Kept {
    code: String,
    parent: Option<String>,
    kind: String,
    names: BTreeMap<String, String>,
    form: Option<String>,
    valid_from: i32,
    valid_to: Option<i32>,
    successors: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct KeptChange {
    before: Option<Kept>,
    after: Kept,
}

impl Kept {
    fn of(unit: &Unit) -> Self {
        Self {
            code: unit.code.to_string(),
            parent: unit.parent.as_ref().map(ToString::to_string),
            kind: unit.kind.as_str().to_owned(),
            names: unit.names.iter().map(|(l, n)| (l.to_string(), n.clone())).collect(),
            form: unit.form.as_ref().map(ToString::to_string),
            valid_from: unit.valid_from.number(),
            valid_to: unit.valid_to.map(Day::number),
            successors: unit.successors.iter().map(ToString::to_string).collect(),
        }
    }

    fn read(&self) -> Option<Unit> {
        let names = self.names.iter().map(|(l, n)| Some((l.parse::<Language>().ok()?, n.clone())));
        Some(Unit {
            code: self.code.parse().ok()?,
            parent: self.parent.as_deref().map(str::parse).transpose().ok()?,
            kind: UnitKind::named(&self.kind)?,
            names: names.collect::<Option<_>>()?,
            form: self.form.as_deref().map(str::parse).transpose().ok()?,
            valid_from: Day::from_number(self.valid_from),
            valid_to: self.valid_to.map(Day::from_number),
            successors: self.successors.iter().map(|s| s.parse().ok()).collect::<Option<_>>()?,
        })
    }
}

/// Does an import, whole or not at all; its number.
///
/// # Errors
/// Where the database cannot be written.
pub fn apply(db: &mut Db, plan: &ImportPlan, file_name: &str, today: Day) -> Result<i64, StorageError> {
    db.write(|db| apply_within(db, plan, file_name, today))
}

/// The same within the transaction that is open.
///
/// # Errors
/// Where the database cannot be written.
pub fn apply_within(
    db: &mut Db,
    plan: &ImportPlan,
    file_name: &str,
    today: Day,
) -> Result<i64, StorageError> {
    let after: Vec<Unit> = plan.changes.iter().map(|c| c.after.clone()).collect();
    units::put(db, &after)?;
    let last: Option<i64> = unit_import::table.select(diesel::dsl::max(unit_import::id)).get_result(db)?;
    let id = last.unwrap_or(0) + 1;
    let kept: Vec<KeptChange> = plan
        .changes
        .iter()
        .map(|c| KeptChange { before: c.before.as_ref().map(Kept::of), after: Kept::of(&c.after) })
        .collect();
    let changes = serde_json::to_string(&kept).map_err(|_json| damaged(id))?;
    diesel::insert_into(unit_import::table)
        .values((
            unit_import::id.eq(id),
            unit_import::day.eq(today.number()),
            unit_import::file_name.eq(file_name),
            unit_import::changes.eq(changes),
        ))
        .execute(db)?;
    Ok(id)
}

/// All imports, oldest first.
///
/// # Errors
/// Where the database cannot be read.
pub fn all(db: &mut Db) -> Result<Vec<Import>, StorageError> {
    let rows: Vec<Row> = unit_import::table.order(unit_import::id.asc()).load(db)?;
    rows.into_iter().map(read).collect()
}

fn read(row: Row) -> Result<Import, StorageError> {
    let kept: Vec<KeptChange> = serde_json::from_str(&row.changes).map_err(|_json| damaged(row.id))?;
    let changes = kept.iter().map(|change| {
        let before = change.before.as_ref().map(|unit| unit.read().ok_or(())).transpose().ok()?;
        Some(UnitChange { before, after: change.after.read()? })
    });
    Ok(Import {
        changes: changes.collect::<Option<_>>().ok_or_else(|| damaged(row.id))?,
        id: row.id,
        day: Day::from_number(row.day),
        file_name: row.file_name,
        taken_back: row.taken_back_day.map(Day::from_number),
    })
}

fn damaged(id: i64) -> StorageError {
    StorageError::damaged(format!("import {id} of units"))
}

/// Takes an import back: its new units go, changed ones become what they were.
///
/// # Errors
/// Where the database cannot be written. The inner result says why nothing was done.
pub fn take_back(db: &mut Db, id: i64, today: Day) -> Result<Result<(), TakeBackError>, StorageError> {
    db.write(|db| take_back_within(db, id, today))
}

/// The same within the transaction that is open.
///
/// # Errors
/// Where the database cannot be written. The inner result says why nothing was done.
pub fn take_back_within(db: &mut Db, id: i64, today: Day) -> Result<Result<(), TakeBackError>, StorageError> {
    let row: Option<Row> = unit_import::table.find(id).get_result(db).optional()?;
    let Some(import) = row.map(read).transpose()? else { return Ok(Err(TakeBackError::Unknown(id))) };
    if import.taken_back.is_some() {
        return Ok(Err(TakeBackError::Before(id)));
    }
    if let Some(why) = hangs(db, &import)? {
        return Ok(Err(TakeBackError::Hangs { id, why }));
    }
    // New ones go first, so that nothing points at them from what is put back.
    let before: Vec<Unit> = import.changes.iter().filter_map(|c| c.before.clone()).collect();
    units::put(db, &before)?;
    for change in import.changes.iter().rev().filter(|c| c.before.is_none()) {
        units::remove(db, &change.after.code)?;
    }
    diesel::update(unit_import::table.find(id))
        .set(unit_import::taken_back_day.eq(today.number()))
        .execute(db)?;
    Ok(Ok(()))
}

/// What hangs on an import: answers, receipts or tokens of its new units, or later changes.
fn hangs(db: &mut Db, import: &Import) -> Result<Option<String>, StorageError> {
    let now = units::all(db)?;
    for change in &import.changes {
        let code = &change.after.code;
        if !now.contains(&change.after) {
            return Ok(Some(format!("unit {code} was changed since; take the later import back first")));
        }
        if change.before.is_some() {
            continue;
        }
        let made_here = |other: &UnitCode| import.changes.iter().any(|c| c.after.code == *other);
        let pointing = now.iter().find(|other| {
            !made_here(&other.code)
                && (other.parent.as_ref() == Some(code) || other.successors.contains(code))
        });
        if let Some(other) = pointing {
            return Ok(Some(format!("unit {} belongs to or follows into {code}", other.code)));
        }
        if let Some(what) = used(db, code)? {
            return Ok(Some(format!("unit {code} has {what}; close it instead")));
        }
    }
    Ok(None)
}

fn used(db: &mut Db, code: &UnitCode) -> Result<Option<&'static str>, StorageError> {
    let folded: i64 = tally::table.filter(tally::unit.eq(code.as_str())).count().get_result(db)?;
    let waiting: i64 = inbox::table.filter(inbox::unit.eq(code.as_str())).count().get_result(db)?;
    if folded + waiting > 0 {
        return Ok(Some("answers"));
    }
    let living: i64 = receipt::table.filter(receipt::unit.eq(code.as_str())).count().get_result(db)?;
    let counted: i64 =
        receipt_count::table.filter(receipt_count::unit.eq(code.as_str())).count().get_result(db)?;
    if living + counted > 0 {
        return Ok(Some("receipts"));
    }
    let tokens: i64 = token::table.filter(token::unit.eq(code.as_str())).count().get_result(db)?;
    Ok((tokens > 0).then_some("tokens"))
}
