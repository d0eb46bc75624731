//! One place: its block, recounted, against its tally and its breakdowns.

use std::collections::BTreeMap;

use crate::{
    domain::{
        block::Segment,
        catalogue::Catalogue,
        counting::Counter,
        form::Form,
        grouping::Grouping,
        recount::{Difference, differences},
        tally::Tally,
    },
    storage::{
        Db, StorageError,
        blocks::{self, Stored, Unpacker},
        inbox::Place,
        months::{MonthState, Months},
        tallies::{self, Breakdown, StoredBreakdown},
    },
};

/// Everything that is stored of a place.
pub(super) struct PlaceRows<'a> {
    place: &'a Place,
    segments: Stored,
    tally: Option<(i64, Vec<u8>)>,
    breakdown: StoredBreakdown,
}

/// What was looked at, and what is not as it must be.
#[derive(Default)]
pub(super) struct Found {
    pub(super) responses: u64,
    pub(super) receipt_answers: u64,
    pub(super) breakdowns: usize,
    pub(super) findings: Vec<String>,
}

impl<'a> PlaceRows<'a> {
    /// Reads it.
    pub(super) fn read(
        db: &mut Db,
        place: &'a Place,
        tally: Option<(i64, Vec<u8>)>,
    ) -> Result<Self, StorageError> {
        let (segments, breakdown) = (blocks::stored(db, place)?, tallies::breakdown_of(db, place)?);
        Ok(Self { place, segments, tally, breakdown })
    }

    /// Recounts it.
    pub(super) fn look(self, unpacker: &mut Unpacker, forms: &Catalogue, months: &Months) -> Found {
        let Self { place, segments, tally, breakdown } = self;
        let Some(form) = forms.get(&place.form, place.version) else {
            return Found::of(place, "its form is not published");
        };
        let segments = match segments.unpack(place, unpacker) {
            Ok(segments) => segments,
            Err(error) => return Found::of(place, &told(&error)),
        };
        let mut found = Found::default();
        found.segments(form, place, &segments);
        let state = months.state(place.month);
        let groupings = if state == MonthState::Closed { Grouping::all(form) } else { Vec::new() };
        let mut counter = Counter::new(form, &groupings);
        for segment in &segments {
            counter.add(segment);
        }
        found.tally(form, place, tally, &counter.total());
        match (tallies::read_breakdown(form, place, breakdown), state) {
            (Err(error), _) => found.find(place, &told(&error)),
            (Ok(_), MonthState::Closing) => {}
            (Ok(stored), MonthState::Open) if stored.is_empty() => {}
            (Ok(_), MonthState::Open) => found.find(place, "an open month has breakdowns"),
            (Ok(stored), MonthState::Closed) => {
                found.compare_breakdowns(form, place, &stored, &counter.breakdown());
            }
        }
        found
    }
}

/// What is damaged, in the words of who noticed it.
fn told(error: &StorageError) -> String {
    match error {
        StorageError::Damaged { what } => what.clone(),
        other => other.to_string(),
    }
}

impl Found {
    /// Nothing but this.
    pub(super) fn of(place: &Place, what: &str) -> Self {
        let mut found = Self::default();
        found.find(place, what);
        found
    }

    fn find(&mut self, place: &Place, what: &str) {
        let Place { unit, form, version, month, class } = place;
        self.findings.push(format!("{unit} {form} version {version} {month} {class:?}: {what}"));
    }

    fn differ(&mut self, place: &Place, of: &str, found: Vec<Difference>) {
        for Difference { cell, stored, counted } in found {
            self.find(place, &format!("{of}, {cell}: stored {stored}, counted {counted}"));
        }
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

    fn tally(&mut self, form: &Form, place: &Place, stored: Option<(i64, Vec<u8>)>, counted: &Tally) {
        let Some((responses, bytes)) = stored else { return self.find(place, "has a block and no tally") };
        if u64::try_from(responses).ok() != Some(self.responses) {
            self.find(place, "the tally says another number of answers than the block has");
        }
        match Tally::from_bytes(form, &bytes) {
            Err(error) => self.find(place, &error.to_string()),
            Ok(tally) => self.differ(place, "tally", differences(form, &tally, counted)),
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
