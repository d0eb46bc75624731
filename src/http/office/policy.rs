//! `/office/policy`: what the service shows to whom, how long it keeps what, and how people get in. Only to be read:
//! the policy is one file.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::page;
use crate::http::{
    extract::{caller::Person, reader::Reader},
    pages::office::policy as pages,
    problem::ApiError,
    state::AppState,
};

/// The page.
///
/// # Errors
/// Where the page cannot be made.
pub async fn show(state: Data<AppState>, reader: Reader, person: Person) -> Result<HttpResponse, ApiError> {
    page(&state, reader, "/office/policy", Some(&person), StatusCode::OK, |frame| {
        pages::render(frame, &state.settings.printed)
    })
}
