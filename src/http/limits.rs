//! Limits by kind of caller: guesses at codes, and answers by poster. All in memory, never logged.

pub mod budgets;
pub mod sign_ins;
pub mod turns;

use std::{
    collections::HashMap,
    hash::Hash,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use self::budgets::Budgets;
pub use super::address::{Forwarded, Prefix};
use super::problem::ApiError;
use crate::domain::ids::UnitCode;

/// Codes that are not there, from one address prefix, in a row: a hall of 300 people behind one address makes
/// far fewer, because a slip of one character is found by the check character and costs nothing.
const MISSES: i64 = 600;
/// One more is forgiven every so many milliseconds: 600 in ten minutes.
const FORGIVE: i64 = 1000;
/// Misses a minute from everywhere together.
const MISSES_A_MINUTE: i64 = 10_000;
/// Places that are remembered at once.
const MOST: usize = 50_000;

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets what need not be remembered where there is too much of it.
fn thin<K: Eq + Hash, V>(map: &mut HashMap<K, V>, needed: impl Fn(&V) -> bool) {
    if map.len() >= MOST {
        map.retain(|_, value| needed(value));
    }
}

/// Guesses at codes: only codes that are not there cost.
pub struct Guesses {
    nearby: Budgets<Prefix>,
    everywhere: Budgets<()>,
    begun: Instant,
}

/// A code that is looked up. Until it is known to be there it counts as one that is not: so many at once are no way to
/// guess more often. One that nobody waits for any more told nobody anything.
#[must_use]
pub struct Look<'a> {
    guesses: &'a Guesses,
    from: Prefix,
    missed: bool,
}

impl Look<'_> {
    /// The code is not there.
    pub fn missed(mut self) {
        self.missed = true;
    }
}

impl Drop for Look<'_> {
    fn drop(&mut self) {
        if !self.missed {
            self.guesses.nearby.give_back(&self.from);
            self.guesses.everywhere.give_back(&());
        }
    }
}

impl Default for Guesses {
    fn default() -> Self {
        Self::new(MISSES, FORGIVE)
    }
}

impl Guesses {
    fn new(misses: i64, forgive: i64) -> Self {
        Self {
            nearby: Budgets::new(misses, forgive),
            everywhere: Budgets::new(MISSES_A_MINUTE, 60_000 / MISSES_A_MINUTE),
            begun: Instant::now(),
        }
    }

    /// Begins to look a code up.
    ///
    /// # Errors
    /// [`ApiError::TooMany`] while this neighbourhood, or everybody together, has missed too often.
    pub fn look(&self, from: Prefix) -> Result<Look<'_>, ApiError> {
        let now = i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(i64::MAX);
        let too_many = |wait: i64| ApiError::TooMany(u64::try_from(wait / 1000).unwrap_or(0) + 1);
        self.nearby.take(from, now).map_err(too_many)?;
        self.everywhere.take((), now).map_err(|wait| {
            self.nearby.give_back(&from);
            too_many(wait)
        })?;
        Ok(Look { guesses: self, from, missed: false })
    }
}

/// Whether one more answer by a unit's poster is within what is usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Within the limit.
    Within,
    /// Above it: accepted, and flagged.
    Over,
}

/// Answers by poster, for each unit and hour.
pub struct Posters(DefaultKeyedRateLimiter<UnitCode>);

impl Posters {
    /// At most so many answers of one unit in an hour are usual.
    #[must_use]
    pub fn new(an_hour: NonZeroU32) -> Self {
        Self(RateLimiter::keyed(Quota::per_hour(an_hour)))
    }

    /// Counts one more answer.
    #[must_use]
    pub fn count(&self, unit: &UnitCode) -> Pace {
        match self.0.check_key(unit) {
            Ok(()) => Pace::Within,
            Err(_not_until) => Pace::Over,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    fn prefix(last: u8) -> Prefix {
        Prefix::around(IpAddr::from([203, 0, last, 7]))
    }

    #[test]
    fn who_misses_too_often_waits_and_others_do_not() {
        let guesses = Guesses::new(3, 60_000);
        for _ in 0..9 {
            drop(guesses.look(prefix(1)).unwrap());
        }
        for _ in 0..3 {
            guesses.look(prefix(1)).unwrap().missed();
        }
        assert!(matches!(guesses.look(prefix(1)), Err(ApiError::TooMany(1..=61))));
        drop(guesses.look(prefix(2)).unwrap());
    }

    #[test]
    fn looks_at_the_same_moment_count_like_one_after_the_other() {
        let guesses = Guesses::new(3, 60_000);
        let under_way: Vec<_> = (0..3).map(|_| guesses.look(prefix(1)).unwrap()).collect();
        assert!(guesses.look(prefix(1)).is_err());
        drop(under_way);
        drop(guesses.look(prefix(1)).unwrap());
    }

    #[test]
    fn posters_are_counted_by_unit() {
        let posters = Posters::new(NonZeroU32::new(2).unwrap());
        let (a, b) = ("a".parse().unwrap(), "b".parse().unwrap());
        assert_eq!(
            [posters.count(&a), posters.count(&a), posters.count(&a)],
            [Pace::Within, Pace::Within, Pace::Over]
        );
        assert_eq!(posters.count(&b), Pace::Within);
    }
}
