//! Groupings: by what the answers of a closed month may be told apart.

use std::collections::BTreeMap;

use super::{
    answers::{Cell, Missing},
    block::Record,
    form::{Column, Form, Purpose, QuestionKind},
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

    /// The groups that an answer belongs to: one, except where several options were picked.
    #[must_use]
    pub fn groups(&self, form: &Form, record: &Record) -> Vec<String> {
        let one = |name: &str| vec![name.to_owned()];
        match self {
            Self::Channel => one(record.channel.as_str()),
            Self::ServiceField => match record.service_field.as_str() {
                "" => one(NO_FIELD),
                field => one(field),
            },
            Self::Language => one(record.language.as_str()),
            Self::Assisted => one(record.assisted.as_str()),
            Self::Flagged => one(if record.flags == 0 { "no" } else { "yes" }),
            Self::Respondent(column) => form
                .columns()
                .get(*column)
                .map_or_else(Vec::new, |column| named_values(form, column, column.read(&record.row))),
        }
    }
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

/// A breakdown of a block: the tally of every group of every grouping.
#[must_use]
pub fn breakdown(form: &Form, records: &[Record]) -> BTreeMap<(String, String), Tally> {
    let mut tallies = BTreeMap::new();
    for grouping in Grouping::all(form) {
        for record in records {
            for group in grouping.groups(form, record) {
                tallies
                    .entry((grouping.name(form).to_owned(), group))
                    .or_insert_with(|| Tally::empty(form))
                    .add_row(form, &record.row, record.carried());
            }
        }
    }
    tallies
}
