//! Verify: recounts everything from the blocks and checks every rule that data can show.

mod rules;

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Db, StorageError, audit, blocks, health,
    inbox::Place,
    months::{self, MonthState, Months},
    tallies::{self, Breakdown},
};
use crate::domain::{
    block::Segment,
    catalogue::Catalogue,
    counting,
    form::Form,
    grouping,
    recount::{Difference, differences},
    tally::Tally,
};

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
    receipt_answers: u64,
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
    db.snapshot(|db| {
        let mut verified = Verified { findings: health::damaged_pages(db)?, ..Verified::default() };
        let months = months::states(db)?;
        let stored = tallies::all(db)?;
        let places = blocks::places(db)?;
        for (done, place) in places.iter().enumerate() {
            progress(done, places.len());
            verified.place(db, forms, &months, place, stored.get(place))?;
        }
        let known: BTreeSet<&Place> = places.iter().collect();
        for place in stored.keys().filter(|place| !known.contains(place)) {
            verified.find(place, "has a tally and no block");
        }
        progress(places.len(), places.len());
        verified.blocks = places.len();
        let receipt_answers = verified.receipt_answers;
        verified.findings.extend(rules::check(db, forms, &months, receipt_answers)?);
        verified.findings.extend(audit::chain::check(db, &[])?.fault.map(|fault| fault.to_string()));
        Ok(verified)
    })
}

impl Verified {
    fn find(&mut self, place: &Place, what: &str) {
        let Place { unit, form, version, month, class } = place;
        self.findings.push(format!("{unit} {form} version {version} {month} {class:?}: {what}"));
    }

    fn differ(&mut self, place: &Place, of: &str, found: Vec<Difference>) {
        for Difference { cell, stored, counted } in found {
            self.find(place, &format!("{of}, {cell}: stored {stored}, counted {counted}"));
        }
    }

    fn place(
        &mut self,
        db: &mut Db,
        forms: &Catalogue,
        months: &Months,
        place: &Place,
        stored: Option<&(i64, Vec<u8>)>,
    ) -> Result<(), StorageError> {
        let Some(form) = forms.get(&place.form, place.version) else {
            self.find(place, "its form is not published");
            return Ok(());
        };
        let segments = match blocks::segments(db, place) {
            Ok(segments) => segments,
            Err(StorageError::Damaged { what }) => {
                self.find(place, &what);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        self.segments(form, place, &segments);
        let responses: usize = segments.iter().map(Segment::len).sum();
        if stored.is_some_and(|(stored, _)| usize::try_from(*stored).ok() != Some(responses)) {
            self.find(place, "the tally says another number of answers than the block has");
        }
        match stored.map(|(_, bytes)| Tally::from_bytes(form, bytes)) {
            None => self.find(place, "has a block and no tally"),
            Some(Err(error)) => self.find(place, &error.to_string()),
            Some(Ok(tally)) => {
                self.differ(place, "tally", differences(form, &tally, &counting::total(form, &segments)));
            }
        }
        self.breakdown(db, months, form, place, &segments)
    }

    fn segments(&mut self, form: &Form, place: &Place, segments: &[Segment]) {
        let last = place.month.last_day().of_month();
        for segment in segments {
            let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
            self.responses += number(segment.len());
            self.receipt_answers += number(segment.by_receipt());
            if segment.last_day() > last {
                self.find(place, &format!("an answer of day {}", segment.last_day()));
            }
            if segment.width() != form.width() {
                self.find(place, "answers that do not have the shape of their form");
            }
            for channel in segment.channels_in_it().into_iter().filter(|c| c.class() != place.class) {
                self.find(place, &format!("an answer by {}", channel.as_str()));
            }
        }
    }

    fn breakdown(
        &mut self,
        db: &mut Db,
        months: &Months,
        form: &Form,
        place: &Place,
        segments: &[Segment],
    ) -> Result<(), StorageError> {
        let stored = match tallies::breakdown_of(db, form, place) {
            Ok(stored) => stored,
            Err(StorageError::Damaged { what }) => {
                self.find(place, &what);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        match months.state(place.month) {
            MonthState::Closing => Ok(()),
            MonthState::Open => {
                if !stored.is_empty() {
                    self.find(place, "an open month has breakdowns");
                }
                Ok(())
            }
            MonthState::Closed => {
                self.compare_breakdowns(form, place, &stored, &grouping::breakdown(form, segments));
                Ok(())
            }
        }
    }

    fn compare_breakdowns(&mut self, form: &Form, place: &Place, stored: &Breakdown, counted: &Breakdown) {
        let empty = Tally::empty(form);
        let both: BTreeMap<_, _> = stored.iter().chain(counted).collect();
        for key in both.into_keys() {
            self.breakdowns += 1;
            let (a, b) = (stored.get(key).unwrap_or(&empty), counted.get(key).unwrap_or(&empty));
            let (grouping, group) = key;
            self.differ(place, &format!("breakdown {grouping} {group}"), differences(form, a, b));
        }
    }
}
