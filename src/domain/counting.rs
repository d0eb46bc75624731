//! Counting whole columns at once: the same tallies as answer by answer, for blocks of any length.
//!
//! A segment holds its answers as columns of bytes, so how often each byte occurs in each group is counted first, in
//! one pass over a column, and what the bytes mean is looked up once at the end. For a node of several criteria the
//! pair (valid answers m, satisfied answers s) of a person takes the place of the byte.

use std::collections::BTreeMap;

use super::{
    block::Segment,
    form::{ColumnKind, Form, Node},
    grouping::Grouping,
    tally::{NodeSums, Tally},
};

/// How many values a byte has.
const BYTES: usize = 256;
/// The group of those that are not counted.
pub(super) const NOBODY: u16 = 0;

/// Counts segments by the groups of one grouping, or all together.
pub struct Counter<'a> {
    form: &'a Form,
    grouping: Option<&'a Grouping>,
    /// Name of each group; the first is that of nobody.
    names: Vec<String>,
    /// Days: how many answers there are, and how many were carried (day 0).
    days: Vec<u32>,
    /// By column of one byte, by group and byte.
    bytes: Vec<Vec<u32>>,
    /// By node of several criteria, by group and pair.
    pairs: Vec<Vec<u32>>,
    /// Of columns of several bytes, which are few: the tallies themselves hold them.
    others: Vec<Tally>,
}

/// Of each person of a segment, the pair of each node of several criteria. The same for every grouping.
pub struct Pairs(Vec<Vec<u16>>);

/// Criteria of the nodes whose sums need more than a count of levels.
fn joint(form: &Form) -> impl Iterator<Item = &Node> {
    form.nodes().iter().filter(|node| node.columns.len() > 1)
}

/// Pairs of a node: m and s are each 0 to the number of its criteria.
fn step(node: &Node) -> u16 {
    u16::try_from(node.columns.len() + 1).unwrap_or(u16::MAX)
}

impl Pairs {
    /// The pairs of a segment.
    #[must_use]
    pub fn of(form: &Form, segment: &Segment) -> Self {
        Self(joint(form).map(|node| Self::of_node(form, node, segment)).collect())
    }

    fn of_node(form: &Form, node: &Node, segment: &Segment) -> Vec<u16> {
        let mut pairs = vec![0_u16; segment.len()];
        let step = step(node);
        for column in node.columns.iter().filter_map(|c| form.columns().get(*c)) {
            for (pair, level) in pairs.iter_mut().zip(segment.answer_bytes(column.offset)) {
                let valid = u16::from((1..=5).contains(level));
                let satisfied = u16::from((4..=5).contains(level));
                *pair += valid * step + satisfied;
            }
        }
        pairs
    }
}

impl<'a> Counter<'a> {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(form: &'a Form, grouping: Option<&'a Grouping>) -> Self {
        let mut counter = Self {
            form,
            grouping,
            names: Vec::new(),
            days: Vec::new(),
            bytes: vec![Vec::new(); form.columns().len()],
            pairs: vec![Vec::new(); joint(form).count()],
            others: Vec::new(),
        };
        counter.group(""); // nobody
        counter
    }

    /// Adds a segment of the same form version.
    pub fn add(&mut self, segment: &Segment, pairs: &Pairs) {
        match self.grouping {
            None => {
                let all = self.group("all");
                self.add_groups(segment, pairs, &vec![all; segment.len()]);
            }
            Some(grouping) => {
                for layer in grouping.layers(self.form, segment, &mut |name| self.group(name)) {
                    self.add_groups(segment, pairs, &layer);
                }
            }
        }
    }

    /// The number of a group; a new one where nobody was in it yet.
    fn group(&mut self, name: &str) -> u16 {
        // The first is nobody's, whatever it is called.
        let known = self.names.iter().skip(1).position(|known| known == name).map(|place| place + 1);
        let number = known.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            let groups = self.names.len();
            self.days.resize(groups * BYTES, 0);
            for counts in &mut self.bytes {
                counts.resize(groups * BYTES, 0);
            }
            for (node, counts) in joint(self.form).zip(&mut self.pairs) {
                let step = usize::from(step(node));
                counts.resize(groups * step * step, 0);
            }
            self.others.push(Tally::empty(self.form));
            groups - 1
        });
        u16::try_from(number).unwrap_or(NOBODY)
    }

    fn add_groups(&mut self, segment: &Segment, pairs: &Pairs, groups: &[u16]) {
        count(&mut self.days, BYTES, groups, segment.days().iter().map(|day| usize::from(*day)));
        for (index, (column, counts)) in self.form.columns().iter().zip(&mut self.bytes).enumerate() {
            if let ColumnKind::Bits(_) = column.kind {
                let cells = segment.cells(column);
                for (group, cell) in groups.iter().zip(cells) {
                    if let Some(tally) = self.others.get_mut(usize::from(*group)) {
                        tally.add_cells(index, column.kind, cell, 1);
                    }
                }
            } else {
                let bytes = segment.answer_bytes(column.offset).iter().map(|byte| usize::from(*byte));
                count(counts, BYTES, groups, bytes);
            }
        }
        for ((node, counts), pairs) in joint(self.form).zip(&mut self.pairs).zip(&pairs.0) {
            let step = usize::from(step(node));
            count(counts, step * step, groups, pairs.iter().map(|pair| usize::from(*pair)));
        }
    }

    /// The tally of each group that somebody is in.
    #[must_use]
    pub fn finish(self) -> BTreeMap<String, Tally> {
        let mut tallies = BTreeMap::new();
        for (number, name) in self.names.iter().enumerate().skip(1) {
            let tally = self.tally(number);
            if tally.responses > 0 {
                tallies.insert(name.clone(), tally);
            }
        }
        tallies
    }

    fn tally(&self, group: usize) -> Tally {
        let mut tally = self.others.get(group).cloned().unwrap_or_default();
        let days = part(&self.days, BYTES, group);
        tally.responses = days.iter().map(|n| u64::from(*n)).sum();
        tally.carried = days.first().map_or(0, |n| u64::from(*n));
        for (index, (column, counts)) in self.form.columns().iter().zip(&self.bytes).enumerate() {
            for (byte, times) in (0_u8..=u8::MAX).zip(part(counts, BYTES, group)).filter(|(_, n)| **n > 0) {
                tally.add_cells(index, column.kind, column.read_cell(&[byte]), u64::from(*times));
            }
        }
        let mut joint = joint(self.form).zip(&self.pairs);
        for (index, node) in self.form.nodes().iter().enumerate() {
            let sums = match node.columns.as_slice() {
                [column] => of_levels(tally.levels(*column)),
                [] => NodeSums::default(),
                _ => joint.next().map_or_else(NodeSums::default, |(node, counts)| {
                    let step = usize::from(step(node));
                    of_pairs(part(counts, step * step, group), step)
                }),
            };
            tally.set_node(index, sums);
        }
        tally
    }
}

/// Counts each value of each group.
fn count(counts: &mut [u32], values: usize, groups: &[u16], of: impl Iterator<Item = usize>) {
    for (group, value) in groups.iter().zip(of) {
        if let Some(count) = counts.get_mut(usize::from(*group) * values + value) {
            *count += 1;
        }
    }
}

fn part(counts: &[u32], values: usize, group: usize) -> &[u32] {
    counts.get(group * values..(group + 1) * values).unwrap_or_default()
}

/// Of one criterion, m is 1 for everybody who gave a level and s is 1 for the satisfied.
fn of_levels(levels: [u64; 5]) -> NodeSums {
    let [_, _, _, fourth, fifth] = levels;
    let (people, satisfied) = (levels.iter().sum(), fourth + fifth);
    NodeSums { people, m: people, s: satisfied, m2: people, s2: satisfied, ms: satisfied }
}

fn of_pairs(counts: &[u32], step: usize) -> NodeSums {
    let mut sums = NodeSums::default();
    for (pair, times) in (0_u64..).zip(counts).filter(|(_, n)| **n > 0) {
        let step = u64::try_from(step).unwrap_or(u64::MAX);
        sums.add_people(pair / step, pair % step, u64::from(*times));
    }
    sums
}

/// Counts all answers of a block together.
#[must_use]
pub fn total(form: &Form, segments: &[Segment]) -> Tally {
    let mut counter = Counter::new(form, None);
    for segment in segments {
        counter.add(segment, &Pairs::of(form, segment));
    }
    counter.finish().remove("all").unwrap_or_else(|| Tally::empty(form))
}
