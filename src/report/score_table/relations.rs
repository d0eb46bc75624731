//! Which rows of a table add up to which, as the system that [`crate::domain::disclosure`] works on.
//!
//! Three kinds of sums: entries (units, months or groups) that add up to a larger entry; criteria that add up
//! to factors, parts and the overall within one entry; and what a total holds beyond the entries that the table
//! lists, which is a row of its own that nobody sees.

use std::collections::{BTreeMap, BTreeSet};

use super::TableEntry;
use crate::domain::{
    disclosure::{Cell, People, Relation},
    form::Form,
};

/// A table as cells and sums.
pub(super) struct System {
    /// The cells of every entry, node by node, then those of remainders.
    pub(super) cells: Vec<Cell>,
    /// What adds up to what.
    pub(super) relations: Vec<Relation>,
    /// By entry: the cell of its first node.
    pub(super) first_cell: Vec<usize>,
}

/// In what the parts of one sum differ from their total. Parts that differ in different ways are different sums.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Axis {
    unit: bool,
    months: Option<usize>,
    grouping: Option<String>,
}

pub(super) fn of(entries: &[TableEntry]) -> System {
    let mut system = System { cells: Vec::new(), relations: Vec::new(), first_cell: Vec::new() };
    for entry in entries {
        let people = (0..entry.form.nodes().len()).map(|node| Counts::of(entry, node).behind()).collect();
        let first = system.add_block(&entry.form, people, Listed::Yes);
        system.first_cell.push(first);
    }
    for ((total, _), parts) in sums(entries) {
        system.add_sum(entries, total, &parts);
    }
    system
}

/// Whether the table has rows for a block.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Listed {
    Yes,
    No,
}

/// Two counts of people of one node: who gave a valid answer, and who answered the form at all.
struct Counts {
    respondents: u64,
    responses: u64,
}

impl Counts {
    fn of(entry: &TableEntry, node: usize) -> Self {
        Self { respondents: entry.tally.node(node).people, responses: entry.tally.responses }
    }

    /// Without a valid answer a row still tells how many said that they do not know.
    fn behind(&self) -> u64 {
        if self.respondents > 0 { self.respondents } else { self.responses }
    }
}

impl System {
    /// Adds the cells of one entry or remainder, and the sums between its nodes.
    fn add_block(&mut self, form: &Form, people: Vec<u64>, listed: Listed) -> usize {
        let first = self.cells.len();
        let block = self.cells.last().map_or(0, |c| c.block + 1);
        self.cells.extend(people.into_iter().map(|people| Cell {
            people,
            block,
            listed: listed == Listed::Yes,
        }));
        let mut children: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, node) in form.nodes().iter().enumerate() {
            if let Some(parent) = node.parent {
                children.entry(parent).or_default().push(first + index);
            }
        }
        let sum = |(parent, parts)| Relation { total: first + parent, parts, people: People::Shared };
        self.relations.extend(children.into_iter().map(sum));
        first
    }

    /// Adds one sum over entries, for every node, with the remainder where there is one.
    fn add_sum(&mut self, entries: &[TableEntry], total: usize, parts: &BTreeSet<usize>) {
        let Some(whole) = entries.get(total) else { return };
        let nodes = whole.form.nodes().len();
        let rest: Vec<u64> = (0..nodes)
            .map(|node| {
                let mut rest = Counts::of(whole, node);
                for part in parts.iter().filter_map(|p| entries.get(*p)) {
                    let part = Counts::of(part, node);
                    rest.respondents = rest.respondents.saturating_sub(part.respondents);
                    rest.responses = rest.responses.saturating_sub(part.responses);
                }
                rest.behind()
            })
            .collect();
        let mut first_cells: Vec<usize> =
            parts.iter().filter_map(|p| self.first_cell.get(*p)).copied().collect();
        if rest.iter().any(|people| *people > 0) {
            first_cells.push(self.add_block(&whole.form, rest, Listed::No));
        }
        let Some(first) = self.first_cell.get(total).copied() else { return };
        self.relations.extend((0..nodes).map(|node| Relation {
            total: first + node,
            parts: first_cells.iter().map(|first| first + node).collect(),
            people: People::Disjoint,
        }));
    }
}

/// All sums over entries: the total and the axis, with the parts.
fn sums(entries: &[TableEntry]) -> BTreeMap<(usize, Axis), BTreeSet<usize>> {
    let mut sums: BTreeMap<(usize, Axis), BTreeSet<usize>> = BTreeMap::new();
    for (part, total) in told(entries).into_iter().chain(groups(entries)).chain(periods(entries)) {
        if let (Some(whole), Some(piece)) = (entries.get(total), entries.get(part)) {
            sums.entry((total, axis(whole, piece))).or_default().insert(part);
        }
    }
    sums
}

fn axis(total: &TableEntry, part: &TableEntry) -> Axis {
    let months = (part.period != total.period).then(|| part.period.months().count());
    let differs = part.group != total.group;
    let grouping = part.group.as_ref().filter(|_| differs).map(|g| g.grouping.clone());
    Axis { unit: part.unit != total.unit, months, grouping }
}

/// Only answers to the same series add up.
fn series(entry: &TableEntry) -> (&str, u16) {
    (entry.form.id.as_str(), entry.form.series)
}

/// The sums that the maker of the table named.
fn told(entries: &[TableEntry]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (part, entry) in entries.iter().enumerate() {
        for total in &entry.part_of {
            if *total != part && entries.get(*total).is_some_and(|t| series(t) == series(entry)) {
                pairs.push((part, *total));
            }
        }
    }
    pairs
}

/// The groups of everybody.
fn groups(entries: &[TableEntry]) -> Vec<(usize, usize)> {
    let place = |e: &TableEntry| {
        let (form, series) = series(e);
        (form.to_owned(), series, e.unit.clone(), e.period)
    };
    let everybody: BTreeMap<_, usize> =
        entries.iter().enumerate().filter(|(_, e)| e.group.is_none()).map(|(i, e)| (place(e), i)).collect();
    let grouped = entries.iter().enumerate().filter(|(_, e)| e.group.is_some());
    grouped.filter_map(|(part, e)| everybody.get(&place(e)).map(|total| (part, *total))).collect()
}

/// The months and quarters of longer periods. A total without its open month is the sum of the closed ones.
fn periods(entries: &[TableEntry]) -> Vec<(usize, usize)> {
    let mut rows: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        let group = entry.group.as_ref().map(|g| (g.grouping.as_str(), g.code.as_str()));
        rows.entry((series(entry), &entry.unit, group)).or_default().push(index);
    }
    let mut pairs = Vec::new();
    for row in rows.into_values() {
        for total in &row {
            let Some(whole) = entries.get(*total) else { continue };
            let inside = row.iter().filter(|p| entries.get(**p).is_some_and(|e| lies_in(e, whole)));
            pairs.extend(inside.map(|part| (*part, *total)));
        }
    }
    pairs
}

fn lies_in(part: &TableEntry, whole: &TableEntry) -> bool {
    part.period != whole.period
        && whole.period.first() <= part.period.first()
        && part.period.last() <= whole.period.last()
        && (whole.open || !part.open)
}
