//! The two claims that an answer makes: on its submission key, and on its code.

use std::collections::{HashMap, HashSet};

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};

use super::{
    Accepted, Waiting,
    statements::{ClaimKey, ClaimKeys, SpendCode, SpendCodes},
};
use crate::{
    domain::{
        period::Day,
        receipt::{CodeHash, ReceiptState},
    },
    storage::{
        Db, StorageError,
        receipts::{number_of, state_of},
        schema::{receipt, receipt_past, retry_key},
    },
};

/// Answers without a code: the key is the only thing that can be taken already.
pub(super) fn with_key(
    db: &mut Db,
    group: &[Waiting],
    round: &[usize],
    outcomes: &mut [Accepted],
) -> Result<(), StorageError> {
    let mut mine: Vec<(usize, &Waiting)> = pick(group, round, |w| w.receipt.is_none());
    if mine.is_empty() {
        return Ok(());
    }
    // Sorted, so that two nodes take the same keys in the same order and never wait for each other in a ring.
    mine.sort_unstable_by_key(|(_, w)| w.retry_hash);
    let there = claim_keys(db, &mine)?;
    for (index, waiting) in mine {
        let outcome = match there.get(waiting.retry_hash.as_slice()) {
            None => Accepted::Stored,
            Some(fingerprint) if *fingerprint == waiting.fingerprint => Accepted::Repeated,
            Some(_) => Accepted::KeyConflict,
        };
        set(outcomes, index, outcome);
    }
    Ok(())
}

/// Inserts the keys; of those that were there before, their fingerprints.
fn claim_keys(db: &mut Db, mine: &[(usize, &Waiting)]) -> Result<HashMap<Vec<u8>, Vec<u8>>, StorageError> {
    let keys = || mine.iter().map(|(_, w)| w.retry_hash.as_slice());
    let mut there: Vec<&[u8]> = Vec::new();
    match db {
        Db::Sqlite(c) => {
            for (_, waiting) in mine {
                let one = ClaimKey {
                    key: &waiting.retry_hash,
                    fingerprint: &waiting.fingerprint,
                    week: waiting.today.week(),
                };
                if one.execute(c)? == 0 {
                    there.push(&waiting.retry_hash);
                }
            }
        }
        Db::Postgres(c) => {
            let all = ClaimKeys {
                keys: keys().collect(),
                fingerprints: mine.iter().map(|(_, w)| w.fingerprint.as_slice()).collect(),
                weeks: mine.iter().map(|(_, w)| w.today.week()).collect(),
            };
            let inserted: HashSet<Vec<u8>> = all.load(c)?.into_iter().collect();
            there.extend(keys().filter(|key| !inserted.contains(*key)));
        }
    }
    if there.is_empty() {
        return Ok(HashMap::new());
    }
    let known = retry_key::table
        .filter(retry_key::key_hash.eq_any(there))
        .select((retry_key::key_hash, retry_key::fingerprint));
    let known: Vec<(Vec<u8>, Vec<u8>)> = match db {
        Db::Sqlite(c) => known.load(c)?,
        // A key that came before may be on this server alone: its commit was cut while it waited for a standby. A row
        // lock is a write, so this commit waits for the standby too, and "stored before" holds after a failover.
        Db::Postgres(c) => known.order(retry_key::key_hash.asc()).for_update().load(c)?,
    };
    Ok(known.into_iter().collect())
}

/// Answers by receipt. Nearly always the code is issued and nobody else sends it: one statement spends it. What is
/// left is looked at in its row, the key first.
pub(super) fn with_code(
    db: &mut Db,
    group: &[Waiting],
    round: &[usize],
    outcomes: &mut [Accepted],
) -> Result<(), StorageError> {
    let mut mine: Vec<Spending<'_>> = round
        .iter()
        .filter_map(|index| {
            let waiting = group.get(*index)?;
            Some(Spending { index: *index, code: waiting.receipt.as_ref()?, waiting })
        })
        .collect();
    if mine.is_empty() {
        return Ok(());
    }
    mine.sort_by_key(|one| (*one.code, one.index));
    let mut seen = HashSet::new();
    let (first, again): (Vec<_>, Vec<_>) = mine.into_iter().partition(|one| seen.insert(*one.code));
    let spent = spend(db, &first)?;
    let (done, left): (Vec<_>, Vec<_>) = first.into_iter().partition(|one| spent.contains(&one.code.0));
    for one in done {
        set(outcomes, one.index, Accepted::Stored);
    }
    let mut left: Vec<_> = left.into_iter().chain(again).collect();
    left.sort_by_key(|one| (*one.code, one.index));
    look_closely(db, &left, outcomes)
}

/// One answer that would spend a code.
#[derive(Clone, Copy)]
struct Spending<'a> {
    index: usize,
    code: &'a CodeHash,
    waiting: &'a Waiting,
}

/// Those that could not be spent at once.
fn look_closely(db: &mut Db, left: &[Spending<'_>], outcomes: &mut [Accepted]) -> Result<(), StorageError> {
    if left.is_empty() {
        return Ok(());
    }
    let codes: Vec<&[u8]> = left.iter().map(|one| one.code.0.as_slice()).collect();
    let mut rows: HashMap<Vec<u8>, CodeRow> =
        lock_codes(db, &codes)?.into_iter().map(|row| (row.0.clone(), row)).collect();
    let mut late = Vec::new();
    for one in left {
        let outcome = match rows.get_mut(one.code.0.as_slice()) {
            Some(row) => judge(row, one.waiting)?,
            None => past(db, one.code)?,
        };
        if outcome == Accepted::Stored {
            late.push(*one);
        }
        set(outcomes, one.index, outcome);
    }
    spend(db, &late).map(|_all| ())
}

type CodeRow = (Vec<u8>, i32, i16, Option<Vec<u8>>, Option<Vec<u8>>);

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
    *state = number_of(ReceiptState::Used);
    *retry_hash = Some(waiting.retry_hash.to_vec());
    *fingerprint = Some(waiting.fingerprint.to_vec());
    Ok(Accepted::Stored)
}

fn past(db: &mut Db, code: &CodeHash) -> Result<Accepted, StorageError> {
    use diesel::OptionalExtension as _;
    let found: Option<i16> =
        receipt_past::table.find(code.0.as_slice()).select(receipt_past::state).get_result(db).optional()?;
    found.map_or(Ok(Accepted::UnknownCode), |state| state_of(state).map(Accepted::NotUsable))
}

/// Spends codes that are issued and have not expired; the hashes of those it spent. Each code stands once in `mine`, in
/// order.
fn spend(db: &mut Db, mine: &[Spending<'_>]) -> Result<HashSet<[u8; 32]>, StorageError> {
    match db {
        Db::Sqlite(c) => {
            let mut spent = HashSet::new();
            for one in mine {
                let waiting = one.waiting;
                let spending = SpendCode {
                    key: &waiting.retry_hash,
                    fingerprint: &waiting.fingerprint,
                    week: waiting.today.week(),
                    code: &one.code.0,
                    day: waiting.today.number(),
                };
                if spending.execute(c)? > 0 {
                    spent.insert(one.code.0);
                }
            }
            Ok(spent)
        }
        Db::Postgres(_) if mine.is_empty() => Ok(HashSet::new()),
        Db::Postgres(c) => {
            let all = SpendCodes {
                codes: mine.iter().map(|one| one.code.0.as_slice()).collect(),
                keys: mine.iter().map(|one| one.waiting.retry_hash.as_slice()).collect(),
                fingerprints: mine.iter().map(|one| one.waiting.fingerprint.as_slice()).collect(),
                weeks: mine.iter().map(|one| one.waiting.today.week()).collect(),
                days: mine.iter().map(|one| one.waiting.today.number()).collect(),
            };
            let hashes: Vec<Vec<u8>> = all.load(c)?;
            let damaged = |_length| StorageError::damaged("the hash of a code");
            hashes.into_iter().map(|hash| hash.as_slice().try_into().map_err(damaged)).collect()
        }
    }
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
