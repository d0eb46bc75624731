//! What every response carries so that a browser trusts nothing but this service, and the check that a form
//! comes from a page of ours.

use std::sync::LazyLock;

use actix_web::{
    Error, HttpRequest,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};

use super::{
    pages::assets,
    problem::{ApiError, Refusal},
    state::AppState,
};

/// Pages load their own style, images and font; no script at all. The one style that stands in a page is known by its
/// hash.
static PAGES: LazyLock<String> = LazyLock::new(|| {
    format!(
        "default-src 'none'; style-src 'self' {}; img-src 'self' data:; font-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'; script-src 'none'",
        assets::citizen_style_hash()
    )
});
/// A citizen's form also runs its one script, a file of ours, which asks this service alone.
static FORMS: LazyLock<String> = LazyLock::new(|| {
    PAGES.replace("script-src 'none'", "media-src 'self'; script-src 'self'; connect-src 'self'")
});
/// The browsable API also runs its own script and asks its own host; still nothing inline.
const DOCS: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                    form-action 'self'; base-uri 'none'; frame-ancestors 'none'; script-src 'self'; \
                    connect-src 'self'";
/// The tablet's program runs its own script and worker, and asks its own host; still nothing inline, and no form leads anywhere.
const KIOSK: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                     form-action 'none'; base-uri 'none'; frame-ancestors 'none'; script-src 'self'; \
                     connect-src 'self'; worker-src 'self'; manifest-src 'self'";
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
    let referrer = referrer_for(request.path());
    let provider = provider_of_forms(&request);
    let secure =
        request.app_data::<Data<AppState>>().is_some_and(|s| s.settings.public_url.starts_with("https:"));
    let mut response = next.call(request).await?;
    add(response.headers_mut(), policy, referrer);
    if let Some(policy) = provider {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if secure {
        let year = HeaderValue::from_static("max-age=31536000");
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    Ok(response)
}

/// The policy of the pages whose forms lead on to the identity provider: browsers hold a form to it also where the
/// answer to it leads elsewhere.
fn provider_of_forms(request: &ServiceRequest) -> Option<HeaderValue> {
    let leads_on = matches!(request.path(), "/sign-in" | "/account/identity");
    let state = request.app_data::<Data<AppState>>().filter(|_| leads_on)?;
    let also = format!("form-action 'self' {}", state.provider.as_ref()?.origin());
    HeaderValue::from_str(&PAGES.replace("form-action 'self'", &also)).ok()
}

fn policy_for(path: &str) -> &'static str {
    let is_form = ["/r/", "/R/", "/u/", "/U/"].iter().any(|begin| path.starts_with(begin));
    match path {
        _ if is_form => &FORMS,
        path if path.starts_with(DOCS_PATH) => DOCS,
        path if path.starts_with("/api/") => DATA,
        path if path == "/kiosk" || path.starts_with("/kiosk/") => KIOSK,
        _ => &PAGES,
    }
}

/// Citizens' pages tell nobody where they are, not even this service; those of the offices tell it, so that it knows
/// its own forms.
fn referrer_for(path: &str) -> &'static str {
    let of_offices = ["/office", "/account", "/sign-in", "/sign-out", "/welcome"];
    if of_offices.iter().any(|begin| path.starts_with(begin)) { "same-origin" } else { "no-referrer" }
}

fn add(headers: &mut HeaderMap, policy: &'static str, referrer: &'static str) {
    let same = HeaderName::from_static;
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, referrer),
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
    // "null" is what a browser says of a page that hides its address, as ours do (`no-referrer`).
    if origin == "null" || is_ours(request, origin) { Ok(()) } else { refused }
}

/// Whether an origin is this service: by the name that the browser called it, or by its public address, for a proxy may
/// have put another name in the place of the first.
fn is_ours(request: &HttpRequest, origin: &str) -> bool {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
    let called = origin.split_once("://").map_or(origin, |(_, host)| host);
    if !host.is_empty() && called.eq_ignore_ascii_case(host) {
        return true;
    }
    let state = request.app_data::<Data<AppState>>();
    state.is_some_and(|state| origin.eq_ignore_ascii_case(as_origin(&state.settings.public_url)))
}

/// A browser leaves out the port that a scheme has anyway.
fn as_origin(url: &str) -> &str {
    let port = if url.starts_with("https:") { ":443" } else { ":80" };
    url.strip_suffix(port).unwrap_or(url)
}

/// The same for who signed in, and stricter: the browser must say that the form came from a page of ours. Their pages
/// tell their own site where they come from (`Referrer-Policy: same-origin`), so `null` is nobody of ours.
///
/// # Errors
/// [`Refusal::CrossSite`].
pub fn own_page(request: &HttpRequest) -> Result<(), ApiError> {
    let value = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    let ours = match (value("sec-fetch-site"), value("origin")) {
        (Some("same-origin"), _) => true,
        (None, Some(origin)) => may_be_signed_in(request, origin) && is_ours(request, origin),
        _ => false,
    };
    if ours { Ok(()) } else { Err(ApiError::Forbidden(Refusal::CrossSite)) }
}

/// Where cookies of sessions go through TLS only, a page that came without is somebody's on the way. A citizen's form
/// is not asked this: it carries no rights, and an answer given on such a page would be lost.
fn may_be_signed_in(request: &HttpRequest, origin: &str) -> bool {
    let secure = request.app_data::<Data<AppState>>().is_some_and(|state| state.settings.is_secure());
    origin.starts_with("https://") || (!secure && origin.contains("://"))
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
    fn who_signed_in_sends_only_forms_that_a_browser_says_are_ours() {
        let sent = |headers: &[(&str, &str)]| {
            let request = headers.iter().fold(TestRequest::post(), |r, h| r.insert_header(*h));
            own_page(&request.to_http_request()).is_ok()
        };
        assert!(sent(&[("sec-fetch-site", "same-origin"), ("origin", "https://sipas.test")]));
        assert!(sent(&[("host", "sipas.test:8080"), ("origin", "http://sipas.test:8080")]));
        assert!(!sent(&[]));
        assert!(!sent(&[("host", "sipas.test"), ("origin", "null")]));
        assert!(!sent(&[("host", "sipas.test"), ("origin", "http://sipas.test.evil")]));
        assert!(!sent(&[("sec-fetch-site", "none")]));
        assert!(!sent(&[("sec-fetch-site", "cross-site"), ("host", "a"), ("origin", "http://a")]));
    }

    #[test]
    fn an_origin_has_no_port_that_its_scheme_has_anyway() {
        assert_eq!(as_origin("https://sipas.test:443"), "https://sipas.test");
        assert_eq!(as_origin("http://sipas.test:443"), "http://sipas.test:443");
        assert_eq!(as_origin("http://sipas.test:80"), "http://sipas.test");
    }

    #[test]
    fn no_policy_lets_anything_inline_run() {
        for policy in [PAGES.as_str(), &FORMS, DOCS, DATA, KIOSK] {
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
        }
        assert_eq!(policy_for("/r"), PAGES.as_str());
        assert_eq!(policy_for("/u/tra-cu"), FORMS.as_str());
        assert!(PAGES.contains("script-src 'none'") && FORMS.contains("script-src 'self';"));
        assert_eq!(policy_for("/api/docs/index.html"), DOCS);
        assert_eq!(policy_for("/api/v1/forms"), DATA);
        assert_eq!((policy_for("/kiosk"), policy_for("/kiosk/worker.js")), (KIOSK, KIOSK));
    }
}
