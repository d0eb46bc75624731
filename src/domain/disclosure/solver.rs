//! Which cells of a table are hidden, so that nothing hidden can be computed from what is shown.
//!
//! A cell stands for all numbers of one row (its counts, its score); every relation holds for each of them.
//! First the small cells are hidden, then, cell by cell, the next smallest beside a cell that could still be
//! computed: from one sum, or from many taken together. The order of cells decides ties, so the same table is
//! always hidden in the same way.

use std::collections::BTreeSet;

use super::elimination::{self, Row};

/// One row of a table, or a remainder that the table does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// People behind its numbers; 0 where it has none, which is no secret.
    pub people: u64,
    /// Cells of the same block may be hidden together where a table is too large for a finer choice: give
    /// the rows of one unit, period and group the same number.
    pub block: usize,
    /// Whether the table has a row for it at all.
    pub listed: bool,
}

/// Whether the same person can be in several parts of a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum People {
    /// Nobody is in two parts: units, months, groups.
    Disjoint,
    /// The same people answered the parts: criteria of a factor.
    Shared,
}

/// The counts of `total` are the sums of those of `parts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relation {
    /// Index of the total's cell.
    pub total: usize,
    /// Indexes of the parts' cells.
    pub parts: Vec<usize>,
    /// How people of the parts add up.
    pub people: People,
}

/// What happens to a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// It is shown.
    Yes,
    /// Hidden: too few people.
    HiddenPrimary,
    /// Hidden to protect another.
    HiddenComplementary,
}

/// Steps that the search for given-away cells may take before whole blocks are hidden instead.
const BUDGET: usize = 3_000_000;

/// Decides for each cell; a cell of fewer than `hide_below` people is hidden.
#[must_use]
pub fn decide(cells: &[Cell], relations: &[Relation], hide_below: u64) -> Vec<Shown> {
    decide_within(cells, relations, hide_below, BUDGET)
}

fn decide_within(cells: &[Cell], relations: &[Relation], hide_below: u64, budget: usize) -> Vec<Shown> {
    let small = |cell: &Cell| (1..hide_below).contains(&cell.people);
    let unknown = cells.iter().map(|c| !c.listed && c.people > 0 || small(c)).collect();
    let mut table = Table::new(cells, relations, hide_below, unknown);
    if table.protect(&mut budget.clone()).is_none() {
        table.protect_by_blocks();
    }
    let shown = |(cell, unknown): (&Cell, &bool)| match (*unknown, small(cell)) {
        (false, _) => Shown::Yes,
        (true, true) => Shown::HiddenPrimary,
        (true, false) => Shown::HiddenComplementary,
    };
    cells.iter().zip(&table.unknown).map(shown).collect()
}

impl Relation {
    fn cells(&self) -> impl Iterator<Item = usize> {
        std::iter::once(self.total).chain(self.parts.iter().copied())
    }
}

struct Table<'a> {
    cells: &'a [Cell],
    relations: &'a [Relation],
    hide_below: u64,
    unknown: Vec<bool>,
    relations_of: Vec<Vec<usize>>,
}

impl<'a> Table<'a> {
    fn new(cells: &'a [Cell], relations: &'a [Relation], hide_below: u64, unknown: Vec<bool>) -> Self {
        let mut relations_of = vec![Vec::new(); cells.len()];
        for (index, relation) in relations.iter().enumerate() {
            for cell in relation.cells() {
                if let Some(of) = relations_of.get_mut(cell) {
                    of.push(index);
                }
            }
        }
        Self { cells, relations, hide_below, unknown, relations_of }
    }

    /// Hides more until nothing hidden is given away; `None` where that would take too long to find out.
    fn protect(&mut self, budget: &mut usize) -> Option<()> {
        loop {
            self.protect_each_sum();
            let given_away = elimination::given_away(self.equations(), budget)?;
            let mut touched = BTreeSet::new();
            for cell in given_away.into_iter().filter(|c| self.is_secret(*c)).collect::<Vec<_>>() {
                let sums = self.relations_of.get(cell).map_or(&[][..], Vec::as_slice);
                if sums.iter().any(|sum| touched.contains(sum)) {
                    continue; // what was just hidden may already protect it
                }
                if let Some(hidden) = self.hide_beside(cell) {
                    touched.extend(self.relations_of.get(hidden).into_iter().flatten().copied());
                }
            }
            if touched.is_empty() {
                return Some(());
            }
        }
    }

    /// A remainder of many people is unknown, yet no secret.
    fn is_secret(&self, cell: usize) -> bool {
        let many = |c: &Cell| !c.listed && c.people >= self.hide_below;
        self.is_unknown(cell) && !self.cells.get(cell).is_some_and(many)
    }

    fn is_unknown(&self, cell: usize) -> bool {
        self.unknown.get(cell).copied().unwrap_or(false)
    }

    fn people(&self, cell: usize) -> u64 {
        self.cells.get(cell).map_or(0, |c| c.people)
    }

    /// Looks at one sum after the other, again where a cell of it was hidden.
    fn protect_each_sum(&mut self) {
        let mut waiting: BTreeSet<usize> = (0..self.relations.len()).collect();
        while let Some(index) = waiting.pop_first() {
            let Some(relation) = self.relations.get(index) else { continue };
            if !self.tells_too_much(relation) {
                continue;
            }
            if let Some(cell) = self.next_to_hide(relation) {
                self.hide(cell);
                waiting.extend(self.relations_of.get(cell).into_iter().flatten());
            }
        }
    }

    /// One unknown is the total minus the rest; several that are few people are a small cell in all but name.
    fn tells_too_much(&self, relation: &Relation) -> bool {
        let unknown: Vec<usize> = relation.cells().filter(|c| self.is_unknown(*c)).collect();
        if !unknown.iter().any(|c| self.is_secret(*c)) {
            return false;
        }
        if unknown.len() == 1 {
            return true;
        }
        if self.is_unknown(relation.total) {
            return false;
        }
        let people = unknown.iter().map(|c| self.people(*c));
        let together = match relation.people {
            People::Disjoint => people.sum::<u64>(),
            People::Shared => people.max().unwrap_or(0),
        };
        together < self.hide_below
    }

    /// The smallest shown part, else the total.
    fn next_to_hide(&self, relation: &Relation) -> Option<usize> {
        let can = |c: &usize| !self.is_unknown(*c) && self.people(*c) > 0;
        let part = relation.parts.iter().copied().filter(can).min_by_key(|c| (self.people(*c), *c));
        part.or_else(|| Some(relation.total).filter(can))
    }

    /// Hides one more cell of a sum that this one is in; where all those are hidden, of a sum near by.
    fn hide_beside(&mut self, cell: usize) -> Option<usize> {
        let mut seen = BTreeSet::from([cell]);
        let mut ring = vec![cell];
        while !ring.is_empty() {
            let sums: BTreeSet<usize> =
                ring.iter().filter_map(|c| self.relations_of.get(*c)).flatten().copied().collect();
            let sums: Vec<&Relation> = sums.iter().filter_map(|s| self.relations.get(*s)).collect();
            let candidates = sums.iter().filter_map(|r| self.next_to_hide(r));
            if let Some(next) = candidates.min_by_key(|c| (self.people(*c), *c)) {
                self.hide(next);
                return Some(next);
            }
            ring = sums.iter().flat_map(|r| r.cells()).filter(|c| seen.insert(*c)).collect();
        }
        None
    }

    fn hide(&mut self, cell: usize) {
        if let Some(unknown) = self.unknown.get_mut(cell) {
            *unknown = true;
        }
    }

    fn equations(&self) -> Vec<Row> {
        let equation = |relation: &Relation| {
            let total = Some(relation.total).filter(|t| self.is_unknown(*t));
            elimination::row(total, relation.parts.iter().copied().filter(|p| self.is_unknown(*p)))
        };
        self.relations.iter().map(equation).filter(|row| !row.is_empty()).collect()
    }

    /// Hides whole blocks: coarser, and a far smaller system, because within a block nothing is shown.
    fn protect_by_blocks(&mut self) {
        let (blocks, mut unknown, sums) = self.blocks();
        loop {
            let mut coarse = Table::new(&blocks, &sums, self.hide_below, unknown);
            if coarse.protect(&mut BUDGET.clone()).is_none() {
                coarse.unknown = vec![true; blocks.len()];
            }
            unknown = coarse.unknown;
            let of_block = |c: &Cell| unknown.get(c.block).copied().unwrap_or(true);
            self.unknown = self.cells.iter().map(of_block).collect();
            let too_much = self.relations.iter().filter(|r| self.tells_too_much(r));
            let more: Vec<usize> = too_much.filter_map(|r| self.next_to_hide(r)).collect();
            if more.is_empty() {
                return;
            }
            for block in more.iter().filter_map(|c| self.cells.get(*c)).map(|c| c.block) {
                if let Some(block) = unknown.get_mut(block) {
                    *block = true;
                }
            }
        }
    }

    /// Each block as one cell, whether anything in it is unknown, and the sums between blocks.
    fn blocks(&self) -> (Vec<Cell>, Vec<bool>, Vec<Relation>) {
        let count = self.cells.iter().map(|c| c.block + 1).max().unwrap_or(0);
        let mut blocks = vec![Cell { people: 0, block: 0, listed: false }; count];
        let mut unknown = vec![false; count];
        for (index, cell) in self.cells.iter().enumerate() {
            if let (Some(block), Some(unknown)) = (blocks.get_mut(cell.block), unknown.get_mut(cell.block)) {
                block.people = block.people.max(cell.people);
                block.listed |= cell.listed;
                *unknown |= self.is_unknown(index);
            }
        }
        let of = |cell: usize| self.cells.get(cell).map_or(0, |c| c.block);
        let disjoint = self.relations.iter().filter(|r| r.people == People::Disjoint);
        let between: BTreeSet<(usize, Vec<usize>)> =
            disjoint.map(|r| (of(r.total), r.parts.iter().map(|p| of(*p)).collect())).collect();
        let sums = between.into_iter();
        let sums = sums.map(|(total, parts)| Relation { total, parts, people: People::Disjoint }).collect();
        (blocks, unknown, sums)
    }
}

#[cfg(test)]
mod tests;
