//! `/office`: where people of the offices begin.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::page;
use crate::http::{
    extract::{caller::Person, reader::Reader},
    pages::office::home,
    problem::ApiError,
    state::AppState,
};

/// The page.
///
/// # Errors
/// Where the page cannot be made.
pub async fn show(state: Data<AppState>, reader: Reader, person: Person) -> Result<HttpResponse, ApiError> {
    let units = state.mirror.units();
    page(&state, reader, "/office", Some(&person), StatusCode::OK, |frame| {
        home::render(frame, &units, &person.grants, person.today)
    })
}
