//! Sets of answers as bits, and how many answers two sets share.
//!
//! A column of bytes becomes a few sets, one for each byte that occurs. How many answers of a group gave a level is
//! then how many bits two sets share: sixty-four answers a machine word, and no look-up for any of them.

/// Answers that are looked at together: as many as a full segment has.
pub(super) const STRIP: usize = 2048;
/// Words that a processor without special help still adds up side by side.
type Lane = [u64; 4];
/// Answers of a lane.
const LANE: usize = 256;

/// Some answers of a strip: bit `n` is the answer with the number `n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) struct Plane([Lane; STRIP / LANE]);

impl Plane {
    /// Nobody.
    pub(in crate::domain) const EMPTY: Self = Self([[0; 4]; STRIP / LANE]);

    /// The first `len` answers.
    pub(super) fn first(len: usize) -> Self {
        let mut plane = Self::EMPTY;
        for (number, word) in plane.words_mut().enumerate() {
            let bits = len.saturating_sub(number * 64).min(64);
            *word = if bits == 64 { u64::MAX } else { (1 << bits) - 1 };
        }
        plane
    }

    fn words_mut(&mut self) -> impl Iterator<Item = &mut u64> {
        self.0.iter_mut().flatten()
    }

    fn with(mut self, other: &Self, join: impl Fn(u64, u64) -> u64) -> Self {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            for (a, b) in mine.iter_mut().zip(theirs) {
                *a = join(*a, *b);
            }
        }
        self
    }

    /// Those in both.
    pub(in crate::domain) fn and(&self, other: &Self) -> Self {
        self.with(other, |a, b| a & b)
    }

    /// Those in either.
    pub(in crate::domain) fn or(&self, other: &Self) -> Self {
        self.with(other, |a, b| a | b)
    }

    /// Those of this set that are not in the other.
    pub(super) fn and_not(&self, other: &Self) -> Self {
        self.with(other, |a, b| a & !b)
    }

    /// Those in one of both.
    pub(super) fn xor(&self, other: &Self) -> Self {
        self.with(other, |a, b| a ^ b)
    }

    /// Whether nobody is in it.
    pub(in crate::domain) fn is_empty(&self) -> bool {
        self.0.iter().flatten().all(|word| *word == 0)
    }

    /// How many answers are in both sets, of a strip of `len` answers.
    pub(in crate::domain) fn shared(&self, other: &Self, len: usize) -> u32 {
        // A processor that counts the bits of a word by itself needs no help.
        if cfg!(target_feature = "popcnt") || len + LANE <= STRIP {
            let lanes = self.0.iter().zip(&other.0).take(len.div_ceil(LANE));
            return lanes.map(|(a, b)| both(a, b).iter().map(|word| word.count_ones()).sum::<u32>()).sum();
        }
        let [a0, a1, a2, a3, a4, a5, a6, a7] = &self.0;
        let [b0, b1, b2, b3, b4, b5, b6, b7] = &other.0;
        // The lanes are added bit by bit, so that bits are counted four times instead of eight.
        let (low, two_a) = add(&both(a0, b0), &both(a1, b1), &both(a2, b2));
        let (next, two_b) = add(&both(a3, b3), &both(a4, b4), &both(a5, b5));
        let (low, two_c) = add(&low, &next, &both(a6, b6));
        let (ones, two_d) = add(&low, &both(a7, b7), &[0; 4]);
        let (twos, four_a) = add(&two_a, &two_b, &two_c);
        let (twos, four_b) = add(&twos, &two_d, &[0; 4]);
        let (fours, eights) = add(&four_a, &four_b, &[0; 4]);
        let mut sum = 0;
        for (((one, two), four), eight) in ones.iter().zip(&twos).zip(&fours).zip(&eights) {
            let bytes = in_bytes(*one) + 2 * in_bytes(*two) + 4 * in_bytes(*four) + 8 * in_bytes(*eight);
            // At most 120 in each byte.
            let (even, odd) = (bytes & 0x00FF_00FF_00FF_00FF, (bytes >> 8) & 0x00FF_00FF_00FF_00FF);
            sum += even + odd;
        }
        let sum = sum.wrapping_mul(0x0001_0001_0001_0001) >> 48;
        u32::try_from(sum).unwrap_or(u32::MAX)
    }
}

fn both(a: &Lane, b: &Lane) -> Lane {
    let mut lane = *a;
    for (a, b) in lane.iter_mut().zip(b) {
        *a &= b;
    }
    lane
}

/// Adds three bits at each place: the sum's low bit and what is carried.
fn add(a: &Lane, b: &Lane, c: &Lane) -> (Lane, Lane) {
    let (mut sum, mut carry) = ([0; 4], [0; 4]);
    let places = sum.iter_mut().zip(&mut carry).zip(a.iter().zip(b).zip(c));
    for ((sum, carry), ((a, b), c)) in places {
        let half = a ^ b;
        *sum = half ^ c;
        *carry = (a & b) | (half & c);
    }
    (sum, carry)
}

/// How many bits each byte of a word has.
fn in_bytes(word: u64) -> u64 {
    let pairs = word - ((word >> 1) & 0x5555_5555_5555_5555);
    let nibbles = (pairs & 0x3333_3333_3333_3333) + ((pairs >> 2) & 0x3333_3333_3333_3333);
    (nibbles + (nibbles >> 4)) & 0x0F0F_0F0F_0F0F_0F0F
}

/// Of each bit of a byte, the answers that have it; of at most a strip of answers.
pub(super) fn bits(bytes: &[u8]) -> [Plane; 8] {
    let mut planes = [Plane::EMPTY; 8];
    let [p0, p1, p2, p3, p4, p5, p6, p7] = &mut planes;
    let words = p0.words_mut().zip(p1.words_mut()).zip(p2.words_mut().zip(p3.words_mut()));
    let words = words.zip(p4.words_mut().zip(p5.words_mut()).zip(p6.words_mut().zip(p7.words_mut())));
    for (chunk, (((w0, w1), (w2, w3)), ((w4, w5), (w6, w7)))) in bytes.chunks(64).zip(words) {
        let mut all = [0_u8; 64];
        for (to, from) in all.iter_mut().zip(chunk) {
            *to = *from;
        }
        let mut rows = [[0_u8; 8]; 8];
        for (row, eight) in rows.iter_mut().zip(all.as_chunks::<8>().0) {
            *row = turned(u64::from_le_bytes(*eight)).to_le_bytes();
        }
        let column = |of: fn(&[u8; 8]) -> u8| u64::from_le_bytes(rows.each_ref().map(of));
        *w0 = column(|[byte, ..]| *byte);
        *w1 = column(|[_, byte, ..]| *byte);
        *w2 = column(|[_, _, byte, ..]| *byte);
        *w3 = column(|[_, _, _, byte, ..]| *byte);
        *w4 = column(|[.., byte, _, _, _]| *byte);
        *w5 = column(|[.., byte, _, _]| *byte);
        *w6 = column(|[.., byte, _]| *byte);
        *w7 = column(|[.., byte]| *byte);
    }
    planes
}

/// Eight bytes of eight bits, turned over their diagonal: byte `n` holds bit `n` of each.
fn turned(mut square: u64) -> u64 {
    for (step, mask) in [(7, 0x00AA_00AA_00AA_00AA), (14, 0x0000_CCCC_0000_CCCC), (28, 0xF0F0_F0F0)] {
        let swap = (square ^ (square >> step)) & mask;
        square ^= swap ^ (swap << step);
    }
    square
}

/// Each byte that occurs, with the answers that have it.
pub(in crate::domain) fn split(bytes: &[u8]) -> Vec<(u8, Plane)> {
    let mut sets = vec![(0, Plane::first(bytes.len()))];
    for (bit, having) in bits(bytes).iter().enumerate().filter(|(_, having)| !having.is_empty()) {
        let halves = sets
            .iter()
            .flat_map(|(byte, set)| [(*byte, set.and_not(having)), (byte | 1 << bit, set.and(having))]);
        sets = halves.filter(|(_, set)| !set.is_empty()).collect();
    }
    sets.retain(|(_, set)| !set.is_empty());
    sets
}

/// A number for each answer, in binary: a set for each bit.
#[derive(Debug, Default)]
pub(super) struct Numbers(pub(super) Vec<Plane>);

impl Numbers {
    /// Adds one to those in a set.
    pub(super) fn add_one(&mut self, to: &Plane) {
        let mut carried = *to;
        for bit in &mut self.0 {
            let both = bit.and(&carried);
            *bit = bit.xor(&carried);
            carried = both;
        }
        if !carried.is_empty() {
            self.0.push(carried);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sets_hold_whom_the_bytes_name(bytes in prop::collection::vec(any::<u8>(), 0..=STRIP), other in any::<u64>()) {
            let of = |byte: u8| bytes.iter().map(|b| usize::from(*b == byte)).sum::<usize>();
            let all = Plane::first(bytes.len());
            let sets = split(&bytes);
            for (byte, set) in &sets {
                prop_assert_eq!(usize::try_from(set.shared(&all, bytes.len())).unwrap(), of(*byte));
            }
            let found: usize = sets.iter().map(|(byte, _)| of(*byte)).sum();
            prop_assert_eq!(found, bytes.len());
            let marked: Vec<u8> = (0..bytes.len()).map(|n| u8::from(other.rotate_left(u32::try_from(n % 61).unwrap()) & 1 == 1)).collect();
            let marks = split(&marked);
            let Some((_, mark)) = marks.iter().find(|(byte, _)| *byte == 1) else { return Ok(()) };
            for (byte, set) in &sets {
                let both = bytes.iter().zip(&marked).filter(|(b, m)| *b == byte && **m == 1).count();
                prop_assert_eq!(usize::try_from(set.shared(mark, bytes.len())).unwrap(), both);
            }
        }
    }

    #[test]
    fn numbers_count() {
        let mut numbers = Numbers::default();
        for len in [700, 300, 300, 5, 5] {
            numbers.add_one(&Plane::first(len));
        }
        let all = Plane::first(STRIP);
        let found: Vec<u32> = numbers.0.iter().map(|bit| bit.shared(&all, STRIP)).collect();
        assert_eq!(found, [700, 295, 5], "1 for 400, 3 for 295, 5 for 5");
    }
}
