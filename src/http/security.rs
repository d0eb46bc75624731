//! What every response carries so that a browser trusts nothing but this service, and the check that a form
//! comes from a page of ours.

use actix_web::{
    Error, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};

use super::{
    problem::{ApiError, Refusal},
    state::AppState,
};

/// Pages load their own style, images and font; no script at all.
const PAGES: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                     form-action 'self'; base-uri 'none'; frame-ancestors 'none'; script-src 'none'";
/// The browsable API also runs its own script and asks its own host; still nothing inline.
const DOCS: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                    form-action 'self'; base-uri 'none'; frame-ancestors 'none'; script-src 'self'; \
                    connect-src 'self'";
/// Data is never a document.
const DATA: &str = "default-src 'none'; frame-ancestors 'none'";

/// Where the browsable API lies.
pub const DOCS_PATH: &str = "/api/docs";

/// The middleware that adds the headers.
///
/// # Errors
/// What the handler returned.
pub async fn headers<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let policy = policy_for(request.path());
    let secure =
        request.app_data::<Data<AppState>>().is_some_and(|s| s.settings.public_url.starts_with("https:"));
    let mut response = next.call(request).await?;
    add(response.headers_mut(), policy);
    if secure {
        let year = HeaderValue::from_static("max-age=31536000");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    Ok(response)
}

fn policy_for(path: &str) -> &'static str {
    match path {
        path if path.starts_with(DOCS_PATH) => DOCS,
        path if path.starts_with("/api/") => DATA,
        _ => PAGES,
    }
}

fn add(headers: &mut HeaderMap, policy: &'static str) {
    let same = HeaderName::from_static;
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (
            header::PERMISSIONS_POLICY,
            "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
        ),
        (same("cross-origin-opener-policy"), "same-origin"),
        (same("cross-origin-resource-policy"), "same-origin"),
        (same("x-robots-tag"), "noindex"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// Refuses a form that a page of another site sent. Needs no cookie: browsers say where a form comes from, and
/// clients that are no browsers say nothing and carry no one's rights.
///
/// # Errors
/// [`Refusal::CrossSite`].
pub fn same_origin(request: &HttpRequest) -> Result<(), ApiError> {
    let value = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    let refused = Err(ApiError::Forbidden(Refusal::CrossSite));
    match value("sec-fetch-site") {
        Some("same-origin" | "none") => return Ok(()),
        Some(_) => return refused,
        None => {}
    }
    let Some(origin) = value("origin") else { return Ok(()) };
    let host = value("host").unwrap_or("");
    // "null" is what a browser says of a page that hides its address, as ours do (`no-referrer`).
    let origin_host = origin.split_once("://").map_or(origin, |(_, host)| host);
    if origin == "null" || origin_host.eq_ignore_ascii_case(host) { Ok(()) } else { refused }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn sent(headers: &[(&str, &str)]) -> bool {
        let request = headers.iter().fold(TestRequest::post(), |r, h| r.insert_header(*h));
        same_origin(&request.to_http_request()).is_ok()
    }

    #[test]
    fn only_our_own_pages_may_send_a_form() {
        assert!(sent(&[]));
        assert!(sent(&[("host", "sipas.test"), ("origin", "https://sipas.test")]));
        assert!(sent(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(!sent(&[("host", "sipas.test"), ("origin", "https://other.test")]));
        assert!(!sent(&[("sec-fetch-site", "cross-site")]));
        assert!(!sent(&[("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn no_policy_lets_anything_inline_run() {
        for policy in [PAGES, DOCS, DATA] {
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
        }
        assert_eq!(policy_for("/r/ABC"), PAGES);
        assert_eq!(policy_for("/api/docs/index.html"), DOCS);
        assert_eq!(policy_for("/api/v1/forms"), DATA);
    }
}
