//! Groupings: by what the answers of a closed month may be told apart.

use std::collections::BTreeMap;

use super::{
    answers::{Cell, Missing},
    block::Segment,
    counting::{Counter, NOBODY, Pairs},
    form::{Column, ColumnKind, Form, Purpose, QuestionKind},
    response::{Assisted, Channel},
    tally::Tally,
};

/// The group of answers without a service field.
pub const NO_FIELD: &str = "none";

/// A property of an answer that results may be told apart by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grouping {
    /// How the answer came.
    Channel,
    /// The service field, `withheld` or `none`.
    ServiceField,
    /// Language of the page.
    Language,
    /// Who helped.
    Assisted,
    /// Whether the answer has any mark: `yes` or `no`.
    Flagged,
    /// A question about the respondent, by its column.
    Respondent(usize),
}

impl Grouping {
    /// Every grouping that a form allows.
    #[must_use]
    pub fn all(form: &Form) -> Vec<Self> {
        let fixed = [Self::Channel, Self::ServiceField, Self::Language, Self::Assisted, Self::Flagged];
        let respondent = form.columns().iter().enumerate().filter_map(|(index, column)| {
            let question = form.questions.get(column.question)?;
            (question.purpose == Purpose::Respondent).then_some(Self::Respondent(index))
        });
        fixed.into_iter().chain(respondent).collect()
    }

    /// The grouping with this name, where the form allows it.
    #[must_use]
    pub fn named(form: &Form, name: &str) -> Option<Self> {
        Self::all(form).into_iter().find(|g| g.name(form) == name)
    }

    /// `channel`, `service_field`, `language`, `assisted`, `flagged`, or the slug of a respondent question.
    #[must_use]
    pub fn name<'a>(&self, form: &'a Form) -> &'a str {
        match self {
            Self::Channel => "channel",
            Self::ServiceField => "service_field",
            Self::Language => "language",
            Self::Assisted => "assisted",
            Self::Flagged => "flagged",
            Self::Respondent(column) => form.columns().get(*column).map_or("", |c| c.slug.as_str()),
        }
    }

    /// The group of each answer of a segment, by the number that `number` gives a name. Several layers where an answer
    /// may be in several groups: each option of a multiple choice is one, and who did not pick it is nobody in it.
    pub(super) fn layers(
        &self,
        form: &Form,
        segment: &Segment,
        number: &mut dyn FnMut(&str) -> u16,
    ) -> Vec<Vec<u16>> {
        let mut by_byte = |bytes: &[u8], name: &dyn Fn(u8) -> Option<String>| {
            let mut known: [Option<u16>; 256] = [None; 256];
            let mut group = |byte: u8| {
                let known = known.get_mut(usize::from(byte))?;
                Some(*known.get_or_insert_with(|| name(byte).map_or(NOBODY, |name| number(&name))))
            };
            vec![bytes.iter().map(|byte| group(*byte).unwrap_or(NOBODY)).collect()]
        };
        match self {
            Self::Channel => by_byte(segment.channels(), &|byte| {
                Channel::of_byte(byte).map(|channel| channel.as_str().to_owned())
            }),
            Self::Assisted => by_byte(segment.assisted(), &|byte| {
                Assisted::of_byte(byte).map(|assisted| assisted.as_str().to_owned())
            }),
            Self::Flagged => {
                by_byte(segment.marks(), &|byte| Some(if byte == 0 { "no" } else { "yes" }.to_owned()))
            }
            Self::ServiceField => {
                let (bytes, fields) = segment.fields();
                by_byte(bytes, &|byte| match fields.get(usize::from(byte))?.as_str() {
                    "" => Some(NO_FIELD.to_owned()),
                    field => Some(field.to_owned()),
                })
            }
            Self::Language => {
                let (bytes, languages) = segment.languages();
                by_byte(bytes, &|byte| languages.get(usize::from(byte)).map(ToString::to_string))
            }
            Self::Respondent(index) => match form.columns().get(*index) {
                None => Vec::new(),
                Some(column) if matches!(column.kind, ColumnKind::Bits(_)) => {
                    picked(form, column, segment, number)
                }
                Some(column) => by_byte(segment.answer_bytes(column.offset), &|byte| {
                    named_values(form, column, column.read_cell(&[byte])).into_iter().next()
                }),
            },
        }
    }
}

/// One layer for each option that anybody picked, and one for each reason why nothing was.
fn picked(
    form: &Form,
    column: &Column,
    segment: &Segment,
    number: &mut dyn FnMut(&str) -> u16,
) -> Vec<Vec<u16>> {
    let mut layers: BTreeMap<String, Vec<u16>> = BTreeMap::new();
    for (index, cell) in segment.cells(column).enumerate() {
        for name in named_values(form, column, cell) {
            let group = number(&name);
            let layer = layers.entry(name).or_insert_with(|| vec![NOBODY; segment.len()]);
            if let Some(slot) = layer.get_mut(index) {
                *slot = group;
            }
        }
    }
    layers.into_values().collect()
}

/// What a cell says, by codes: the level, the option, the class, all picked options, or the missing reason.
#[must_use]
pub fn named_values(form: &Form, column: &Column, cell: Cell) -> Vec<String> {
    let codes: Vec<&str> = match form.questions.get(column.question).map(|q| &q.kind) {
        Some(
            QuestionKind::Single { options }
            | QuestionKind::Matrix { options, .. }
            | QuestionKind::Multiple { options, .. },
        ) => options.iter().map(|o| o.code.as_str()).collect(),
        Some(QuestionKind::Number { classes, .. }) => classes.iter().map(|c| c.code.as_str()).collect(),
        Some(QuestionKind::Satisfaction { .. }) => vec!["0", "1", "2", "3", "4", "5"],
        Some(QuestionKind::Text { .. }) | None => Vec::new(),
    };
    match cell {
        Cell::Missing(reason) => vec![reason.as_str().to_owned()],
        Cell::Value(value) => codes
            .get(usize::from(value))
            .map_or_else(|| vec![Missing::Skipped.as_str().to_owned()], |code| vec![(*code).to_owned()]),
        Cell::Picked(bits) => codes
            .iter()
            .enumerate()
            .filter(|(index, _)| bits >> index & 1 == 1)
            .map(|(_, code)| (*code).to_owned())
            .collect(),
    }
}

/// Blocks of fewer answers are counted one by one: their columns are shorter than the list of what a byte may be.
const FEW: usize = 200;

/// A breakdown of a block: the tally of every group of every grouping.
#[must_use]
pub fn breakdown(form: &Form, segments: &[Segment]) -> BTreeMap<(String, String), Tally> {
    let groupings = Grouping::all(form);
    let answers: usize = segments.iter().map(Segment::len).sum();
    let counted = if answers < FEW {
        groupings.iter().map(|grouping| one_by_one(form, grouping, segments)).collect()
    } else {
        by_columns(form, &groupings, segments)
    };
    let named = groupings.iter().zip(counted).flat_map(|(grouping, tallies)| {
        let name = grouping.name(form);
        tallies.into_iter().map(move |(group, tally)| ((name.to_owned(), group), tally))
    });
    named.collect()
}

fn by_columns(form: &Form, groupings: &[Grouping], segments: &[Segment]) -> Vec<BTreeMap<String, Tally>> {
    let mut counters: Vec<Counter<'_>> = groupings.iter().map(|g| Counter::new(form, Some(g))).collect();
    for segment in segments {
        let pairs = Pairs::of(form, segment);
        for counter in &mut counters {
            counter.add(segment, &pairs);
        }
    }
    counters.into_iter().map(Counter::finish).collect()
}

fn one_by_one(form: &Form, grouping: &Grouping, segments: &[Segment]) -> BTreeMap<String, Tally> {
    let mut names: Vec<String> = Vec::new();
    let mut tallies: Vec<Tally> = Vec::new();
    for segment in segments {
        // The numbers begin after that of nobody.
        let layers = grouping.layers(form, segment, &mut |name| {
            let known = names.iter().position(|known| known == name).unwrap_or_else(|| {
                names.push(name.to_owned());
                tallies.push(Tally::empty(form));
                names.len() - 1
            });
            u16::try_from(known + 1).unwrap_or(NOBODY)
        });
        for (index, record) in segment.records().enumerate() {
            for group in layers.iter().filter_map(|layer| usize::from(*layer.get(index)?).checked_sub(1)) {
                if let Some(tally) = tallies.get_mut(group) {
                    tally.add_row(form, &record.row, record.carried());
                }
            }
        }
    }
    names.into_iter().zip(tallies).collect()
}
