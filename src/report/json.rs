//! The score table as JSON.
//!
//! The same value and the same numbers as the CSV. A hidden row has `null` for every number. Scores are numbers
//! rounded to two decimals: the double nearest to each, which every reader prints back as the same two decimals.

use serde::Serialize;
use utoipa::ToSchema;

use super::score_table::{Figures, ScoreRow, ScoreTable};
use crate::domain::{answers::Missing, disclosure::Flag, score::Hundredths};

/// A table of scores.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ScoreTableBody {
    /// For whom it was made: `public`, `unit` or `analyst`.
    #[schema(example = "public")]
    pub audience: String,
    /// What it holds of posters: `without`, `with` or `only`.
    #[schema(example = "without")]
    pub posters: String,
    /// Whose answers it counts: `people`, or `demo` where they are made up.
    #[schema(example = "people")]
    pub origin: String,
    /// By form, unit, period, grouping, group, and the form's own order of nodes.
    pub rows: Vec<ScoreRowBody>,
}

/// One node of one unit, period and group.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ScoreRowBody {
    /// `2026`, `2026-Q3`, `2026-11` or `2026-03..2026-08`.
    #[schema(example = "2026-10")]
    pub period: String,
    /// The unit's code.
    pub unit: String,
    /// The unit's name.
    pub unit_name: String,
    /// The form's id.
    #[schema(example = "one-stop-short")]
    pub form: String,
    /// The versions that were answered, joined by `+`.
    #[schema(example = "1+2")]
    pub form_version: String,
    /// The scoring method's id.
    #[schema(example = "top2-pooled")]
    pub method: String,
    /// What the answers are grouped by; `null` for everybody.
    pub grouping: Option<String>,
    /// The group's code.
    pub group: Option<String>,
    /// The group's name.
    pub group_name: Option<String>,
    /// `criterion`, `factor`, `part` or `overall`.
    #[schema(example = "factor")]
    pub node_kind: String,
    /// The node's slug.
    #[schema(example = "access")]
    pub node: String,
    /// The node's name.
    pub node_name: String,
    /// People with at least one valid answer in the node; like every number, `null` in a hidden row.
    pub respondents: Option<u64>,
    /// Valid answers.
    pub n: Option<u64>,
    /// Very dissatisfied.
    pub level_1: Option<u64>,
    /// Dissatisfied.
    pub level_2: Option<u64>,
    /// Neither.
    pub level_3: Option<u64>,
    /// Satisfied.
    pub level_4: Option<u64>,
    /// Very satisfied.
    pub level_5: Option<u64>,
    /// Said that they do not know.
    pub dont_know: Option<u64>,
    /// It did not apply to them.
    pub not_applicable: Option<u64>,
    /// Left it empty.
    pub skipped: Option<u64>,
    /// Were not asked.
    pub not_asked: Option<u64>,
    /// Percent, two decimals; `null` where it is not computable (never 0 for that).
    #[schema(example = 84.45)]
    pub score: Option<f64>,
    /// Lower end of the 95 % interval.
    pub ci_low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub ci_high: Option<f64>,
    /// `wilson` or `ratio`; `null` where the method gives no interval.
    pub ci_method: Option<String>,
    /// `small_sample`, `hidden_primary`, `hidden_complementary`, `series_break`, `open_month`,
    /// `not_computable`.
    pub flags: Vec<String>,
}

impl From<&ScoreTable> for ScoreTableBody {
    fn from(table: &ScoreTable) -> Self {
        Self {
            audience: table.audience.as_str().to_owned(),
            posters: table.posters.as_str().to_owned(),
            origin: table.origin.as_str().to_owned(),
            rows: table.rows.iter().map(ScoreRowBody::from).collect(),
        }
    }
}

impl From<&ScoreRow> for ScoreRowBody {
    fn from(row: &ScoreRow) -> Self {
        let figures = row.figures.as_ref();
        let [level_1, level_2, level_3, level_4, level_5] =
            figures.map_or([None; 5], |f: &Figures| f.levels.map(Some));
        let missing = |reason| figures.map(|f| f.missing(reason));
        let interval = figures.and_then(|f| f.score.interval);
        let ends = interval.map(|i| i.printed());
        let group = row.head.group.as_ref();
        Self {
            period: row.head.period.to_string(),
            unit: row.head.unit.to_string(),
            unit_name: row.head.unit_name.clone(),
            form: row.head.form.to_string(),
            form_version: row.head.form_version(),
            method: row.head.method.clone(),
            grouping: group.map(|g| g.grouping.clone()),
            group: group.map(|g| g.code.clone()),
            group_name: group.map(|g| g.name.clone()),
            node_kind: row.node_kind.as_str().to_owned(),
            node: row.node.clone(),
            node_name: row.node_name.clone(),
            respondents: figures.map(|f| f.score.respondents),
            n: figures.map(|f| f.score.n),
            level_1,
            level_2,
            level_3,
            level_4,
            level_5,
            dont_know: missing(Missing::DontKnow),
            not_applicable: missing(Missing::NotApplicable),
            skipped: missing(Missing::Skipped),
            not_asked: missing(Missing::NotAsked),
            score: figures.and_then(|f| f.score.printed()).map(Hundredths::to_float),
            ci_low: ends.map(|(low, _)| low.to_float()),
            ci_high: ends.map(|(_, high)| high.to_float()),
            ci_method: interval.map(|i| i.method.as_str().to_owned()),
            flags: row.flags.iter().map(|f| Flag::as_str(*f).to_owned()).collect(),
        }
    }
}
