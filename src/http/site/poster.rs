//! `/u/UNIT`: the same form without a receipt, counted apart. A closed unit's poster leads to its successor.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    filling::Filling,
    form_for, page,
    receipt::{self, Place},
    see_other,
    submission::{self, Page},
    views::{self, FormPage},
};
use crate::{
    domain::ids::UnitCode,
    http::{
        extract::reader::Reader,
        problem::{ApiError, Thing},
        security,
        state::AppState,
    },
};

/// Shows the form of a unit.
///
/// # Errors
/// 404 where no unit has this code, and none serves in its place.
pub async fn show(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    unit: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (asked, serving) = serving(&state, &unit)?;
    if asked != serving {
        let query = request.query_string();
        let query = if query.is_empty() { String::new() } else { format!("?{query}") };
        return Ok(see_other(&format!("{}{query}", address(&serving))));
    }
    let view = FormPage::fresh(&state, &page_of(&state, &serving)?, address(&serving), reader)?;
    Ok(page(StatusCode::OK, reader, views::form(&view)?))
}

/// Takes the filled form, for the unit that serves today.
///
/// # Errors
/// Why it was not stored, and cannot be by correcting it.
pub async fn submit(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    unit: Path<String>,
    filling: Filling,
) -> Result<HttpResponse, ApiError> {
    security::same_origin(&request)?;
    let (_, serving) = serving(&state, &unit)?;
    let taken = submission::take(&state, page_of(&state, &serving)?, &filling).await;
    let place = Place { unit: &serving, address: &address(&serving) };
    receipt::answer(&state, reader, place, &filling, taken)
}

/// The unit of the address, and the one that serves in its place today.
fn serving(state: &AppState, unit: &str) -> Result<(UnitCode, UnitCode), ApiError> {
    let unknown = || ApiError::NotFound(Thing::Unit);
    let asked: UnitCode = unit.to_ascii_lowercase().parse().map_err(|_name| unknown())?;
    let units = state.mirror.units();
    let serving = units.serving(&asked, state.clock.today()).ok_or_else(unknown)?;
    Ok((asked, serving.code.clone()))
}

fn page_of(state: &AppState, unit: &UnitCode) -> Result<Page, ApiError> {
    let form = form_for(&state.mirror.units(), unit).ok_or(ApiError::NotFound(Thing::Form))?;
    Ok(Page { unit: unit.clone(), form, receipt: None })
}

fn address(unit: &UnitCode) -> String {
    format!("/u/{unit}")
}
