//! What the database says of itself: the key it was made with, whether it is a demo, revisions.

use diesel::{ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, RunQueryDsl as _};

use super::{Db, StorageError, connection::on_both, schema::meta};
use crate::domain::origin::Origin;

/// A fact that a database keeps of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// Id of the key that hashes and seals here.
    KeyId,
    /// What the demo was made from: `responses=20000 seed=1 until=2026-11-24`. Absent: no demo.
    Demo,
    /// Another one with every change of units, so that running services look again.
    UnitsRevision,
    /// Another one with every published form.
    FormsRevision,
    /// When a backup that is not ready yet began, in seconds since 1970.
    BackupBegun,
    /// When the last backup that was made by itself began.
    BackupDone,
    /// Number and hash of the last entry of the audit log.
    AuditHead,
    /// Number and hash of the last entry that was taken off the front of the audit log. Absent: nothing was.
    AuditBase,
    /// What was cleared away last, and when.
    Retention,
    /// The policy that the service ran under last, so that a change of it is noticed.
    Policy,
    /// That the link to set up the first account was shown.
    SetUpShown,
}

impl Fact {
    fn name(self) -> &'static str {
        match self {
            Self::KeyId => "key_id",
            Self::Demo => "demo",
            Self::UnitsRevision => "units_revision",
            Self::FormsRevision => "forms_revision",
            Self::BackupBegun => "backup_begun",
            Self::BackupDone => "backup_done",
            Self::AuditHead => "audit_head",
            Self::AuditBase => "audit_base",
            Self::Retention => "retention",
            Self::Policy => "policy",
            Self::SetUpShown => "set_up_shown",
        }
    }
}

/// The value of a fact, where it is known.
///
/// # Errors
/// Where the database cannot be read.
pub fn get(db: &mut Db, fact: Fact) -> Result<Option<String>, StorageError> {
    Ok(meta::table.find(fact.name()).select(meta::value).get_result(db).optional()?)
}

/// Keeps a fact that must not change, and gives what is kept: another process may have been first.
///
/// # Errors
/// Where the database cannot be written.
pub fn keep(db: &mut Db, fact: Fact, value: &str) -> Result<String, StorageError> {
    let row = (meta::name.eq(fact.name()), meta::value.eq(value));
    on_both!(db, c => diesel::insert_into(meta::table).values(row).on_conflict_do_nothing().execute(c))?;
    get(db, fact)?.ok_or_else(|| StorageError::damaged("a fact was not kept"))
}

/// Whose answers the database holds.
///
/// # Errors
/// Where the database cannot be read.
pub fn origin(db: &mut Db) -> Result<Origin, StorageError> {
    Ok(if get(db, Fact::Demo)?.is_some() { Origin::Demo } else { Origin::People })
}

/// Puts another value in the place of a fact.
///
/// # Errors
/// Where the database cannot be written.
pub fn replace(db: &mut Db, fact: Fact, value: &str) -> Result<(), StorageError> {
    diesel::update(meta::table.find(fact.name())).set(meta::value.eq(value)).execute(db)?;
    Ok(())
}

/// Gives a revision a new value, which is random so that two changes at once never look like one.
///
/// # Errors
/// Where the database cannot be written.
pub fn advance(db: &mut Db, revision: Fact) -> Result<(), StorageError> {
    let new: u64 = rand::random();
    put(db, revision, &new.to_string())
}

/// Keeps a fact, or puts another value in its place.
///
/// # Errors
/// Where the database cannot be written.
pub fn put(db: &mut Db, fact: Fact, value: &str) -> Result<(), StorageError> {
    let (name, value) = (meta::name.eq(fact.name()), meta::value.eq(value));
    on_both!(db, c => diesel::insert_into(meta::table)
        .values((name, value))
        .on_conflict(meta::name)
        .do_update()
        .set(value)
        .execute(c))?;
    Ok(())
}

/// The revisions of units and forms together: differs whenever either changed.
///
/// # Errors
/// Where the database cannot be read.
pub fn revisions(db: &mut Db) -> Result<(Option<String>, Option<String>), StorageError> {
    Ok((get(db, Fact::UnitsRevision)?, get(db, Fact::FormsRevision)?))
}
