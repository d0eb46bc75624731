//! How often something may go wrong from one place: so often in a row, and once more every so often. It is counted before
//! it is tried and given back where it was right, so that so many at the same moment count like one after the other.

use std::{collections::HashMap, hash::Hash, sync::Mutex};

use super::{held, thin};

/// Budgets by place. The unit of time is the caller's.
pub struct Budgets<K> {
    most: i64,
    forgive: i64,
    left: Mutex<HashMap<K, Left>>,
}

/// How much is left, at some moment.
#[derive(Debug, Clone, Copy)]
struct Left {
    left: i64,
    at: i64,
}

impl<K: Eq + Hash> Budgets<K> {
    /// So many in a row; one more is forgiven after each time of this length.
    #[must_use]
    pub fn new(most: i64, forgive: i64) -> Self {
        Self { most, forgive: forgive.max(1), left: Mutex::default() }
    }

    fn at(&self, known: Left, now: i64) -> Left {
        let more = (now - known.at) / self.forgive;
        Left { left: (known.left + more).min(self.most), at: known.at + more * self.forgive }
    }

    /// Takes one, until [`Budgets::give_back`].
    ///
    /// # Errors
    /// The time until there is one, where none is left.
    pub fn take(&self, of: K, now: i64) -> Result<(), i64> {
        let mut all = held(&self.left);
        let fresh = Left { left: self.most, at: now };
        let known = all.get(&of).map_or(fresh, |known| self.at(*known, now));
        if known.left < 1 {
            return Err(known.at + self.forgive - now);
        }
        thin(&mut all, |other| self.at(*other, now).left < self.most);
        all.insert(of, Left { left: known.left - 1, ..known });
        Ok(())
    }

    /// Gives one back: it was right.
    pub fn give_back(&self, of: &K) {
        if let Some(known) = held(&self.left).get_mut(of) {
            known.left = (known.left + 1).min(self.most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_comes_back_when_it_is_given_or_with_time() {
        let budgets = Budgets::new(2, 10);
        assert_eq!(
            [budgets.take('a', 0), budgets.take('a', 0), budgets.take('a', 4)],
            [Ok(()), Ok(()), Err(6)]
        );
        assert_eq!(budgets.take('b', 4), Ok(()));
        budgets.give_back(&'a');
        assert_eq!(
            [budgets.take('a', 4), budgets.take('a', 9), budgets.take('a', 10)],
            [Ok(()), Err(1), Ok(())]
        );
        budgets.give_back(&'c');
        assert_eq!([budgets.take('a', 99), budgets.take('a', 99)], [Ok(()), Ok(())]);
        assert!(budgets.take('a', 99).is_err(), "no more is forgiven than there was");
    }
}
