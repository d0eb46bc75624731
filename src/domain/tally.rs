//! Tallies: whole-number counts and sums from which every score is made.
//!
//! A tally is a vector; merging answers, months or units is adding vectors, so tallies form a commutative
//! monoid with the empty tally as identity. Nothing here divides.

use super::{
    answers::{Cell, Missing},
    form::{ColumnKind, Form},
};

/// Sums over the people with at least one valid answer in a node.
///
/// For a person, m is the number of valid answers (levels 1 to 5) in the node and s those at levels 4 and 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NodeSums {
    /// People with m > 0.
    pub people: u64,
    /// Σm: valid answers.
    pub m: u64,
    /// Σs: satisfied answers.
    pub s: u64,
    /// Σm².
    pub m2: u64,
    /// Σs².
    pub s2: u64,
    /// Σm·s.
    pub ms: u64,
}

impl NodeSums {
    const LEN: usize = 6;

    /// Adds so many people with this m and s; who has no valid answer is not counted.
    pub(super) fn add_people(&mut self, m: u64, s: u64, n: u64) {
        if m == 0 {
            return;
        }
        self.merge(Self { people: n, m: n * m, s: n * s, m2: n * m * m, s2: n * s * s, ms: n * m * s });
    }

    /// Adds another node's sums.
    pub fn merge(&mut self, other: Self) {
        self.people += other.people;
        self.m += other.m;
        self.s += other.s;
        self.m2 += other.m2;
        self.s2 += other.s2;
        self.ms += other.ms;
    }

    /// The sums of so many people who each add these.
    pub(super) fn times(self, n: u64) -> Self {
        let Self { people, m, s, m2, s2, ms } = self;
        Self { people: people * n, m: m * n, s: s * n, m2: m2 * n, s2: s2 * n, ms: ms * n }
    }

    fn numbers(self) -> [u64; Self::LEN] {
        [self.people, self.m, self.s, self.m2, self.s2, self.ms]
    }
}

/// Counts of every option and missing reason of every column, and sums of every node, for one form series.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Answers counted.
    pub responses: u64,
    /// Of them, answers carried from an earlier month.
    pub carried: u64,
    /// By column: its values (levels 1-5, options, classes), then the four missing reasons.
    columns: Vec<Vec<u64>>,
    /// By node, in the order of [`Form::nodes`].
    nodes: Vec<NodeSums>,
}

/// Why bytes are not a tally of this form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored tally does not have the shape of its form")]
pub struct TallyShapeError;

/// How many values a column counts, without the missing reasons.
#[must_use]
pub fn values_of(kind: ColumnKind) -> usize {
    match kind {
        ColumnKind::Level => 5,
        ColumnKind::Choice(n) | ColumnKind::Bits(n) | ColumnKind::Class(n) => n,
    }
}

impl Tally {
    /// The identity: nothing counted yet, in the shape of this form.
    #[must_use]
    pub fn empty(form: &Form) -> Self {
        let columns =
            form.columns().iter().map(|c| vec![0; values_of(c.kind) + Missing::ALL.len()]).collect();
        Self { responses: 0, carried: 0, columns, nodes: vec![NodeSums::default(); form.nodes().len()] }
    }

    /// Counts one answer, given as a block's row.
    pub fn add_row(&mut self, form: &Form, row: &[u8], carried: bool) {
        self.responses += 1;
        self.carried += u64::from(carried);
        let mut levels = vec![0_u8; self.columns.len()];
        for (index, (column, level)) in form.columns().iter().zip(&mut levels).enumerate() {
            let cell = column.read(row);
            if let (ColumnKind::Level, Cell::Value(value)) = (column.kind, cell) {
                *level = value;
            }
            self.add_cells(index, column.kind, cell, 1);
        }
        for (node, sums) in form.nodes().iter().zip(&mut self.nodes) {
            let valid = node.columns.iter().filter_map(|c| levels.get(*c)).filter(|l| (1..=5).contains(*l));
            let (mut m, mut s) = (0, 0);
            for level in valid {
                m += 1;
                s += u64::from(*level >= 4);
            }
            sums.add_people(m, s, 1);
        }
    }

    /// Counts what one cell of a column says, so many times.
    pub(super) fn add_cells(&mut self, column: usize, kind: ColumnKind, cell: Cell, times: u64) {
        let Some(counts) = self.columns.get_mut(column) else { return };
        let values = values_of(kind);
        let index = match cell {
            Cell::Value(level) if kind == ColumnKind::Level => usize::from(level.saturating_sub(1)),
            Cell::Value(value) => usize::from(value),
            Cell::Missing(reason) => values + reason.index(),
            Cell::Picked(bits) => {
                for (index, count) in counts.iter_mut().take(values).enumerate() {
                    *count += ((bits >> index) & 1) * times;
                }
                return;
            }
        };
        if let Some(count) = counts.get_mut(index) {
            *count += times;
        }
    }

    /// Puts the sums of a node in their place.
    pub(super) fn set_node(&mut self, index: usize, sums: NodeSums) {
        if let Some(node) = self.nodes.get_mut(index) {
            *node = sums;
        }
    }

    /// Adds another tally of the same form series. An empty default merges with anything.
    pub fn merge(&mut self, other: &Self) {
        self.responses += other.responses;
        self.carried += other.carried;
        if self.columns.is_empty() && self.nodes.is_empty() {
            self.columns.clone_from(&other.columns);
            self.nodes.clone_from(&other.nodes);
            return;
        }
        for (mine, theirs) in self.columns.iter_mut().zip(&other.columns) {
            for (a, b) in mine.iter_mut().zip(theirs) {
                *a += b;
            }
        }
        for (mine, theirs) in self.nodes.iter_mut().zip(&other.nodes) {
            mine.merge(*theirs);
        }
    }

    /// Counts of a column: its values, then the missing reasons in the order of [`Missing::ALL`].
    #[must_use]
    pub fn column(&self, index: usize) -> &[u64] {
        self.columns.get(index).map_or(&[], Vec::as_slice)
    }

    /// Count of one missing reason of a column.
    #[must_use]
    pub fn missing(&self, index: usize, reason: Missing) -> u64 {
        let counts = self.column(index);
        let values = counts.len().saturating_sub(Missing::ALL.len());
        counts.get(values + reason.index()).copied().unwrap_or(0)
    }

    /// Counts of levels 1 to 5 of a satisfaction column; zeros for another.
    #[must_use]
    pub fn levels(&self, index: usize) -> [u64; 5] {
        let mut levels = [0; 5];
        for (to, from) in levels.iter_mut().zip(self.column(index)) {
            *to = *from;
        }
        levels
    }

    /// Sums of a node.
    #[must_use]
    pub fn node(&self, index: usize) -> NodeSums {
        self.nodes.get(index).copied().unwrap_or_default()
    }

    /// A tally made of given counts, for published tables and tests: one count vector for each column and the
    /// sums of each node. `None` where the shapes differ from the form's.
    #[must_use]
    pub fn from_parts(
        form: &Form,
        responses: u64,
        columns: Vec<Vec<u64>>,
        nodes: Vec<NodeSums>,
    ) -> Option<Self> {
        let empty = Self::empty(form);
        let same = columns.len() == empty.columns.len()
            && nodes.len() == empty.nodes.len()
            && columns.iter().zip(&empty.columns).all(|(a, b)| a.len() == b.len());
        same.then_some(Self { responses, carried: 0, columns, nodes })
    }

    /// Every number in a fixed order, as stored: responses, carried, columns, nodes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        let columns = self.columns.iter().flatten().copied();
        let nodes = self.nodes.iter().flat_map(|n| n.numbers());
        for number in [self.responses, self.carried].into_iter().chain(columns).chain(nodes) {
            put_varint(&mut bytes, number);
        }
        bytes
    }

    /// Reads what [`Tally::to_bytes`] wrote for this form (or another version of the same series).
    ///
    /// # Errors
    /// Where the bytes hold more or fewer numbers than the form needs.
    pub fn from_bytes(form: &Form, bytes: &[u8]) -> Result<Self, TallyShapeError> {
        let mut rest = bytes;
        let mut next = || take_varint(&mut rest).ok_or(TallyShapeError);
        let mut tally = Self::empty(form);
        tally.responses = next()?;
        tally.carried = next()?;
        for count in tally.columns.iter_mut().flatten() {
            *count = next()?;
        }
        for sums in &mut tally.nodes {
            *sums =
                NodeSums { people: next()?, m: next()?, s: next()?, m2: next()?, s2: next()?, ms: next()? };
        }
        if rest.is_empty() { Ok(tally) } else { Err(TallyShapeError) }
    }
}

/// Seven bits a byte, low ones first; the high bit says that more follow.
pub(crate) fn put_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(u8::try_from(number & 0x7F).unwrap_or(0) | 0x80);
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap_or(0));
}

/// Reads one number off the front; `None` where the bytes end early or the number is too long.
pub(crate) fn take_varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7F).checked_shl(shift)?;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
