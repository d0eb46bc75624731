//! Limits to wrong passwords and codes: by what is signed in to, and by where from. Only wrong ones count, so a hall
//! of 300 people behind one address who sign in rightly never waits. All in memory, by hash, never logged.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::sync::OwnedSemaphorePermit;

use super::{Guesses, Prefix, Tables};
use crate::{domain::account::AccountId, http::problem::ApiError};

/// Wrong ones in a row before one has to wait.
const FREE: u32 = 9;
/// Seconds of the first wait; each further one is twice as long.
const FIRST_WAIT: i64 = 30;
/// Seconds of the longest wait.
const LONGEST_WAIT: i64 = 15 * 60;
/// Seconds after which a row of wrong ones is forgotten.
const FORGOTTEN: i64 = 24 * 3600;
/// Names that are remembered at once.
const MOST: usize = 50_000;
/// Wrong ones from one neighbourhood in a row, whatever they are for.
const WRONG_NEARBY: u32 = 300;
/// One more of them is forgiven every so often.
const FORGIVE: Duration = Duration::from_secs(2);
/// How long somebody waits for a turn: a hall that signs in at once takes this long on a slow machine.
const HASH_PATIENCE: Duration = Duration::from_secs(25);
/// Entries of the audit log about wrong ones, for one account and hour.
const NOTED: u32 = 5;

/// What is tried: by hash, so that a memory dump names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Target([u8; 32]);

impl Target {
    /// The password of this name, whether there is such an account or not.
    #[must_use]
    pub fn password(name: &str) -> Self {
        Self(blake3::derive_key("sipas 2026 limit password", name.trim().to_ascii_lowercase().as_bytes()))
    }

    /// The second factor of an account.
    #[must_use]
    pub fn factor(account: AccountId) -> Self {
        Self(blake3::derive_key("sipas 2026 limit second factor", &account.0))
    }
}

#[derive(Debug, Clone, Copy)]
struct Row {
    wrong: u32,
    last: i64,
    until: i64,
}

/// How often each account's refusals were noted in this hour.
#[derive(Default)]
struct Noted {
    hour: i64,
    times: HashMap<AccountId, u32>,
}

/// Wrong passwords and codes of late.
pub struct SignIns {
    rows: Mutex<HashMap<Target, Row>>,
    noted: Mutex<Noted>,
    nearby: Guesses,
    hashing: Tables,
}

impl SignIns {
    /// Half of the threads at most hash passwords, so that a flood of sign-ins leaves the others to citizens.
    #[must_use]
    pub fn new(workers: usize) -> Self {
        Self {
            rows: Mutex::default(),
            noted: Mutex::default(),
            nearby: Guesses::new(WRONG_NEARBY, FORGIVE),
            hashing: Tables::new(workers),
        }
    }

    fn rows(&self) -> MutexGuard<'_, HashMap<Target, Row>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a neighbourhood may try to sign in by way of somebody else, who checks what is typed there.
    ///
    /// # Errors
    /// [`ApiError::TooMany`] while it has to wait.
    pub fn may_try(&self, from: Prefix) -> Result<(), ApiError> {
        self.nearby.may_look(from)
    }

    /// Begins a try, which counts as wrong until [`SignIns::right`] is said of it: so many at the same moment count
    /// like one after the other.
    ///
    /// # Errors
    /// [`ApiError::TooMany`] while this target, or this neighbourhood, has to wait.
    pub fn begin(&self, from: Prefix, target: Target, now: i64) -> Result<(), ApiError> {
        self.nearby.may_look(from)?;
        let mut rows = self.rows();
        let known = rows.get(&target).copied().filter(|row| now - row.last < FORGOTTEN);
        let wrong = match known {
            Some(row) if row.until > now => return Err(too_many(row.until - now)),
            Some(row) => row.wrong + 1,
            None => 1,
        };
        if rows.len() >= MOST {
            rows.retain(|_, row| row.until > now);
        }
        rows.insert(target, Row { wrong, last: now, until: now + wait_after(wrong) });
        Ok(())
    }

    /// The try that began was right: what was wrong before is forgotten.
    pub fn right(&self, target: Target) {
        self.rows().remove(&target);
    }

    /// The try that began came to nothing, through no fault of who tried.
    pub fn undone(&self, target: Target) {
        if let Some(row) = self.rows().get_mut(&target) {
            (row.wrong, row.until) = (row.wrong.saturating_sub(1), row.last);
        }
    }

    /// The try that began was wrong.
    pub fn wrong(&self, from: Prefix) {
        self.nearby.missed(from);
    }

    /// Whether a refusal is still to be noted in the audit log: not every one of thousands.
    #[must_use]
    pub fn is_worth_noting(&self, account: AccountId, now: i64) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.hour != now / 3600 {
            *noted = Noted { hour: now / 3600, times: HashMap::new() };
        }
        let times = noted.times.entry(account).or_default();
        *times += 1;
        *times <= NOTED
    }

    /// Waits for a turn to hash a password; it lasts until what is returned is dropped.
    ///
    /// # Errors
    /// [`ApiError::Busy`] where too many sign in at once.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        self.hashing.turn_within(HASH_PATIENCE).await
    }
}

fn too_many(seconds: i64) -> ApiError {
    ApiError::TooMany(u64::try_from(seconds).unwrap_or(1).max(1))
}

/// Seconds to wait after so many wrong ones in a row.
fn wait_after(wrong: u32) -> i64 {
    match wrong.checked_sub(FREE + 1) {
        None => 0,
        Some(more) => 2_i64.checked_pow(more).map_or(LONGEST_WAIT, |times| {
            FIRST_WAIT.checked_mul(times).map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_quarter_of_an_hour_and_end_with_a_right_password() {
        let waits: Vec<i64> = [1, 9, 10, 11, 12, 14, 15, 99].into_iter().map(wait_after).collect();
        assert_eq!(waits, [0, 0, 30, 60, 120, 480, 900, 900]);
        let (sign_ins, here) = (SignIns::new(2), Prefix::around([203, 0, 113, 7].into()));
        let lan = Target::password(" Lan ");
        for _ in 0..10 {
            sign_ins.begin(here, Target::password("lan"), 1000).unwrap();
        }
        assert!(matches!(sign_ins.begin(here, lan, 1000), Err(ApiError::TooMany(30))));
        sign_ins.begin(here, Target::password("tam"), 1000).unwrap();
        sign_ins.begin(here, lan, 1030).unwrap();
        assert!(matches!(sign_ins.begin(here, lan, 1031), Err(ApiError::TooMany(59))));
        sign_ins.right(lan);
        sign_ins.begin(here, lan, 1031).unwrap();
    }

    #[test]
    fn a_neighbourhood_waits_only_for_what_was_wrong() {
        let sign_ins = SignIns::new(2);
        let (hall, other) =
            (Prefix::around([203, 0, 113, 7].into()), Prefix::around([203, 0, 114, 7].into()));
        let person = |number: u32| Target::password(&format!("person{number}"));
        for number in 0..3000 {
            sign_ins.begin(hall, person(number), 0).unwrap();
            sign_ins.right(person(number));
        }
        for number in 0..=WRONG_NEARBY {
            sign_ins.begin(hall, person(number), 0).unwrap();
            sign_ins.wrong(hall);
        }
        assert!(matches!(sign_ins.begin(hall, person(9999), 0), Err(ApiError::TooMany(_))));
        sign_ins.begin(other, person(9999), 0).unwrap();
    }

    #[test]
    fn an_account_is_noted_some_times_an_hour() {
        let sign_ins = SignIns::new(2);
        let noted = |now| (0..9).filter(|_| sign_ins.is_worth_noting(AccountId([1; 16]), now)).count();
        assert_eq!([noted(3600), noted(3601), noted(7200)], [5, 0, 5]);
    }
}
