//! How many answers came, by day, unit and channel, from folded answers alone. No score and no threshold.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Keep, json, page::Page, place};
use crate::{
    domain::{response::Class, token::Scope},
    http::{
        extract::{caller::Caller, query::Query},
        limits::Prefix,
        openapi::Problem,
        problem::ApiError,
        state::AppState,
    },
    storage::{
        counts::{self, CountKey},
        months,
        tallies::TallyQuery,
    },
};

/// Answers of one unit to one form on one day by one channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Count {
    /// The unit's code.
    unit: String,
    /// The form's id.
    form: String,
    /// The month they count in.
    month: String,
    /// The day; `null` where they were carried from an earlier month.
    day: Option<String>,
    /// How they came.
    channel: &'static str,
    /// How many.
    responses: u64,
}

/// A part of the counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// By unit, form, month, day and channel.
    #[serde(rename = "counts")]
    rows: Vec<Count>,
    /// Whose answers they are: `people`, or `demo` where they are made up.
    origin: &'static str,
    /// How many of all the counted answers were carried from an earlier month.
    carried: u64,
    /// How many were counted in all parts together.
    responses: u64,
    /// Where the next part begins.
    next_offset: Option<usize>,
}

/// How many answers came.
#[utoipa::path(
    get, path = "/api/v1/counts", tag = "scores", security(("bearer" = [])),
    params(
        ("unit" = Option<String>, Query, description = "A unit's code"),
        ("subtree" = Option<bool>, Query, description = "With everything below the unit"),
        ("period" = Option<String>, Query, description = "2026, 2026-Q3, 2026-11, 2026-03..2026-08; by default this year"),
        ("form" = Option<String>, Query, description = "A form's id"),
        ("limit" = Option<u32>, Query, description = "1 to 10000, by default 1000"),
        ("offset" = Option<u32>, Query, description = "Rows to skip"),
    ),
    responses(
        (status = 200, description = "The counts", body = Counts),
        (status = 401, body = Problem, description = "No valid token", content_type = "application/problem+json"),
        (status = 403, body = Problem, description = "Outside what the token may see", content_type = "application/problem+json"),
        (status = 422, body = Problem, description = "All faults at once", content_type = "application/problem+json"),
    )
)]
pub async fn counts(
    state: Data<AppState>,
    request: HttpRequest,
    caller: Caller,
    mut query: Query,
) -> Result<HttpResponse, ApiError> {
    let area = caller.with_scope(Scope::ScoresRead)?;
    let page = Page::read(&mut query);
    let place = place::read(&mut query, &state);
    query.finish()?;
    let units = place.units_for(&state.mirror.units(), &area)?;
    let wanted =
        TallyQuery { units, period: place.period, form: place.form.clone(), classes: Class::ALL.to_vec() };
    let turn = state.tables.turn(Prefix::of(&request, &state.settings.forwarded)).await?;
    let counted = state
        .store
        .run(move |db| {
            let _turn = turn;
            db.snapshot(|db| {
                let states = months::states(db)?;
                counts::by_day(db, &wanted, |month| states.is_closed(month))
            })
        })
        .await?;
    let responses = counted.values().sum();
    let carried = counted.iter().filter(|(key, _)| key.day.is_none()).map(|(_, n)| n).sum();
    let part = page.of(counted.into_iter().map(row));
    let body = Counts {
        rows: part.rows,
        origin: state.settings.origin.as_str(),
        carried,
        responses,
        next_offset: part.next_offset,
    };
    json(&request, &body, Keep::Private)
}

fn row((key, responses): (CountKey, u64)) -> Count {
    Count {
        unit: key.unit.to_string(),
        form: key.form.to_string(),
        month: key.month.to_string(),
        day: key.day.map(|day| day.to_string()),
        channel: key.channel.as_str(),
        responses,
    }
}
