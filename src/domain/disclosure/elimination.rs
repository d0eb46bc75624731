//! Which unknowns a system of sums gives away.
//!
//! Every relation says that a signed sum of unknowns is a known number. An unknown can be computed from all
//! relations together exactly where every solution of the homogeneous system is 0 there. So one random
//! solution is made, in the integers modulo a prime: where it is 0, the unknown is given away. Chance can only
//! err to the safe side (about once in 10^18: a cell is hidden that need not be), and the "random" numbers
//! are a fixed sequence, so that the same table is always hidden in the same way.

use std::collections::{BTreeMap, BTreeSet};

/// 2^61 − 1, a prime.
const P: u64 = (1 << 61) - 1;

/// Coefficients by unknown.
pub(super) type Row = BTreeMap<usize, u64>;

/// One signed sum: the total counts minus one, its parts one each.
pub(super) fn row(total: Option<usize>, parts: impl Iterator<Item = usize>) -> Row {
    let mut row: Row = parts.map(|part| (part, 1)).collect();
    if let Some(total) = total {
        row.insert(total, P - 1);
    }
    row
}

/// The unknowns that can be computed; `None` where looking would take more steps than the budget still has.
pub(super) fn given_away(rows: Vec<Row>, budget: &mut usize) -> Option<BTreeSet<usize>> {
    let unknowns: BTreeSet<usize> = rows.iter().flat_map(|r| r.keys().copied()).collect();
    let solved = Echelon::of(rows, budget)?;
    let mut solution: BTreeMap<usize, u64> = BTreeMap::new();
    let mut random = Sequence(0);
    // Later pivots stand in no earlier row's way: each row names its pivot and unknowns that are settled later.
    for (pivot, row) in solved.pivots.iter().rev() {
        let mut sum = 0;
        for (unknown, coefficient) in row.iter().filter(|(u, _)| *u != pivot) {
            let value = *solution.entry(*unknown).or_insert_with(|| random.next());
            sum = add(sum, mul(*coefficient, value));
        }
        let own = row.get(pivot).copied().unwrap_or(1);
        solution.insert(*pivot, mul(P - sum, inverse(own)));
    }
    Some(unknowns.into_iter().filter(|u| solution.get(u).is_some_and(|v| v % P == 0)).collect())
}

/// Rows in the order of elimination; a pivot stands in no later row.
struct Echelon {
    pivots: Vec<(usize, Row)>,
}

impl Echelon {
    fn of(rows: Vec<Row>, budget: &mut usize) -> Option<Self> {
        let mut work = Work::new(rows);
        let mut pivots = Vec::new();
        while let Some((index, pivot)) = work.next_pivot() {
            let row = work.take(index);
            let own = row.get(&pivot).copied().unwrap_or(1);
            let others: Vec<usize> = work.holders(pivot);
            *budget = budget.checked_sub(1 + others.len() * row.len())?;
            for other in others {
                work.subtract(other, &row, pivot, own);
            }
            pivots.push((pivot, row));
        }
        Some(Self { pivots })
    }
}

/// The rows that are left, and where each unknown stands in them.
struct Work {
    rows: Vec<Row>,
    holders: BTreeMap<usize, BTreeSet<usize>>,
    /// Rows that are left, the shortest first.
    by_length: BTreeSet<(usize, usize)>,
    /// Unknowns that stand in one row only: eliminating with them costs nothing.
    lonely: BTreeSet<usize>,
}

impl Work {
    fn new(rows: Vec<Row>) -> Self {
        let mut holders: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (index, row) in rows.iter().enumerate() {
            for unknown in row.keys() {
                holders.entry(*unknown).or_default().insert(index);
            }
        }
        let lonely = holders.iter().filter(|(_, rows)| rows.len() == 1).map(|(u, _)| *u).collect();
        let lengths = rows.iter().enumerate().map(|(i, r)| (r.len(), i));
        let by_length = lengths.filter(|(length, _)| *length > 0).collect();
        Self { rows, holders, by_length, lonely }
    }

    fn next_pivot(&mut self) -> Option<(usize, usize)> {
        while let Some(unknown) = self.lonely.pop_first() {
            if let Some(row) = self.holders.get(&unknown).and_then(|rows| rows.first()) {
                return Some((*row, unknown));
            }
        }
        let (_, index) = *self.by_length.first()?;
        let row = self.rows.get(index)?;
        let rarest = row.keys().min_by_key(|u| (self.holders.get(*u).map_or(0, BTreeSet::len), **u))?;
        Some((index, *rarest))
    }

    fn take(&mut self, index: usize) -> Row {
        let row = self.rows.get_mut(index).map(std::mem::take).unwrap_or_default();
        self.by_length.remove(&(row.len(), index));
        for unknown in row.keys() {
            self.leave(*unknown, index);
        }
        row
    }

    fn holders(&self, unknown: usize) -> Vec<usize> {
        self.holders.get(&unknown).map(|rows| rows.iter().copied().collect()).unwrap_or_default()
    }

    fn leave(&mut self, unknown: usize, index: usize) {
        let Some(rows) = self.holders.get_mut(&unknown) else { return };
        rows.remove(&index);
        if rows.len() == 1 {
            self.lonely.insert(unknown);
        }
    }

    /// Takes as much of `row` from row `other` as makes its coefficient of `pivot` vanish.
    fn subtract(&mut self, other: usize, row: &Row, pivot: usize, own: u64) {
        let Some(mut target) = self.rows.get_mut(other).map(std::mem::take) else { return };
        self.by_length.remove(&(target.len(), other));
        let factor = mul(target.get(&pivot).copied().unwrap_or(0), inverse(own));
        for (unknown, coefficient) in row {
            let old = target.get(unknown).copied().unwrap_or(0);
            let new = add(old, P - mul(factor, *coefficient));
            if new == 0 {
                target.remove(unknown);
                self.leave(*unknown, other);
            } else {
                target.insert(*unknown, new);
                let rows = self.holders.entry(*unknown).or_default();
                rows.insert(other);
                if rows.len() == 1 {
                    self.lonely.insert(*unknown);
                } else {
                    self.lonely.remove(unknown);
                }
            }
        }
        if !target.is_empty() {
            self.by_length.insert((target.len(), other));
        }
        if let Some(place) = self.rows.get_mut(other) {
            *place = target;
        }
    }
}

fn add(a: u64, b: u64) -> u64 {
    (a + b) % P
}

fn mul(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b) % u128::from(P);
    u64::try_from(product).unwrap_or(0)
}

/// a^(P−2), which is 1/a.
fn inverse(a: u64) -> u64 {
    let (mut base, mut exponent, mut result) = (a % P, P - 2, 1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = mul(result, base);
        }
        base = mul(base, base);
        exponent >>= 1;
    }
    result
}

/// Well-mixed numbers 1 to P − 1 in a fixed order (splitmix64).
struct Sequence(u64);

impl Sequence {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % (P - 1) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(rows: &[(Option<usize>, &[usize])]) -> Vec<usize> {
        let rows = rows.iter().map(|(total, parts)| row(*total, parts.iter().copied())).collect();
        given_away(rows, &mut usize::MAX.clone()).unwrap().into_iter().collect()
    }

    #[test]
    fn a_lone_unknown_is_given_away_and_two_are_not() {
        assert_eq!(known(&[(None, &[1])]), [1]);
        assert_eq!(known(&[(None, &[1, 2])]), Vec::<usize>::new());
        assert_eq!(known(&[(Some(7), &[1, 2])]), Vec::<usize>::new());
    }

    #[test]
    fn sums_taken_together_give_more_away() {
        assert_eq!(known(&[(None, &[1, 2, 3]), (None, &[1, 2])]), [3]);
        assert_eq!(known(&[(None, &[1, 2]), (Some(2), &[1])]), [1, 2]);
        assert_eq!(known(&[(None, &[1, 2]), (None, &[2, 3]), (None, &[1, 3])]), [1, 2, 3]);
    }

    #[test]
    fn a_bridge_between_two_blocks_is_given_away() {
        // Every line of this two-way table has two or three unknowns, yet 5 can be computed.
        let lines: [(Option<usize>, &[usize]); 8] = [
            (None, &[1, 2]),
            (None, &[3, 4, 5]),
            (None, &[6, 7]),
            (None, &[8, 9]),
            (None, &[1, 3]),
            (None, &[2, 4]),
            (None, &[5, 6, 8]),
            (None, &[7, 9]),
        ];
        assert_eq!(known(&lines), [5]);
    }

    #[test]
    fn a_search_beyond_its_budget_says_so() {
        let rows = (0..40).map(|i| row(None, (0..40).filter(move |j| (i * j) % 7 != 3)));
        assert_eq!(given_away(rows.collect(), &mut 10), None);
    }
}
