//! A problem as a page, and the page that a problem's `type` leads to.

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{framed, page, views};
use crate::http::{
    extract::reader::Reader,
    problem::{self, ApiError, Thing},
    state::{AppState, Origin},
};

/// The page of a problem.
#[must_use]
pub fn response(error: &ApiError, reader: Reader, origin: Origin) -> HttpResponse {
    let words = error.words(reader.language);
    page(error.status(), reader, views::problem(views::frame(reader.language, origin), error, &words))
}

/// What a problem's code means.
///
/// # Errors
/// 404 where no problem has this code.
pub async fn about(
    state: Data<AppState>,
    reader: Reader,
    code: Path<String>,
) -> Result<HttpResponse, ApiError> {
    let title = problem::title(&code, reader.language).ok_or(ApiError::NotFound(Thing::Page))?;
    Ok(page(StatusCode::OK, reader, views::about_problem(framed(&state, reader), &code, title)?))
}
