//! Turns every failed response into `problem+json` or a page, whichever the client reads, and logs faults of
//! ours once. It also speaks for the framework: 404, 405, bad bodies.

use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use serde_json::{Map, Value, json};

use super::{ApiError, FieldFault};
use crate::{
    domain::ids::Language,
    http::{
        extract::reader::Reader,
        metrics::RequestId,
        site::problem_page,
        state::{AppState, Origin},
    },
};

/// The media type of every error that a machine reads.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// The middleware.
///
/// # Errors
/// What a layer further in returned as an error.
pub async fn problems<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    // The request must not be held here: the router needs it to itself. Handlers and extractors answer with a
    // response even where they fail, so an error that passes here would be one of a layer further in: there is none.
    let response = next.call(request).await?;
    let status = response.status();
    let written =
        response.headers().contains_key(header::CONTENT_TYPE) && response.response().error().is_none();
    if !status.is_client_error() && !status.is_server_error() || written {
        return Ok(response.map_into_boxed_body());
    }
    let ours = response.response().error().and_then(|e| e.as_error::<ApiError>());
    let rendered = rendered(response.request(), ours, status);
    Ok(response.into_response(rendered))
}

fn rendered(request: &HttpRequest, ours: Option<&ApiError>, status: StatusCode) -> HttpResponse {
    match ours {
        Some(error) => answer(request, error),
        None => answer(request, &ApiError::of_status(status)),
    }
}

/// The response that this error becomes for this request.
#[must_use]
pub fn answer(request: &HttpRequest, error: &ApiError) -> HttpResponse {
    if let Some(cause) = error.cause() {
        let (id, cause) = (RequestId::of(request), chain(cause.as_ref()));
        tracing::error!(request_id = %id, code = error.code(), cause, "request failed");
    }
    let reader = Reader::of(request);
    let mut response = if wants_page(request) {
        let state = request.app_data::<Data<AppState>>();
        let origin = state.map_or(Origin::People, |state| state.settings.origin);
        problem_page::response(error, reader, origin)
    } else {
        HttpResponse::build(error.status()).content_type(PROBLEM_JSON).json(body(error, reader.language))
    };
    add_headers(error, reader.language, response.headers_mut());
    response
}

/// An error and what lies under it, in one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut under = error.source();
    while let Some(cause) = under {
        line = format!("{line}: {cause}");
        under = cause.source();
    }
    line
}

fn add_headers(error: &ApiError, language: Language, headers: &mut HeaderMap) {
    let mut set = |name, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CACHE_CONTROL, "no-store");
    set(header::CONTENT_LANGUAGE, language.as_str());
    set(header::VARY, "accept, accept-language, cookie");
    if let Some(seconds) = error.retry_after() {
        set(header::RETRY_AFTER, &seconds.to_string());
    }
    match error {
        ApiError::MethodNotAllowed(methods) => set(header::ALLOW, methods),
        ApiError::Unauthorized => set(header::WWW_AUTHENTICATE, "Bearer realm=\"sipas\""),
        _ => {}
    }
}

/// Whether the client reads pages, and the address is not one of the API.
#[must_use]
pub fn wants_page(request: &HttpRequest) -> bool {
    let accepts = request.headers().get(header::ACCEPT).and_then(|a| a.to_str().ok()).unwrap_or("");
    !request.path().starts_with("/api/") && accepts.contains("text/html")
}

/// Faults that are told at once: more than any form has questions that one person gets wrong, and no more than a page.
const MOST_FAULTS: usize = 100;

/// The problem document.
#[must_use]
pub fn body(error: &ApiError, language: Language) -> Value {
    let words = error.words(language);
    let mut body = json!({
        "type": format!("/problems/{}", error.code()),
        "title": words.title,
        "status": error.status().as_u16(),
        "code": error.code(),
        "detail": words.detail,
    });
    if let (ApiError::Invalid(faults), Value::Object(members)) = (error, &mut body) {
        let told = faults.iter().take(MOST_FAULTS).map(|f| fault(f, language)).collect();
        members.insert("errors".to_owned(), Value::Array(told));
        if let Some(more) = faults.len().checked_sub(MOST_FAULTS).filter(|more| *more > 0) {
            members.insert("more_errors".to_owned(), more.into());
        }
    }
    body
}

fn fault(fault: &FieldFault, language: Language) -> Value {
    let mut members = Map::new();
    members.insert("pointer".to_owned(), json!(fault.pointer));
    members.insert("code".to_owned(), json!(fault.code));
    members.insert("detail".to_owned(), json!(super::faults::sentence(fault, language)));
    if let Some(allowed) = &fault.allowed {
        members.insert("allowed".to_owned(), json!(allowed));
    }
    Value::Object(members)
}
