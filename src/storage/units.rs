//! Units: the tree as it is, and every import as the changes it made, so that it can be taken back.

use std::collections::BTreeMap;

use diesel::{ExpressionMethods as _, Insertable, QueryDsl as _, Queryable, RunQueryDsl as _};

use super::{
    Db, StorageError,
    connection::on_both,
    meta::{self, Fact},
    schema::{unit, unit_successor},
};
use crate::domain::{
    ids::{Language, UnitCode},
    period::Day,
    unit::{Unit, UnitKind, UnitTree},
};

#[derive(Queryable, Insertable)]
#[diesel(table_name = unit)]
struct Row {
    code: String,
    parent: Option<String>,
    kind: String,
    names: String,
    form: Option<String>,
    valid_from: i32,
    valid_to: Option<i32>,
}

/// The tree of all units.
///
/// # Errors
/// Where the database cannot be read or its units are no tree.
pub fn tree(db: &mut Db) -> Result<UnitTree, StorageError> {
    UnitTree::new(all(db)?).map_err(|error| StorageError::damaged(error.to_string()))
}

/// All units, by code.
///
/// # Errors
/// Where the database cannot be read.
pub fn all(db: &mut Db) -> Result<Vec<Unit>, StorageError> {
    let rows: Vec<Row> = unit::table.order(unit::code.asc()).load(db)?;
    let links: Vec<(String, String)> = unit_successor::table
        .order((unit_successor::unit.asc(), unit_successor::successor.asc()))
        .load(db)?;
    let mut successors: BTreeMap<String, Vec<UnitCode>> = BTreeMap::new();
    for (from, to) in links {
        successors.entry(from).or_default().push(code(&to)?);
    }
    rows.into_iter()
        .map(|row| {
            let after = successors.remove(&row.code).unwrap_or_default();
            read(&row, after)
        })
        .collect()
}

fn code(text: &str) -> Result<UnitCode, StorageError> {
    text.parse().map_err(|_name| StorageError::damaged("a unit's code"))
}

fn read(row: &Row, successors: Vec<UnitCode>) -> Result<Unit, StorageError> {
    let damaged = || StorageError::damaged(format!("unit {}", row.code));
    let names: BTreeMap<String, String> = serde_json::from_str(&row.names).map_err(|_json| damaged())?;
    let names = names
        .into_iter()
        .map(|(language, name)| Ok((language.parse::<Language>().map_err(|_code| damaged())?, name)))
        .collect::<Result<_, StorageError>>()?;
    Ok(Unit {
        code: code(&row.code)?,
        parent: row.parent.as_deref().map(code).transpose()?,
        kind: UnitKind::named(&row.kind).ok_or_else(damaged)?,
        names,
        form: row.form.as_deref().map(str::parse).transpose().map_err(|_name| damaged())?,
        valid_from: Day::from_number(row.valid_from),
        valid_to: row.valid_to.map(Day::from_number),
        successors,
    })
}

/// Writes units, each in the place of what had its code. Within a write transaction; links are checked at its
/// end, so the order does not matter.
pub(super) fn put(db: &mut Db, units: &[Unit]) -> Result<(), StorageError> {
    for changed in units {
        let names: BTreeMap<&str, &String> =
            changed.names.iter().map(|(language, name)| (language.as_str(), name)).collect();
        let row = Row {
            code: changed.code.to_string(),
            parent: changed.parent.as_ref().map(ToString::to_string),
            kind: changed.kind.as_str().to_owned(),
            names: serde_json::to_string(&names).map_err(|_json| StorageError::damaged("names"))?,
            form: changed.form.as_ref().map(ToString::to_string),
            valid_from: changed.valid_from.number(),
            valid_to: changed.valid_to.map(Day::number),
        };
        on_both!(db, c => diesel::insert_into(unit::table)
            .values(&row)
            .on_conflict(unit::code)
            .do_update()
            .set((
                unit::parent.eq(&row.parent),
                unit::kind.eq(&row.kind),
                unit::names.eq(&row.names),
                unit::form.eq(&row.form),
                unit::valid_from.eq(row.valid_from),
                unit::valid_to.eq(row.valid_to),
            ))
            .execute(c))?;
        unlink(db, &changed.code)?;
        for successor in &changed.successors {
            diesel::insert_into(unit_successor::table)
                .values((
                    unit_successor::unit.eq(changed.code.as_str()),
                    unit_successor::successor.eq(successor.as_str()),
                ))
                .execute(db)?;
        }
    }
    meta::advance(db, Fact::UnitsRevision)
}

fn unlink(db: &mut Db, code: &UnitCode) -> Result<(), StorageError> {
    diesel::delete(unit_successor::table.filter(unit_successor::unit.eq(code.as_str()))).execute(db)?;
    Ok(())
}

/// Removes a unit that nothing hangs on: only for taking back an import.
pub(super) fn remove(db: &mut Db, code: &UnitCode) -> Result<(), StorageError> {
    unlink(db, code)?;
    diesel::delete(unit::table.find(code.as_str())).execute(db)?;
    meta::advance(db, Fact::UnitsRevision)
}

/// Writes units in a transaction of its own.
///
/// # Errors
/// Where the database cannot be written, or a parent or successor does not exist.
pub fn save(db: &mut Db, units: &[Unit]) -> Result<(), StorageError> {
    db.write(|db| put(db, units))
}
