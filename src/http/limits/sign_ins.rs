//! Limits to wrong passwords and codes: by what is signed in to, and by where from. Only wrong ones count, so a hall
//! of 300 people behind one address who sign in rightly never waits. All in memory, by hash, never logged.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use super::{
    Prefix,
    budgets::Budgets,
    held, thin,
    turns::{Turn, Turns},
};
use crate::{domain::account::AccountId, http::problem::ApiError};

/// Wrong ones in a row from one neighbourhood before it has to wait.
const FREE: u32 = 9;
/// Wrong ones in a row from everywhere together: so many that one neighbourhood alone does not keep an owner out.
const FREE_EVERYWHERE: u32 = 99;
/// Seconds of the first wait; each further one is twice as long.
const FIRST_WAIT: i64 = 30;
/// Seconds of the longest wait.
const LONGEST_WAIT: i64 = 15 * 60;
/// Seconds after which a row of wrong ones is forgotten.
const FORGOTTEN: i64 = 24 * 3600;
/// Wrong ones from one neighbourhood in a row, whatever they are for.
const WRONG_NEARBY: i64 = 300;
/// Seconds after which one more of them is forgiven.
const FORGIVE: i64 = 2;
/// How long somebody waits for a turn: a hall that signs in at once takes this long on a slow machine.
const HASH_PATIENCE: Duration = Duration::from_secs(25);
/// Entries of the audit log about wrong ones, for one target and hour.
const NOTED: u32 = 5;

/// What is tried: by hash, so that a memory dump names nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Target {
    hash: [u8; 32],
    /// Wrong ones in a row from everywhere together that cost nothing.
    free: u32,
}

impl Target {
    /// The password of this name, whether there is such an account or not.
    #[must_use]
    pub fn password(name: &str) -> Self {
        let name = name.trim().to_ascii_lowercase();
        Self { hash: blake3::derive_key("sipas 2026 limit password", name.as_bytes()), free: FREE_EVERYWHERE }
    }

    /// An identity of a provider.
    #[must_use]
    pub fn identity(key: &str) -> Self {
        Self { hash: blake3::derive_key("sipas 2026 limit identity", key.as_bytes()), free: FREE_EVERYWHERE }
    }

    /// The second factor of an account. Only who has the password comes so far: nobody else can keep its owner waiting.
    #[must_use]
    pub fn factor(account: AccountId) -> Self {
        Self { hash: blake3::derive_key("sipas 2026 limit second factor", &account.0), free: FREE }
    }
}

#[derive(Debug, Clone, Copy)]
struct Row {
    wrong: u32,
    last: i64,
    until: i64,
}

/// How often refusals of each target were noted in this hour.
#[derive(Default)]
struct Noted {
    hour: i64,
    times: HashMap<Target, u32>,
}

/// Wrong passwords and codes of late.
pub struct SignIns {
    rows: Mutex<HashMap<(Target, Option<Prefix>), Row>>,
    noted: Mutex<Noted>,
    nearby: Budgets<Prefix>,
    hashing: Turns,
}

impl SignIns {
    /// Half of the threads at most hash passwords, so that a flood of sign-ins leaves the others to citizens.
    #[must_use]
    pub fn new(workers: usize) -> Self {
        Self {
            rows: Mutex::default(),
            noted: Mutex::default(),
            nearby: Budgets::new(WRONG_NEARBY, FORGIVE),
            hashing: Turns::new(workers, HASH_PATIENCE),
        }
    }

    /// Takes one of those that a neighbourhood may have wrong, until [`SignIns::forgive`] gives it back: so many at the
    /// same moment count like one after the other.
    ///
    /// # Errors
    /// [`ApiError::TooMany`] where it has none left.
    pub fn take(&self, from: Prefix, now: i64) -> Result<(), ApiError> {
        self.nearby.take(from, now).map_err(too_many)
    }

    /// Gives back what was taken: it was not wrong.
    pub fn forgive(&self, from: Prefix) {
        self.nearby.give_back(&from);
    }

    /// Begins a try, which counts as wrong until [`SignIns::right`] is said of it.
    ///
    /// # Errors
    /// [`ApiError::TooMany`] while this target, or this neighbourhood, has to wait.
    pub fn begin(&self, from: Prefix, target: Target, now: i64) -> Result<(), ApiError> {
        let mut rows = held(&self.rows);
        let mut begun = [(Some(from), FREE, 0), (None, target.free, 0)];
        for (place, _, wrong) in &mut begun {
            let known = rows.get(&(target, *place)).filter(|row| now - row.last < FORGOTTEN);
            *wrong = match known {
                Some(row) if row.until > now => return Err(too_many(row.until - now)),
                Some(row) => row.wrong + 1,
                None => 1,
            };
        }
        self.take(from, now)?;
        thin(&mut rows, |row| row.until > now);
        for (place, free, wrong) in begun {
            rows.insert((target, place), Row { wrong, last: now, until: now + wait_after(wrong, free) });
        }
        Ok(())
    }

    /// The try that began was right: what was wrong before, here and elsewhere, is forgotten.
    pub fn right(&self, from: Prefix, target: Target) {
        let mut rows = held(&self.rows);
        rows.remove(&(target, Some(from)));
        rows.remove(&(target, None));
        self.forgive(from);
    }

    /// The try that began came to nothing, through no fault of who tried.
    pub fn undone(&self, from: Prefix, target: Target) {
        let mut rows = held(&self.rows);
        for place in [Some(from), None] {
            if let Some(row) = rows.get_mut(&(target, place)) {
                (row.wrong, row.until) = (row.wrong.saturating_sub(1), row.last);
            }
        }
        self.forgive(from);
    }

    /// Whether a refusal is still to be noted in the audit log: not every one of thousands.
    #[must_use]
    pub fn is_worth_noting(&self, target: Target, now: i64) -> bool {
        let mut noted = held(&self.noted);
        if noted.hour != now / 3600 {
            *noted = Noted { hour: now / 3600, times: HashMap::new() };
        }
        let times = noted.times.entry(target).or_default();
        *times += 1;
        *times <= NOTED
    }

    /// Waits for a turn to hash a password; it lasts until what is returned is dropped.
    ///
    /// # Errors
    /// [`ApiError::Busy`] where too many sign in at once.
    pub async fn turn(&self, from: Prefix) -> Result<Turn, ApiError> {
        self.hashing.turn(from).await
    }
}

fn too_many(seconds: i64) -> ApiError {
    ApiError::TooMany(u64::try_from(seconds).unwrap_or(1).max(1))
}

/// Seconds to wait after so many wrong ones in a row, of which so many cost nothing.
fn wait_after(wrong: u32, free: u32) -> i64 {
    match wrong.checked_sub(free + 1) {
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
        let waits: Vec<i64> =
            [1, 9, 10, 11, 12, 14, 15, 99].into_iter().map(|n| wait_after(n, FREE)).collect();
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
        sign_ins.right(here, lan);
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
            sign_ins.right(hall, person(number));
        }
        for number in 0..300 {
            sign_ins.begin(hall, person(number), 0).unwrap();
        }
        assert!(matches!(sign_ins.begin(hall, person(9999), 0), Err(ApiError::TooMany(_))));
        sign_ins.begin(other, person(9999), 0).unwrap();
        sign_ins.begin(hall, person(9999), 2).unwrap();
        assert!(sign_ins.take(hall, 3).is_err());
    }

    #[test]
    fn one_neighbourhood_does_not_keep_an_owner_out_and_many_do_for_a_while() {
        let (sign_ins, lan) = (SignIns::new(2), Target::password("lan"));
        let from = |number: u8| Prefix::around([203, 0, number, 7].into());
        for _ in 0..10 {
            sign_ins.begin(from(1), lan, 0).unwrap();
        }
        assert!(sign_ins.begin(from(1), lan, 0).is_err());
        sign_ins.begin(from(2), lan, 0).unwrap();
        sign_ins.right(from(2), lan);
        for number in 2..12 {
            for _ in 0..10 {
                sign_ins.begin(from(number), lan, 0).unwrap();
            }
        }
        assert!(sign_ins.begin(from(99), lan, 29).is_err());
        sign_ins.begin(from(99), lan, 30).unwrap();
    }

    #[test]
    fn an_account_is_noted_some_times_an_hour() {
        let sign_ins = SignIns::new(2);
        let lan = Target::password("lan");
        let noted = |now| (0..9).filter(|_| sign_ins.is_worth_noting(lan, now)).count();
        assert_eq!([noted(3600), noted(3601), noted(7200)], [5, 0, 5]);
    }
}
