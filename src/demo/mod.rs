//! A made-up district, repeatable from a seed. Pure: it makes values, others store them.
//!
//! Everything is a function of [`DemoSize`] (and of the forms, which the binary carries): units, 18 months of answers,
//! and receipts. Answers and receipts are made by separate runs of chance and agree in their counts alone, so that
//! here, too, nothing joins a code to an answer.

mod answers;
mod chance;
mod comments;
mod district;
mod fields;
mod plan;
mod receipts;

use std::{collections::BTreeMap, fmt};

use crate::domain::{
    catalogue::Catalogue,
    ids::UnitCode,
    period::{Day, Month},
    response::Response,
    unit::Unit,
};

pub use receipts::DemoReceipt;

/// Months of history, of which the last is running.
pub const HISTORY: usize = 18;

/// What a demo is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoSize {
    /// How many answers there are in all.
    pub responses: u32,
    /// Another seed gives another district's worth of answers.
    pub seed: u64,
    /// The last day, in the running month.
    pub until: Day,
}

impl fmt::Display for DemoSize {
    /// As the database remembers it: `responses=20000 seed=1 until=2026-11-24`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "responses={} seed={} until={}", self.responses, self.seed, self.until)
    }
}

/// The answers of one unit in one month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitMonth {
    /// The unit.
    pub unit: UnitCode,
    /// The month.
    pub month: Month,
    /// Its answers, by every channel and to every form; in no order that means anything once they are shuffled.
    pub responses: Vec<Response>,
}

/// A made-up district.
#[derive(Debug, Clone)]
pub struct Demo {
    size: DemoSize,
    months: Vec<Month>,
    places: Vec<district::Place>,
    plan: plan::Plan,
}

impl Demo {
    /// Plans a district; answers and receipts are made when they are asked for.
    #[must_use]
    pub fn new(size: DemoSize) -> Self {
        let months = months_until(size.until);
        let places = district::places(size.until);
        let plan = plan::Plan::new(size, &months, &places);
        Self { size, months, places, plan }
    }

    /// What it was made from.
    #[must_use]
    pub fn size(&self) -> DemoSize {
        self.size
    }

    /// Its units; parents come before what lies below them.
    #[must_use]
    pub fn units(&self) -> Vec<Unit> {
        self.places.iter().map(|place| place.unit.clone()).collect()
    }

    /// Its 18 months, oldest first; the last one is running.
    #[must_use]
    pub fn months(&self) -> &[Month] {
        &self.months
    }

    /// The answers of one month, unit by unit; units without answers are left out.
    ///
    /// Receipts, posters and kiosks lead to `one-stop-short`, the other channels also to `one-stop-full` and
    /// `sipas-2022`. Where the catalogue lacks one of them another form takes its place; an empty one gives nothing.
    #[must_use]
    pub fn unit_months(&self, month: Month, forms: &Catalogue) -> Vec<UnitMonth> {
        let Some(index) = self.months.iter().position(|m| *m == month) else { return Vec::new() };
        let fillers = answers::Fillers::new(forms);
        let mut by_unit: BTreeMap<usize, Vec<Response>> = BTreeMap::new();
        for slot in self.plan.slots().filter(|slot| slot.month == index) {
            let Some(place) = self.places.get(slot.unit) else { continue };
            let made = answers::of_slot(self.size, month, place, slot, &fillers);
            by_unit.entry(slot.unit).or_default().extend(made);
        }
        by_unit
            .into_iter()
            .filter(|(_, responses)| !responses.is_empty())
            .filter_map(|(unit, responses)| {
                let unit = self.places.get(unit)?.unit.code.clone();
                Some(UnitMonth { unit, month, responses })
            })
            .collect()
    }

    /// The receipts that were issued in one month, in their states on the last day.
    #[must_use]
    pub fn receipts_of(&self, month: Month) -> Vec<DemoReceipt> {
        let Some(index) = self.months.iter().position(|m| *m == month) else { return Vec::new() };
        let slots = self.plan.slots().filter(|slot| slot.month == index);
        slots
            .filter_map(|slot| self.places.get(slot.unit).map(|place| (place, slot)))
            .flat_map(|(place, slot)| receipts::of_slot(self.size, month, place, slot))
            .collect()
    }

    /// All receipts, oldest month first.
    #[must_use]
    pub fn receipts(&self) -> Vec<DemoReceipt> {
        self.months.iter().flat_map(|month| self.receipts_of(*month)).collect()
    }

    /// A receipt that can be used on the last day, for a start page to show; one of [`Demo::receipts`].
    #[must_use]
    pub fn sample_receipt(&self) -> Option<DemoReceipt> {
        let open =
            self.places.iter().enumerate().filter(|(_, place)| place.unit.is_valid_on(self.size.until));
        let (unit, place) = open.max_by_key(|(_, place)| place.nature.weight)?;
        let slot = self.plan.slots().find(|s| s.unit == unit && s.month + 1 == self.months.len())?;
        receipts::sample(self.size, *self.months.last()?, place, slot)
    }
}

/// The months of a history that ends in the month of this day.
fn months_until(until: Day) -> Vec<Month> {
    let last = until.month();
    (0..HISTORY).rev().filter_map(|back| i32::try_from(back).ok()).map(|back| last.plus(-back)).collect()
}

/// The days of a month on which a unit is there, up to the last day of the demo.
fn days_open(unit: &Unit, month: Month, until: Day) -> Vec<Day> {
    let (first, last) = (month.first_day(), month.last_day().min(until));
    (first.number()..=last.number()).map(Day::from_number).filter(|day| unit.is_valid_on(*day)).collect()
}

/// Those of these days on which offices work, Sundays left out; all of them where there is no other.
fn working_days(days: Vec<Day>) -> Vec<Day> {
    let works = |day: &&Day| day.number().rem_euclid(7) != 3; // 1970-01-04 was a Sunday
    let working: Vec<Day> = days.iter().filter(works).copied().collect();
    if working.is_empty() { days } else { working }
}

#[cfg(test)]
mod tests;
