//! `/u/UNIT`: the same form without a receipt, counted apart. A closed unit's poster leads to its successor.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    filling::Filling,
    form_for, framed, page,
    receipt::{self, Place},
    see_other,
    submission::{self, Page},
    views::{self, FormPage},
};
use crate::{
    domain::{ids::UnitCode, period::Day, unit::Unit},
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
/// 404 where no unit has this code, 410 where it closed and none took its place.
pub async fn show(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    unit: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let query = request.query_string();
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    let serving = match serving(&state, &unit)? {
        Serving::Itself(unit) => unit,
        Serving::Successor(unit) => return Ok(see_other(&format!("{}{query}", address(&unit)))),
        Serving::OneOf(units) => return choose(&state, reader, &units),
    };
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
    let serving = match serving(&state, &unit)? {
        Serving::Itself(unit) | Serving::Successor(unit) => unit,
        Serving::OneOf(units) => return choose(&state, reader, &units),
    };
    let taken = submission::take(&state, page_of(&state, &serving)?, &filling).await;
    let place = Place { unit: Some(&serving), address: &address(&serving) };
    receipt::answer(&state, reader, place, &filling, taken)
}

/// Who serves at a poster today.
enum Serving {
    /// The unit of the address.
    Itself(UnitCode),
    /// The one that took its place.
    Successor(UnitCode),
    /// It was split: only the person knows where they were served.
    OneOf(Vec<UnitCode>),
}

fn serving(state: &AppState, unit: &str) -> Result<Serving, ApiError> {
    let unknown = || ApiError::NotFound(Thing::Unit);
    let asked: UnitCode = unit.to_ascii_lowercase().parse().map_err(|_name| unknown())?;
    let units = state.mirror.units();
    match units.serving(&asked, state.clock.today()).as_slice() {
        [] => Err(closed_or_unknown(units.get(&asked), state.clock.today())),
        [one] if one.code == asked => Ok(Serving::Itself(asked)),
        [one] => Ok(Serving::Successor(one.code.clone())),
        several => Ok(Serving::OneOf(several.iter().map(|unit| unit.code.clone()).collect())),
    }
}

/// Nobody serves there: did anybody ever?
fn closed_or_unknown(unit: Option<&Unit>, today: Day) -> ApiError {
    let closed = unit.and_then(|unit| unit.valid_to).is_some_and(|last| last < today);
    if closed { ApiError::ClosedUnit } else { ApiError::NotFound(Thing::Unit) }
}

/// A split unit's poster: which of its successors?
fn choose(state: &AppState, reader: Reader, units: &[UnitCode]) -> Result<HttpResponse, ApiError> {
    let tree = state.mirror.units();
    let links = units.iter().filter_map(|code| tree.get(code)).map(|unit| {
        let query =
            if reader.cookie().is_some() { format!("?lang={}", reader.language) } else { String::new() };
        (format!("{}{query}", address(&unit.code)), unit.name(reader.language).0.to_owned())
    });
    Ok(page(StatusCode::OK, reader, views::choose(framed(state, reader), links.collect())?))
}

fn page_of(state: &AppState, unit: &UnitCode) -> Result<Page, ApiError> {
    let form = form_for(&state.mirror.units(), unit).ok_or(ApiError::NotFound(Thing::Form))?;
    Ok(Page { unit: unit.clone(), form, receipt: None })
}

fn address(unit: &UnitCode) -> String {
    format!("/u/{unit}")
}
