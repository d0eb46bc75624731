//! Some answers of a segment, as one set of answers for everything that can be said of one.

use super::planes::{Numbers, Plane, STRIP, bits, split};
use crate::domain::{
    answers::Cell,
    block::Segment,
    form::{Column, ColumnKind, Form, Node},
};

/// At most [`STRIP`] answers of a segment.
pub(in crate::domain) struct Strip<'a> {
    /// The segment.
    pub(in crate::domain) segment: &'a Segment,
    from: usize,
    /// How many answers.
    pub(in crate::domain) len: usize,
    /// All of them.
    pub(in crate::domain) all: Plane,
    /// By column that was asked for: each cell that occurs, with those who gave it.
    cells: Vec<Option<Vec<(u8, Plane)>>>,
}

/// Reasons of a column of several options begin here; below are its options.
const REASONS: u8 = 64;

/// What a number stands for with which [`Strip::cells`] names a cell: the byte of a column of one byte, else one
/// picked option or the number of a missing reason.
pub(in crate::domain) fn cell(column: &Column, number: u8) -> Cell {
    match (column.kind, number.checked_sub(REASONS)) {
        (ColumnKind::Bits(_), None) => Cell::Picked(1 << number),
        (ColumnKind::Bits(options), Some(reason)) => {
            let bytes = (u64::from(reason) << options).to_le_bytes();
            column.read_cell(bytes.get(..column.width).unwrap_or(&bytes))
        }
        (ColumnKind::Level | ColumnKind::Choice(_) | ColumnKind::Class(_), _) => column.read_cell(&[number]),
    }
}

impl<'a> Strip<'a> {
    /// The strips of a segment.
    pub(in crate::domain) fn all_of(form: &Form, segment: &'a Segment) -> impl Iterator<Item = Self> {
        let columns = form.columns().len();
        (0..segment.len()).step_by(STRIP).map(move |from| {
            let len = (segment.len() - from).min(STRIP);
            Self { segment, from, len, all: Plane::first(len), cells: vec![None; columns] }
        })
    }

    /// What of a segment's column belongs to this strip.
    pub(in crate::domain) fn part<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        bytes.get(self.from..self.from + self.len).unwrap_or_default()
    }

    /// Each cell of a column that occurs, by the number that [`cell`] reads, with those who gave it. Columns of one byte
    /// put every answer in exactly one of them.
    pub(in crate::domain) fn cells(&mut self, form: &Form, index: usize) -> &[(u8, Plane)] {
        let known = self.cells.get(index).is_some_and(Option::is_some);
        if !known && let Some(column) = form.columns().get(index) {
            let found = match column.kind {
                ColumnKind::Bits(options) => self.picked(column, options),
                ColumnKind::Level | ColumnKind::Choice(_) | ColumnKind::Class(_) => {
                    split(self.part(self.segment.answer_bytes(column.offset)))
                }
            };
            if let Some(slot) = self.cells.get_mut(index) {
                *slot = Some(found);
            }
        }
        self.cells.get(index).and_then(Option::as_deref).unwrap_or_default()
    }

    fn picked(&self, column: &Column, options: usize) -> Vec<(u8, Plane)> {
        let bytes = column.offset..column.offset + column.width;
        let bits: Vec<Plane> =
            bytes.flat_map(|byte| bits(self.part(self.segment.answer_bytes(byte)))).collect();
        let (picked, reasons) = bits.split_at_checked(options).unwrap_or((&bits, &[]));
        let mut why = vec![(REASONS, self.all)];
        for (bit, having) in [1, 2, 4].into_iter().zip(reasons) {
            let halves = why
                .iter()
                .flat_map(|(number, set)| [(*number, set.and_not(having)), (number + bit, set.and(having))]);
            why = halves.collect();
        }
        let answered = why.first().map_or(Plane::EMPTY, |(_, set)| *set);
        let picked = (0..REASONS).zip(picked).map(|(option, set)| (option, set.and(&answered)));
        picked.chain(why.into_iter().skip(1)).filter(|(_, set)| !set.is_empty()).collect()
    }

    /// Of each person, how many criteria of a node have a level, and how many of those a satisfied one.
    pub(super) fn levels_of(&mut self, form: &Form, node: &Node) -> (Numbers, Numbers) {
        let (mut valid, mut satisfied) = (Numbers::default(), Numbers::default());
        for column in &node.columns {
            let (mut some, mut high) = (Plane::EMPTY, Plane::EMPTY);
            for (level, set) in self.cells(form, *column) {
                if (1..=5).contains(level) {
                    some = some.or(set);
                }
                if (4..=5).contains(level) {
                    high = high.or(set);
                }
            }
            valid.add_one(&some);
            satisfied.add_one(&high);
        }
        (valid, satisfied)
    }
}
