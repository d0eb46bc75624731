//! How many guesses come out right by chance, exactly.
//!
//! A sound fold shuffles a handful: whatever an attacker knows, every assignment of its answers to its codes is as
//! likely as any other. Of `g` guesses that stay within a handful of `h`, each is right with probability 1/h, and
//! the number that are right together has a known distribution (matches of a random arrangement, by inclusion and
//! exclusion). Handfuls are shuffled independently, so the distributions are convolved. A guess that leads out of its
//! handful is wrong for certain.

/// Terms of the alternating sums beyond which nothing changes: they fall like 1/j!.
const TERMS: usize = 40;

/// Guesses within one group, and how many members that group has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Group {
    pub guesses: usize,
    pub size: usize,
}

/// Expected number of right guesses.
pub fn expected(groups: &[Group]) -> f64 {
    groups.iter().map(|group| real(group.guesses) / real(group.size)).sum()
}

/// The smallest number that more right guesses than it have at most this probability.
pub fn bound(groups: &[Group], level: f64) -> usize {
    let mut sum = vec![1.0];
    for group in groups {
        sum = convolved(&sum, &matches(*group));
    }
    let mut tail = 0.0;
    for number in (0..sum.len()).rev() {
        tail += sum[number];
        if tail > level {
            return number;
        }
    }
    0
}

/// Probability of each number of right guesses in one group.
fn matches(group: Group) -> Vec<f64> {
    let most = group.guesses.min(TERMS);
    // Expected number of ways to pick j guesses that are right together.
    let mut picks = vec![1.0];
    for j in 0..most {
        picks.push(picks[j] * real(group.guesses - j) / (real(j + 1) * real(group.size - j)));
    }
    (0..=most)
        .map(|k| {
            let (mut sum, mut choose) = (0.0, 1.0);
            // Signs alternate: they stand in `choose`.
            for (j, pick) in picks.iter().enumerate().skip(k) {
                sum += choose * pick;
                choose *= -real(j + 1) / real(j + 1 - k);
            }
            sum.max(0.0)
        })
        .collect()
}

fn convolved(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            sum[i + j] += x * y;
        }
    }
    sum
}

pub fn real(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}

#[test]
fn chance_is_that_of_a_shuffled_handful() {
    // Of the 120 arrangements of five, 44 have no match, 45 one, 20 two, 10 three, 1 five.
    let five = matches(Group { guesses: 5, size: 5 });
    for (found, known) in five.iter().zip([44.0, 45.0, 20.0, 10.0, 0.0, 1.0]) {
        assert!((found - known / 120.0).abs() < 1e-12, "{five:?}");
    }
    let two_of_five = matches(Group { guesses: 2, size: 5 });
    assert!((two_of_five[2] - 1.0 / 20.0).abs() < 1e-12, "{two_of_five:?}");
    let day = vec![Group { guesses: 5, size: 5 }; 200];
    assert!((expected(&day) - 200.0).abs() < 1e-9);
    let most = bound(&day, 1e-6);
    assert!((265..285).contains(&most), "about 4.9 standard deviations of 14 above 200: {most}");
    assert_eq!(bound(&[Group { guesses: 1, size: 1 }], 1e-6), 1, "who is alone is found");
}
