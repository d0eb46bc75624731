//! The counts that every score is computed from, for closed months.

mod hidden;

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use self::hidden::{Asked, Hidden};
use super::{Keep, json, page::Page, place, scores};
use crate::{
    domain::{
        answers::Missing,
        catalogue::Catalogue,
        disclosure::Flag,
        form::{Column, Form, NodeKind, QuestionKind},
        response::Class,
        token::Scope,
    },
    http::{
        extract::{caller::Caller, query::Query},
        limits::Prefix,
        openapi::Problem,
        problem::ApiError,
        state::AppState,
    },
    storage::{
        Db, StorageError, months,
        tallies::{self, TallyQuery, TallyRow},
    },
};

/// The counts of one unit, form version, month and class.
#[derive(Debug, Serialize, ToSchema)]
pub struct TallyView {
    /// The unit's code.
    unit: String,
    /// The form's id.
    form: String,
    /// The form's version.
    version: u16,
    /// The month.
    month: String,
    /// `main` (all channels but posters) or `poster`.
    class: &'static str,
    /// `hidden_primary` where too few people answered, `hidden_complementary` where the numbers would give those
    /// away: then there are none.
    flag: &'static str,
    /// Answers.
    responses: Option<u64>,
    /// Of them, carried from an earlier month.
    carried: Option<u64>,
    /// Counts by question or matrix row, and there by value or missing reason; without the criteria that the
    /// scores hide, and without questions that too few people answered.
    counts: Option<BTreeMap<String, BTreeMap<String, u64>>>,
    /// Sums over the people with a valid answer in a node.
    nodes: Option<Vec<NodeView>>,
}

/// Sums of one node.
#[derive(Debug, Serialize, ToSchema)]
pub struct NodeView {
    /// `criterion`, `factor`, `part` or `overall`.
    node_kind: &'static str,
    /// Its slug.
    node: String,
    /// People with at least one valid answer.
    respondents: u64,
    /// Valid answers.
    n: u64,
    /// Answers at levels 4 and 5.
    satisfied: u64,
    /// Sum of the squares of each person's valid answers.
    n_squared: u64,
    /// Sum of the squares of each person's satisfied answers.
    satisfied_squared: u64,
    /// Sum of the products of both.
    n_satisfied: u64,
}

/// A part of the tallies.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tallies {
    /// By unit, form, version, month and class.
    #[serde(rename = "tallies")]
    rows: Vec<TallyView>,
    /// Whose answers they are: `people`, or `demo` where they are made up.
    origin: &'static str,
    /// Where the next part begins.
    next_offset: Option<usize>,
}

/// The counts of closed months.
#[utoipa::path(
    get, path = "/api/v1/tallies", tag = "scores", security(("bearer" = [])),
    params(
        ("unit" = Option<String>, Query, description = "A unit's code"),
        ("subtree" = Option<bool>, Query, description = "With everything below the unit"),
        ("period" = Option<String>, Query, description = "By default this year; its closed months are shown"),
        ("form" = Option<String>, Query, description = "A form's id"),
        ("posters" = Option<String>, Query, description = "without (default), with, only"),
        ("limit" = Option<u32>, Query, description = "1 to 10000, by default 1000"),
        ("offset" = Option<u32>, Query, description = "Rows to skip"),
    ),
    responses(
        (status = 200, description = "The tallies", body = Tallies),
        (status = 401, body = Problem, description = "No valid token", content_type = "application/problem+json"),
        (status = 403, body = Problem, description = "Outside what the token may see", content_type = "application/problem+json"),
        (status = 422, body = Problem, description = "All faults at once", content_type = "application/problem+json"),
    )
)]
pub async fn tallies(
    state: Data<AppState>,
    request: HttpRequest,
    caller: Caller,
    mut query: Query,
) -> Result<HttpResponse, ApiError> {
    let area = caller.with_scope(Scope::ScoresRead)?;
    let page = Page::read(&mut query);
    let place = place::read(&mut query, &state);
    let classes = classes(&mut query);
    query.finish()?;
    let (forms, tree) = (state.mirror.forms(), state.mirror.units());
    let wanted =
        TallyQuery { units: place.units_for(&tree, &area)?, period: place.period, form: place.form, classes };
    let asked = Asked {
        forms: Arc::clone(&forms),
        units: tree,
        viewer: scores::viewer(&state, &caller)?,
        thresholds: state.settings.thresholds(),
        unit: place.unit,
        subtree: place.subtree,
        period: place.period,
        classes: wanted.classes.clone(),
    };
    let turn = state.tables.turn(Prefix::of(&request, &state.settings.forwarded)).await?;
    let looked = state.store.run(move |db| {
        let _turn = turn;
        look(db, &asked, &wanted)
    });
    let (rows, hidden) = looked.await?;
    let shown = Shown { hidden: &hidden, least: state.settings.policy.anyone_from };
    let part = page.of(rows.into_iter().filter_map(|row| shown.view(&forms, &row)));
    json(
        &request,
        &Tallies { rows: part.rows, origin: state.settings.origin.as_str(), next_offset: part.next_offset },
        Keep::Private,
    )
}

/// The tallies of closed months, and what of them is hidden. In this order: a month that is closed between the two
/// is looked at, and not shown.
fn look(db: &mut Db, asked: &Asked, wanted: &TallyQuery) -> Result<(Vec<TallyRow>, Hidden), StorageError> {
    let rows = db.snapshot(|db| {
        let states = months::states(db)?;
        let mut rows = tallies::of_months(db, &asked.forms, wanted)?;
        rows.retain(|row| states.is_closed(row.place.month));
        Ok(rows)
    })?;
    Ok((rows, Hidden::of(db, asked)?))
}

/// Reads `posters`.
pub(super) fn classes(query: &mut Query) -> Vec<Class> {
    let choices: [(&str, &[Class]); 3] =
        [("without", &[Class::Main]), ("with", &Class::ALL), ("only", &[Class::Poster])];
    query.one_of("posters", &choices).unwrap_or(&[Class::Main]).to_vec()
}

/// What may be shown.
struct Shown<'a> {
    hidden: &'a Hidden,
    /// People below which nothing is shown to anyone.
    least: u64,
}

impl Shown<'_> {
    fn view(&self, forms: &Catalogue, row: &TallyRow) -> Option<TallyView> {
        let place = &row.place;
        let form = forms.get(&place.form, place.version)?;
        let few = (row.tally.responses < self.least).then_some(Flag::HiddenPrimary);
        let hidden = few.or_else(|| self.hidden.whole(form, place));
        let shown = || hidden.is_none().then_some(());
        Some(TallyView {
            unit: place.unit.to_string(),
            form: place.form.to_string(),
            version: place.version,
            month: place.month.to_string(),
            class: match place.class {
                Class::Main => "main",
                Class::Poster => "poster",
            },
            flag: hidden.map_or("", Flag::as_str),
            responses: shown().map(|()| row.tally.responses),
            carried: shown().map(|()| row.tally.carried),
            counts: shown().map(|()| self.counts(form, row)),
            nodes: shown().map(|()| self.nodes(form, row)),
        })
    }

    fn counts(&self, form: &Form, row: &TallyRow) -> BTreeMap<String, BTreeMap<String, u64>> {
        let column = |(index, column): (usize, &Column)| {
            if !self.may_show(form, row, index) {
                return None;
            }
            let values = values(form, column);
            let reasons = Missing::ALL.into_iter().map(|reason| reason.as_str().to_owned());
            let names = values.into_iter().chain(reasons);
            let counts = row.tally.column(index).iter().copied();
            Some((column.slug.to_string(), names.zip(counts).collect()))
        };
        form.columns().iter().enumerate().filter_map(column).collect()
    }

    /// A criterion is hidden with its score; any other question where too few people answered it.
    fn may_show(&self, form: &Form, row: &TallyRow, column: usize) -> bool {
        let criterion =
            form.nodes().iter().position(|n| n.kind == NodeKind::Criterion && n.columns == [column]);
        if let Some(node) = criterion.and_then(|index| form.nodes().get(index)) {
            return self.hidden.node(form, &row.place, &node.slug).is_none();
        }
        let missing: u64 = Missing::ALL.into_iter().map(|reason| row.tally.missing(column, reason)).sum();
        row.tally.responses.saturating_sub(missing) >= self.least
    }

    fn nodes(&self, form: &Form, row: &TallyRow) -> Vec<NodeView> {
        let shown = form.nodes().iter().enumerate().map(|(index, node)| (node, row.tally.node(index)));
        shown
            .filter(|(node, sums)| {
                sums.people >= self.least && self.hidden.node(form, &row.place, &node.slug).is_none()
            })
            .map(|(node, sums)| NodeView {
                node_kind: node.kind.as_str(),
                node: node.slug.clone(),
                respondents: sums.people,
                n: sums.m,
                satisfied: sums.s,
                n_squared: sums.m2,
                satisfied_squared: sums.s2,
                n_satisfied: sums.ms,
            })
            .collect()
    }
}

/// The names of what a column counts, before the missing reasons.
fn values(form: &Form, column: &Column) -> Vec<String> {
    match form.questions.get(column.question).map(|q| &q.kind) {
        Some(QuestionKind::Satisfaction { .. }) => (1..=5).map(|level| level.to_string()).collect(),
        Some(
            QuestionKind::Single { options }
            | QuestionKind::Multiple { options, .. }
            | QuestionKind::Matrix { options, .. },
        ) => options.iter().map(|option| option.code.to_string()).collect(),
        Some(QuestionKind::Number { classes, .. }) => {
            classes.iter().map(|class| class.code.to_string()).collect()
        }
        Some(QuestionKind::Text { .. }) | None => Vec::new(),
    }
}
