//! Scores by unit, period and group, with what is hidden already hidden.
//!
//! This is the one value behind every output (CSV, JSON, pages, charts): a row that may not be shown has no
//! numbers in it, so no output can show them. Whoever builds a table says which entries add up to which
//! ([`TableEntry::part_of`]); sums over periods and over the groups of a grouping are seen by themselves.

mod columns;
mod relations;

use std::{collections::BTreeSet, str::FromStr, sync::Arc};

use crate::domain::{
    answers::Missing,
    disclosure::{self, Audience, Flag, Shown, Thresholds},
    form::{Form, Node, NodeKind},
    ids::{FormId, Language, UnitCode},
    origin::Origin,
    period::Period,
    score::{self, Method, MethodMisfit, Score},
    tally::Tally,
};
pub use columns::{COLUMNS, write_csv};

/// What to do with posters' answers, which anybody may give more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Posters {
    /// Leave them out.
    #[default]
    Without,
    /// Count them with the others.
    With,
    /// Count nothing else.
    Only,
}

impl Posters {
    /// As queries and columns write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Without => "without",
            Self::With => "with",
            Self::Only => "only",
        }
    }
}

/// Not one of `without`, `with`, `only`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("posters can be without, with or only; {0:?} is none of them")]
pub struct PostersError(pub String);

impl FromStr for Posters {
    type Err = PostersError;

    fn from_str(text: &str) -> Result<Self, PostersError> {
        [Self::Without, Self::With, Self::Only]
            .into_iter()
            .find(|p| p.as_str() == text)
            .ok_or_else(|| PostersError(text.to_owned()))
    }
}

/// One option of a grouping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// `channel`, `language`, or a question's slug.
    pub grouping: String,
    /// The option's code.
    pub code: String,
    /// The option's name.
    pub name: String,
}

/// The answers of one unit, period and group to one form series.
#[derive(Debug, Clone)]
pub struct TableEntry {
    /// The unit.
    pub unit: UnitCode,
    /// Its name, in the reader's language.
    pub unit_name: String,
    /// The period.
    pub period: Period,
    /// The group; `None` for everybody.
    pub group: Option<Group>,
    /// The newest version of the series.
    pub form: Arc<Form>,
    /// The versions that answers were given to.
    pub versions: Vec<u16>,
    /// What was answered.
    pub tally: Tally,
    /// Whether a month of it still takes answers.
    pub open: bool,
    /// Whether the series breaks in it or just before it.
    pub series_break: bool,
    /// Indexes of the entries that this one's answers are part of, as far as they are not seen by themselves:
    /// the larger unit of the same period and group, where its entry is a sum over its subtree.
    pub part_of: Vec<usize>,
}

/// Who asks for a table, and how it is to be made.
#[derive(Debug, Clone)]
pub struct TableRequest {
    /// Who looks.
    pub audience: Audience,
    /// Below how many people what happens.
    pub thresholds: Thresholds,
    /// The method; `None` for each form's own.
    pub method: Option<Method>,
    /// What the tallies hold of posters; only named here.
    pub posters: Posters,
    /// Whose answers they are; only named here.
    pub origin: Origin,
    /// Language of the nodes' names.
    pub language: Language,
}

/// Why a table cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The method does not fit one of the forms.
    #[error("the form {form} cannot be scored in this way")]
    Misfit {
        /// The form.
        form: FormId,
        /// Why.
        #[source]
        misfit: MethodMisfit,
    },
}

/// What the rows of one entry have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowHead {
    /// The period.
    pub period: Period,
    /// The unit.
    pub unit: UnitCode,
    /// Its name.
    pub unit_name: String,
    /// The form.
    pub form: FormId,
    /// The version that began the series.
    pub series: u16,
    /// The versions in it, ascending.
    pub versions: Vec<u16>,
    /// The method's id.
    pub method: String,
    /// The group; `None` for everybody.
    pub group: Option<Group>,
}

impl RowHead {
    /// The versions as columns print them, joined by `+`.
    #[must_use]
    pub fn form_version(&self) -> String {
        self.versions.iter().map(u16::to_string).collect::<Vec<_>>().join("+")
    }
}

/// The numbers of a row that is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Counts of levels 1 to 5; of a factor, part or the overall: summed over its criteria.
    pub levels: [u64; 5],
    /// Counts of missing answers, in the order of [`Missing::ALL`], summed likewise.
    pub missing: [u64; 4],
    /// Respondents, valid answers, value and interval.
    pub score: Score,
}

impl Figures {
    /// Count of one missing reason.
    #[must_use]
    pub fn missing(&self, reason: Missing) -> u64 {
        self.missing.get(reason.index()).copied().unwrap_or(0)
    }
}

/// One node of one entry.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreRow {
    /// Whose answers.
    pub head: Arc<RowHead>,
    /// Kind of the node.
    pub node_kind: NodeKind,
    /// Its slug.
    pub node: String,
    /// Its name.
    pub node_name: String,
    /// Its numbers; `None` where the row is hidden.
    pub figures: Option<Figures>,
    /// What a reader must know, in the order of [`Flag::ALL`].
    pub flags: Vec<Flag>,
}

impl ScoreRow {
    /// Whether the row carries this flag.
    #[must_use]
    pub fn has(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }
}

/// A table of scores for one audience.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreTable {
    /// For whom.
    pub audience: Audience,
    /// What it holds of posters.
    pub posters: Posters,
    /// Whose answers it counts.
    pub origin: Origin,
    /// By form, unit, period, grouping, group, and the form's own order of nodes.
    pub rows: Vec<ScoreRow>,
}

impl ScoreTable {
    /// A table without rows.
    #[must_use]
    pub fn empty(origin: Origin) -> Self {
        Self { audience: Audience::Public, posters: Posters::default(), origin, rows: Vec::new() }
    }

    /// Scores every node of every entry, and hides what this audience may not see or could compute.
    ///
    /// # Errors
    /// Where the method asked for does not fit one of the forms.
    pub fn build(entries: &[TableEntry], request: &TableRequest) -> Result<Self, TableError> {
        for entry in entries {
            let method = request.method.as_ref().unwrap_or(&entry.form.method);
            let misfit = |misfit| TableError::Misfit { form: entry.form.id.clone(), misfit };
            method.fits(&entry.form).map_err(misfit)?;
        }
        let system = relations::of(entries);
        let hide_below = request.thresholds.hide_below(request.audience);
        let shown = disclosure::decide(&system.cells, &system.relations, hide_below);
        let mut order: Vec<usize> = (0..entries.len()).collect();
        order.sort_by_cached_key(|index| entries.get(*index).map(sort_key));
        let mut rows = Vec::new();
        for index in order {
            let (Some(entry), Some(first)) = (entries.get(index), system.first_cell.get(index)) else {
                continue;
            };
            let decided = shown.get(*first..).unwrap_or_default();
            rows.extend(EntryRows::new(entry, request).rows(decided));
        }
        let TableRequest { audience, posters, origin, .. } = *request;
        Ok(Self { audience, posters, origin, rows })
    }

    /// Hides of a table with posters what `part` (the same without them, or of them alone) hides: where both parts
    /// are shown their sum tells nothing new, and where one is not the sum less the other would tell it.
    pub fn hide_with(&mut self, part: &Self) {
        let key = |row: &ScoreRow| {
            let group = row.head.group.as_ref().map(|g| (g.grouping.clone(), g.code.clone()));
            let head = &row.head;
            (head.form.clone(), head.series, head.unit.clone(), head.period, group, row.node.clone())
        };
        let hidden: BTreeSet<_> = part.rows.iter().filter(|row| row.figures.is_none()).map(key).collect();
        for row in self.rows.iter_mut().filter(|row| row.figures.is_some()) {
            if hidden.contains(&key(row)) {
                row.figures = None;
                row.flags.retain(|flag| !matches!(flag, Flag::SmallSample | Flag::NotComputable));
                row.flags.push(Flag::HiddenComplementary);
                row.flags.sort_by_key(|flag| Flag::ALL.iter().position(|f| f == flag));
            }
        }
    }
}

fn sort_key(entry: &TableEntry) -> (FormId, u16, UnitCode, Period, Option<(String, String)>) {
    let group = entry.group.as_ref().map(|g| (g.grouping.clone(), g.code.clone()));
    (entry.form.id.clone(), entry.form.series, entry.unit.clone(), entry.period, group)
}

/// One entry on its way to rows.
struct EntryRows<'a> {
    entry: &'a TableEntry,
    request: &'a TableRequest,
    method: &'a Method,
    head: Arc<RowHead>,
}

impl<'a> EntryRows<'a> {
    fn new(entry: &'a TableEntry, request: &'a TableRequest) -> Self {
        let method = request.method.as_ref().unwrap_or(&entry.form.method);
        let mut versions = entry.versions.clone();
        versions.sort_unstable();
        versions.dedup();
        let head = Arc::new(RowHead {
            period: entry.period,
            unit: entry.unit.clone(),
            unit_name: entry.unit_name.clone(),
            form: entry.form.id.clone(),
            series: entry.form.series,
            versions,
            method: method.id(),
            group: entry.group.clone(),
        });
        Self { entry, request, method, head }
    }

    fn rows(self, shown: &[Shown]) -> Vec<ScoreRow> {
        let nodes = self.entry.form.nodes().iter().enumerate().zip(shown);
        nodes.map(|((index, node), shown)| self.row(index, node, *shown)).collect()
    }

    fn row(&self, index: usize, node: &Node, shown: Shown) -> ScoreRow {
        let figures = match shown {
            Shown::Yes => Some(self.figures(index, node)),
            Shown::HiddenPrimary | Shown::HiddenComplementary => None,
        };
        let raised = |flag: &Flag| match flag {
            Flag::SmallSample => figures
                .as_ref()
                .is_some_and(|f| (1..self.request.thresholds.small_sample).contains(&f.score.respondents)),
            Flag::HiddenPrimary => shown == Shown::HiddenPrimary,
            Flag::HiddenComplementary => shown == Shown::HiddenComplementary,
            Flag::SeriesBreak => self.entry.series_break,
            Flag::OpenMonth => self.entry.open,
            Flag::NotComputable => figures.as_ref().is_some_and(|f| f.score.value.is_none()),
        };
        ScoreRow {
            head: Arc::clone(&self.head),
            node_kind: node.kind,
            node: node.slug.clone(),
            node_name: self.entry.form.node_name(node, self.request.language).0,
            flags: Flag::ALL.into_iter().filter(raised).collect(),
            figures,
        }
    }

    fn figures(&self, index: usize, node: &Node) -> Figures {
        let tally = &self.entry.tally;
        let (mut levels, mut missing) = ([0; 5], [0; 4]);
        for column in &node.columns {
            for (to, from) in levels.iter_mut().zip(tally.levels(*column)) {
                *to += from;
            }
            for (to, reason) in missing.iter_mut().zip(Missing::ALL) {
                *to += tally.missing(*column, reason);
            }
        }
        let score = score::score(&self.entry.form, tally, index, self.method);
        Figures { levels, missing, score }
    }
}

#[cfg(test)]
mod tests;
