//! The queues of tablets: which numbers came, what the tablet said last, what was refused.
//!
//! A number is taken in two short transactions around that of the answer, never in one with it: [`claim`] before,
//! [`settle`] after. So nothing that the database keeps joins a number to an answer. Between them a claim stands under the
//! number, and the database lets one stand only.

use std::collections::HashMap;

use diesel::{
    ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _, Queryable, RunQueryDsl as _,
    Selectable, SelectableHelper as _,
};

use super::{
    Db, StorageError,
    connection::on_both,
    queue_keys,
    schema::{device_claim, device_queue, device_refusal},
};
use crate::domain::{period::Day, sequences::Sequences};

/// Weeks after which a claim that was never settled counts as done: its retry key may be forgotten by then, so that nobody
/// could tell any more whether the answer came. Once and never twice is the promise.
const CLAIM_WEEKS: i32 = 2;

/// What is known of a tablet's queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// The tablet.
    pub device: [u8; 16],
    /// The day on which it enrolled first: nothing was answered before.
    pub first_day: Day,
    /// The numbers that came.
    pub came: Sequences,
    /// The last number that it said to have given.
    pub given: u32,
    /// When it last spoke, in seconds since 1970.
    pub seen: Option<i64>,
    /// What it said then.
    pub word: Word,
}

/// What a tablet says of itself, each minute.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Word {
    /// The version of its program.
    pub app: String,
    /// How many answers wait on it.
    pub waiting: u32,
    /// How long the oldest of them waits, in seconds.
    pub oldest: u32,
    /// The last number that it gave.
    pub given: u32,
    /// How its storage is: `persistent`, `best_effort`, `full` or `failing`.
    pub storage: String,
    /// Its battery in percent.
    pub battery: Option<u8>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = device_queue)]
struct Row {
    device: Vec<u8>,
    first_day: i32,
    sequences: String,
    given: i32,
    queue_key: i32,
    seen: Option<i64>,
    waiting: i32,
    oldest: i64,
    app: String,
    storage: String,
    battery: Option<i32>,
}

impl TryFrom<Row> for Queue {
    type Error = StorageError;

    fn try_from(row: Row) -> Result<Self, StorageError> {
        let damaged = || StorageError::damaged("the queue of a tablet");
        let whole = |number: i32| u32::try_from(number).map_err(|_range| damaged());
        let given = whole(row.given)?;
        Ok(Self {
            device: row.device.as_slice().try_into().map_err(|_length| damaged())?,
            first_day: Day::from_number(row.first_day),
            came: row.sequences.parse().map_err(|_ranges| damaged())?,
            given,
            seen: row.seen,
            word: Word {
                app: row.app,
                waiting: whole(row.waiting)?,
                oldest: u32::try_from(row.oldest).map_err(|_range| damaged())?,
                given,
                storage: row.storage,
                battery: row.battery.and_then(|percent| u8::try_from(percent).ok()),
            },
        })
    }
}

impl Queue {
    /// The number that the tablet gives next, also where it lost its memory: no number twice.
    #[must_use]
    pub fn next(&self) -> u32 {
        self.given.max(self.came.highest()).saturating_add(1)
    }

    /// The ranges of numbers that were given, are not here, and do not wait on the tablet either, as far as it said: the
    /// last of those that are missing are the ones that wait.
    #[must_use]
    pub fn lost(&self) -> u64 {
        let given = self.given.max(self.came.highest());
        let missing = u64::from(given).saturating_sub(self.came.count());
        missing.saturating_sub(u64::from(self.word.waiting))
    }
}

/// Begins the queue of a tablet that enrols; one that is there goes on as it is.
///
/// # Errors
/// Where the database cannot be written.
pub fn begin(db: &mut Db, device: [u8; 16], first_day: Day) -> Result<Queue, StorageError> {
    let newest = queue_keys::newest(db)?.map_or(1, |key| key.number);
    let row = Row {
        device: device.to_vec(),
        first_day: first_day.number(),
        sequences: String::new(),
        given: 0,
        queue_key: newest,
        seen: None,
        waiting: 0,
        oldest: 0,
        app: String::new(),
        storage: String::new(),
        battery: None,
    };
    on_both!(db, c => diesel::insert_into(device_queue::table).values(&row).on_conflict_do_nothing().execute(c))?;
    held(db, device)
}

/// The queue, whose row nobody else changes until the transaction ends.
fn held(db: &mut Db, device: [u8; 16]) -> Result<Queue, StorageError> {
    if let Db::Postgres(c) = db {
        let row = device_queue::table.find(device.to_vec()).select(device_queue::device).for_update();
        let _held: Vec<u8> = row.first(c)?;
    }
    let row: Row = device_queue::table.find(device.to_vec()).select(Row::as_select()).first(db)?;
    row.try_into()
}

/// All queues, by tablet.
///
/// # Errors
/// Where the database cannot be read.
pub fn all(db: &mut Db) -> Result<HashMap<[u8; 16], Queue>, StorageError> {
    let rows: Vec<Row> = device_queue::table.select(Row::as_select()).load(db)?;
    let queues = rows.into_iter().map(Queue::try_from);
    queues.map(|queue| queue.map(|queue| (queue.device, queue))).collect()
}

/// Reasons and how many entries were refused for each, by tablet.
pub type Refusals = HashMap<[u8; 16], Vec<(String, i64)>>;

/// How many entries were refused, by tablet and reason.
///
/// # Errors
/// Where the database cannot be read.
pub fn refusals(db: &mut Db) -> Result<Refusals, StorageError> {
    let order = (device_refusal::device.asc(), device_refusal::reason.asc());
    let rows: Vec<(Vec<u8>, String, i64)> = device_refusal::table.order(order).load(db)?;
    let mut by_device = Refusals::new();
    for (device, reason, entries) in rows {
        let damaged = |_length| StorageError::damaged("a refusal of a tablet's entry");
        let device = device.as_slice().try_into().map_err(damaged)?;
        by_device.entry(device).or_default().push((reason, entries));
    }
    Ok(by_device)
}

/// One entry that would be taken: its number, and a hash of its key that is used nowhere else.
pub type Claim = (u32, [u8; 32]);

/// Whether an entry is to be looked at, or was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// It is to be looked at: its number is new, or was claimed by itself and never settled.
    Ours,
    /// Its number came before; nothing is added.
    Before,
    /// It was claimed by itself so long ago that it counts as done; nothing is added.
    Late,
}

/// Claims the numbers of a batch, in a transaction of its own; of each, whether it is to be looked at.
///
/// # Errors
/// Where the database cannot be written.
pub fn claim(
    db: &mut Db,
    (device, first_day): ([u8; 16], Day),
    entries: &[Claim],
    today: Day,
) -> Result<(Queue, Vec<Claimed>), StorageError> {
    db.write(|db| {
        let queue = begin(db, device, first_day)?;
        let mut outcomes = Vec::with_capacity(entries.len());
        for (sequence, claim) in entries {
            outcomes.push(if queue.came.has(*sequence) {
                Claimed::Before
            } else {
                claim_one(db, device, (*sequence, *claim), today)?
            });
        }
        Ok((queue, outcomes))
    })
}

fn claim_one(
    db: &mut Db,
    device: [u8; 16],
    (sequence, claim): Claim,
    today: Day,
) -> Result<Claimed, StorageError> {
    let row = (
        device_claim::device.eq(device.to_vec()),
        device_claim::sequence.eq(number(sequence)?),
        device_claim::claim.eq(claim.to_vec()),
        device_claim::week.eq(today.week()),
    );
    let new = on_both!(db, c => diesel::insert_into(device_claim::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    if new == 1 {
        return Ok(Claimed::Ours);
    }
    let there: Option<(Vec<u8>, i32)> = device_claim::table
        .find((device.to_vec(), number(sequence)?))
        .select((device_claim::claim, device_claim::week))
        .first(db)
        .optional()?;
    Ok(match there {
        Some((hash, week)) if hash == claim && today.week() - week < CLAIM_WEEKS => Claimed::Ours,
        Some((hash, _)) if hash == claim => Claimed::Late,
        Some(_) | None => Claimed::Before,
    })
}

/// An entry that was decided over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done {
    /// Its number; `None` where it had none that could be read.
    pub sequence: Option<u32>,
    /// The key that it was sealed to; `None` where that is not known.
    pub queue_key: Option<i32>,
    /// Why it was refused, where it was.
    pub refused: Option<&'static str>,
}

/// Notes what became of a batch, in a transaction of its own: the numbers came, the claims go, refusals are counted.
///
/// # Errors
/// Where the database cannot be written.
pub fn settle(db: &mut Db, device: [u8; 16], done: &[Done]) -> Result<(), StorageError> {
    if done.is_empty() {
        return Ok(());
    }
    db.write(|db| {
        let mut queue = held(db, device)?;
        for reason in done.iter().filter_map(|done| done.refused) {
            count_refusal(db, device, reason)?;
        }
        for sequence in done.iter().filter_map(|done| done.sequence) {
            queue.came.put(sequence);
            let claim = device_claim::table.find((device.to_vec(), number(sequence)?));
            diesel::delete(claim).execute(db)?;
        }
        let given = number(queue.given.max(queue.came.highest()))?;
        let row = device_queue::table.find(device.to_vec());
        diesel::update(row)
            .set((device_queue::sequences.eq(queue.came.to_string()), device_queue::given.eq(given)))
            .execute(db)?;
        sent_under(db, device, done.iter().filter_map(|done| done.queue_key).max())
    })
}

/// A tablet sends the oldest first: what it sends under a newer key says that nothing under older ones is left on it.
fn sent_under(db: &mut Db, device: [u8; 16], key: Option<i32>) -> Result<(), StorageError> {
    let Some(key) = key else { return Ok(()) };
    let older = device_queue::table
        .filter(device_queue::device.eq(device.to_vec()))
        .filter(device_queue::queue_key.lt(key));
    if diesel::update(older).set(device_queue::queue_key.eq(key)).execute(db)? > 0 {
        queue_keys::forget_old(db)?;
    }
    Ok(())
}

fn count_refusal(db: &mut Db, device: [u8; 16], reason: &str) -> Result<(), StorageError> {
    let row = (
        device_refusal::device.eq(device.to_vec()),
        device_refusal::reason.eq(reason),
        device_refusal::entries.eq(1_i64),
    );
    on_both!(db, c => diesel::insert_into(device_refusal::table)
        .values(row)
        .on_conflict((device_refusal::device, device_refusal::reason))
        .do_update()
        .set(device_refusal::entries.eq(device_refusal::entries + 1))
        .execute(c))?;
    Ok(())
}

/// Keeps what a tablet says of itself.
///
/// # Errors
/// Where the database cannot be written.
pub fn heard(
    db: &mut Db,
    (device, first_day): ([u8; 16], Day),
    word: &Word,
    now: i64,
) -> Result<Queue, StorageError> {
    db.write(|db| {
        let mut queue = begin(db, device, first_day)?;
        let given = queue.given.max(word.given);
        diesel::update(device_queue::table.find(device.to_vec()))
            .set((
                device_queue::given.eq(number(given)?),
                device_queue::seen.eq(now),
                device_queue::waiting.eq(number(word.waiting)?),
                device_queue::oldest.eq(i64::from(word.oldest)),
                device_queue::app.eq(&word.app),
                device_queue::storage.eq(&word.storage),
                device_queue::battery.eq(word.battery.map(i32::from)),
            ))
            .execute(db)?;
        queue.given = given;
        Ok(queue)
    })
}

/// A number of a tablet as the table holds it.
fn number(number: u32) -> Result<i32, StorageError> {
    i32::try_from(number).map_err(|_range| StorageError::damaged("a number of a tablet"))
}
