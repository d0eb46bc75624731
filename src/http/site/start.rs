//! `/`: where to begin. An empty installation says what to do next.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{page, views};
use crate::{
    http::{extract::reader::Reader, problem::ApiError, state::AppState},
    storage::receipts::counts,
};

/// How far an installation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// No unit yet.
    Empty,
    /// Units, but no receipt was ever issued.
    Units,
    /// In use.
    InUse,
}

/// The page.
///
/// # Errors
/// Where the database cannot be read.
pub async fn show(state: Data<AppState>, reader: Reader) -> Result<HttpResponse, ApiError> {
    let progress = if state.mirror.units().is_empty() {
        Progress::Empty
    } else if state.store.run(counts::issued_ever).await? == 0 {
        Progress::Units
    } else {
        Progress::InUse
    };
    Ok(page(StatusCode::OK, reader, views::start(reader.language, progress)))
}
