//! How many answers came, by day and channel: from folded answers alone.

use std::collections::BTreeMap;

use super::{
    Db, StorageError, blocks,
    inbox::Place,
    tallies::{TallyQuery, places_matching},
};
use crate::domain::{
    ids::{FormId, UnitCode},
    period::{Day, Month},
    response::Channel,
};

/// Answers of one unit to one form on one day by one channel.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountKey {
    /// The unit.
    pub unit: UnitCode,
    /// The form.
    pub form: FormId,
    /// The month they count in.
    pub month: Month,
    /// The day; `None` where they were carried from an earlier month.
    pub day: Option<Day>,
    /// How they came.
    pub channel: Channel,
}

/// Counts by unit, form, month, day and channel. Groups of a month that is not closed with fewer than five
/// answers are left out: they are not final.
///
/// # Errors
/// Where the database cannot be read.
pub fn by_day(
    db: &mut Db,
    query: &TallyQuery,
    is_closed: impl Fn(Month) -> bool,
) -> Result<BTreeMap<CountKey, u64>, StorageError> {
    let mut counts = BTreeMap::new();
    for place in places_matching(db, query)? {
        let records = blocks::records(db, &place)?;
        let few = u64::try_from(records.len()).is_ok_and(|n| n < super::folding::HANDFUL);
        if few && !is_closed(place.month) {
            continue;
        }
        for record in records {
            let key = CountKey {
                unit: place.unit.clone(),
                form: place.form.clone(),
                month: place.month,
                day: day_of(&place, record.day),
                channel: record.channel,
            };
            *counts.entry(key).or_insert(0) += 1;
        }
    }
    Ok(counts)
}

/// The day of a record in its month; `None` where it was carried.
#[must_use]
pub fn day_of(place: &Place, day_of_month: u8) -> Option<Day> {
    (day_of_month > 0).then(|| place.month.first_day().plus(i32::from(day_of_month) - 1))
}
