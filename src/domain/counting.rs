//! Counting whole columns at once: the same tallies as answer by answer, for blocks of any length.
//!
//! Each thing that a tally counts is a set of answers (`planes`), and so is each group of a breakdown: a count is how
//! many answers two sets share. The largest group of a grouping is not counted: it is what the others leave of all.

mod planes;
mod strip;

use std::collections::BTreeMap;

pub(in crate::domain) use self::{
    planes::{Plane, split},
    strip::{Strip, cell},
};
use super::{
    answers::Cell,
    block::Segment,
    form::{Form, Node},
    grouping::{Grouping, Groups},
    tally::{NodeSums, Tally},
};

/// One thing that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    /// Answers carried from an earlier month.
    Carried,
    /// A cell of a column.
    Cell(usize, Cell),
    /// What each person who is counted adds to the sums of a node.
    Sums(usize, NodeSums),
}

/// Where a thing that is counted comes from, and its number there.
type Source = (usize, u16);

/// Counts segments of one form version, all together and by the groups of some groupings.
pub struct Counter<'a> {
    form: &'a Form,
    things: Vec<Counted>,
    places: BTreeMap<Source, usize>,
    answers: u64,
    totals: Vec<u64>,
    groupings: Vec<ByGroup<'a>>,
}

/// Counts of one grouping.
struct ByGroup<'a> {
    grouping: &'a Grouping,
    /// Name of each group; the first is that of nobody.
    names: Vec<String>,
    /// By group: its answers, and how many of them each thing counts.
    counts: Vec<(u64, Vec<u64>)>,
}

/// What is counted of one strip: how many answers, and each thing with its answers.
struct Taken {
    all: Plane,
    len: usize,
    sets: Vec<(usize, Plane)>,
}

impl<'a> Counter<'a> {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(form: &'a Form, groupings: &'a [Grouping]) -> Self {
        let by_group =
            |grouping| ByGroup { grouping, names: vec![String::new()], counts: vec![(0, Vec::new())] };
        Self {
            form,
            things: Vec::new(),
            places: BTreeMap::new(),
            answers: 0,
            totals: Vec::new(),
            groupings: groupings.iter().map(by_group).collect(),
        }
    }

    /// Adds a segment of the same form version.
    pub fn add(&mut self, segment: &Segment) {
        for mut strip in Strip::all_of(self.form, segment) {
            let taken = self.take(&mut strip);
            let totals = taken.count(&taken.all, self.things.len());
            self.answers += add_up(&mut self.totals, &totals);
            for by_group in &mut self.groupings {
                by_group.add(self.form, &mut strip, &taken, &totals);
            }
        }
    }

    /// Everything that a tally counts of a strip.
    fn take(&mut self, strip: &mut Strip<'_>) -> Taken {
        let mut sets = Vec::new();
        if let Some((_, carried)) =
            split(strip.part(strip.segment.days())).first().filter(|(day, _)| *day == 0)
        {
            sets.push((self.place((0, 0), Counted::Carried), *carried));
        }
        for (index, column) in self.form.columns().iter().enumerate() {
            for (number, set) in strip.cells(self.form, index) {
                let thing = Counted::Cell(index, cell(column, *number));
                sets.push((self.place((index + 1, u16::from(*number)), thing), *set));
            }
        }
        let before = self.form.columns().len() + 1;
        for (index, node) in joint(self.form) {
            for (number, sums, set) in sums_of(self.form, strip, node) {
                sets.push((self.place((before + index, number), Counted::Sums(index, sums)), set));
            }
        }
        sets.retain(|(_, set)| !set.is_empty());
        Taken { all: strip.all, len: strip.len, sets }
    }

    /// Which thing it is; a new one where it was not seen before.
    fn place(&mut self, source: Source, thing: Counted) -> usize {
        *self.places.entry(source).or_insert_with(|| {
            self.things.push(thing);
            self.things.len() - 1
        })
    }

    /// The tally of all answers.
    #[must_use]
    pub fn total(&self) -> Tally {
        self.tally(self.answers, &self.totals)
    }

    /// The tally of each group that somebody is in, by the names of its grouping and its own.
    #[must_use]
    pub fn breakdown(&self) -> BTreeMap<(String, String), Tally> {
        let mut tallies = BTreeMap::new();
        for ByGroup { grouping, names, counts } in &self.groupings {
            // The first is that of nobody.
            for (name, (answers, counts)) in names.iter().zip(counts).skip(1).filter(|(_, (n, _))| *n > 0) {
                let key = (grouping.name(self.form).to_owned(), name.clone());
                tallies.insert(key, self.tally(*answers, counts));
            }
        }
        tallies
    }

    fn tally(&self, answers: u64, counts: &[u64]) -> Tally {
        let mut tally = Tally::empty(self.form);
        tally.responses = answers;
        let mut nodes = vec![NodeSums::default(); self.form.nodes().len()];
        for (thing, times) in self.things.iter().zip(counts).filter(|(_, times)| **times > 0) {
            match thing {
                Counted::Carried => tally.carried = *times,
                Counted::Cell(index, cell) => {
                    if let Some(column) = self.form.columns().get(*index) {
                        tally.add_cells(*index, column.kind, *cell, *times);
                    }
                }
                Counted::Sums(node, each) => {
                    if let Some(sums) = nodes.get_mut(*node) {
                        sums.merge(each.times(*times));
                    }
                }
            }
        }
        for (index, (node, sums)) in self.form.nodes().iter().zip(nodes).enumerate() {
            let sums = match node.columns.as_slice() {
                [column] => of_levels(tally.levels(*column)),
                _ => sums,
            };
            tally.set_node(index, sums);
        }
        tally
    }
}

impl Taken {
    /// How many of some answers there are, and how many of them each thing counts.
    fn count(&self, of: &Plane, things: usize) -> (u64, Vec<u64>) {
        let mut counts = vec![0; things];
        for (thing, set) in &self.sets {
            if let Some(count) = counts.get_mut(*thing) {
                *count = set.shared(of, self.len).into();
            }
        }
        (of.shared(&self.all, self.len).into(), counts)
    }
}

impl ByGroup<'_> {
    fn add(&mut self, form: &Form, strip: &mut Strip<'_>, taken: &Taken, totals: &(u64, Vec<u64>)) {
        let groups = self.grouping.groups(form, strip, &mut |name| {
            let known = self.names.iter().skip(1).position(|known| known == name).map(|place| place + 1);
            known.unwrap_or_else(|| {
                self.names.push(name.to_owned());
                self.counts.push((0, Vec::new()));
                self.names.len() - 1
            })
        });
        let things = totals.1.len();
        match groups {
            Groups::Overlapping(sets) => {
                for (group, set) in sets {
                    self.add_to(group, &taken.count(&set, things));
                }
            }
            Groups::Apart(mut sets) => {
                sets.sort_by_key(|(_, set)| set.shared(&strip.all, strip.len));
                let largest = sets.pop();
                let mut left = totals.clone();
                for (group, set) in sets {
                    let counts = taken.count(&set, things);
                    left.0 -= counts.0;
                    for (left, n) in left.1.iter_mut().zip(&counts.1) {
                        *left -= n;
                    }
                    self.add_to(group, &counts);
                }
                if let Some((group, _)) = largest {
                    self.add_to(group, &left);
                }
            }
        }
    }

    fn add_to(&mut self, group: usize, counts: &(u64, Vec<u64>)) {
        if let Some((answers, sums)) = self.counts.get_mut(group) {
            *answers += add_up(sums, counts);
        }
    }
}

/// Adds counts of things to sums of the same things, which may know fewer yet; gives how many answers they are of.
fn add_up(sums: &mut Vec<u64>, (answers, counts): &(u64, Vec<u64>)) -> u64 {
    sums.resize(counts.len().max(sums.len()), 0);
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum += count;
    }
    *answers
}

/// Nodes whose sums need more than a count of levels, with their places.
fn joint(form: &Form) -> impl Iterator<Item = (usize, &Node)> {
    form.nodes().iter().enumerate().filter(|(_, node)| node.columns.len() > 1)
}

/// Sets of answers of which each adds the same to the sums of a node, by a number that is the same in every strip. For
/// numbers in binary, m is the sum of `2^j` over the bits j of m that are set, and `m * s` that of `2^(j + k)` over the
/// pairs that both are.
fn sums_of(form: &Form, strip: &mut Strip<'_>, node: &Node) -> Vec<(u16, NodeSums, Plane)> {
    let zero = NodeSums::default();
    let (m, s) = strip.levels_of(form, node);
    let anything = m.0.iter().fold(Plane::EMPTY, |all, bit| all.or(bit));
    let mut sets = vec![(0, NodeSums { people: 1, ..zero }, anything)];
    for (j, a) in (0_u16..).zip(&m.0) {
        sets.push((thing(1, j, j), NodeSums { m: 1 << j, m2: 1 << (2 * j), ..zero }, *a));
        let above = (0_u16..).zip(&m.0).filter(|(k, _)| *k > j);
        sets.extend(above.map(|(k, b)| (thing(1, j, k), NodeSums { m2: 2 << (j + k), ..zero }, a.and(b))));
        let both = (0_u16..).zip(&s.0);
        sets.extend(both.map(|(k, b)| (thing(2, j, k), NodeSums { ms: 1 << (j + k), ..zero }, a.and(b))));
    }
    for (j, a) in (0_u16..).zip(&s.0) {
        sets.push((thing(3, j, j), NodeSums { s: 1 << j, s2: 1 << (2 * j), ..zero }, *a));
        let above = (0_u16..).zip(&s.0).filter(|(k, _)| *k > j);
        sets.extend(above.map(|(k, b)| (thing(3, j, k), NodeSums { s2: 2 << (j + k), ..zero }, a.and(b))));
    }
    sets
}

/// The number of a pair of bits, of which there are fewer than 32 each.
fn thing(kind: u16, j: u16, k: u16) -> u16 {
    kind * 1024 + j * 32 + k
}

/// Of one criterion, m is 1 for everybody who gave a level and s is 1 for the satisfied.
fn of_levels(levels: [u64; 5]) -> NodeSums {
    let [_, _, _, fourth, fifth] = levels;
    let (people, satisfied) = (levels.iter().sum(), fourth + fifth);
    NodeSums { people, m: people, s: satisfied, m2: people, s2: satisfied, ms: satisfied }
}

/// Counts all answers of a block together.
#[must_use]
pub fn total(form: &Form, segments: &[Segment]) -> Tally {
    let mut counter = Counter::new(form, &[]);
    for segment in segments {
        counter.add(segment);
    }
    counter.total()
}

/// A breakdown of a block: the tally of every group of every grouping.
#[must_use]
pub fn breakdown(form: &Form, segments: &[Segment]) -> BTreeMap<(String, String), Tally> {
    let groupings = Grouping::all(form);
    let mut counter = Counter::new(form, &groupings);
    for segment in segments {
        counter.add(segment);
    }
    counter.breakdown()
}
