//! Verify: recounts everything from the blocks and checks every rule that data can show.

mod place;
mod rules;

use std::{collections::BTreeSet, thread};

use self::place::{Found, PlaceRows};
use super::{
    Db, StorageError, ahead, audit,
    blocks::{self, Unpacker},
    health,
    inbox::Place,
    months::{self, Months},
    tallies,
};
use crate::domain::catalogue::Catalogue;

/// What was looked at, and everything that is not as it must be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Blocks recounted (unit, form version, month, class).
    pub blocks: usize,
    /// Answers recounted.
    pub responses: u64,
    /// Breakdowns compared.
    pub breakdowns: usize,
    /// One line for each difference or broken rule; empty where all is well.
    pub findings: Vec<String>,
}

/// Recounts and checks, on one state of the database. `progress` is told how many blocks of how many are done.
///
/// # Errors
/// Where the database cannot be read. Damaged rows are findings, not errors.
pub fn verify(
    db: &mut Db,
    forms: &Catalogue,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Verified, StorageError> {
    // Pages are read once more, on a connection of their own: what is damaged stays damaged.
    let beside = health::beside(db)?;
    thread::scope(|scope| {
        let pages =
            scope.spawn(|| beside.map_or(Ok(Vec::new()), |mut other| health::damaged_pages(&mut other)));
        let verified = db.snapshot(|db| rows(db, forms, progress));
        let pages = pages.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        let (mut findings, mut verified) = (pages?, verified?);
        findings.append(&mut verified.findings);
        Ok(Verified { findings, ..verified })
    })
}

fn rows(
    db: &mut Db,
    forms: &Catalogue,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Verified, StorageError> {
    let months = months::states(db)?;
    let places = blocks::places(db)?;
    let mut verified = Verified { blocks: places.len(), ..Verified::default() };
    let mut receipt_answers = 0;
    for found in recount(db, forms, &months, &places, progress)? {
        verified.responses += found.responses;
        verified.breakdowns += found.breakdowns;
        receipt_answers += found.receipt_answers;
        verified.findings.extend(found.findings);
    }
    progress(places.len(), places.len());
    verified.findings.extend(rules::check(db, forms, &months, receipt_answers)?);
    verified.findings.extend(audit::chain::check(db, &[])?.fault.map(|fault| fault.to_string()));
    Ok(verified)
}

/// What is found at each place, in their order; then at tallies without a block.
fn recount(
    db: &mut Db,
    forms: &Catalogue,
    months: &Months,
    places: &[Place],
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Vec<Found>, StorageError> {
    let mut stored = tallies::all(db)?;
    let read = |(done, place): (usize, _)| {
        progress(done, places.len());
        PlaceRows::read(db, place, stored.remove(place))
    };
    let look = |unpacker: &mut Unpacker, rows: PlaceRows<'_>| rows.look(unpacker, forms, months);
    let mut found = ahead::work_on(places.iter().enumerate(), read, Unpacker::default, look)?;
    let known: BTreeSet<&Place> = places.iter().collect();
    let alone = stored.keys().filter(|place| !known.contains(place));
    found.extend(alone.map(|place| Found::of(place, "has a tally and no block")));
    Ok(found)
}
