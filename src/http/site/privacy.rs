//! `/privacy`: what is kept of an answer, why, how long, and whom to ask.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{framed, page, views};
use crate::http::{extract::reader::Reader, problem::ApiError, state::AppState};

/// The page.
///
/// # Errors
/// Where the page cannot be made.
pub async fn show(state: Data<AppState>, reader: Reader) -> Result<HttpResponse, ApiError> {
    let html = views::privacy(framed(&state, reader), &state.settings.contact, &state.settings.keep)?;
    Ok(page(StatusCode::OK, reader, html))
}
