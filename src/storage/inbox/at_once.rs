//! A whole group in one statement on a server: one way there and back instead of four.

use std::collections::HashSet;

use diesel::{PgConnection, RunQueryDsl as _};

use super::{Accepted, Waiting, statements::AcceptAll};
use crate::storage::StorageError;

/// Accepts those whose key or code nobody has used; the places in the group of all others.
pub(super) fn accept(
    c: &mut PgConnection,
    group: &[Waiting],
    outcomes: &mut [Accepted],
) -> Result<Vec<usize>, StorageError> {
    let first = first_of_each(group);
    let claimed: HashSet<Vec<u8>> = statement(group, &first).load(c)?.into_iter().collect();
    let mut left = Vec::new();
    for (index, (waiting, outcome)) in group.iter().zip(outcomes).enumerate() {
        if first.contains(&index) && claimed.contains(claim(waiting)) {
            *outcome = Accepted::Stored;
        } else {
            left.push(index);
        }
    }
    Ok(left)
}

/// What an answer must be the first to use: its code, or its key where it has none.
fn claim(waiting: &Waiting) -> &[u8] {
    waiting.receipt.as_ref().map_or(waiting.retry_hash.as_slice(), |code| code.0.as_slice())
}

/// Who sends a key or a code that another of the group sent too is left.
fn first_of_each(group: &[Waiting]) -> HashSet<usize> {
    let (mut keys, mut claims) = (HashSet::new(), HashSet::new());
    let mut first = HashSet::new();
    for (index, waiting) in group.iter().enumerate() {
        if keys.insert(waiting.retry_hash) && claims.insert(claim(waiting)) {
            first.insert(index);
        }
    }
    first
}

fn statement<'a>(group: &'a [Waiting], first: &HashSet<usize>) -> AcceptAll<'a> {
    let mine: Vec<&'a Waiting> =
        group.iter().enumerate().filter(|(index, _)| first.contains(index)).map(|(_, w)| w).collect();
    let bytes = |of: fn(&'a Waiting) -> &'a [u8]| mine.iter().map(|w| of(w)).collect();
    AcceptAll {
        ids: mine.iter().map(|_| rand::random::<[u8; 16]>().to_vec()).collect(),
        codes: mine.iter().map(|w| w.receipt.as_ref().map(|code| code.0.as_slice())).collect(),
        keys: bytes(|w| &w.retry_hash),
        fingerprints: bytes(|w| &w.fingerprint),
        weeks: mine.iter().map(|w| w.today.week()).collect(),
        days: mine.iter().map(|w| w.today.number()).collect(),
        units: mine.iter().map(|w| w.place.unit.as_str()).collect(),
        forms: mine.iter().map(|w| w.place.form.as_str()).collect(),
        versions: mine.iter().map(|w| w.place.version.into()).collect(),
        months: mine.iter().map(|w| w.place.month.number()).collect(),
        classes: mine.iter().map(|w| w.place.class.number()).collect(),
        sealed: bytes(|w| &w.sealed),
    }
}
