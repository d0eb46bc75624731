//! Key pairs of the tablets' queues: the newest is given to tablets, older ones stay while something sealed to them may come.

use diesel::{
    ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _, Queryable, RunQueryDsl as _,
    Selectable, SelectableHelper as _,
    dsl::{max, min},
};

use super::{
    Db, StorageError,
    connection::on_both,
    schema::{device_queue, queue_key},
};
use crate::{domain::period::Day, keys::queue::QueuePair};

/// A key pair with its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueKey {
    /// 1, 2, 3 ...
    pub number: i32,
    /// Both halves, the private one sealed.
    pub pair: QueuePair,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = queue_key)]
struct Row {
    number: i32,
    public: Vec<u8>,
    private: Vec<u8>,
    created_day: i32,
}

impl From<Row> for QueueKey {
    fn from(row: Row) -> Self {
        Self { number: row.number, pair: QueuePair { public: row.public, private: row.private } }
    }
}

/// The newest pair; `None` where there is none yet.
///
/// # Errors
/// Where the database cannot be read.
pub fn newest(db: &mut Db) -> Result<Option<QueueKey>, StorageError> {
    let newest = queue_key::table.order(queue_key::number.desc()).select(Row::as_select());
    Ok(newest.first::<Row>(db).optional()?.map(QueueKey::from))
}

/// All pairs, the oldest first: a handful at most.
///
/// # Errors
/// Where the database cannot be read.
pub fn all(db: &mut Db) -> Result<Vec<QueueKey>, StorageError> {
    let rows: Vec<Row> = queue_key::table.order(queue_key::number.asc()).select(Row::as_select()).load(db)?;
    Ok(rows.into_iter().map(QueueKey::from).collect())
}

/// Keeps a new pair under this number, unless somebody else was faster; the pair that has the number now.
///
/// # Errors
/// Where the database cannot be written.
pub fn add(db: &mut Db, number: i32, pair: &QueuePair, today: Day) -> Result<QueueKey, StorageError> {
    let row = Row {
        number,
        public: pair.public.clone(),
        private: pair.private.clone(),
        created_day: today.number(),
    };
    on_both!(db, c => diesel::insert_into(queue_key::table).values(&row).on_conflict_do_nothing().execute(c))?;
    Ok(queue_key::table.find(number).select(Row::as_select()).first::<Row>(db)?.into())
}

/// Forgets pairs under which nothing can come any more: every tablet that ever enrolled has sent under a newer one. How many.
///
/// # Errors
/// Where the database cannot be written.
pub fn forget_old(db: &mut Db) -> Result<usize, StorageError> {
    let oldest: Option<i32> = device_queue::table.select(min(device_queue::queue_key)).first(db)?;
    let newest: Option<i32> = queue_key::table.select(max(queue_key::number)).first(db)?;
    let Some(needed) = oldest.or(newest) else { return Ok(0) };
    Ok(diesel::delete(queue_key::table.filter(queue_key::number.lt(needed))).execute(db)?)
}
