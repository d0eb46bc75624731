//! `/static/FILE`: styles, fonts and the form's script, under names that change with their content.

use actix_web::{HttpResponse, http::header, web::Path};

use crate::http::{
    pages::assets,
    problem::{ApiError, Thing},
};

/// A file of the binary.
///
/// # Errors
/// 404 where there is none of this name.
pub async fn file(name: Path<String>) -> Result<HttpResponse, ApiError> {
    let asset = assets::find(&name).ok_or(ApiError::NotFound(Thing::Page))?;
    let forever = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    Ok(HttpResponse::Ok().content_type(asset.kind).insert_header(forever).body(asset.bytes.as_slice()))
}
