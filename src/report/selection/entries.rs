//! From figures to a table of scores.

use super::{Continuity, Figure, Openness, Plan, Row, SelectionError};
use crate::{
    domain::{
        form::{Choice, Form, QuestionKind},
        ids::Language,
    },
    report::score_table::{Group, ScoreRow, ScoreTable, TableEntry, TableRequest},
};

impl Plan<'_> {
    /// The table of scores. Of a breakdown, `rows` must hold the totals as well: what is hidden of the groups
    /// depends on them.
    ///
    /// # Errors
    /// Where one figure would need two series, or the method does not fit.
    pub fn table(&self, rows: Vec<Row>, request: &TableRequest) -> Result<ScoreTable, SelectionError> {
        let figures = self.figures(rows)?;
        let entries: Vec<TableEntry> = figures.iter().map(|f| self.entry(f, request.language)).collect();
        let mut table = ScoreTable::build(&entries, request)?;
        let broken_down = self.wish().grouping.is_some();
        table.rows.retain(|row| row.head.group.is_some() == broken_down && self.may_show(row));
        Ok(table)
    }

    fn entry(&self, figure: &Figure, language: Language) -> TableEntry {
        let name = self.units.get(&figure.unit).map(|unit| unit.name(language).0.to_owned());
        let group = figure.group.as_ref().zip(self.wish().grouping.as_ref());
        TableEntry {
            unit: figure.unit.clone(),
            unit_name: name.unwrap_or_else(|| figure.unit.to_string()),
            period: figure.period,
            group: group.map(|(code, grouping)| Group {
                grouping: grouping.clone(),
                code: code.clone(),
                name: label(&figure.form, grouping, code, language),
            }),
            form: std::sync::Arc::clone(&figure.form),
            versions: figure.versions.iter().copied().collect(),
            tally: figure.tally.clone(),
            open: figure.openness == Openness::Open,
            series_break: figure.continuity == Continuity::Break,
            part_of: Vec::new(),
        }
    }

    /// Of a month that still takes answers, only nodes whose questions everybody was asked: else a figure would
    /// tell of a few.
    fn may_show(&self, row: &ScoreRow) -> bool {
        use crate::domain::disclosure::Flag;
        if !row.has(Flag::OpenMonth) {
            return true;
        }
        let version = row.head.versions.last().copied().unwrap_or(row.head.series);
        let Some(form) = self.forms.get(&row.head.form, version) else { return false };
        let node = form.nodes().iter().find(|n| n.kind == row.node_kind && n.slug == row.node);
        let columns = node.into_iter().flat_map(|n| &n.columns).filter_map(|c| form.columns().get(*c));
        let mut questions = columns.filter_map(|c| form.questions.get(c.question));
        questions.all(|question| question.only_if.is_none())
    }
}

/// The name of a group: an option's words where it is an option, else its code.
fn label(form: &Form, grouping: &str, code: &str, language: Language) -> String {
    let question = form.questions.iter().find(|q| q.slug.as_str() == grouping);
    let named = |options: &[Choice]| {
        options.iter().find(|o| o.code.as_str() == code).map(|o| o.label.get(language).0.to_owned())
    };
    let found = match question.map(|q| &q.kind) {
        Some(
            QuestionKind::Single { options }
            | QuestionKind::Multiple { options, .. }
            | QuestionKind::Matrix { options, .. },
        ) => named(options),
        Some(QuestionKind::Number { classes, .. }) => classes
            .iter()
            .find(|class| class.code.as_str() == code)
            .map(|class| class.label.get(language).0.to_owned()),
        Some(QuestionKind::Satisfaction { .. } | QuestionKind::Text { .. }) | None => None,
    };
    found.unwrap_or_else(|| code.to_owned())
}
