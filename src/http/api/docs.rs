//! The API's description and its browsable page, served from the binary, without anything inline.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Path},
};
use utoipa_swagger_ui::Config;

use super::{Keep, json};
use crate::http::{
    openapi,
    problem::{ApiError, Thing},
    state::{AppState, Origin},
};

/// Begins the page; the library's own would ask a validator on the internet.
const START: &str = "window.onload = function () {\n  window.ui = SwaggerUIBundle({\n    \
    url: '/api/v1/openapi.json',\n    dom_id: '#swagger-ui',\n    deepLinking: true,\n    \
    validatorUrl: null,\n    presets: [SwaggerUIBundle.presets.apis],\n    layout: 'BaseLayout'\n  });\n};\n";

/// The page. Its script and style are files of the same host.
const INDEX: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>SIPAS API</title>\n\
    <link rel=\"stylesheet\" href=\"/api/docs/swagger-ui.css\">\n\
    <link rel=\"icon\" href=\"/api/docs/favicon-32x32.png\">\n</head>\n<body>\n<div id=\"swagger-ui\"></div>\n\
    <noscript><p>The description itself: <a href=\"/api/v1/openapi.json\">openapi.json</a>.</p></noscript>\n\
    <script src=\"/api/docs/swagger-ui-bundle.js\"></script>\n\
    <script src=\"/api/docs/start.js\"></script>\n</body>\n</html>\n";

/// The OpenAPI 3.1 document.
pub async fn description(state: Data<AppState>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    json(&request, &openapi::document(&state.settings.public_url), Keep::Public)
}

/// The browsable page.
pub async fn index(state: Data<AppState>) -> HttpResponse {
    let mark = "<p>DEMO: all figures of this service are made up.</p>\n<div id=\"swagger-ui\">";
    let page = match state.settings.origin {
        Origin::People => INDEX.to_owned(),
        Origin::Demo => INDEX.replace("<div id=\"swagger-ui\">", mark),
    };
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(page)
}

/// A file of the page.
pub async fn file(name: Path<String>) -> Result<HttpResponse, ApiError> {
    if name.as_str() == "start.js" {
        return Ok(HttpResponse::Ok().content_type("text/javascript; charset=utf-8").body(START));
    }
    let allowed = ["swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"];
    if !allowed.contains(&name.as_str()) {
        return Err(ApiError::NotFound(Thing::Page));
    }
    let found = utoipa_swagger_ui::serve(&name, Arc::new(Config::from("/api/v1/openapi.json")))
        .map_err(|error| ApiError::Internal(error.to_string().into()))?;
    let file = found.ok_or(ApiError::NotFound(Thing::Page))?;
    let mut response = HttpResponse::Ok();
    response.content_type(file.content_type).insert_header((header::CACHE_CONTROL, "public, max-age=86400"));
    Ok(response.body(file.bytes.into_owned()))
}
