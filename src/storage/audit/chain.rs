//! Whether the log is whole: from its beginning each entry must follow the one before it, and it must not end before
//! any head that somebody remembers.

use std::fmt;

use super::{BASE, Entry, Head, after, base, head};
use crate::{
    domain::audit::Action,
    storage::{Db, StorageError},
};

/// Entries that are read at once.
const SLICE: i64 = 1000;

/// A head that somebody remembers, and who.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// Number and hash.
    pub head: Head,
    /// Where it is written down, for people.
    pub by: String,
}

/// The first thing that is wrong with the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// There is no entry with this number, and there are later ones.
    Missing(i64),
    /// An entry stands where none can: before the first one.
    Inserted(i64),
    /// The entry does not say what it said when it was written.
    Altered(i64),
    /// The entry does not follow the one before it.
    Unlinked(i64),
    /// Entries from this number on are not there any more.
    Cut {
        /// The first that is not there.
        from: i64,
        /// The head that tells.
        remembered: Remembered,
    },
    /// From this number on there are entries that were not written by the service.
    Added(i64),
    /// The log fits together, and is another one than somebody remembers.
    Rewritten {
        /// The entry that is another.
        number: i64,
        /// The head that tells.
        remembered: Remembered,
    },
    /// The database does not remember where its log ends.
    Headless,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(number) => write!(f, "audit entry {number} is missing"),
            Self::Inserted(number) => write!(f, "audit entry {number} was inserted before the first one"),
            Self::Altered(number) => write!(f, "audit entry {number} was altered"),
            Self::Unlinked(number) => {
                write!(f, "audit entry {number} was altered, or entry {} together with its hash", number - 1)
            }
            Self::Cut { from, remembered: Remembered { head, by } } => {
                write!(f, "audit entry {from} is missing: {by} remembers a log of {} entries", head.number)
            }
            Self::Added(from) => {
                write!(f, "audit entry {from} was inserted: the database remembers an earlier end of the log")
            }
            Self::Rewritten { number, remembered } => write!(
                f,
                "audit entry {number} is another than {} remembers: it or one before it was altered, and the log was \
                 made anew from there",
                remembered.by
            ),
            Self::Headless => f.write_str("the end of the audit log that the database remembers was altered"),
        }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The last entry that fits.
    pub head: Head,
    /// The first fault; none: the log is whole.
    pub fault: Option<Fault>,
}

/// Looks through the whole log. Heads that others remember are compared as well.
///
/// # Errors
/// Where the database cannot be read.
pub fn check(db: &mut Db, remembered: &[Remembered]) -> Result<Checked, StorageError> {
    let (base, kept) = match (base(db), head(db)) {
        (Ok(base), Ok(kept)) => (base, kept),
        (Err(StorageError::Damaged { .. }), _) | (_, Err(StorageError::Damaged { .. })) => {
            return Ok(Checked { head: Head::EMPTY, fault: Some(Fault::Headless) });
        }
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    let mut walk = Walk { base, last: base, kept, is_base_told: base == Head::EMPTY, remembered };
    let whole = usize::try_from(SLICE).unwrap_or(usize::MAX);
    // Nothing may stand before the first one either.
    let mut from = i64::MIN;
    loop {
        // One more than is walked through: what follows an entry helps to say what is wrong with it.
        let slice = after(db, from, SLICE + 1)?;
        for (place, entry) in slice.iter().take(whole).enumerate() {
            if let Some(fault) = walk.step(entry, slice.get(place + 1)) {
                return Ok(Checked { head: walk.last, fault: Some(fault) });
            }
        }
        from = walk.last.number;
        if slice.len() <= whole {
            return Ok(Checked { head: walk.last, fault: walk.end() });
        }
    }
}

struct Walk<'a> {
    /// The last entry that was cleared away.
    base: Head,
    /// The last entry that was looked at.
    last: Head,
    /// The end of the log, as the database remembers it.
    kept: Head,
    /// Whether the log itself says that it was cleared away to its base.
    is_base_told: bool,
    remembered: &'a [Remembered],
}

impl Walk<'_> {
    fn step(&mut self, entry: &Entry, next: Option<&Entry>) -> Option<Fault> {
        let expected = self.last.number + 1;
        if entry.number < expected {
            return Some(Fault::Inserted(entry.number));
        }
        if entry.number > expected {
            return Some(Fault::Missing(expected));
        }
        let now = Head { number: entry.number, hash: entry.hash_after(self.last.hash) };
        if entry.stored_hash() != Some(now.hash) {
            return Some(self.misfit(entry.number, now, next));
        }
        self.last = now;
        if entry.action == Action::Retention.as_str() && entry.detail(BASE) == Some(self.base.to_string()) {
            self.is_base_told = true;
        }
        let another = |one: &&Remembered| one.head.number == now.number && one.head != now;
        let remembered = self.remembered.iter().find(another)?.clone();
        Some(Fault::Rewritten { number: now.number, remembered })
    }

    /// What is wrong with an entry whose hash is another than `now`, which its words give.
    fn misfit(&self, number: i64, now: Head, next: Option<&Entry>) -> Fault {
        let words_are_right = next.map_or(self.kept == now, |next| {
            next.number == number + 1 && next.stored_hash() == Some(next.hash_after(now.hash))
        });
        let is_sure_of = |head: Head| self.remembered.iter().any(|one| one.head == head);
        if number == self.base.number + 1 || words_are_right || is_sure_of(self.last) {
            Fault::Altered(number)
        } else {
            Fault::Unlinked(number)
        }
    }

    /// What the end of the log tells.
    fn end(&self) -> Option<Fault> {
        if !self.is_base_told {
            return Some(Fault::Missing(self.base.number));
        }
        let (last, kept) = (self.last, self.kept);
        let own = Remembered { head: kept, by: "the database itself".to_owned() };
        let all = self.remembered.iter().chain([&own]);
        let beyond = all.filter(|one| one.head.number > last.number).max_by_key(|one| one.head.number);
        if let Some(remembered) = beyond {
            return Some(Fault::Cut { from: last.number + 1, remembered: remembered.clone() });
        }
        if kept == Head::EMPTY && last != kept {
            return Some(Fault::Headless);
        }
        if kept.number < last.number {
            return Some(Fault::Added(kept.number + 1));
        }
        (kept != last).then_some(Fault::Rewritten { number: last.number, remembered: own })
    }
}
