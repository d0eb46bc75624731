//! Close: a month is made final. Unit by unit what waits is folded or left, segments are written anew in a new
//! order, breakdowns are made; the last transaction makes all of it visible at once. A close that was cut goes
//! on where it was.

use std::collections::BTreeSet;

use diesel::{ExpressionMethods as _, QueryDsl as _, RunQueryDsl as _};

use super::{
    Db, StorageError, audit, blocks,
    folding::{self, Folder, HANDFUL, Patience},
    inbox::Place,
    months::{self, MonthState},
    schema::{close_step, inbox, tally},
    tallies,
};
use crate::domain::{
    audit::{Action, By},
    block::Segment,
    grouping,
    ids::UnitCode,
    period::{Day, Month},
};

/// How far a close is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closing {
    /// One more unit is ready; so many are left.
    Unit {
        /// The unit.
        unit: UnitCode,
        /// Units still to do.
        left: usize,
    },
    /// The month is closed.
    Closed {
        /// Answers that were carried to the month that is open.
        carried: u64,
    },
    /// The month was closed before.
    WasClosed,
}

/// Begins to close a month: from now on only the close folds into it.
///
/// # Errors
/// Where the database cannot be written.
pub fn begin(db: &mut Db, month: Month, today: Day, policy: &str) -> Result<(), StorageError> {
    db.write(|db| {
        folding::lock(db, Patience::Wait)?;
        months::begin(db, month, today, policy)
    })
}

/// Does the next step of a close that has begun, in one transaction.
///
/// # Errors
/// Where the database cannot be written or an answer cannot be opened: the close goes on later.
pub fn step(
    db: &mut Db,
    folder: Folder<'_>,
    month: Month,
    today: Day,
    by: &By,
) -> Result<Closing, StorageError> {
    let step = |db: &mut Db| {
        folding::lock(db, Patience::Wait)?;
        if months::states(db)?.is_closed(month) {
            return Ok(Closing::WasClosed);
        }
        let mut left = units_left(db, month)?;
        match left.pop() {
            Some(unit) => {
                close_unit(db, folder, month, &unit)?;
                Ok(Closing::Unit { unit, left: left.len() })
            }
            None => finish(db, month, today),
        }
    };
    audit::recorded(db, by.at, step, |done| match done {
        Closing::Closed { carried } => {
            Some(by.does(Action::PeriodClose, month.to_string()).with("carried", carried))
        }
        Closing::Unit { .. } | Closing::WasClosed => None,
    })
}

fn units_left(db: &mut Db, month: Month) -> Result<Vec<UnitCode>, StorageError> {
    let number = month.number();
    let done: Vec<String> =
        close_step::table.filter(close_step::month.eq(number)).select(close_step::unit).load(db)?;
    let done: BTreeSet<String> = done.into_iter().collect();
    let folded: Vec<String> =
        tally::table.filter(tally::month.eq(number)).select(tally::unit).distinct().load(db)?;
    let waiting: Vec<String> =
        inbox::table.filter(inbox::month.eq(number)).select(inbox::unit).distinct().load(db)?;
    let mut left: Vec<String> = folded.into_iter().chain(waiting).filter(|u| !done.contains(u)).collect();
    left.sort_unstable_by(|a, b| b.cmp(a));
    left.dedup();
    let damaged = || StorageError::damaged("a unit's code");
    left.into_iter().map(|unit| unit.parse().map_err(|_name| damaged())).collect()
}

fn close_unit(db: &mut Db, folder: Folder<'_>, month: Month, unit: &UnitCode) -> Result<(), StorageError> {
    let here = |place: &Place| place.month == month && place.unit == *unit;
    for (place, waiting) in tallies::waiting(db)?.into_iter().filter(|(place, _)| here(place)) {
        // Fewer are carried, also where nothing was folded before and the unit's own figure would be hidden:
        // the sums above it, and those over its months, would move by them.
        if waiting >= HANDFUL {
            folding::fold_place(db, folder, &place, waiting)?;
        }
    }
    for place in places_of(db, month, unit)? {
        let form = tallies::form_of(folder.forms, &place)?;
        let segments = blocks::segments(db, &place)?;
        tallies::put_breakdown(db, &place, &grouping::breakdown(form, &segments))?;
        let mut records: Vec<_> = segments.iter().flat_map(Segment::records).collect();
        blocks::rewrite(db, &place, form.width(), &mut records)?;
    }
    diesel::insert_into(close_step::table)
        .values((close_step::month.eq(month.number()), close_step::unit.eq(unit.as_str())))
        .execute(db)?;
    Ok(())
}

fn places_of(db: &mut Db, month: Month, unit: &UnitCode) -> Result<Vec<Place>, StorageError> {
    let rows: Vec<(String, String, i32, i32, i16)> = tally::table
        .filter(tally::month.eq(month.number()))
        .filter(tally::unit.eq(unit.as_str()))
        .select((tally::unit, tally::form, tally::version, tally::month, tally::class))
        .order((tally::form.asc(), tally::version.asc(), tally::class.asc()))
        .load(db)?;
    rows.into_iter().map(Place::read).collect()
}

fn finish(db: &mut Db, month: Month, today: Day) -> Result<Closing, StorageError> {
    let open = months::states(db)?.counts_in(month);
    let carried = folding::carry(db, month.number(), open.number())?;
    months::finish(db, month, today, i64::try_from(carried).unwrap_or(i64::MAX))?;
    diesel::delete(close_step::table.filter(close_step::month.eq(month.number()))).execute(db)?;
    Ok(Closing::Closed { carried })
}

/// Months before `open_from` that have answers and are not closed, oldest first: those whose time has come.
///
/// # Errors
/// Where the database cannot be read.
pub fn due(db: &mut Db, open_from: Month) -> Result<Vec<Month>, StorageError> {
    let before = open_from.number();
    let folded: Vec<i32> =
        tally::table.filter(tally::month.lt(before)).select(tally::month).distinct().load(db)?;
    let waiting: Vec<i32> =
        inbox::table.filter(inbox::month.lt(before)).select(inbox::month).distinct().load(db)?;
    let states = months::states(db)?;
    let begun = states.0.iter().filter(|(_, row)| row.state == MonthState::Closing).map(|(m, _)| *m);
    let mut due: Vec<Month> = folded
        .into_iter()
        .chain(waiting)
        .map(Month::from_number)
        .filter(|month| !states.is_closed(*month))
        .chain(begun)
        .collect();
    due.sort_unstable();
    due.dedup();
    Ok(due)
}
