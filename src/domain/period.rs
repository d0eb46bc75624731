//! Days, months and periods. All days are days in `Asia/Ho_Chi_Minh`; nothing here knows what day it is.

use std::{fmt, str::FromStr};
use time::Date;

/// A civil day, counted from 1970-01-01 (day 0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

/// Julian day of 1970-01-01.
const EPOCH_JULIAN: i32 = 2_440_588;

impl Day {
    /// The day with this number of days since 1970-01-01.
    #[must_use]
    pub fn from_number(days: i32) -> Self {
        Self(days)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn number(self) -> i32 {
        self.0
    }

    /// The day of a moment given in seconds since 1970-01-01T00:00Z, in `Asia/Ho_Chi_Minh`.
    ///
    /// Viet Nam has kept UTC+7 without summer time since 1975, so a fixed offset is exact.
    #[must_use]
    pub fn of_unix_seconds(seconds: i64) -> Self {
        let days = (seconds + 7 * 3600).div_euclid(86_400);
        Self(i32::try_from(days).unwrap_or(i32::MAX))
    }

    /// The month this day lies in.
    #[must_use]
    pub fn month(self) -> Month {
        let date = self.date();
        Month::new(date.year(), u8::from(date.month()))
    }

    /// Day of the month, 1 to 31.
    #[must_use]
    pub fn of_month(self) -> u8 {
        self.date().day()
    }

    /// The week this day lies in, counted in sevens of days since 1970-01-01: for what must not keep a day.
    #[must_use]
    pub fn week(self) -> i32 {
        self.0.div_euclid(7)
    }

    /// So many days later (earlier when negative).
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The calendar date.
    #[must_use]
    pub fn date(self) -> Date {
        Date::from_julian_day(self.0.saturating_add(EPOCH_JULIAN)).unwrap_or(Date::MIN)
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(date.to_julian_day() - EPOCH_JULIAN)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let d = self.date();
        write!(f, "{:04}-{:02}-{:02}", d.year(), u8::from(d.month()), d.day())
    }
}

impl FromStr for Day {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let fault = || PeriodError::Day(text.to_owned());
        let (year, rest) = text.split_once('-').ok_or_else(fault)?;
        let (month, day) = rest.split_once('-').ok_or_else(fault)?;
        let year = digits(year, 4).ok_or_else(fault)?;
        let month = digits(month, 2).and_then(|m| u8::try_from(m).ok()).ok_or_else(fault)?;
        let day = digits(day, 2).and_then(|d| u8::try_from(d).ok()).ok_or_else(fault)?;
        let month = time::Month::try_from(month).ok().ok_or_else(fault)?;
        Date::from_calendar_date(year, month, day).map(Self::from).ok().ok_or_else(fault)
    }
}

/// A calendar month, counted as `year * 12 + month - 1`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(i32);

impl Month {
    /// The month `month` (1 to 12) of `year`.
    #[must_use]
    pub fn new(year: i32, month: u8) -> Self {
        Self(year * 12 + i32::from(month) - 1)
    }

    /// The month with this number (`year * 12 + month - 1`).
    #[must_use]
    pub fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// `year * 12 + month - 1`: how tables hold it.
    #[must_use]
    pub fn number(self) -> i32 {
        self.0
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// Month of the year, 1 to 12.
    #[must_use]
    pub fn of_year(self) -> u8 {
        u8::try_from(self.0.rem_euclid(12) + 1).unwrap_or(1)
    }

    /// So many months later (earlier when negative).
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        Self(self.0 + months)
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Day {
        self.day(1)
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Day {
        // Not the day before the next month: after the last month of the calendar there is none.
        self.day(self.name().length(self.year()))
    }

    fn name(self) -> time::Month {
        time::Month::try_from(self.of_year()).unwrap_or(time::Month::January)
    }

    fn day(self, of_month: u8) -> Day {
        Date::from_calendar_date(self.year(), self.name(), of_month).map_or(Day(0), Day::from)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.of_year())
    }
}

impl FromStr for Month {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let fault = || PeriodError::Month(text.to_owned());
        let (year, month) = text.split_once('-').ok_or_else(fault)?;
        let year = digits(year, 4).ok_or_else(fault)?;
        let month = digits(month, 2).filter(|m| (1..=12).contains(m)).ok_or_else(fault)?;
        Ok(Self::new(year, u8::try_from(month).unwrap_or(1)))
    }
}

/// A run of whole months: a month, a quarter, a year, or any range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    first: Month,
    last: Month,
}

/// Why a text is not a day or a period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Not a calendar day.
    #[error("{0:?} is not a day; write it as 2026-11-24")]
    Day(String),
    /// Not a month.
    #[error("{0:?} is not a month; write it as 2026-11")]
    Month(String),
    /// Not a period.
    #[error("{0:?} is not a period; write 2026, 2026-Q3, 2026-11 or 2026-03..2026-08")]
    Period(String),
    /// A range that runs backwards.
    #[error("the period {0:?} ends before it begins")]
    Backwards(String),
    /// A range of more months than a query may span.
    #[error("the period {0:?} spans more than 240 months")]
    TooLong(String),
}

/// Longest period that a query may ask for, in months.
const LONGEST: i32 = 240;

impl Period {
    /// One month.
    #[must_use]
    pub fn month(month: Month) -> Self {
        Self { first: month, last: month }
    }

    /// The quarter (1 to 4) of a year.
    #[must_use]
    pub fn quarter(year: i32, quarter: u8) -> Self {
        let first = Month::new(year, quarter * 3 - 2);
        Self { first, last: first.plus(2) }
    }

    /// A whole year.
    #[must_use]
    pub fn year(year: i32) -> Self {
        Self { first: Month::new(year, 1), last: Month::new(year, 12) }
    }

    /// From `first` to `last`, both included; `None` where it runs backwards.
    #[must_use]
    pub fn range(first: Month, last: Month) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// First month.
    #[must_use]
    pub fn first(self) -> Month {
        self.first
    }

    /// Last month.
    #[must_use]
    pub fn last(self) -> Month {
        self.last
    }

    /// Whether the month lies in it.
    #[must_use]
    pub fn contains(self, month: Month) -> bool {
        self.first <= month && month <= self.last
    }

    /// Its months, in order.
    pub fn months(self) -> impl Iterator<Item = Month> {
        (self.first.0..=self.last.0).map(Month)
    }

    /// The quarter that a month lies in.
    #[must_use]
    pub fn quarter_of(month: Month) -> Self {
        Self::quarter(month.year(), (month.of_year() - 1) / 3 + 1)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            return self.first.fmt(f);
        }
        if *self == Self::year(self.first.year()) {
            return write!(f, "{:04}", self.first.year());
        }
        if *self == Self::quarter_of(self.first) {
            return write!(f, "{:04}-Q{}", self.first.year(), (self.first.of_year() - 1) / 3 + 1);
        }
        write!(f, "{}..{}", self.first, self.last)
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let fault = || PeriodError::Period(text.to_owned());
        if let Some((first, last)) = text.split_once("..") {
            let range = Self::range(first.parse()?, last.parse()?)
                .ok_or_else(|| PeriodError::Backwards(text.to_owned()))?;
            let spans = range.last.0 - range.first.0 + 1;
            return if spans <= LONGEST { Ok(range) } else { Err(PeriodError::TooLong(text.to_owned())) };
        }
        if let Some((year, quarter)) = text.split_once("-Q") {
            let year = digits(year, 4).ok_or_else(fault)?;
            let quarter = digits(quarter, 1).filter(|q| (1..=4).contains(q)).ok_or_else(fault)?;
            return Ok(Self::quarter(year, u8::try_from(quarter).unwrap_or(1)));
        }
        if text.len() == 4 {
            return digits(text, 4).map(Self::year).ok_or_else(fault);
        }
        text.parse().map(Self::month).map_err(|_month: PeriodError| fault())
    }
}

/// A number of exactly `len` decimal digits.
fn digits(text: &str, len: usize) -> Option<i32> {
    (text.len() == len && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_reads_back_as_it_was_written() {
        for text in ["2026", "2026-Q3", "2026-11", "2026-03..2026-08", "2025-12..2026-01"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        assert_eq!("2026-01..2026-12".parse::<Period>().unwrap().to_string(), "2026");
    }

    #[test]
    fn what_is_no_period_is_refused() {
        for text in [
            "",
            "26",
            "2026-13",
            "2026-0",
            "2026-Q5",
            "2026-Q0",
            "2026-1",
            "2026-11-24",
            "2026-08..2026-03",
            "1900-01..2026-01",
            "²⁰²⁶",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_day_begins_at_midnight_in_viet_nam() {
        let day: Day = "2026-11-24".parse().unwrap();
        assert_eq!(Day::of_unix_seconds(1_795_453_200), day); // 2026-11-23T17:00Z
        assert_eq!(Day::of_unix_seconds(1_795_453_199), day.plus(-1));
        assert_eq!(day.month().to_string(), "2026-11");
        assert_eq!(Month::new(2024, 2).last_day().to_string(), "2024-02-29");
        assert_eq!(Month::new(9999, 12).last_day().to_string(), "9999-12-31");
        assert!("2026-02-29".parse::<Day>().is_err());
    }
}
