//! How a period is cut.

use crate::domain::period::{Month, Period};

/// How a period is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Slices {
    /// Not at all.
    #[default]
    Whole,
    /// By month.
    Months,
    /// By quarter; where the period begins or ends within one, by the months of it that are meant.
    Quarters,
    /// By year, likewise.
    Years,
}

impl Slices {
    /// The slices of a period, in order.
    #[must_use]
    pub fn of(self, period: Period) -> Vec<Period> {
        let whole = |month: Month| match self {
            Self::Whole => period,
            Self::Months => Period::month(month),
            Self::Quarters => Period::quarter_of(month),
            Self::Years => Period::year(month.year()),
        };
        let mut slices: Vec<Period> = Vec::new();
        for month in period.months() {
            if slices.last().is_some_and(|last| last.contains(month)) {
                continue;
            }
            let slice = whole(month);
            let clipped = Period::range(slice.first().max(period.first()), slice.last().min(period.last()));
            slices.push(clipped.unwrap_or(slice));
        }
        slices
    }
}

/// Whether the public may ask for this period: a month, a quarter or a year.
#[must_use]
pub(super) fn is_public(period: Period) -> bool {
    let first = period.first();
    period == Period::month(first)
        || period == Period::quarter_of(first)
        || period == Period::year(first.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(slices: Slices, period: &str) -> Vec<String> {
        slices.of(period.parse().unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn slices_cover_a_period_and_never_leave_it() {
        assert_eq!(cut(Slices::Whole, "2026"), ["2026"]);
        assert_eq!(cut(Slices::Quarters, "2026"), ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]);
        assert_eq!(cut(Slices::Quarters, "2026-03..2026-08"), ["2026-03", "2026-Q2", "2026-07..2026-08"]);
        assert_eq!(cut(Slices::Years, "2025-11..2026-12"), ["2025-11..2025-12", "2026"]);
        assert_eq!(cut(Slices::Months, "2026-Q1"), ["2026-01", "2026-02", "2026-03"]);
    }

    #[test]
    fn the_public_asks_for_months_quarters_and_years() {
        for (period, public) in [
            ("2026", true),
            ("2026-Q2", true),
            ("2026-05", true),
            ("2026-01..2026-02", false),
            ("2025-01..2026-12", false),
        ] {
            assert_eq!(is_public(period.parse().unwrap()), public, "{period}");
        }
    }
}
