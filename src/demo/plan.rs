//! How many answers and receipts there are: in which month, at which unit, by which channel, of which field.

use super::{
    DemoSize,
    chance::{Chance, Purpose, number_of},
    days_open,
    district::Place,
    fields::{self, FIELDS},
};
use crate::domain::{period::Month, receipt::service_field_kept, response::Channel};

/// Which form an answer is to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instrument {
    /// `one-stop-short`.
    Short,
    /// `one-stop-full`.
    Full,
    /// `sipas-2022`.
    Sipas,
}

/// A way in which answers come: its weight in a usual month and in one of the yearly wave.
struct Way {
    channel: Channel,
    instrument: Instrument,
    usual: u32,
    in_wave: u32,
}

const fn way(channel: Channel, instrument: Instrument, usual: u32, in_wave: u32) -> Way {
    Way { channel, instrument, usual, in_wave }
}

const WAYS: [Way; 7] = [
    way(Channel::Receipt, Instrument::Short, 470, 470),
    way(Channel::Kiosk, Instrument::Short, 240, 240),
    way(Channel::Poster, Instrument::Short, 110, 110),
    way(Channel::Paper, Instrument::Full, 90, 90),
    way(Channel::Api, Instrument::Full, 30, 30),
    way(Channel::Interviewer, Instrument::Full, 20, 20),
    way(Channel::Interviewer, Instrument::Sipas, 0, 260),
];

/// How many people come in each month of the year: few around Tết, many after it and after the summer.
const SEASON: [u32; 12] = [90, 60, 112, 106, 100, 104, 98, 110, 105, 100, 95, 100];

/// One unit's month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// Index of the month in the history.
    pub(super) month: usize,
    /// Index of the unit.
    pub(super) unit: usize,
    /// Answers by way, in the order of [`WAYS`].
    answers: [u32; WAYS.len()],
    /// Receipts by field, in the order of [`FIELDS`].
    pub(super) receipts: [FieldReceipts; FIELDS.len()],
}

/// The receipts of one unit, month and field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct FieldReceipts {
    /// How many were issued, whatever became of them.
    pub(super) issued: u32,
    /// How many of them were used.
    pub(super) used: u32,
    /// Whether an answer by such a receipt keeps its field (QX-10).
    pub(super) kept: bool,
}

impl Slot {
    /// How many answers come in which way.
    pub(super) fn answers(&self) -> impl Iterator<Item = (Channel, Instrument, u32)> {
        WAYS.iter().zip(self.answers).map(|(way, count)| (way.channel, way.instrument, count))
    }

    /// A number that no other slot of the demo has, below 2¹⁰.
    pub(super) fn number(&self) -> u32 {
        u32::try_from(self.month * 32 + self.unit).unwrap_or(0)
    }

    /// Its place for a run of chance.
    pub(super) fn place(&self) -> [u32; 2] {
        [self.month, self.unit].map(|index| u32::try_from(index).unwrap_or(0))
    }
}

/// How many of everything.
#[derive(Debug, Clone)]
pub(super) struct Plan(Vec<Slot>);

impl Plan {
    /// Shares the answers out, exactly, and issues receipts around those that were used.
    pub(super) fn new(size: DemoSize, months: &[Month], places: &[Place]) -> Self {
        let mut slots = Vec::new();
        let mut weights = Vec::new();
        for (month, on) in months.iter().enumerate() {
            for (unit, place) in places.iter().enumerate() {
                let slot = Slot { month, unit, answers: [0; WAYS.len()], receipts: <_>::default() };
                let mut chance = Chance::new(size.seed, Purpose::Plan, slot.place());
                let weight = weight(place, *on, month, size, &mut chance);
                if weight > 0 {
                    weights.extend(WAYS.iter().map(|way| {
                        let share = if is_wave(*on) { way.in_wave } else { way.usual };
                        weight * u128::from(share) * u128::from(800 + chance.below(401))
                    }));
                    slots.push(slot);
                }
            }
        }
        let mut shares = shared_out(size.responses, &weights).into_iter();
        for slot in &mut slots {
            for answers in &mut slot.answers {
                *answers = shares.next().unwrap_or(0);
            }
            issue(size, places, slot);
        }
        let mut plan = Self(slots);
        plan.keep_fields();
        plan
    }

    /// Every unit's month in which it was there and served people.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.0.iter()
    }

    /// Says which fields have enough receipts in their month and the one before.
    fn keep_fields(&mut self) {
        let issued: std::collections::BTreeMap<(usize, usize), [u32; FIELDS.len()]> =
            self.0.iter().map(|slot| ((slot.unit, slot.month), slot.receipts.map(|r| r.issued))).collect();
        for slot in &mut self.0 {
            let before = slot.month.checked_sub(1).and_then(|month| issued.get(&(slot.unit, month)));
            let before = before.copied().unwrap_or_default();
            for (receipts, before) in slot.receipts.iter_mut().zip(before) {
                receipts.kept = service_field_kept(u64::from(receipts.issued + before));
            }
        }
    }
}

/// The yearly wave of interviews is in September and October.
fn is_wave(month: Month) -> bool {
    matches!(month.of_year(), 9 | 10)
}

/// How many people come, as a weight: more from month to month, by season, by the days that are open.
fn weight(place: &Place, month: Month, index: usize, size: DemoSize, chance: &mut Chance) -> u128 {
    let days = days_open(&place.unit, month, size.until).len();
    let season = usize::from(month.of_year() - 1);
    let season = SEASON.get(season).copied().unwrap_or(100);
    let growth = 100 + 3 * index;
    let around = 850 + chance.below(301);
    [place.nature.weight, season, around]
        .into_iter()
        .map(u128::from)
        .chain([days, growth].into_iter().filter_map(|n| u128::try_from(n).ok()))
        .product()
}

/// Shares a number out by weights so that the shares add up to it: each is the step between two rounded sums.
fn shared_out(total: u32, weights: &[u128]) -> Vec<u32> {
    let all: u128 = weights.iter().sum::<u128>().max(1);
    let mut sum = 0;
    let mut given = 0;
    let share = |weight: &u128| {
        sum += weight;
        let upto = u128::from(total) * sum / all;
        let share = upto - given;
        given = upto;
        u32::try_from(share).unwrap_or(0)
    };
    weights.iter().map(share).collect()
}

/// Issues the receipts of a slot: those that answers came by, and those that nobody used.
fn issue(size: DemoSize, places: &[Place], slot: &mut Slot) {
    let mut chance = Chance::new(size.seed, Purpose::Plan, [slot.number(), u32::MAX]);
    let used = slot.answers().filter(|(channel, ..)| *channel == Channel::Receipt).map(|(.., n)| n).sum();
    let weights = fields::weights();
    for _ in 0..used {
        if let Some(receipts) = slot.receipts.get_mut(chance.weighted(&weights)) {
            receipts.used += 1;
        }
    }
    // 20 to 45 of a hundred receipts are used, each unit in its own way.
    let code = places.get(slot.unit).map_or("", |place| place.unit.code.as_str());
    let rate = 20 + number_of(code) % 26;
    for (receipts, weight) in slot.receipts.iter_mut().zip(weights) {
        receipts.issued = (receipts.used * 100).div_ceil(rate) + chance.below(weight.div_ceil(10) + 1);
    }
    if let Some(first) = slot.receipts.first_mut() {
        first.issued += 1; // one that nobody used is always there, to be shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up_to_the_whole() {
        for total in [0, 1, 7, 100, 4_000_000_000] {
            let shares = shared_out(total, &[1, 5, 0, 900, 3, 77]);
            assert_eq!(shares.iter().map(|s| u64::from(*s)).sum::<u64>(), u64::from(total));
            assert_eq!(shares[2], 0);
        }
        assert!(shared_out(5, &[]).is_empty());
    }
}
