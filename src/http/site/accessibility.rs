//! `/accessibility`: how everybody can answer, what was tested, what is still missing, and whom to ask.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{framed, page, views};
use crate::http::{extract::reader::Reader, problem::ApiError, state::AppState};

/// The page.
///
/// # Errors
/// Where the page cannot be made.
pub async fn show(state: Data<AppState>, reader: Reader) -> Result<HttpResponse, ApiError> {
    let html = views::accessibility(framed(&state, reader), &state.settings.contact)?;
    Ok(page(StatusCode::OK, reader, html))
}
