//! The state of months. A month that is not in the table is open.

use std::collections::BTreeMap;

use diesel::{ExpressionMethods as _, Insertable, QueryDsl as _, Queryable, RunQueryDsl as _};

use super::{Db, StorageError, connection::on_both, schema::month_state};
use crate::domain::period::{Day, Month};

/// How far a month is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MonthState {
    /// Answers are folded into it.
    Open,
    /// A close has begun; answers that still come wait.
    Closing,
    /// It never changes any more.
    Closed,
}

impl MonthState {
    /// As lists and the API write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closing => "closing",
            Self::Closed => "closed",
        }
    }
}

/// A month that is not open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthRow {
    /// Closing or closed.
    pub state: MonthState,
    /// The day its state was reached.
    pub day: Day,
    /// Answers of this month that were carried into a later one by its close.
    pub carried: u64,
    /// The thresholds that hold for it, fixed by its close, as the policy wrote them.
    pub policy: String,
}

/// The states of all months that are not open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Months(pub BTreeMap<Month, MonthRow>);

impl Months {
    /// The state of a month.
    #[must_use]
    pub fn state(&self, month: Month) -> MonthState {
        self.0.get(&month).map_or(MonthState::Open, |row| row.state)
    }

    /// Whether a month is closed.
    #[must_use]
    pub fn is_closed(&self, month: Month) -> bool {
        self.state(month) == MonthState::Closed
    }

    /// The first month from `month` on that is open: where an answer of `month` counts.
    #[must_use]
    pub fn counts_in(&self, month: Month) -> Month {
        let mut counts = month;
        while self.state(counts) != MonthState::Open {
            counts = counts.plus(1);
        }
        counts
    }
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = month_state)]
pub(super) struct Row {
    pub(super) month: i32,
    pub(super) state: i16,
    pub(super) day: i32,
    pub(super) carried: i64,
    pub(super) policy: String,
}

pub(super) const CLOSING: i16 = 1;
pub(super) const CLOSED: i16 = 2;

/// All months that are not open.
///
/// # Errors
/// Where the database cannot be read.
pub fn states(db: &mut Db) -> Result<Months, StorageError> {
    let rows: Vec<Row> = month_state::table.order(month_state::month.asc()).load(db)?;
    let months = rows.into_iter().map(|row| {
        let state = if row.state == CLOSED { MonthState::Closed } else { MonthState::Closing };
        let about = MonthRow {
            state,
            day: Day::from_number(row.day),
            carried: u64::try_from(row.carried).unwrap_or(0),
            policy: row.policy,
        };
        (Month::from_number(row.month), about)
    });
    Ok(Months(months.collect()))
}

/// Marks a month as closing; does nothing where it is already closing or closed.
pub(super) fn begin(db: &mut Db, month: Month, today: Day, policy: &str) -> Result<(), StorageError> {
    let row = Row {
        month: month.number(),
        state: CLOSING,
        day: today.number(),
        carried: 0,
        policy: policy.to_owned(),
    };
    on_both!(db, c => diesel::insert_into(month_state::table)
        .values(&row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Marks a month as closed.
pub(super) fn finish(db: &mut Db, month: Month, today: Day, carried: i64) -> Result<(), StorageError> {
    diesel::update(month_state::table.find(month.number()))
        .set((
            month_state::state.eq(CLOSED),
            month_state::day.eq(today.number()),
            month_state::carried.eq(carried),
        ))
        .execute(db)?;
    Ok(())
}
