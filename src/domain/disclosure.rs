//! What may be shown to whom: thresholds on people, and complementary suppression.
//!
//! Hiding small cells is not enough where a table also shows a total: the hidden cell is the total minus the
//! rest. So a table is looked at as a system of equations in which the hidden cells are the unknowns, and more
//! cells are hidden until no hidden one can be computed ([`decide`]). This protects one table; that two tables
//! of different days cannot be subtracted is the work of closing months.

mod elimination;
mod solver;

use std::{fmt, str::FromStr};

pub use solver::{Cell, People, Relation, Shown, decide};

/// Who looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// Everybody, without an account.
    Public,
    /// A unit's own people.
    Unit,
    /// Who compares units for the province.
    Analyst,
}

impl Audience {
    /// All audiences, the widest first.
    pub const ALL: [Self; 3] = [Self::Public, Self::Unit, Self::Analyst];

    /// As options, the API and files write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Unit => "unit",
            Self::Analyst => "analyst",
        }
    }
}

/// Not an audience.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no audience; allowed: public, unit, analyst")]
pub struct AudienceError(pub String);

impl FromStr for Audience {
    type Err = AudienceError;

    fn from_str(text: &str) -> Result<Self, AudienceError> {
        Self::ALL.into_iter().find(|a| a.as_str() == text).ok_or_else(|| AudienceError(text.to_owned()))
    }
}

/// Numbers of respondents below which something happens; from the policy. A month that closes keeps those of its
/// day, written as `public_from=10 anyone_from=5 normal_from=30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Below: not public.
    pub public: u64,
    /// Below: shown to nobody.
    pub anyone: u64,
    /// Below: shown with a mark, and never ranked.
    pub small_sample: u64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { public: 10, anyone: 5, small_sample: 30 }
    }
}

impl fmt::Display for Thresholds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { public, anyone, small_sample } = self;
        write!(f, "public_from={public} anyone_from={anyone} normal_from={small_sample}")
    }
}

impl Thresholds {
    /// The stricter of these and those that were written for a closed month: a policy that becomes wider shows
    /// nothing of the past.
    #[must_use]
    pub fn stricter(self, written: &str) -> Self {
        let read = |name: &str| {
            let value = written.split(' ').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
            value.and_then(|value| value.parse().ok()).unwrap_or(0)
        };
        Self {
            public: self.public.max(read("public_from")),
            anyone: self.anyone.max(read("anyone_from")),
            small_sample: self.small_sample.max(read("normal_from")),
        }
    }

    /// Below how many respondents nothing is shown to this audience.
    #[must_use]
    pub fn hide_below(&self, audience: Audience) -> u64 {
        match audience {
            Audience::Public => self.public.max(self.anyone),
            Audience::Unit | Audience::Analyst => self.anyone,
        }
    }
}

/// What a reader must know about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// Few respondents: shown, never ranked.
    SmallSample,
    /// Hidden: too few respondents.
    HiddenPrimary,
    /// Hidden, because a small one could be computed from it.
    HiddenComplementary,
    /// What was asked, or who was served, changed within or just before the period.
    SeriesBreak,
    /// The month still takes answers.
    OpenMonth,
    /// There is nothing to compute the score from; it is not 0.
    NotComputable,
}

impl Flag {
    /// All flags, in the order in which a row lists them.
    pub const ALL: [Self; 6] = [
        Self::SmallSample,
        Self::HiddenPrimary,
        Self::HiddenComplementary,
        Self::SeriesBreak,
        Self::OpenMonth,
        Self::NotComputable,
    ];

    /// As columns and the API print it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SmallSample => "small_sample",
            Self::HiddenPrimary => "hidden_primary",
            Self::HiddenComplementary => "hidden_complementary",
            Self::SeriesBreak => "series_break",
            Self::OpenMonth => "open_month",
            Self::NotComputable => "not_computable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_month_keeps_its_thresholds_where_the_policy_becomes_wider() {
        let then = Thresholds { public: 20, anyone: 5, small_sample: 40 };
        let now = Thresholds { public: 10, anyone: 7, small_sample: 30 };
        assert_eq!(now.stricter(&then.to_string()), Thresholds { public: 20, anyone: 7, small_sample: 40 });
        assert_eq!(now.stricter(""), now);
    }

    #[test]
    fn the_public_sees_less_than_the_units() {
        let thresholds = Thresholds::default();
        let below = Audience::ALL.map(|a| thresholds.hide_below(a));
        assert_eq!(below, [10, 5, 5]);
        let careless = Thresholds { public: 3, ..thresholds };
        assert_eq!(careless.hide_below(Audience::Public), 5, "the public never sees more than others");
    }

    #[test]
    fn audiences_read_back() {
        for audience in Audience::ALL {
            assert_eq!(audience.as_str().parse(), Ok(audience));
        }
        assert!("Public".parse::<Audience>().is_err());
    }
}
