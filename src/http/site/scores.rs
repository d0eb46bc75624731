//! `/scores`: the figures, for people.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Data};

use super::{framed, page};
use crate::{
    domain::{response::Class, unit::Unit},
    http::{
        api::scores as api,
        extract::{caller::Caller, query::Query, reader::Reader},
        limits::Prefix,
        pages::{
            plain::Frame,
            scores::{self, Asked, WaitingUnit},
            words::Words,
        },
        problem::{ApiError, FieldFault, faults},
        state::AppState,
    },
    report::score_table::ScoreTable,
    storage::{folding::HANDFUL, inbox::Place, tallies},
};

/// The page; takes the same parameters as `/api/v1/scores`.
///
/// # Errors
/// As of `/api/v1/scores`.
pub async fn show(
    state: Data<AppState>,
    request: HttpRequest,
    caller: Caller,
    from: Prefix,
    reader: Reader,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let mut asked = asked(&state, reader, query.clone(), request.query_string());
    let (status, table) = match api::table(&state, &caller, from, reader.language, query, |table| table).await
    {
        Ok(table) => (StatusCode::OK, table),
        // A slip in the filter: the page again, with what was typed and what is allowed.
        Err(ApiError::Invalid(faults)) => {
            let label = |fault| name(fault, Words::of(reader.language));
            let words = |fault| format!("{}: {}", label(fault), faults::sentence(fault, reader.language));
            asked.faults = faults.iter().map(words).collect();
            (StatusCode::UNPROCESSABLE_ENTITY, ScoreTable::empty(state.settings.origin))
        }
        Err(other) => return Err(other),
    };
    let waiting = waiting(&state, &caller, reader, &asked).await?;
    let frame = Frame { path: &asked.query, ..framed(&state, reader) };
    let html = scores::render(frame, &table, &asked, &waiting, state.settings.thresholds())
        .map_err(|error| ApiError::Internal(error.into()))?;
    Ok(page(status, reader, html))
}

/// What the page calls the field of a fault.
fn name(fault: &FieldFault, words: Words) -> String {
    match fault.pointer.trim_start_matches('/') {
        field @ ("period" | "unit" | "form" | "posters" | "subtree") => words.t(&format!("scores-{field}")),
        other => other.to_owned(),
    }
}

/// What the fields of the page show again.
fn asked(state: &AppState, reader: Reader, mut query: Query, text: &str) -> Asked {
    let mut typed = |name| query.text(name).unwrap_or_default();
    let kept: Vec<&str> =
        text.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang=")).collect();
    let title = |form: &crate::domain::form::Form| form.title.get(reader.language).0.to_owned();
    let units = state.mirror.units();
    let unit = |unit: &Unit| {
        let depth = units.ancestors(&unit.code).count();
        (unit.code.clone(), format!("{}{}", "\u{2003}".repeat(depth), unit.name(reader.language).0))
    };
    Asked {
        period: typed("period"),
        unit: typed("unit"),
        form: typed("form"),
        posters: typed("posters"),
        subtree: typed("subtree") == "true",
        forms: state.mirror.forms().newest_all().map(|form| (form.id.clone(), title(form))).collect(),
        units: units.in_order().into_iter().map(unit).collect(),
        faults: Vec::new(),
        query: if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) },
    }
}

/// Units whose open month waits for the rest of a handful, among those that the reader may see and asked for.
async fn waiting(
    state: &AppState,
    caller: &Caller,
    reader: Reader,
    asked: &Asked,
) -> Result<Vec<WaitingUnit>, ApiError> {
    let area = api::viewer(state, caller)?.area;
    let (units, all) = (state.mirror.units(), state.store.run(tallies::waiting).await?);
    let wanted = |place: &Place| {
        area.covers(&units, &place.unit)
            && (asked.unit.is_empty() || asked.unit == place.unit.as_str())
            && (asked.form.is_empty() || asked.form == place.form.as_str())
            && place.class == Class::Main
    };
    let few = all.into_iter().filter(|(place, n)| *n < HANDFUL && wanted(place));
    let line = |(place, n): (Place, u64)| {
        let unit = units.get(&place.unit)?;
        let name = unit.name(reader.language).0.to_owned();
        Some(WaitingUnit {
            unit: place.unit.clone(),
            name,
            form: place.form.to_string(),
            month: place.month,
            more: HANDFUL - n,
        })
    };
    Ok(few.filter_map(line).collect())
}
