//! Repeatable chance: the same numbers from the same seed, on every machine and in every order of asking.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};

/// What a run of chance is for: runs of different purposes share nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// How many answers and receipts there are.
    Plan,
    /// What people answer.
    Answers,
    /// When receipts were issued and what became of them.
    Receipts,
}

impl Purpose {
    fn number(self) -> u32 {
        match self {
            Self::Plan => 1,
            Self::Answers => 2,
            Self::Receipts => 3,
        }
    }
}

/// One run of chance.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    /// The run for one purpose at one place, for example a month and a unit.
    pub(super) fn new(seed: u64, purpose: Purpose, place: [u32; 2]) -> Self {
        let mut bytes = [0_u8; 32];
        let [a, b] = place.map(u32::to_le_bytes);
        let parts = seed.to_le_bytes().into_iter().chain(purpose.number().to_le_bytes()).chain(a).chain(b);
        for (to, from) in bytes.iter_mut().zip(parts) {
            *to = from;
        }
        Self(ChaCha8Rng::from_seed(bytes))
    }

    /// A whole number below `n` (0 for 0).
    pub(super) fn below(&mut self, n: u32) -> u32 {
        let scaled = (u64::from(self.0.next_u32()) * u64::from(n)) >> 32;
        u32::try_from(scaled).unwrap_or(0)
    }

    /// Whether something happens that happens so many times in a thousand.
    pub(super) fn in_thousand(&mut self, times: u32) -> bool {
        self.below(1000) < times
    }

    /// An index, each as often as its weight says; 0 where all weigh nothing.
    pub(super) fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// One of these, all equally often; `None` of nothing.
    pub(super) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let index = self.below(u32::try_from(from.len()).unwrap_or(u32::MAX));
        from.get(usize::try_from(index).unwrap_or(0))
    }

    /// A number that is nearly normal (mean 0, deviation 1): four uniform numbers added up, which every machine
    /// does alike, unlike logarithms and cosines.
    pub(super) fn normal(&mut self) -> f64 {
        let mut bits = self.0.next_u64();
        let mut sum = 0_u32;
        for _ in 0..4 {
            sum += u32::try_from(bits & 0xFFFF).unwrap_or(0);
            bits >>= 16;
        }
        (f64::from(sum) - 131_070.0) / 37_837.227
    }
}

/// A number that a name always has (FNV-1a).
pub(super) fn number_of(name: &str) -> u32 {
    name.bytes().fold(0x811C_9DC5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_place_has_the_same_chance_and_another_has_not() {
        let numbers = |seed, purpose, place| {
            let mut chance = Chance::new(seed, purpose, place);
            (0..20).map(|_| chance.below(1_000_000)).collect::<Vec<_>>()
        };
        let first = numbers(1, Purpose::Plan, [3, 4]);
        assert_eq!(first, numbers(1, Purpose::Plan, [3, 4]));
        for other in [
            numbers(2, Purpose::Plan, [3, 4]),
            numbers(1, Purpose::Answers, [3, 4]),
            numbers(1, Purpose::Plan, [4, 3]),
        ] {
            assert_ne!(first, other);
        }
    }

    #[test]
    fn a_nearly_normal_number_has_mean_0_and_deviation_1() {
        let mut chance = Chance::new(1, Purpose::Plan, [0, 0]);
        let numbers: Vec<f64> = (0..100_000).map(|_| chance.normal()).collect();
        let mean = numbers.iter().sum::<f64>() / 100_000.0;
        let square = numbers.iter().map(|n| n * n).sum::<f64>() / 100_000.0;
        assert!(mean.abs() < 0.02 && (square - 1.0).abs() < 0.03, "{mean} {square}");
    }

    #[test]
    fn weights_are_kept() {
        let mut chance = Chance::new(1, Purpose::Plan, [0, 0]);
        let mut counts = [0_u32; 3];
        for _ in 0..10_000 {
            counts[chance.weighted(&[1, 0, 3])] += 1;
        }
        assert!(counts[1] == 0 && (2300..2700).contains(&counts[0]), "{counts:?}");
    }
}
