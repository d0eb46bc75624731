//! Jobs beside the answers: the daily sweep, and what a command asks a running service to do.

use diesel::{
    BoolExpressionMethods as _, ExpressionMethods as _, OptionalExtension as _, QueryDsl as _, Queryable,
    RunQueryDsl as _, Selectable, SelectableHelper as _,
};

mod backups;

pub use self::backups::{Claim, claim_backup, record_backup, unclaim_backup};
use super::{
    Db, StorageError,
    receipts::{self, ROOM, counts, number_of},
    schema::{job, job_request, receipt, receipt_past, retry_key},
};
use crate::domain::{period::Day, receipt::ReceiptState};

/// Begins the outcome of a job that could not be done; the reason follows.
pub const FAILED: &str = "failed: ";

/// Weeks after the week of its use in which a retry key is still known: two whole ones, so 14 to 20 days.
const RETRY_WEEKS: i32 = 2;
/// Receipts moved in one transaction.
const SLICE: i64 = 500;

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Retry keys forgotten.
    pub keys: usize,
    /// Receipts moved to those that cannot be used.
    pub moved: usize,
    /// Receipts erased.
    pub erased: usize,
}

/// Whether today's sweep is still to be done; marks it as done by this node.
///
/// # Errors
/// Where the database cannot be written.
pub fn claim_sweep(db: &mut Db, today: Day) -> Result<bool, StorageError> {
    let waiting =
        job::table.find("sweep").filter(job::last_day.is_null().or(job::last_day.lt(today.number())));
    let claimed = diesel::update(waiting)
        .set((job::last_day.eq(today.number()), job::runs.eq(job::runs + 1)))
        .execute(db)?;
    Ok(claimed > 0)
}

/// Takes the mark of [`claim_sweep`] back, where the sweep failed.
///
/// # Errors
/// Where the database cannot be written.
pub fn unclaim_sweep(db: &mut Db) -> Result<(), StorageError> {
    diesel::update(job::table.find("sweep")).set(job::last_day.eq(None::<i32>)).execute(db)?;
    Ok(())
}

/// Notes that a job ran to its end.
///
/// # Errors
/// Where the database cannot be written.
pub fn record_run(db: &mut Db, name: &str, today: Day) -> Result<(), StorageError> {
    diesel::update(job::table.find(name))
        .set((job::last_day.eq(today.number()), job::runs.eq(job::runs + 1)))
        .execute(db)?;
    Ok(())
}

/// Forgets old retry keys, moves receipts that cannot be used any more, erases those that expired more than `keep_days`
/// ago.
///
/// # Errors
/// Where the database cannot be written.
pub fn sweep(db: &mut Db, today: Day, keep_days: u16) -> Result<Swept, StorageError> {
    let last_week = today.week() - RETRY_WEEKS;
    let keys = db.write(|db| forget_keys(db, last_week))?;
    let mut moved = 0;
    loop {
        let some = db.write(|db| move_some(db, today))?;
        moved += some;
        if some == 0 {
            break;
        }
    }
    let long_past =
        receipt_past::table.filter(receipt_past::expires_day.lt(today.number() - i32::from(keep_days)));
    let erased = diesel::delete(long_past).execute(db)?;
    Ok(Swept { keys, moved, erased })
}

fn forget_keys(db: &mut Db, last_week: i32) -> Result<usize, StorageError> {
    let others = diesel::delete(retry_key::table.filter(retry_key::week.lt(last_week))).execute(db)?;
    let none = None::<Vec<u8>>;
    let in_receipts = diesel::update(receipt::table.filter(receipt::retry_week.lt(last_week)))
        .set((
            receipt::retry_hash.eq(none.clone()),
            receipt::fingerprint.eq(none),
            receipt::retry_week.eq(None::<i32>),
        ))
        .execute(db)?;
    Ok(others + in_receipts)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = receipt)]
struct Ended {
    code_hash: Vec<u8>,
    unit: String,
    form: String,
    service_field: String,
    procedure: String,
    issued_day: i32,
    expires_day: i32,
    state: i16,
}

/// Moves receipts in the order of their hashes, which says nothing of the order in which they were used.
fn move_some(db: &mut Db, today: Day) -> Result<usize, StorageError> {
    let issued = number_of(ReceiptState::Issued);
    let ended = receipt::table
        .filter(receipt::retry_hash.is_null().or(receipt::retry_week.eq(ROOM)))
        .filter(receipt::state.ne(issued).or(receipt::expires_day.lt(today.number())))
        .order(receipt::code_hash.asc())
        .limit(SLICE);
    let rows: Vec<Ended> = match db {
        Db::Sqlite(c) => ended.select(Ended::as_select()).load(c)?,
        Db::Postgres(c) => ended.select(Ended::as_select()).for_update().skip_locked().load(c)?,
    };
    for row in &rows {
        let state = if row.state == issued { number_of(ReceiptState::Expired) } else { row.state };
        diesel::insert_into(receipt_past::table)
            .values((
                receipt_past::code_hash.eq(&row.code_hash),
                receipt_past::unit.eq(&row.unit),
                receipt_past::form.eq(&row.form),
                receipt_past::service_field.eq(&row.service_field),
                receipt_past::procedure.eq(&row.procedure),
                receipt_past::issued_day.eq(row.issued_day),
                receipt_past::expires_day.eq(row.expires_day),
                receipt_past::state.eq(state),
            ))
            .execute(db)?;
        diesel::delete(receipt::table.find(&row.code_hash)).execute(db)?;
    }
    count_moved(db, &rows, issued)?;
    Ok(rows.len())
}

/// Used and expired ones are counted as they move; void and replaced ones were counted when they became so.
fn count_moved(db: &mut Db, rows: &[Ended], issued: i16) -> Result<(), StorageError> {
    let mut ended = Vec::new();
    for row in rows {
        let state = if row.state == issued { ReceiptState::Expired } else { receipts::state_of(row.state)? };
        if matches!(state, ReceiptState::Used | ReceiptState::Expired) {
            let place = (row.unit.as_str(), row.form.as_str(), row.service_field.as_str());
            ended.push((receipts::for_count(place, row.issued_day)?, state));
        }
    }
    counts::add(db, ended.iter().map(|(receipt, state)| (receipt, *state)))
}

/// Asks a running service to do a job; the number of the request.
///
/// # Errors
/// Where the database cannot be written.
pub fn ask(db: &mut Db, name: &str, argument: &str) -> Result<i64, StorageError> {
    let id = i64::from(rand::random::<u32>());
    diesel::insert_into(job_request::table)
        .values((
            job_request::id.eq(id),
            job_request::job.eq(name),
            job_request::argument.eq(argument),
            job_request::outcome.eq(None::<String>),
        ))
        .execute(db)?;
    Ok(id)
}

/// What became of a request: `None` while it waits.
///
/// # Errors
/// Where the database cannot be read.
pub fn outcome(db: &mut Db, id: i64) -> Result<Option<String>, StorageError> {
    let outcome: Option<Option<String>> =
        job_request::table.find(id).select(job_request::outcome).get_result(db).optional()?;
    Ok(outcome.flatten())
}

/// Takes a request back that no service answered, or clears one that was answered.
///
/// # Errors
/// Where the database cannot be written.
pub fn clear(db: &mut Db, id: i64) -> Result<(), StorageError> {
    diesel::delete(job_request::table.find(id)).execute(db)?;
    Ok(())
}

/// Requests of a job that wait: number and argument, in a fixed order.
///
/// # Errors
/// Where the database cannot be read.
pub fn asked(db: &mut Db, name: &str) -> Result<Vec<(i64, String)>, StorageError> {
    Ok(job_request::table
        .filter(job_request::job.eq(name))
        .filter(job_request::outcome.is_null())
        .order(job_request::id.asc())
        .select((job_request::id, job_request::argument))
        .load(db)?)
}

/// Answers a request.
///
/// # Errors
/// Where the database cannot be written.
pub fn answer(db: &mut Db, id: i64, outcome: &str) -> Result<(), StorageError> {
    diesel::update(job_request::table.find(id)).set(job_request::outcome.eq(outcome)).execute(db)?;
    Ok(())
}
