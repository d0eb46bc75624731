//! Accept: one transaction for all who wait. It keeps their retry keys, spends their codes and appends their
//! sealed answers, and nothing else: its cost does not depend on history.

mod at_once;
mod claims;
mod statements;

use std::collections::HashSet;

use diesel::{QueryDsl as _, RunQueryDsl as _};

use self::statements::{Append, AppendAll};
use super::{Db, StorageError, schema::inbox};
use crate::domain::{
    ids::{FormId, UnitCode},
    period::{Day, Month},
    receipt::{CodeHash, ReceiptState},
    response::Class,
};

/// An answer that waits to be accepted. It is sealed already: the writer never sees what was answered.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// Keyed hash of the submission key.
    pub retry_hash: [u8; 32],
    /// Fingerprint of the content, made with the submission key itself.
    pub fingerprint: [u8; 32],
    /// The code it spends, where it came by receipt.
    pub receipt: Option<CodeHash>,
    /// The day it came: on which the code must be valid.
    pub today: Day,
    /// Where it will be folded.
    pub place: Place,
    /// The sealed answer.
    pub sealed: Vec<u8>,
}

/// Where an answer is folded: what the inbox knows of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The unit.
    pub unit: UnitCode,
    /// The instrument.
    pub form: FormId,
    /// Its version.
    pub version: u16,
    /// The month of the answer's day.
    pub month: Month,
    /// Posters, or all other channels.
    pub class: Class,
}

impl Place {
    /// What a sealed answer is bound to: it cannot be moved to another unit or form unnoticed. The month is
    /// left out, because an answer may be carried to a later one.
    #[must_use]
    pub fn bound(&self) -> Vec<u8> {
        format!("{}\n{}\n{}\n{}", self.unit, self.form, self.version, self.class.number()).into_bytes()
    }

    /// Reads a place from columns.
    pub(super) fn read(row: (String, String, i32, i32, i16)) -> Result<Self, StorageError> {
        let (unit, form, version, month, class) = row;
        let damaged = || StorageError::damaged("unit, form, version or class of a row");
        Ok(Self {
            unit: unit.parse().map_err(|_name| damaged())?,
            form: form.parse().map_err(|_name| damaged())?,
            version: u16::try_from(version).map_err(|_range| damaged())?,
            month: Month::from_number(month),
            class: Class::of_number(class).ok_or_else(damaged)?,
        })
    }
}

/// What became of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// It is on disk.
    Stored,
    /// The same key with the same content was here before; nothing was added.
    Repeated,
    /// The same key was here before with other content.
    KeyConflict,
    /// There is no such code.
    UnknownCode,
    /// The code cannot be used, because it is in this state.
    NotUsable(ReceiptState),
}

/// Accepts a group in one transaction; the outcome of each, in order. On a server nearly all of them are accepted by one
/// statement, which is a transaction; those that are left are looked at in a second one.
///
/// # Errors
/// Where a transaction could not be committed: then nobody may be told that anything of the group was stored.
pub fn accept(db: &mut Db, group: &[Waiting]) -> Result<Vec<Accepted>, StorageError> {
    let mut outcomes = vec![Accepted::KeyConflict; group.len()];
    let left: Vec<usize> = match db {
        Db::Sqlite(_) => (0..group.len()).collect(),
        Db::Postgres(c) => at_once::accept(c, group, &mut outcomes)?,
    };
    if left.is_empty() {
        return Ok(outcomes);
    }
    db.write(|db| {
        for round in rounds(group, &left) {
            claims::with_key(db, group, &round, &mut outcomes)?;
            claims::with_code(db, group, &round, &mut outcomes)?;
        }
        append(db, group, &left, &outcomes)
    })?;
    Ok(outcomes)
}

/// Nearly always all in one round. Who sends a key that another of the group sent too comes in a round of its
/// own afterwards, and finds what the first one left.
fn rounds(group: &[Waiting], left: &[usize]) -> Vec<Vec<usize>> {
    let mut seen = HashSet::new();
    let (first, again): (Vec<usize>, Vec<usize>) = left
        .iter()
        .partition(|index| group.get(**index).is_some_and(|waiting| seen.insert(waiting.retry_hash)));
    std::iter::once(first).chain(again.into_iter().map(|index| vec![index])).collect()
}

fn append(db: &mut Db, group: &[Waiting], left: &[usize], outcomes: &[Accepted]) -> Result<(), StorageError> {
    let stored = left.iter().filter(|index| outcomes.get(**index) == Some(&Accepted::Stored));
    let answers = stored.filter_map(|index| group.get(*index));
    put(db, answers.map(|waiting| (&waiting.place, waiting.sealed.as_slice())).collect())
}

/// Puts sealed answers that were made up (the demo's) where they wait for the rest of a handful.
///
/// # Errors
/// Where the database cannot be written.
pub(super) fn put_made(db: &mut Db, place: &Place, sealed: &[Vec<u8>]) -> Result<(), StorageError> {
    put(db, sealed.iter().map(|bytes| (place, bytes.as_slice())).collect())
}

fn put(db: &mut Db, answers: Vec<(&Place, &[u8])>) -> Result<(), StorageError> {
    if answers.is_empty() {
        return Ok(());
    }
    // By place and random id: neither the order of coming nor that of the codes is kept.
    let begin = together(db);
    let mut rows: Vec<_> = answers.into_iter().map(|(p, sealed)| (p, id(begin), sealed)).collect();
    rows.sort_unstable_by(|(a, a_id, _), (b, b_id, _)| (a, a_id).cmp(&(b, b_id)));
    match db {
        Db::Sqlite(c) => {
            for (place, id, sealed) in &rows {
                let one = Append {
                    id,
                    unit: place.unit.as_str(),
                    form: place.form.as_str(),
                    version: place.version.into(),
                    month: place.month.number(),
                    class: place.class.number(),
                    sealed,
                };
                one.execute(c)?;
            }
        }
        Db::Postgres(c) => {
            let all = AppendAll {
                ids: rows.iter().map(|(_, id, _)| id.as_slice()).collect(),
                units: rows.iter().map(|(place, ..)| place.unit.as_str()).collect(),
                forms: rows.iter().map(|(place, ..)| place.form.as_str()).collect(),
                versions: rows.iter().map(|(place, ..)| place.version.into()).collect(),
                months: rows.iter().map(|(place, ..)| place.month.number()).collect(),
                classes: rows.iter().map(|(place, ..)| place.class.number()).collect(),
                sealed: rows.iter().map(|(.., sealed)| *sealed).collect(),
            };
            all.execute(c)?;
        }
    }
    Ok(())
}

/// How the ids of one transaction begin: in a file its rows lie side by side until they are folded, so that they share
/// pages instead of taking one each. On a server a row lies where there is room, whatever its id.
fn together(db: &Db) -> Option<[u8; 8]> {
    matches!(db, Db::Sqlite(_)).then(rand::random)
}

fn id(begin: Option<[u8; 8]>) -> [u8; 16] {
    let mut id: [u8; 16] = rand::random();
    if let (Some(begin), Some(first)) = (begin, id.first_chunk_mut()) {
        *first = begin;
    }
    id
}

/// How many answers wait, of everything.
///
/// # Errors
/// Where the database cannot be read.
pub fn waiting(db: &mut Db) -> Result<i64, StorageError> {
    Ok(inbox::table.count().get_result(db)?)
}
