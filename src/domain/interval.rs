//! Intervals of shares at 95 %: Wilson for a criterion, a ratio estimator over people for pooled nodes.
//!
//! One person's 22 answers are not 22 people: who is content with the counter is likely content with the
//! clerk. So a pooled node's answers are counted as fewer, by the design effect that the sums over people
//! show, and Wilson's interval is made of that effective number. Floats are used here alone; the ends are
//! rounded once, at output. `docs/scoring.md` says why, and what coverage was simulated.

use num_traits::ToPrimitive as _;

use super::{score::Hundredths, tally::NodeSums};

/// How an interval was made, as the column `ci_method` prints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntervalMethod {
    /// Wilson's score interval on the valid answers of one criterion.
    Wilson,
    /// The ratio of sums over people, with the person as the cluster.
    Ratio,
}

impl IntervalMethod {
    /// As columns and the API print it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wilson => "wilson",
            Self::Ratio => "ratio",
        }
    }
}

/// A 95 % interval in percent, within 0 and 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// How it was made.
    pub method: IntervalMethod,
}

impl Interval {
    /// Lower and upper end as files print them.
    #[must_use]
    pub fn printed(&self) -> (Hundredths, Hundredths) {
        (Hundredths::of_float(self.low), Hundredths::of_float(self.high))
    }
}

/// 97.5 % quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// Weight of the two imagined people (one wholly content, one not at all) that keep the design effect from
/// being guessed from next to nothing when almost everybody agrees.
const IMAGINED: f64 = 0.25;

/// Wilson's interval for `satisfied` of `n` answers of different people; `None` of nothing.
#[must_use]
pub fn wilson(satisfied: u64, n: u64) -> Option<Interval> {
    let (s, n) = (satisfied.to_f64()?, n.to_f64()?);
    (n > 0.0).then(|| around(s / n, n, IntervalMethod::Wilson))
}

/// The interval of Σs / Σm over people; `None` where nobody gave a valid answer.
///
/// Where nobody gave more than one valid answer it is Wilson's; where every person's answers agree, each
/// person counts once.
#[must_use]
pub fn ratio(sums: NodeSums) -> Option<Interval> {
    let (m, s) = (sums.m.to_f64()?, sums.s.to_f64()?);
    let (m2, s2, ms) = (sums.m2.to_f64()?, sums.s2.to_f64()?, sums.ms.to_f64()?);
    if m <= 0.0 {
        return None;
    }
    let per_person = m2 / m;
    let imagined = IMAGINED * per_person;
    let all = m + 2.0 * imagined;
    let p = (s + imagined) / all;
    let q = 1.0 - p;
    // Σ(s − p·m)² over the people, and over the two imagined ones.
    let squares = s2 - 2.0 * p * ms + p * p * m2 + imagined * per_person * (q * q + p * p);
    let design_effect = (squares / (all * p * q)).max(1.0);
    Some(around(s / m, m / design_effect, IntervalMethod::Ratio))
}

fn around(p: f64, n: f64, method: IntervalMethod) -> Interval {
    let z2n = Z * Z / n;
    let centre = (p + z2n / 2.0) / (1.0 + z2n);
    let half = Z / (1.0 + z2n) * (p * (1.0 - p) / n + z2n / (4.0 * n)).sqrt();
    let percent = |share: f64| (share * 100.0).clamp(0.0, 100.0);
    Interval { low: percent(centre - half), high: percent(centre + half), method }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha12Rng;

    #[test]
    fn wilson_gives_the_known_intervals() {
        for (satisfied, n, ends) in [
            (8, 10, ("49.02", "94.33")),
            (24, 30, ("62.69", "90.49")),
            (40, 50, ("66.96", "88.76")),
            (80, 100, ("71.12", "86.66")),
            (320, 400, ("75.80", "83.63")),
            (10, 10, ("72.25", "100.00")),
            (30, 30, ("88.65", "100.00")),
        ] {
            let (low, high) = wilson(satisfied, n).unwrap().printed();
            assert_eq!((low.to_string().as_str(), high.to_string().as_str()), ends, "{satisfied} of {n}");
        }
        assert_eq!(wilson(0, 0), None);
    }

    /// One answer each: sums in which m = 1.
    fn single(s: u64, n: u64) -> NodeSums {
        NodeSums { people: n, m: n, s, m2: n, s2: s, ms: s }
    }

    /// Every person gives `k` answers that agree.
    fn agreeing(s: u64, n: u64, k: u64) -> NodeSums {
        NodeSums { people: n, m: n * k, s: s * k, m2: n * k * k, s2: s * k * k, ms: s * k * k }
    }

    #[test]
    fn one_answer_each_is_wilson_and_agreement_counts_people() {
        for (s, n) in [(0, 12), (7, 12), (12, 12), (80, 100)] {
            let plain = wilson(s, n).unwrap();
            for sums in [single(s, n), agreeing(s, n, 22)] {
                let ratio = ratio(sums).unwrap();
                assert!((ratio.low - plain.low).abs() < 1e-9 && (ratio.high - plain.high).abs() < 1e-9);
            }
        }
        assert_eq!(ratio(NodeSums::default()), None);
    }

    #[test]
    fn one_dissatisfied_answer_does_not_make_the_interval_jump() {
        let all = agreeing(30, 30, 22);
        let mut one_less = all;
        one_less.s -= 1;
        one_less.s2 -= 22 * 22 - 21 * 21;
        one_less.ms -= 22;
        let [all, less] = [all, one_less].map(|s| ratio(s).unwrap());
        assert!((all.low - less.low).abs() < 2.0, "{all:?} {less:?}");
    }

    /// `people` persons with `k` answers each: an answer repeats the person's own mind with a probability
    /// that makes two answers of one person correlate by 0.3, else it is drawn anew.
    fn drawn(rng: &mut ChaCha12Rng, people: u64, k: u64, p: f64) -> NodeSums {
        let mut sums = NodeSums::default();
        for _ in 0..people {
            let own = rng.random_bool(p);
            let satisfied = |rng: &mut ChaCha12Rng| {
                if rng.random_bool(0.3_f64.sqrt()) { own } else { rng.random_bool(p) }
            };
            let s = (0..k).map(|_| u64::from(satisfied(rng))).sum::<u64>();
            sums.merge(NodeSums { people: 1, m: k, s, m2: k * k, s2: s * s, ms: k * s });
        }
        sums
    }

    fn coverage(people: u64, p: f64, of: impl Fn(NodeSums) -> Option<Interval>) -> f64 {
        let mut rng = ChaCha12Rng::seed_from_u64(people);
        let runs = 4000;
        let covered = (0..runs).filter(|_| {
            let interval = of(drawn(&mut rng, people, 22, p)).unwrap();
            (interval.low..=interval.high).contains(&(p * 100.0))
        });
        covered.count().to_f64().unwrap() / f64::from(runs)
    }

    #[test]
    fn correlated_answers_are_covered() {
        for people in [30, 50, 100, 300] {
            for p in [0.5, 0.8, 0.9] {
                let covered = coverage(people, p, ratio);
                assert!((0.93..=0.97).contains(&covered), "{people} people, {p}: {covered}");
            }
        }
    }

    #[test]
    fn counting_answers_as_people_covers_far_too_little() {
        let covered = coverage(100, 0.8, |sums| wilson(sums.s, sums.m));
        assert!(covered < 0.65, "{covered}");
    }

    proptest! {
        #[test]
        fn an_interval_holds_its_share(people in prop::collection::vec((0_u64..30, 0_u64..30), 1..60)) {
            let mut sums = NodeSums::default();
            for (a, b) in people {
                let (m, s) = (a.max(b), a.min(b));
                if m > 0 {
                    sums.merge(NodeSums { people: 1, m, s, m2: m * m, s2: s * s, ms: m * s });
                }
            }
            if let Some(interval) = ratio(sums) {
                let p = 100.0 * sums.s.to_f64().unwrap() / sums.m.to_f64().unwrap();
                prop_assert!(interval.low <= p + 1e-9 && p <= interval.high + 1e-9);
                prop_assert!(0.0 <= interval.low && interval.high <= 100.0);
                let naive = wilson(sums.s, sums.m).unwrap();
                prop_assert!(interval.high - interval.low >= naive.high - naive.low - 1e-9);
            }
        }
    }
}
