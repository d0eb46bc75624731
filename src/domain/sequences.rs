//! The numbers that a tablet gave to its answers, as ranges: `1-480,482-500`. Small for a tablet's whole life, because
//! numbers come nearly in order.

use std::{fmt, str::FromStr};

/// A text that is no list of ranges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no list of ranges of numbers, such as 1-480,482")]
pub struct SequencesError;

/// A set of numbers from 1 on. Ranges stand in order, apart from each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sequences(Vec<(u32, u32)>);

impl Sequences {
    /// Whether a number is in it.
    #[must_use]
    pub fn has(&self, number: u32) -> bool {
        let after = self.0.partition_point(|(first, _)| *first <= number);
        after.checked_sub(1).and_then(|i| self.0.get(i)).is_some_and(|(_, last)| number <= *last)
    }

    /// Puts a number in; `false` where it was in already.
    pub fn put(&mut self, number: u32) -> bool {
        if self.has(number) {
            return false;
        }
        let at = self.0.partition_point(|(first, _)| *first < number);
        let before =
            at.checked_sub(1).filter(|i| self.0.get(*i).is_some_and(|r| r.1.checked_add(1) == Some(number)));
        let joins_next = self.0.get(at).is_some_and(|(first, _)| number.checked_add(1) == Some(*first));
        match before {
            Some(before) => {
                let last = if joins_next { self.0.remove(at).1 } else { number };
                if let Some(range) = self.0.get_mut(before) {
                    range.1 = last;
                }
            }
            None if joins_next => {
                if let Some(range) = self.0.get_mut(at) {
                    range.0 = number;
                }
            }
            None => self.0.insert(at, (number, number)),
        }
        true
    }

    /// The highest number in it; 0 where it is empty.
    #[must_use]
    pub fn highest(&self) -> u32 {
        self.0.last().map_or(0, |(_, last)| *last)
    }

    /// How many numbers are in it.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.iter().map(|(first, last)| u64::from(last - first) + 1).sum()
    }

    /// The ranges that are not in it, from 1 up to `given`.
    pub fn gaps(&self, given: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let ends = self.0.iter().map(|(_, last)| last.saturating_add(1));
        let begins = self.0.iter().map(|(first, _)| first.saturating_sub(1));
        let gaps = std::iter::once(1).chain(ends).zip(begins.chain([given]));
        gaps.filter(|(first, last)| first <= last)
    }
}

impl fmt::Display for Sequences {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (first, last)) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            if first == last { write!(f, "{first}")? } else { write!(f, "{first}-{last}")? }
        }
        Ok(())
    }
}

impl FromStr for Sequences {
    type Err = SequencesError;

    fn from_str(text: &str) -> Result<Self, SequencesError> {
        let number = |text: &str| text.parse::<u32>().map_err(|_digits| SequencesError);
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for part in text.split(',').filter(|part| !part.is_empty()) {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let range = (number(first)?, number(last)?);
            let follows = ranges.last().map_or(range.0 > 0, |before| before.1.saturating_add(1) < range.0);
            if !follows || range.0 > range.1 {
                return Err(SequencesError);
            }
            ranges.push(range);
        }
        Ok(Self(ranges))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_in_order_are_one_range_and_gaps_are_told() {
        let mut all = Sequences::default();
        for number in (1..=480).chain(482..=500) {
            assert!(all.put(number));
        }
        assert_eq!(all.to_string(), "1-480,482-500");
        assert_eq!((all.highest(), all.count()), (500, 499));
        assert_eq!(all.gaps(503).collect::<Vec<_>>(), [(481, 481), (501, 503)]);
        assert!(all.put(481) && !all.put(481));
        assert_eq!(all.to_string(), "1-500");
        assert_eq!(all.gaps(500).count(), 0);
        assert_eq!(Sequences::default().gaps(2).collect::<Vec<_>>(), [(1, 2)]);
        for wrong in ["0", "1-", "5-4", "1-3,4", "3,1", "x", "1-3,2"] {
            assert_eq!(wrong.parse::<Sequences>(), Err(SequencesError), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn ranges_are_a_set(numbers in prop::collection::vec(1_u32..60, 0..80), last in 0_u32..3) {
            let mut ranges = Sequences::default();
            let mut set = BTreeSet::new();
            for number in numbers.into_iter().chain(std::iter::repeat_n(u32::MAX - last, 2)) {
                prop_assert_eq!(ranges.put(number), set.insert(number));
            }
            for number in (1..62).chain(u32::MAX - 4..=u32::MAX) {
                prop_assert_eq!(ranges.has(number), set.contains(&number));
            }
            prop_assert_eq!(ranges.count(), u64::try_from(set.len()).unwrap());
            prop_assert_eq!(ranges.to_string().parse::<Sequences>().unwrap(), ranges.clone());
            let missing: u64 = ranges.gaps(100).filter(|(first, _)| *first < 100)
                .map(|(first, last)| u64::from(last.min(100) - first) + 1).sum();
            prop_assert_eq!(missing, 100 - u64::try_from(set.range(..=100).count()).unwrap());
        }
    }
}
