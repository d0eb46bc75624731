//! Which node makes the backup that is due. The moment of a backup is kept with its second: it says nothing of an
//! answer.

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};

use super::record_run;
use crate::{
    config::Every,
    domain::period::Day,
    storage::{
        Db, StorageError,
        connection::on_both,
        meta::{self, Fact},
        schema::job,
    },
};

/// The job's row.
const NAME: &str = "backup";
/// Seconds after which a backup that was begun and not ended counts as given up: its node has died.
const GIVEN_UP: i64 = 3600;

/// Who makes the backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// This node, now.
    Ours,
    /// Nobody yet, or another one is at it.
    NotDue {
        /// When the last one that was made began; in seconds since 1970.
        last: Option<i64>,
    },
}

/// Claims the backup that is due, for this node.
///
/// # Errors
/// Where the database cannot be written.
pub fn claim_backup(db: &mut Db, now: i64, every: Every) -> Result<Claim, StorageError> {
    db.write(|db| {
        lock(db)?;
        let last = moment(db, Fact::BackupDone)?;
        let begun = moment(db, Fact::BackupBegun)?.filter(|begun| last.is_none_or(|last| last < *begun));
        let is_at_it = begun.is_some_and(|begun| now - begun < GIVEN_UP);
        if is_at_it || last.is_some_and(|last| every.slot(now) <= every.slot(last)) {
            return Ok(Claim::NotDue { last });
        }
        meta::put(db, Fact::BackupBegun, &now.to_string())?;
        Ok(Claim::Ours)
    })
}

/// Takes the row of the job, which migrations did not make, for the transaction.
fn lock(db: &mut Db) -> Result<(), StorageError> {
    let row = (job::name.eq(NAME), job::runs.eq(0_i64));
    on_both!(db, c => diesel::insert_into(job::table).values(row).on_conflict_do_nothing().execute(c))?;
    diesel::update(job::table.find(NAME)).set(job::runs.eq(job::runs)).execute(db)?;
    Ok(())
}

fn moment(db: &mut Db, fact: Fact) -> Result<Option<i64>, StorageError> {
    Ok(meta::get(db, fact)?.and_then(|text| text.parse().ok()))
}

/// Notes that the backup which began then was made.
///
/// # Errors
/// Where the database cannot be written.
pub fn record_backup(db: &mut Db, began: i64) -> Result<(), StorageError> {
    db.write(|db| {
        meta::put(db, Fact::BackupDone, &began.to_string())?;
        record_run(db, NAME, Day::of_unix_seconds(began))
    })
}

/// Gives a backup that could not be made back.
///
/// # Errors
/// Where the database cannot be written.
pub fn unclaim_backup(db: &mut Db) -> Result<(), StorageError> {
    meta::put(db, Fact::BackupBegun, "0")
}
