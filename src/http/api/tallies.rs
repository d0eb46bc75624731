//! The counts that every score is computed from, for closed months.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Keep, json, page::Page, place};
use crate::{
    domain::{
        answers::Missing,
        catalogue::Catalogue,
        form::{Column, Form, QuestionKind},
        response::Class,
        token::Scope,
    },
    http::{
        extract::{caller::Caller, query::Query},
        openapi::Problem,
        problem::ApiError,
        state::AppState,
    },
    storage::{
        folding::HANDFUL,
        months,
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
    /// `hidden_primary` where fewer than five people answered: then there are no numbers.
    flag: &'static str,
    /// Answers.
    responses: Option<u64>,
    /// Of them, carried from an earlier month.
    carried: Option<u64>,
    /// Counts by question or matrix row, and there by value or missing reason.
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
    tallies: Vec<TallyView>,
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
    let token = caller.with_scope(Scope::ScoresRead)?;
    let page = Page::read(&mut query);
    let place = place::read(&mut query, &state);
    let classes = classes(&mut query);
    query.finish()?;
    let units = place.units_for(&state.mirror.units(), token)?;
    let wanted = TallyQuery { units, period: place.period, form: place.form.clone(), classes };
    let forms = state.mirror.forms();
    let catalogue = std::sync::Arc::clone(&forms);
    let rows = state
        .store
        .run(move |db| {
            db.snapshot(|db| {
                let states = months::states(db)?;
                let mut rows = tallies::of_months(db, &catalogue, &wanted)?;
                rows.retain(|row| states.is_closed(row.place.month));
                Ok(rows)
            })
        })
        .await?;
    let part = page.of(rows.into_iter().filter_map(|row| view(&forms, &row)));
    json(
        &request,
        &Tallies {
            tallies: part.rows,
            origin: state.settings.origin.as_str(),
            next_offset: part.next_offset,
        },
        Keep::Private,
    )
}

/// Reads `posters`.
pub(super) fn classes(query: &mut Query) -> Vec<Class> {
    let choices: [(&str, &[Class]); 3] =
        [("without", &[Class::Main]), ("with", &Class::ALL), ("only", &[Class::Poster])];
    query.one_of("posters", &choices).unwrap_or(&[Class::Main]).to_vec()
}

fn view(forms: &Catalogue, row: &TallyRow) -> Option<TallyView> {
    let place = &row.place;
    let form = forms.get(&place.form, place.version)?;
    let hidden = row.tally.responses < HANDFUL;
    let shown = || (!hidden).then_some(());
    Some(TallyView {
        unit: place.unit.to_string(),
        form: place.form.to_string(),
        version: place.version,
        month: place.month.to_string(),
        class: match place.class {
            Class::Main => "main",
            Class::Poster => "poster",
        },
        flag: if hidden { "hidden_primary" } else { "" },
        responses: shown().map(|()| row.tally.responses),
        carried: shown().map(|()| row.tally.carried),
        counts: shown().map(|()| counts(form, row)),
        nodes: shown().map(|()| nodes(form, row)),
    })
}

fn counts(form: &Form, row: &TallyRow) -> BTreeMap<String, BTreeMap<String, u64>> {
    let column = |(index, column): (usize, &Column)| {
        let values = values(form, column);
        let reasons = Missing::ALL.into_iter().map(|reason| reason.as_str().to_owned());
        let names = values.into_iter().chain(reasons);
        let counts = row.tally.column(index).iter().copied();
        (column.slug.to_string(), names.zip(counts).collect())
    };
    form.columns().iter().enumerate().map(column).collect()
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

fn nodes(form: &Form, row: &TallyRow) -> Vec<NodeView> {
    let shown = form.nodes().iter().enumerate().map(|(index, node)| (node, row.tally.node(index)));
    shown
        .filter(|(_, sums)| sums.people >= HANDFUL)
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
