//! `/scores`: the public figures, for people.

use actix_web::{HttpResponse, http::StatusCode, web::Data};

use super::{page, views};
use crate::http::{
    api::scores as api,
    extract::{caller::Caller, query::Query, reader::Reader},
    problem::ApiError,
    state::AppState,
};

/// The page; takes the same parameters as `/api/v1/scores`.
///
/// # Errors
/// As of `/api/v1/scores`.
pub async fn show(
    state: Data<AppState>,
    caller: Caller,
    reader: Reader,
    query: Query,
) -> Result<HttpResponse, ApiError> {
    let table = api::table(&state, &caller, reader.language, query).await?;
    Ok(page(StatusCode::OK, reader, views::scores(reader.language, &table)))
}
