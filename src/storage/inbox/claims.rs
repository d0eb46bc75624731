//! The two claims that an answer makes: on its submission key, and on its code.

use std::collections::HashMap;

use diesel::{ExpressionMethods as _, Insertable, QueryDsl as _, RunQueryDsl as _};

use super::{Accepted, Waiting};
use crate::{
    domain::{
        period::Day,
        receipt::{CodeHash, ReceiptState},
    },
    storage::{
        Db, StorageError,
        receipts::state_of,
        schema::{receipt, receipt_past, retry_key},
    },
};

#[derive(Insertable)]
#[diesel(table_name = retry_key)]
struct KeyRow {
    key_hash: Vec<u8>,
    fingerprint: Vec<u8>,
    week: i32,
}

/// Answers without a code: the key is the only thing that can be taken already.
pub(super) fn with_key(
    db: &mut Db,
    group: &[Waiting],
    round: &[usize],
    outcomes: &mut [Accepted],
) -> Result<(), StorageError> {
    let mut mine: Vec<(usize, &Waiting)> = pick(group, round, |w| w.receipt.is_none());
    // Sorted, so that two nodes take the same keys in the same order and never wait for each other in a ring.
    mine.sort_unstable_by_key(|(_, w)| w.retry_hash);
    let rows: Vec<KeyRow> = mine
        .iter()
        .map(|(_, w)| KeyRow {
            key_hash: w.retry_hash.to_vec(),
            fingerprint: w.fingerprint.to_vec(),
            week: w.today.week(),
        })
        .collect();
    let taken = claim_keys(db, &rows)?;
    for (index, waiting) in mine {
        let outcome = match taken.get(waiting.retry_hash.as_slice()) {
            None => Accepted::Stored,
            Some(fingerprint) if *fingerprint == waiting.fingerprint => Accepted::Repeated,
            Some(_) => Accepted::KeyConflict,
        };
        set(outcomes, index, outcome);
    }
    Ok(())
}

/// Inserts the keys; of those that were there before, their fingerprints.
fn claim_keys(db: &mut Db, rows: &[KeyRow]) -> Result<HashMap<Vec<u8>, Vec<u8>>, StorageError> {
    let mut there: Vec<&[u8]> = Vec::new();
    match db {
        Db::Sqlite(c) => {
            for row in rows {
                let insert = diesel::insert_into(retry_key::table).values(row).on_conflict_do_nothing();
                if insert.execute(c)? == 0 {
                    there.push(&row.key_hash);
                }
            }
        }
        Db::Postgres(c) if !rows.is_empty() => {
            let insert = diesel::insert_into(retry_key::table).values(rows).on_conflict_do_nothing();
            let inserted: Vec<Vec<u8>> = insert.returning(retry_key::key_hash).get_results(c)?;
            let inserted: std::collections::HashSet<Vec<u8>> = inserted.into_iter().collect();
            there.extend(rows.iter().map(|r| r.key_hash.as_slice()).filter(|k| !inserted.contains(*k)));
        }
        Db::Postgres(_) => {}
    }
    if there.is_empty() {
        return Ok(HashMap::new());
    }
    let known: Vec<(Vec<u8>, Vec<u8>)> = retry_key::table
        .filter(retry_key::key_hash.eq_any(there))
        .select((retry_key::key_hash, retry_key::fingerprint))
        .load(db)?;
    Ok(known.into_iter().collect())
}

type CodeRow = (Vec<u8>, i32, i16, Option<Vec<u8>>, Option<Vec<u8>>);

/// Answers by receipt: the key is looked at first (it stands in the receipt's row), then the code.
pub(super) fn with_code(
    db: &mut Db,
    group: &[Waiting],
    round: &[usize],
    outcomes: &mut [Accepted],
) -> Result<(), StorageError> {
    let mut mine: Vec<(usize, &Waiting)> = pick(group, round, |w| w.receipt.is_some());
    if mine.is_empty() {
        return Ok(());
    }
    mine.sort_by_key(|(index, w)| (w.receipt, *index));
    let codes: Vec<&[u8]> = mine.iter().filter_map(|(_, w)| w.receipt.as_ref()).map(hash_bytes).collect();
    let mut rows: HashMap<Vec<u8>, CodeRow> =
        lock_codes(db, &codes)?.into_iter().map(|row| (row.0.clone(), row)).collect();
    let mut spent: Vec<&Waiting> = Vec::new();
    for (index, waiting) in mine {
        let Some(code) = waiting.receipt.as_ref() else { continue };
        let outcome = match rows.get_mut(hash_bytes(code)) {
            Some(row) => judge(row, waiting)?,
            None => past(db, code)?,
        };
        if outcome == Accepted::Stored {
            spent.push(waiting);
        }
        set(outcomes, index, outcome);
    }
    spend(db, &spent)
}

/// Reads the rows of these codes; on a server they stay locked, in a fixed order, until the commit.
fn lock_codes(db: &mut Db, codes: &[&[u8]]) -> Result<Vec<CodeRow>, StorageError> {
    let columns =
        (receipt::code_hash, receipt::expires_day, receipt::state, receipt::retry_hash, receipt::fingerprint);
    let rows = receipt::table.filter(receipt::code_hash.eq_any(codes)).select(columns);
    Ok(match db {
        Db::Sqlite(c) => rows.load(c)?,
        Db::Postgres(c) => rows.order(receipt::code_hash.asc()).for_update().load(c)?,
    })
}

/// Decides over one code and notes the decision in `row`, for a second submission of the same group.
fn judge(row: &mut CodeRow, waiting: &Waiting) -> Result<Accepted, StorageError> {
    let (_, expires, state, retry_hash, fingerprint) = row;
    if retry_hash.as_deref() == Some(waiting.retry_hash.as_slice()) {
        let same = fingerprint.as_deref() == Some(waiting.fingerprint.as_slice());
        return Ok(if same { Accepted::Repeated } else { Accepted::KeyConflict });
    }
    let stored = state_of(*state)?;
    if stored != ReceiptState::Issued {
        return Ok(Accepted::NotUsable(stored));
    }
    if waiting.today > Day::from_number(*expires) {
        return Ok(Accepted::NotUsable(ReceiptState::Expired));
    }
    *state = USED;
    *retry_hash = Some(waiting.retry_hash.to_vec());
    *fingerprint = Some(waiting.fingerprint.to_vec());
    Ok(Accepted::Stored)
}

const USED: i16 = 1;

fn past(db: &mut Db, code: &CodeHash) -> Result<Accepted, StorageError> {
    use diesel::OptionalExtension as _;
    let found: Option<i16> =
        receipt_past::table.find(hash_bytes(code)).select(receipt_past::state).first(db).optional()?;
    found.map_or(Ok(Accepted::UnknownCode), |state| state_of(state).map(Accepted::NotUsable))
}

fn spend(db: &mut Db, spent: &[&Waiting]) -> Result<(), StorageError> {
    match db {
        Db::Sqlite(c) => {
            for waiting in spent {
                let Some(code) = &waiting.receipt else { continue };
                diesel::update(receipt::table.find(hash_bytes(code)))
                    .set((
                        receipt::state.eq(USED),
                        receipt::retry_hash.eq(waiting.retry_hash.as_slice()),
                        receipt::fingerprint.eq(waiting.fingerprint.as_slice()),
                        receipt::retry_week.eq(waiting.today.week()),
                    ))
                    .execute(c)?;
            }
        }
        Db::Postgres(c) if !spent.is_empty() => {
            use diesel::sql_types::{Array, Binary, Integer};
            let codes: Vec<&[u8]> = spent.iter().filter_map(|w| w.receipt.as_ref()).map(hash_bytes).collect();
            let keys: Vec<&[u8]> = spent.iter().map(|w| w.retry_hash.as_slice()).collect();
            let prints: Vec<&[u8]> = spent.iter().map(|w| w.fingerprint.as_slice()).collect();
            let weeks: Vec<i32> = spent.iter().map(|w| w.today.week()).collect();
            diesel::sql_query(
                "UPDATE receipt SET state = 1, retry_hash = n.k, fingerprint = n.f, retry_week = n.w \
                 FROM unnest($1, $2, $3, $4) AS n (c, k, f, w) WHERE code_hash = n.c",
            )
            .bind::<Array<Binary>, _>(codes)
            .bind::<Array<Binary>, _>(keys)
            .bind::<Array<Binary>, _>(prints)
            .bind::<Array<Integer>, _>(weeks)
            .execute(c)?;
        }
        Db::Postgres(_) => {}
    }
    Ok(())
}

fn pick<'a>(
    group: &'a [Waiting],
    round: &[usize],
    which: impl Fn(&Waiting) -> bool,
) -> Vec<(usize, &'a Waiting)> {
    round.iter().filter_map(|i| group.get(*i).map(|w| (*i, w))).filter(|(_, w)| which(w)).collect()
}

fn set(outcomes: &mut [Accepted], index: usize, outcome: Accepted) {
    if let Some(slot) = outcomes.get_mut(index) {
        *slot = outcome;
    }
}

fn hash_bytes(code: &CodeHash) -> &[u8] {
    code.0.as_slice()
}
