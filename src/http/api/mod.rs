//! The API, one file for each resource. Every answer of `/api/*` that is an error is `problem+json`.

pub mod counts;
pub mod devices;
pub mod docs;
pub mod forms;
mod page;
mod place;
pub mod receipts;
pub mod responses;
pub mod scores;
pub mod tallies;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, ContentType, EntityTag, Header as _, IfNoneMatch},
};
use serde::Serialize;

use super::{kept::Written, problem::ApiError};

/// Who may keep an answer, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Everybody; it never changes.
    Forever,
    /// Everybody, asking each time whether it changed.
    Public,
    /// The caller alone, asking each time whether it changed.
    Private,
}

impl Keep {
    fn header(self) -> &'static str {
        match self {
            Self::Forever => "public, max-age=86400",
            Self::Public => "public, no-cache",
            Self::Private => "private, no-cache",
        }
    }
}

/// Data with an entity tag: 304 where the client has it already.
pub(super) fn tagged(
    request: &HttpRequest,
    content_type: &str,
    written: Written,
    keep: Keep,
) -> HttpResponse {
    let Written { bytes, tag } = written;
    let tag = EntityTag::new_weak(tag);
    let known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|t| t.weak_eq(&tag)),
        Err(_unreadable) => false,
    };
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header((header::ETAG, tag.to_string()))
        .insert_header((header::CACHE_CONTROL, keep.header()))
        .insert_header((header::VARY, "authorization, accept-encoding, accept-language, cookie"));
    if known { response.finish() } else { response.content_type(content_type).body(bytes) }
}

/// JSON with an entity tag.
///
/// # Errors
/// Never in practice: our own values always have a JSON form.
pub(super) fn json(
    request: &HttpRequest,
    value: &impl Serialize,
    keep: Keep,
) -> Result<HttpResponse, ApiError> {
    let bytes = serde_json::to_vec(value).map_err(|error| ApiError::Internal(error.into()))?;
    Ok(tagged(request, ContentType::json().0.as_ref(), Written::new(bytes), keep))
}
