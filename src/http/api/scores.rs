//! Scores, as JSON and as CSV: the same table.

use std::{collections::HashMap, str::FromStr as _, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{self, StatusCode, header},
    web::{self, Data},
};

use super::{Keep, place, tagged};
use crate::{
    domain::{
        access::Area,
        audit::{Action, By},
        catalogue::Catalogue,
        disclosure::Audience,
        ids::{Language, UnitCode},
        score::Method,
        token::Scope,
        unit::UnitTree,
    },
    http::{
        extract::{caller::Caller, query::Query, reader::Reader},
        figures,
        kept::{Basis, Written},
        limits::Prefix,
        openapi::Problem,
        problem::{ApiError, FieldFault, Refusal},
        state::AppState,
    },
    report::{
        json::ScoreTableBody,
        score_table::{Posters, ScoreTable, TableError, TableRequest, write_csv},
        selection::{Follow, Reach, SelectionError, Slices, Units, Viewer, Wish},
    },
    storage::{audit, tallies},
};

/// Scores. Without a token: closed months, quarters and years, as the public may see them.
#[utoipa::path(
    get, path = "/api/v1/scores", tag = "scores", security((), ("bearer" = [])),
    params(
        ("unit" = Option<String>, Query, description = "A unit's code; without: each unit with answers of its own"),
        ("subtree" = Option<bool>, Query, description = "With everything below the unit"),
        ("follow" = Option<String>, Query, description = "`successors`: old units are read under new ones"),
        ("period" = Option<String>, Query, description = "2026, 2026-Q3, 2026-11, 2026-03..2026-08; by default this year"),
        ("form" = Option<String>, Query, description = "A form's id; without: each series of each form"),
        ("method" = Option<String>, Query, description = "A scoring method's id; by default the form's"),
        ("posters" = Option<String>, Query, description = "without (default), with, only"),
        ("by" = Option<String>, Query, description = "Comma-separated: unit; month, quarter or year; channel, service_field, language, assisted, flagged or a respondent question"),
    ),
    responses(
        (status = 200, description = "The table", body = ScoreTableBody),
        (status = 401, body = Problem, description = "Unknown token", content_type = "application/problem+json"),
        (status = 403, body = Problem, description = "Not public, or outside what the token may see", content_type = "application/problem+json"),
        (status = 422, body = Problem, description = "All faults at once; or one figure would need two series", content_type = "application/problem+json"),
    )
)]
pub async fn scores(
    state: Data<AppState>,
    request: HttpRequest,
    caller: Caller,
    from: Prefix,
    reader: Reader,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let bytes = written(&state, &caller, from, reader.language, query, "json", |table| {
        serde_json::to_vec(&ScoreTableBody::from(&table)).map_err(|error| ApiError::Internal(error.into()))
    });
    Ok(tagged(&request, "application/json", bytes.await?, keep(&caller)))
}

/// The same table as CSV: UTF-8 with byte order mark, CRLF, texts guarded against formulas.
#[utoipa::path(
    get, path = "/api/v1/scores.csv", tag = "scores", security((), ("bearer" = [])),
    params(
        ("unit" = Option<String>, Query, description = "A unit's code; without: each unit with answers of its own"),
        ("subtree" = Option<bool>, Query, description = "With everything below the unit"),
        ("follow" = Option<String>, Query, description = "`successors`: old units are read under new ones"),
        ("period" = Option<String>, Query, description = "2026, 2026-Q3, 2026-11, 2026-03..2026-08; by default this year"),
        ("form" = Option<String>, Query, description = "A form's id; without: each series of each form"),
        ("method" = Option<String>, Query, description = "A scoring method's id; by default the form's"),
        ("posters" = Option<String>, Query, description = "without (default), with, only"),
        ("by" = Option<String>, Query, description = "Comma-separated: unit; month, quarter or year; channel, service_field, language, assisted, flagged or a respondent question"),
    ),
    responses(
        (status = 200, description = "The table", content_type = "text/csv"),
        (status = 401, body = Problem, description = "Unknown token", content_type = "application/problem+json"),
        (status = 403, body = Problem, description = "Not public, or outside what the token may see", content_type = "application/problem+json"),
        (status = 422, body = Problem, description = "All faults at once", content_type = "application/problem+json"),
    )
)]
pub async fn scores_csv(
    state: Data<AppState>,
    request: HttpRequest,
    caller: Caller,
    from: Prefix,
    reader: Reader,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let asked = request.query_string().to_owned();
    let bytes = written(&state, &caller, from, reader.language, query, "csv", |table| {
        write_csv(&table, Vec::new()).map_err(|error| ApiError::Internal(error.into()))
    });
    let kind = "text/csv; charset=utf-8; header=present";
    let mut response = tagged(&request, kind, bytes.await?, keep(&caller));
    if caller != Caller::Anonymous
        && request.method() == http::Method::GET
        && response.status() == StatusCode::OK
    {
        record(&state, &caller, asked).await?;
    }
    let name = header::HeaderValue::from_static("attachment; filename=\"scores.csv\"");
    response.headers_mut().insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// Characters of a query that the audit log keeps.
const LONGEST_ASKED: usize = 1000;

/// What somebody takes out is recorded before it is sent.
async fn record(state: &AppState, caller: &Caller, asked: String) -> Result<(), ApiError> {
    let by = By { actor: caller.actor(), at: state.clock.unix_seconds() };
    let read = web::Query::<HashMap<String, String>>::from_query(&asked);
    let read = read.map(web::Query::into_inner).unwrap_or_default();
    let unit: Option<UnitCode> = read.get("unit").and_then(|unit| unit.parse().ok());
    let period: String = read.get("period").map(|text| text.chars().take(40).collect()).unwrap_or_default();
    // What nobody needs to read whole does not fill the log.
    let told: String = asked.chars().take(LONGEST_ASKED).collect();
    let event = by.does(Action::ExportScores, period).in_unit(unit.as_ref()).with("asked", told);
    state.store.run(move |db| audit::record(db, by.at, &event)).await?;
    Ok(())
}

fn keep(caller: &Caller) -> Keep {
    match caller {
        Caller::Anonymous => Keep::Public,
        Caller::Token(_) | Caller::Device(_) | Caller::Person(_) => Keep::Private,
    }
}

/// The table of a query as it was written before, or as `write` writes it now.
async fn written(
    state: &Data<AppState>,
    caller: &Caller,
    from: Prefix,
    language: Language,
    query: Query,
    format: &'static str,
    write: impl FnOnce(ScoreTable) -> Result<Vec<u8>, ApiError> + Send + 'static,
) -> Result<Written, ApiError> {
    let asked = Asked::read(state, caller, language, query)?;
    // Everything that a table depends on beside what is stored, as the types themselves tell it.
    let question = format!("{format} {:?} {:?} {:?}", asked.wish, asked.viewer, asked.request);
    let period = asked.wish.period;
    let version = state.store.run(move |db| tallies::version(db, period)).await?;
    let basis = Basis { version, forms: Arc::clone(&asked.forms), units: Arc::clone(&asked.units) };
    if let Some(written) = state.kept.find(&question, &basis) {
        return Ok(written);
    }
    let written = asked.table(state, from, |table| write(table).map(Written::new)).await??;
    state.kept.keep(question, basis, &written);
    Ok(written)
}

/// What `write` makes of the table of a query.
///
/// # Errors
/// 401, 403 or 422 as the endpoint says.
pub(in crate::http) async fn table<T: Send + 'static>(
    state: &Data<AppState>,
    caller: &Caller,
    from: Prefix,
    language: Language,
    query: Query,
    write: impl FnOnce(ScoreTable) -> T + Send + 'static,
) -> Result<T, ApiError> {
    Asked::read(state, caller, language, query)?.table(state, from, write).await
}

/// A table that somebody may ask for.
struct Asked {
    wish: Wish,
    viewer: Viewer,
    request: TableRequest,
    forms: Arc<Catalogue>,
    units: Arc<UnitTree>,
}

impl Asked {
    fn read(
        state: &Data<AppState>,
        caller: &Caller,
        language: Language,
        query: Query,
    ) -> Result<Self, ApiError> {
        let viewer = viewer(state, caller)?;
        let (wish, method) = wish(state, query)?;
        let request = TableRequest {
            audience: viewer.audience,
            thresholds: state.settings.thresholds(),
            method,
            posters: wish.posters,
            origin: state.settings.origin,
            language,
        };
        Ok(Self { wish, viewer, request, forms: state.mirror.forms(), units: state.mirror.units() })
    }

    /// Makes and writes it on a thread that may block, and only when it is this reader's turn, so that large tables do
    /// not take the threads that citizens wait for.
    async fn table<T: Send + 'static>(
        self,
        state: &Data<AppState>,
        from: Prefix,
        write: impl FnOnce(ScoreTable) -> T + Send + 'static,
    ) -> Result<T, ApiError> {
        let turn = state.tables.turn(from).await?;
        let made = state.store.run(move |db| {
            // Kept to the end of the work, also where the reader goes away.
            let _turn = turn;
            let Self { wish, viewer, request, forms, units } = self;
            let table = figures::table(db, &forms, &units, wish, &viewer, &request)?;
            Ok(table.map(write))
        });
        made.await?.map_err(refused)
    }
}

/// Who reads, by their token or their roles.
///
/// # Errors
/// 403 where the token may not read scores.
pub(in crate::http) fn viewer(state: &AppState, caller: &Caller) -> Result<Viewer, ApiError> {
    Ok(match caller {
        Caller::Anonymous if !state.settings.policy.public_scores => return Err(ApiError::Unauthorized),
        Caller::Anonymous => Viewer { audience: Audience::Public, area: Area::Everywhere },
        Caller::Token(_) | Caller::Device(_) | Caller::Person(_) => {
            match caller.with_scope(Scope::ScoresRead) {
                Ok(area) => {
                    let everywhere = area == Area::Everywhere;
                    let audience = if everywhere { Audience::Analyst } else { Audience::Unit };
                    Viewer { audience, area }
                }
                // Who signed in as a clerk or an operator sees what everybody sees.
                Err(_no_right)
                    if matches!(caller, Caller::Person(_)) && state.settings.policy.public_scores =>
                {
                    Viewer { audience: Audience::Public, area: Area::Everywhere }
                }
                Err(refused) => return Err(refused),
            }
        }
    })
}

fn wish(state: &AppState, mut query: Query) -> Result<(Wish, Option<Method>), ApiError> {
    let place = place::read(&mut query, state);
    let follow = query.one_of("follow", &[("successors", Follow::Successors), ("none", Follow::No)]);
    let posters = query.one_of(
        "posters",
        &[("without", Posters::Without), ("with", Posters::With), ("only", Posters::Only)],
    );
    let method = query.text("method").and_then(|text| match Method::from_str(&text) {
        Ok(method) => Some(method),
        Err(error) => {
            query.fault(FieldFault::at("method", "unknown_option").allowing(error.allowed));
            None
        }
    });
    let mut wish = Wish {
        unit: place.unit,
        reach: if place.subtree { Reach::Subtree } else { Reach::Own },
        follow: follow.unwrap_or_default(),
        period: place.period,
        slices: Slices::Whole,
        units: Units::Together,
        form: place.form,
        posters: posters.unwrap_or_default(),
        grouping: None,
    };
    read_by(&mut query, &mut wish);
    query.finish()?;
    Ok((wish, method))
}

/// Reads `by`: at most one cut of time and one grouping.
fn read_by(query: &mut Query, wish: &mut Wish) {
    let Some(by) = query.text("by") else { return };
    let (mut groupings, mut cuts) = (0, 0);
    for word in by.split(',').map(str::trim).filter(|word| !word.is_empty()) {
        let slices = match word {
            "unit" => {
                wish.units = Units::Each;
                continue;
            }
            "month" => Slices::Months,
            "quarter" => Slices::Quarters,
            "year" => Slices::Years,
            grouping => {
                groupings += 1;
                wish.grouping = Some(grouping.to_owned());
                continue;
            }
        };
        cuts += usize::from(wish.slices != slices);
        wish.slices = slices;
    }
    if groupings > 1 {
        query.fault(FieldFault::at("by", "too_many").allowing("one grouping"));
    }
    if cuts > 1 {
        query.fault(FieldFault::at("by", "too_many").allowing("one of month, quarter, year"));
    }
}

/// A selection's refusal as a problem.
fn refused(error: SelectionError) -> ApiError {
    let invalid = |fault| ApiError::Invalid(vec![fault]);
    match error {
        SelectionError::UnknownUnit(_) => invalid(FieldFault::at("unit", "unknown_unit")),
        SelectionError::Outside(_) => ApiError::Forbidden(Refusal::OutsideSubtree),
        SelectionError::UnknownForm { allowed, .. } => {
            invalid(FieldFault::at("form", "unknown_form").allowing(allowed))
        }
        SelectionError::UnknownGrouping { allowed, .. } => invalid(
            FieldFault::at("by", "unknown_option").allowing(format!("unit, month, quarter, year, {allowed}")),
        ),
        SelectionError::Shape => ApiError::Forbidden(Refusal::NotPublic),
        SelectionError::ClosedOnly(_) => invalid(FieldFault::at("period", "no_closed_month")),
        SelectionError::Method(TableError::Misfit { .. }) => {
            invalid(FieldFault::at("method", "does_not_fit"))
        }
        SelectionError::TwoSeries { series, .. } => ApiError::TwoSeries(series),
    }
}
