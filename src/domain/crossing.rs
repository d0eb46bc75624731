//! A free cross: how the people of each pair of groups of two groupings answered one criterion.
//!
//! These are bare counts, of pairs as small as one person. Nothing hides them yet: whoever shows them must first decide
//! what may be seen, over all crosses that can be asked for, and so there is no route and no command for it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    block::Segment,
    counting::{Plane, Strip},
    form::Form,
    grouping::{Grouping, Groups, NOBODY},
};

/// What is crossed: two groupings of a form, and one of its criteria as its place among the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossing {
    /// The groups that come first in a pair.
    pub first: Grouping,
    /// The groups that come second.
    pub second: Grouping,
    /// The criterion.
    pub criterion: usize,
}

impl Crossing {
    /// The bytes of an answer's row that it looks at: other columns of a segment need not be there.
    #[must_use]
    pub fn bytes(&self, form: &Form) -> BTreeSet<usize> {
        let of_grouping = |grouping: &Grouping| match grouping {
            Grouping::Respondent(column) => Some(*column),
            Grouping::Channel
            | Grouping::ServiceField
            | Grouping::Language
            | Grouping::Assisted
            | Grouping::Flagged => None,
        };
        let columns = [of_grouping(&self.first), of_grouping(&self.second), Some(self.criterion)];
        let columns = columns.into_iter().flatten().filter_map(|index| form.columns().get(index));
        columns.flat_map(|column| column.offset..column.offset + column.width).collect()
    }
}

/// What the people of one pair of groups answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pair {
    /// People in both groups.
    pub answers: u64,
    /// Those who gave each level, 1 to 5.
    pub levels: [u64; 5],
}

/// The pairs of groups that anybody is in, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cross(pub BTreeMap<(String, String), Pair>);

impl Cross {
    /// Adds the people of a segment, which has at least the columns of [`Crossing::bytes`].
    pub fn add(&mut self, form: &Form, crossing: &Crossing, segment: &Segment) {
        for mut strip in Strip::all_of(form, segment) {
            let levels = strip.cells(form, crossing.criterion);
            let levels: Vec<_> =
                levels.iter().filter(|(level, _)| (1..=5).contains(level)).copied().collect();
            let seconds = named(form, &crossing.second, &mut strip);
            for (first, one) in named(form, &crossing.first, &mut strip) {
                for (second, other) in &seconds {
                    let both = one.and(other);
                    if both.is_empty() {
                        continue;
                    }
                    let pair = self.0.entry((first.clone(), second.clone())).or_default();
                    pair.answers += u64::from(both.shared(&strip.all, strip.len));
                    for (level, set) in &levels {
                        let place = usize::from(*level).saturating_sub(1);
                        if let Some(count) = pair.levels.get_mut(place) {
                            *count += u64::from(both.shared(set, strip.len));
                        }
                    }
                }
            }
        }
    }

    /// Adds the people of another cross of the same kind.
    pub fn merge(&mut self, other: Self) {
        for (names, theirs) in other.0 {
            let pair = self.0.entry(names).or_default();
            pair.answers += theirs.answers;
            for (mine, more) in pair.levels.iter_mut().zip(theirs.levels) {
                *mine += more;
            }
        }
    }
}

fn named(form: &Form, grouping: &Grouping, strip: &mut Strip<'_>) -> Vec<(String, Plane)> {
    let mut names = vec![String::new()];
    let groups = grouping.groups(form, strip, &mut |name| {
        let known = names.iter().skip(1).position(|known| known == name).map(|place| place + 1);
        known.unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        })
    });
    let (Groups::Apart(sets) | Groups::Overlapping(sets)) = groups;
    let sets = sets.into_iter().filter(|(group, _)| *group != NOBODY);
    sets.filter_map(|(group, set)| Some((names.get(group)?.clone(), set))).collect()
}
