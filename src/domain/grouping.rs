//! Groupings: by what the answers of a closed month may be told apart.

use std::collections::BTreeMap;

use super::{
    answers::{Cell, Missing},
    counting::{Plane, Strip, cell, split},
    form::{Column, ColumnKind, Form, Purpose, QuestionKind},
    response::{Assisted, Channel},
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

    /// The groups of a strip's answers, by the number that `number` gives a name; [`NOBODY`] has those of no group.
    pub(super) fn groups(
        &self,
        form: &Form,
        strip: &mut Strip<'_>,
        number: &mut dyn FnMut(&str) -> usize,
    ) -> Groups {
        let segment = strip.segment;
        let mut by_byte = |sets: &[(u8, Plane)], name: &dyn Fn(u8) -> Option<String>| {
            let mut groups = BTreeMap::new();
            for (byte, set) in sets {
                let group = name(*byte).map_or(NOBODY, |name| number(&name));
                groups.entry(group).and_modify(|all: &mut Plane| *all = all.or(set)).or_insert(*set);
            }
            groups.into_iter().collect()
        };
        match self {
            Self::Channel => Groups::Apart(by_byte(&split(strip.part(segment.channels())), &|byte| {
                Channel::of_byte(byte).map(|channel| channel.as_str().to_owned())
            })),
            Self::Assisted => Groups::Apart(by_byte(&split(strip.part(segment.assisted())), &|byte| {
                Assisted::of_byte(byte).map(|assisted| assisted.as_str().to_owned())
            })),
            Self::Flagged => Groups::Apart(by_byte(&split(strip.part(segment.marks())), &|byte| {
                Some(if byte == 0 { "no" } else { "yes" }.to_owned())
            })),
            Self::ServiceField => {
                let (bytes, fields) = segment.fields();
                Groups::Apart(by_byte(&split(strip.part(bytes)), &|byte| match fields
                    .get(usize::from(byte))?
                    .as_str()
                {
                    "" => Some(NO_FIELD.to_owned()),
                    field => Some(field.to_owned()),
                }))
            }
            Self::Language => {
                let (bytes, languages) = segment.languages();
                Groups::Apart(by_byte(&split(strip.part(bytes)), &|byte| {
                    languages.get(usize::from(byte)).map(ToString::to_string)
                }))
            }
            Self::Respondent(index) => {
                let Some(column) = form.columns().get(*index) else { return Groups::Overlapping(Vec::new()) };
                let groups = by_byte(strip.cells(form, *index), &|byte| {
                    named_values(form, column, cell(column, byte)).into_iter().next()
                });
                match column.kind {
                    ColumnKind::Bits(_) => Groups::Overlapping(groups),
                    ColumnKind::Level | ColumnKind::Choice(_) | ColumnKind::Class(_) => Groups::Apart(groups),
                }
            }
        }
    }
}

/// The number of the group of those who are in none.
pub(super) const NOBODY: usize = 0;

/// Groups by number, with their answers.
pub(super) enum Groups {
    /// Each answer is in exactly one.
    Apart(Vec<(usize, Plane)>),
    /// An answer may be in several (each option of a multiple choice is one), or in none.
    Overlapping(Vec<(usize, Plane)>),
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
