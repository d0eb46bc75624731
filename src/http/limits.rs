//! Limits by kind of caller: guesses at codes, and answers by poster. All in memory, never logged.

pub mod sign_ins;

use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

pub use super::address::{Forwarded, Prefix};
use super::problem::ApiError;
use crate::domain::ids::UnitCode;

/// Codes that are not there, from one address prefix, in a row: a hall of 300 people behind one address makes
/// far fewer, because a slip of one character is found by the check character and costs nothing.
const MISSES: u32 = 600;
/// One more is forgiven every so often: 600 in ten minutes.
const FORGIVE: Duration = Duration::from_secs(1);
/// Misses a minute from everywhere together.
const MISSES_A_MINUTE: u32 = 10_000;
/// Misses between two cleanings of the memory.
const CLEAN_EVERY: u32 = 1024;

/// Tables that are made at the same time: readers wait for each other, and never for longer than citizens do.
pub struct Tables(Arc<Semaphore>);

/// How long a reader waits for the tables of others.
const TABLE_PATIENCE: Duration = Duration::from_secs(10);

impl Tables {
    /// Half of the threads at most make tables.
    #[must_use]
    pub fn new(workers: usize) -> Self {
        Self(Arc::new(Semaphore::new((workers / 2).max(1))))
    }

    /// Waits for a turn; it lasts until what is returned is dropped.
    ///
    /// # Errors
    /// [`ApiError::Busy`] where too many tables are wanted.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        self.turn_within(TABLE_PATIENCE).await
    }

    /// The same, for who waits longer or shorter.
    ///
    /// # Errors
    /// As [`Tables::turn`].
    pub async fn turn_within(&self, patience: Duration) -> Result<OwnedSemaphorePermit, ApiError> {
        match timeout(patience, Arc::clone(&self.0).acquire_owned()).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err(_closed)) => Err(ApiError::Stopping),
            Err(_elapsed) => Err(ApiError::Busy),
        }
    }
}

/// Guesses at codes: only codes that are not there cost.
pub struct Guesses {
    by_prefix: DefaultKeyedRateLimiter<Prefix>,
    everywhere: DefaultDirectRateLimiter,
    blocked: Mutex<Blocked>,
    misses: AtomicU32,
}

#[derive(Default)]
struct Blocked {
    prefixes: HashMap<Prefix, Instant>,
    everywhere: Option<Instant>,
}

impl Default for Guesses {
    fn default() -> Self {
        Self::new(MISSES, FORGIVE)
    }
}

impl Guesses {
    fn new(misses: u32, forgive: Duration) -> Self {
        let burst = NonZeroU32::new(misses).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::with_period(forgive).unwrap_or(Quota::per_second(NonZeroU32::MIN));
        let all = NonZeroU32::new(MISSES_A_MINUTE).unwrap_or(NonZeroU32::MIN);
        Self {
            by_prefix: RateLimiter::keyed(quota.allow_burst(burst)),
            everywhere: RateLimiter::direct(Quota::per_minute(all)),
            blocked: Mutex::default(),
            misses: AtomicU32::new(0),
        }
    }

    /// Whether a code may be looked up now.
    ///
    /// # Errors
    /// [`ApiError::TooMany`] while this neighbourhood, or everybody together, has missed too often.
    pub fn may_look(&self, from: Prefix) -> Result<(), ApiError> {
        let now = Instant::now();
        let blocked = self.blocked.lock().unwrap_or_else(PoisonError::into_inner);
        let until = blocked.prefixes.get(&from).copied().max(blocked.everywhere);
        match until.and_then(|until| until.checked_duration_since(now)) {
            Some(wait) if !wait.is_zero() => Err(ApiError::TooMany(wait.as_secs() + 1)),
            _ => Ok(()),
        }
    }

    /// Notes that a code was looked up that is not there.
    pub fn missed(&self, from: Prefix) {
        let clock = DefaultClock::default();
        let prefix_wait = self.by_prefix.check_key(&from).err().map(|not| not.wait_time_from(clock.now()));
        let all_wait = self.everywhere.check().err().map(|not| not.wait_time_from(clock.now()));
        let cleaning = self.misses.fetch_add(1, Ordering::Relaxed) % CLEAN_EVERY == CLEAN_EVERY - 1;
        if prefix_wait.is_none() && all_wait.is_none() && !cleaning {
            return;
        }
        let now = Instant::now();
        let mut blocked = self.blocked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wait) = prefix_wait {
            blocked.prefixes.insert(from, now + wait);
        }
        if let Some(wait) = all_wait {
            blocked.everywhere = Some(now + wait);
        }
        if cleaning {
            blocked.prefixes.retain(|_, until| *until > now);
            self.by_prefix.retain_recent();
        }
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
        let guesses = Guesses::new(3, Duration::from_mins(1));
        for _ in 0..3 {
            guesses.may_look(prefix(1)).unwrap();
            guesses.missed(prefix(1));
        }
        guesses.may_look(prefix(1)).unwrap();
        guesses.missed(prefix(1));
        assert!(matches!(guesses.may_look(prefix(1)), Err(ApiError::TooMany(1..=61))));
        guesses.may_look(prefix(2)).unwrap();
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
