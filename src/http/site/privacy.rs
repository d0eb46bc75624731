//! `/privacy`: what is kept of an answer, why, how long, and whom to ask.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{page, views};
use crate::http::{extract::reader::Reader, state::AppState};

/// The page.
pub async fn show(state: Data<AppState>, reader: Reader) -> HttpResponse {
    page(StatusCode::OK, reader, views::privacy(reader.language, &state.settings.contact))
}
