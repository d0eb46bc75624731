//! From figures to a table of scores.

use std::collections::BTreeMap;

use super::{Continuity, Figure, Openness, Plan, Reach, Row, SelectionError, Units};
use crate::{
    domain::{
        form::{Choice, Form, QuestionKind},
        ids::{FormId, Language, UnitCode},
        period::Period,
        tally::Tally,
    },
    report::score_table::{Group, ScoreRow, ScoreTable, TableEntry, TableRequest},
};

/// Stands for the name of a unit whose rows are looked at and never shown. No unit has it.
const NEIGHBOUR: &str = "\u{0}";

/// What tells one entry of a unit from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    unit: UnitCode,
    form: FormId,
    series: u16,
    period: Period,
    group: Option<String>,
}

fn key_of(figure: &Figure) -> Key {
    Key {
        unit: figure.unit.clone(),
        form: figure.form.id.clone(),
        series: figure.form.series,
        period: figure.period,
        group: figure.group.clone(),
    }
}

/// Where the entries of single units and of sums over subtrees are.
#[derive(Default)]
struct Places {
    own: BTreeMap<Key, usize>,
    sums: BTreeMap<Key, usize>,
}

impl Places {
    /// Says that an entry is part of the sum of the unit above.
    fn join(&self, entries: &mut [TableEntry], place: usize, key: &Key, above: Option<&UnitCode>) {
        let sum = above.and_then(|unit| self.sums.get(&Key { unit: unit.clone(), ..key.clone() }));
        if let (Some(sum), Some(entry)) = (sum, entries.get_mut(place)) {
            entry.part_of = vec![*sum];
        }
    }
}

impl Plan<'_> {
    /// The table of scores. Of a breakdown, `rows` must hold the totals as well: what is hidden of the groups
    /// depends on them.
    ///
    /// # Errors
    /// Where one figure would need two series, or the method does not fit.
    pub fn table(&self, rows: &[Row], request: &TableRequest) -> Result<ScoreTable, SelectionError> {
        let asked = self.figures(rows)?;
        let (mut entries, places) = self.family(&self.neighbours(rows), request.language);
        for figure in &asked {
            let key = key_of(figure);
            let own = places.own.get(&key);
            let place = if self.is_sum(&figure.unit) { places.sums.get(&key).or(own) } else { own };
            let entry = self.entry(figure, request.language);
            match place.and_then(|place| entries.get_mut(*place)) {
                Some(found) => {
                    let part_of = std::mem::take(&mut found.part_of);
                    *found = TableEntry { part_of, ..entry };
                }
                None => entries.push(entry),
            }
        }
        let mut table = ScoreTable::build(&entries, request)?;
        let broken_down = self.wish().grouping.is_some();
        table.rows.retain(|row| {
            row.head.unit_name != NEIGHBOUR && row.head.group.is_some() == broken_down && self.may_show(row)
        });
        Ok(table)
    }

    /// Whether what was asked for of this unit is the sum over its subtree.
    fn is_sum(&self, unit: &UnitCode) -> bool {
        let wish = self.wish();
        wish.unit.as_ref() == Some(unit) && wish.reach == Reach::Subtree && wish.units == Units::Together
    }

    /// Every unit by itself, and the sum over the subtree of every unit that has units below it. Each is part of
    /// the next larger sum.
    fn family(&self, single: &[Figure], language: Language) -> (Vec<TableEntry>, Places) {
        let mut entries: Vec<TableEntry> = single.iter().map(|f| self.neighbour(f, language)).collect();
        let mut places = Places::default();
        for (index, figure) in single.iter().enumerate() {
            places.own.insert(key_of(figure), index);
            for above in self.larger(&figure.unit) {
                let key = Key { unit: above.clone(), ..key_of(figure) };
                let place = *places.sums.entry(key).or_insert_with(|| {
                    let mut sum = self.neighbour(figure, language);
                    sum.unit = above.clone();
                    sum.tally = Tally::empty(&figure.form);
                    entries.push(sum);
                    entries.len() - 1
                });
                if let Some(sum) = entries.get_mut(place) {
                    sum.tally.merge(&figure.tally);
                }
            }
        }
        for (key, place) in places.own.iter().map(|(k, p)| (k, *p)) {
            places.join(&mut entries, place, key, self.larger(&key.unit).first());
        }
        for (key, place) in places.sums.iter().map(|(k, p)| (k, *p)) {
            places.join(&mut entries, place, key, self.larger(&key.unit).get(1));
        }
        (entries, places)
    }

    /// The unit itself where it has units below it, and those above, nearest first.
    fn larger(&self, unit: &UnitCode) -> Vec<UnitCode> {
        let own = self.units.children(unit).next().map(|_| unit.clone());
        own.into_iter().chain(self.units.ancestors(unit).map(|u| u.code.clone())).collect()
    }

    fn neighbour(&self, figure: &Figure, language: Language) -> TableEntry {
        TableEntry { unit_name: NEIGHBOUR.to_owned(), ..self.entry(figure, language) }
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
