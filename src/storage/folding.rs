//! Fold: waiting answers of one place, five or more, become part of its block and its tally, in a transaction
//! of their own. This is where an answer loses its order, and every key and code that came with it.

use diesel::{ExpressionMethods as _, Insertable, QueryDsl as _, RunQueryDsl as _};

use super::{
    Db, StorageError, blocks,
    inbox::{Place, put_made},
    months::{self, MonthState, Months},
    schema::{comment, inbox, job},
    tallies,
};
use crate::{
    domain::{block::Record, catalogue::Catalogue, form::Form, response::Response, tally::Tally},
    keys::SecretKeys,
};

/// The handful: no figure moves by fewer people's answers.
pub const HANDFUL: u64 = 5;
/// Answers folded in one transaction: few enough that nobody's acknowledgement waits for long.
const SLICE: u64 = 1024;

/// What folding needs beside the database.
#[derive(Debug, Clone, Copy)]
pub struct Folder<'a> {
    /// The published forms.
    pub forms: &'a Catalogue,
    /// The key that opens waiting answers.
    pub keys: &'a SecretKeys,
}

/// What one fold did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Folded {
    /// Answers folded.
    pub responses: u64,
    /// Answers moved from a closed month to an open one, where they wait.
    pub carried: u64,
    /// Whether there may be more to fold at once.
    pub more: bool,
    /// Places whose answers cannot be read here: sealed with another key, damaged, or of a form that this node does
    /// not know yet. They wait.
    pub left: u64,
}

#[derive(Insertable)]
#[diesel(table_name = comment)]
struct CommentRow {
    id: Vec<u8>,
    unit: String,
    form: String,
    month: i32,
    language: String,
    question: String,
    body: String,
}

/// Folds what is ripe, at most a slice, in one transaction.
///
/// # Errors
/// Where an answer was sealed with another key, or the database cannot be written: then nothing is folded.
pub fn fold(db: &mut Db, folder: Folder<'_>) -> Result<Folded, StorageError> {
    db.write(|db| {
        if !lock(db, Patience::Skip)? {
            return Ok(Folded { more: true, ..Folded::default() });
        }
        let months = months::states(db)?;
        let carried = carry_late(db, &months)?;
        let mut done = Folded { carried, ..Folded::default() };
        for (place, waiting) in tallies::waiting(db)? {
            if waiting < HANDFUL || months.state(place.month) != MonthState::Open {
                continue;
            }
            if done.responses + HANDFUL > SLICE {
                done.more = true;
                break;
            }
            let most = waiting.min(SLICE - done.responses);
            match fold_place(db, folder, &place, most) {
                Ok(number) => {
                    done.responses += number;
                    done.more |= most < waiting;
                }
                // Found before anything of the place was written: the others go on.
                Err(StorageError::Sealed | StorageError::Damaged { .. }) => done.left += 1,
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    })
}

/// What to do where another node folds or closes at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// Let it.
    Skip,
    /// Wait for it.
    Wait,
}

/// Takes the lock of folding and closing until the end of the transaction. A write transaction of SQLite is
/// alone already.
pub(super) fn lock(db: &mut Db, patience: Patience) -> Result<bool, StorageError> {
    let Db::Postgres(c) = db else { return Ok(true) };
    let row = job::table.filter(job::name.eq("fold")).select(job::name).for_update();
    let held: Vec<String> = match patience {
        Patience::Skip => row.skip_locked().load(c)?,
        Patience::Wait => row.load(c)?,
    };
    Ok(!held.is_empty())
}

/// Answers of a closed month count in the month that is open.
fn carry_late(db: &mut Db, months: &Months) -> Result<u64, StorageError> {
    let waiting: Vec<i32> = inbox::table.select(inbox::month).distinct().load(db)?;
    let mut carried = 0;
    for number in waiting {
        let month = crate::domain::period::Month::from_number(number);
        if months.is_closed(month) {
            carried += carry(db, month.number(), months.counts_in(month).number())?;
        }
    }
    Ok(carried)
}

/// Moves what waits in one month to another.
pub(super) fn carry(db: &mut Db, from: i32, to: i32) -> Result<u64, StorageError> {
    let moved =
        diesel::update(inbox::table.filter(inbox::month.eq(from))).set(inbox::month.eq(to)).execute(db)?;
    Ok(u64::try_from(moved).unwrap_or(0))
}

/// Folds at most `most` answers of a place; how many it were.
pub(super) fn fold_place(
    db: &mut Db,
    folder: Folder<'_>,
    place: &Place,
    most: u64,
) -> Result<u64, StorageError> {
    let (ids, responses) = opened(db, folder.keys, place, most)?;
    store(db, tallies::form_of(folder.forms, place)?, place, responses)?;
    remove(db, place, &ids)?;
    Ok(u64::try_from(ids.len()).unwrap_or(0))
}

/// At most `most` answers that wait at a place, with their ids.
fn opened(
    db: &mut Db,
    keys: &SecretKeys,
    place: &Place,
    most: u64,
) -> Result<(Vec<Vec<u8>>, Vec<Response>), StorageError> {
    // In the order of random ids: which of them are left for the next fold says nothing either.
    let rows: Vec<(Vec<u8>, Vec<u8>)> = inbox::table
        .filter(inbox::unit.eq(place.unit.as_str()))
        .filter(inbox::form.eq(place.form.as_str()))
        .filter(inbox::version.eq(i32::from(place.version)))
        .filter(inbox::month.eq(place.month.number()))
        .filter(inbox::class.eq(place.class.number()))
        .order(inbox::id.asc())
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select((inbox::id, inbox::sealed))
        .load(db)?;
    let bound = place.bound();
    let mut responses = Vec::with_capacity(rows.len());
    for (_, sealed) in &rows {
        let bytes = keys.unseal(sealed, &bound).map_err(|_key| StorageError::Sealed)?;
        let read = Response::from_bytes(place.unit.clone(), place.form.clone(), place.version, &bytes);
        responses.push(read.map_err(|error| StorageError::damaged(error.to_string()))?);
    }
    Ok((rows.into_iter().map(|(id, _)| id).collect(), responses))
}

/// Removes exactly these, whatever came meanwhile; they are in the order of their ids.
fn remove(db: &mut Db, place: &Place, ids: &[Vec<u8>]) -> Result<(), StorageError> {
    let Some(last) = ids.last() else { return Ok(()) };
    let here = inbox::table
        .filter(inbox::unit.eq(place.unit.as_str()))
        .filter(inbox::form.eq(place.form.as_str()))
        .filter(inbox::version.eq(i32::from(place.version)))
        .filter(inbox::month.eq(place.month.number()))
        .filter(inbox::class.eq(place.class.number()));
    match db {
        // Nobody else writes during this transaction: they are all there are up to the last of them.
        Db::Sqlite(c) => diesel::delete(here.filter(inbox::id.le(last))).execute(c)?,
        Db::Postgres(c) => diesel::delete(here.filter(inbox::id.eq_any(ids))).execute(c)?,
    };
    Ok(())
}

/// Appends responses to the block of a place, adds them to its tally and puts their comments apart.
pub(super) fn store(
    db: &mut Db,
    form: &Form,
    place: &Place,
    responses: Vec<Response>,
) -> Result<(), StorageError> {
    if responses.is_empty() {
        return Ok(());
    }
    let mut tally = Tally::empty(form);
    let mut comments = Vec::new();
    let mut records = Vec::with_capacity(responses.len());
    for response in responses {
        let record = record(place, response, &mut comments);
        if record.row.len() != form.width() {
            return Err(StorageError::damaged("an answer does not have the shape of its form"));
        }
        tally.add_row(form, &record.row, record.carried());
        records.push(record);
    }
    blocks::append(db, place, form.width(), &mut records)?;
    tallies::add(db, form, place, &tally)?;
    put_apart(db, comments)
}

fn record(place: &Place, response: Response, comments: &mut Vec<CommentRow>) -> Record {
    for (question, body) in response.answers.texts {
        comments.push(CommentRow {
            id: rand::random::<[u8; 16]>().to_vec(),
            unit: place.unit.to_string(),
            form: place.form.to_string(),
            month: place.month.number(),
            language: response.language.to_string(),
            question: question.to_string(),
            body,
        });
    }
    let own_month = response.day.month() == place.month;
    Record {
        day: if own_month { response.day.of_month() } else { 0 },
        service_field: response.service_field,
        channel: response.channel,
        language: response.language,
        assisted: response.assisted,
        pace: response.pace,
        flags: response.flags.0,
        row: response.answers.row,
    }
}

fn put_apart(db: &mut Db, mut comments: Vec<CommentRow>) -> Result<(), StorageError> {
    comments.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    match db {
        Db::Sqlite(c) => {
            for row in &comments {
                diesel::insert_into(comment::table).values(row).execute(c)?;
            }
        }
        Db::Postgres(c) => {
            for chunk in comments.chunks(1000) {
                diesel::insert_into(comment::table).values(chunk).execute(c)?;
            }
        }
    }
    Ok(())
}

/// Folds responses that were made up (the demo's), all of one place, in one step, with those that wait there. Fewer
/// than a handful are sealed and wait, as they would.
///
/// # Errors
/// Where the database cannot be written, or what waits was sealed with another key.
pub fn fold_made(
    db: &mut Db,
    folder: Folder<'_>,
    place: &Place,
    made: Vec<Response>,
) -> Result<(), StorageError> {
    db.write(|db| {
        let (ids, mut responses) = opened(db, folder.keys, place, u64::MAX)?;
        responses.extend(made);
        remove(db, place, &ids)?;
        if responses.len() >= usize::try_from(HANDFUL).unwrap_or(usize::MAX) {
            return store(db, tallies::form_of(folder.forms, place)?, place, responses);
        }
        let seal = |response: &Response| folder.keys.seal(&response.to_bytes(), &place.bound());
        let sealed: Result<Vec<_>, _> = responses.iter().map(seal).collect();
        put_made(db, place, &sealed.map_err(|_too_long| StorageError::Sealed)?)
    })
}
