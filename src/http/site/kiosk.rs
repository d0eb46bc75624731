//! `/kiosk`: the tablet's program. It is the same for everybody; who a tablet is stands in its own storage.

use actix_web::{HttpResponse, http::header, web::Path};

use crate::http::{
    pages::kiosk,
    problem::{ApiError, Thing},
};

/// The document.
pub async fn show() -> HttpResponse {
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(kiosk::shell())
}

/// A file of the program.
///
/// # Errors
/// 404 where there is none of this name.
pub async fn file(name: Path<String>) -> Result<HttpResponse, ApiError> {
    let asset = kiosk::find(&name).ok_or(ApiError::NotFound(Thing::Page))?;
    // Names with their hash never change; the others are asked for each time.
    let hashed = name.split('.').count() > 2;
    let keep = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = HttpResponse::Ok();
    response.content_type(asset.kind).insert_header((header::CACHE_CONTROL, keep));
    if name.as_str() == "worker.js" {
        // It stands in a folder and keeps the page above it too.
        response.insert_header(("service-worker-allowed", "/kiosk"));
    }
    Ok(response.body(asset.bytes.as_slice()))
}
