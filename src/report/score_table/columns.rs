//! The columns of the score table, as files have them.

use std::io;

use super::{ScoreRow, ScoreTable};
use crate::{
    domain::{answers::Missing, disclosure::Flag},
    report::csv::{CsvError, CsvWriter, Field},
};

/// Names of the columns, in order. New ones are only ever added at the end.
pub const COLUMNS: [&str; 31] = [
    "period",
    "unit",
    "unit_name",
    "form",
    "form_version",
    "method",
    "grouping",
    "group",
    "node_kind",
    "node",
    "respondents",
    "n",
    "level_1",
    "level_2",
    "level_3",
    "level_4",
    "level_5",
    "dont_know",
    "not_applicable",
    "skipped",
    "not_asked",
    "score",
    "ci_low",
    "ci_high",
    "ci_method",
    "flag",
    "node_name",
    "group_name",
    "posters",
    "audience",
    "origin",
];

/// Writes a table as CSV.
///
/// # Errors
/// Where the destination does not take it.
pub fn write_csv<W: io::Write>(table: &ScoreTable, to: W) -> Result<W, CsvError> {
    let mut writer = CsvWriter::new(to, &COLUMNS)?;
    for row in &table.rows {
        let texts = Texts::of(row);
        let mut fields = Vec::with_capacity(COLUMNS.len());
        texts.identify(row, &mut fields);
        numbers(row, &mut fields);
        let ci_method = row.figures.as_ref().and_then(|f| f.score.interval).map(|i| i.method.as_str());
        fields.extend([
            text(ci_method.unwrap_or_default()),
            text(&texts.flags),
            text(&row.node_name),
            text(row.head.group.as_ref().map_or("", |g| &g.name)),
            text(table.posters.as_str()),
            text(table.audience.as_str()),
            text(table.origin.as_str()),
        ]);
        writer.row(&fields)?;
    }
    writer.finish()
}

/// Texts of a row that are made for the file.
struct Texts {
    period: String,
    versions: String,
    flags: String,
}

impl Texts {
    fn of(row: &ScoreRow) -> Self {
        Self {
            period: row.head.period.to_string(),
            versions: row.head.form_version(),
            flags: row.flags.iter().map(|f| Flag::as_str(*f)).collect::<Vec<_>>().join("+"),
        }
    }

    fn identify<'a>(&'a self, row: &'a ScoreRow, fields: &mut Vec<Field<'a>>) {
        let group = row.head.group.as_ref();
        fields.extend([
            text(&self.period),
            text(row.head.unit.as_str()),
            text(&row.head.unit_name),
            text(row.head.form.as_str()),
            text(&self.versions),
            text(&row.head.method),
            text(group.map_or("", |g| &g.grouping)),
            text(group.map_or("", |g| &g.code)),
            text(row.node_kind.as_str()),
            text(&row.node),
        ]);
    }
}

fn text(words: &str) -> Field<'_> {
    if words.is_empty() { Field::Missing } else { Field::Text(words) }
}

/// All numbers; every one missing where the row is hidden.
fn numbers(row: &ScoreRow, fields: &mut Vec<Field<'_>>) {
    let figures = row.figures.as_ref();
    let missing = |reason| Field::count(figures.map(|f| f.missing(reason)));
    let levels = figures.map_or([None; 5], |f| f.levels.map(Some));
    let ends = figures.and_then(|f| f.score.interval).map(|i| i.printed());
    fields.push(Field::count(figures.map(|f| f.score.respondents)));
    fields.push(Field::count(figures.map(|f| f.score.n)));
    fields.extend(levels.map(Field::count));
    fields.extend([
        missing(Missing::DontKnow),
        missing(Missing::NotApplicable),
        missing(Missing::Skipped),
        missing(Missing::NotAsked),
        Field::hundredths(figures.and_then(|f| f.score.printed())),
        Field::hundredths(ends.map(|(low, _)| low)),
        Field::hundredths(ends.map(|(_, high)| high)),
    ]);
}
