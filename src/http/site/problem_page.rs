//! A problem as a page.

use actix_web::HttpResponse;

use crate::http::{extract::reader::Reader, problem::ApiError};

/// The page of a problem.
#[must_use]
pub fn response(error: &ApiError, reader: Reader) -> HttpResponse {
    let words = error.words(reader.language);
    HttpResponse::build(error.status()).content_type("text/html; charset=utf-8").body(words.detail)
}
