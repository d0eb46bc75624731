//! `/r/CODE`: the form of a receipt. Opening it changes nothing; sending it spends the code, once.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    filling::Filling,
    framed, page, see_other,
    submission::{self, Filled, Page},
    views::{self, FormPage},
};
use crate::{
    domain::{
        ids::UnitCode,
        receipt::{ReceiptCode, ReceiptState},
    },
    http::{
        extract::reader::Reader,
        limits::Prefix,
        problem::ApiError,
        security,
        state::AppState,
        submit::{self, Opened},
    },
};

/// Shows the form, or why it cannot be answered.
///
/// # Errors
/// 404 for a code that is not there or mistyped, 410 for one that is over.
pub async fn show(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    code: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (code, opened) = open(&state, &request, &code).await?;
    match opened.stored.state_on(state.clock.today()) {
        ReceiptState::Issued => {
            let view = FormPage::fresh(&state, &page_of(opened), address(&code), reader)?;
            Ok(page(StatusCode::OK, reader, views::form(&view)?))
        }
        ReceiptState::Used => Ok(page(StatusCode::OK, reader, views::spent(framed(&state, reader))?)),
        over => Err(ApiError::of_state(over)),
    }
}

/// Takes the filled form. "Thank you" is a page of its own, so that reloading it sends nothing.
///
/// # Errors
/// Why it was not stored, and cannot be by correcting it.
pub async fn submit(
    state: Data<AppState>,
    request: HttpRequest,
    reader: Reader,
    code: Path<String>,
    filling: Filling,
) -> Result<HttpResponse, ApiError> {
    security::same_origin(&request)?;
    let (code, opened) = match open(&state, &request, &code).await {
        Ok(found) => found,
        Err(error) if error.retry_after().is_some() => return later(&state, reader, &code, &filling, error),
        Err(error) => return Err(error),
    };
    let place = page_of(opened);
    let unit = Some(place.unit.clone());
    let taken = submission::take(&state, place, &filling).await;
    answer(&state, reader, Place { unit: unit.as_ref(), address: &address(&code) }, &filling, taken)
}

/// The code cannot be looked up now: the page as it was filled, to be sent again.
fn later(
    state: &AppState,
    reader: Reader,
    code: &str,
    filling: &Filling,
    error: ApiError,
) -> Result<HttpResponse, ApiError> {
    let (Ok(code), Some(form)) = (code.parse::<ReceiptCode>(), submission::shown(state, filling)) else {
        return Err(error);
    };
    let place = Place { unit: None, address: &address(&code) };
    answer(state, reader, place, filling, Ok(Filled::Failed(form, error)))
}

/// Where a filled page came from.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The unit that it is about, where the code could be looked up.
    pub(super) unit: Option<&'a UnitCode>,
    /// Where it is sent to again.
    pub(super) address: &'a str,
}

/// What a sender sees.
pub(super) fn answer(
    state: &AppState,
    reader: Reader,
    place: Place<'_>,
    filling: &Filling,
    taken: Result<Filled, ApiError>,
) -> Result<HttpResponse, ApiError> {
    match taken {
        Ok(Filled::Thanks) => Ok(see_other("/thanks")),
        Ok(Filled::Faults(form, faults)) => {
            let view = FormPage::again(state, place, form, filling, faults, None);
            Ok(page(StatusCode::UNPROCESSABLE_ENTITY, reader, views::form(&view)?))
        }
        Ok(Filled::Turned(form, language)) => {
            let view = FormPage::again(state, place, form, filling, Vec::new(), None);
            let reader = Reader { language, chosen: Some(language), ..reader };
            let html = views::form(&view.in_language(state, place, language))?;
            Ok(page(StatusCode::OK, reader, html))
        }
        Ok(Filled::Failed(form, error)) => {
            let seconds = error.retry_after().unwrap_or(1).to_string();
            let status = error.status();
            let view = FormPage::again(state, place, form, filling, Vec::new(), Some(error));
            let mut response = page(status, reader, views::form(&view)?);
            if let Ok(seconds) = seconds.parse() {
                response.headers_mut().insert(actix_web::http::header::RETRY_AFTER, seconds);
            }
            Ok(response)
        }
        // Back and send again: the first answer stands.
        Err(ApiError::SpentCode | ApiError::KeyConflict) => {
            Ok(page(StatusCode::CONFLICT, reader, views::spent(framed(state, reader))?))
        }
        Err(other) => Err(other),
    }
}

/// "Thank you": knows no code, so it may be reloaded and shared.
///
/// # Errors
/// Where the page cannot be made.
pub async fn thanks(state: Data<AppState>, reader: Reader) -> Result<HttpResponse, ApiError> {
    Ok(page(StatusCode::OK, reader, views::thanks(framed(&state, reader))?))
}

async fn open(
    state: &AppState,
    request: &HttpRequest,
    code: &str,
) -> Result<(ReceiptCode, Opened), ApiError> {
    let code: ReceiptCode = code.parse().map_err(|_slip| ApiError::MistypedCode)?;
    let opened = submit::open(state, Prefix::of(request, &state.settings.forwarded), &code).await?;
    Ok((code, opened))
}

fn page_of(opened: Opened) -> Page {
    let receipt = &opened.stored.receipt;
    Page { unit: receipt.unit.clone(), form: receipt.form.clone(), receipt: Some(opened) }
}

fn address(code: &ReceiptCode) -> String {
    format!("/r/{}", code.compact())
}
