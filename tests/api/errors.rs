//! Every error of the API is a problem document; headers, health and the description.

use serde_json::json;

use super::town::{Town, answer};

#[test]
fn what_the_framework_refuses_is_a_problem_too() {
    let town = Town::new();
    let long = format!("{{\"x\": \"{}\"}}", "y".repeat(70_000));
    for (method, path, kind, body, status, code) in [
        ("GET", "/api/v1/nothing", "", "", 404, "not-found"),
        ("DELETE", "/api/v1/forms", "", "", 405, "method-not-allowed"),
        ("POST", "/api/v1/responses", "application/json", "{\"a\": ", 400, "bad-json"),
        ("POST", "/api/v1/responses", "text/plain", "{}", 415, "unsupported-media-type"),
        ("POST", "/api/v1/responses", "application/json", &long, 413, "too-large"),
        ("GET", "/api/v1/forms/no-such-form", "", "", 404, "unknown-form"),
        ("GET", "/api/v1/scores?period=never", "", "", 422, "invalid"),
        ("GET", "/api/v1/tallies", "", "", 401, "unauthorized"),
    ] {
        let headers = if kind.is_empty() { vec![] } else { vec![("content-type", kind)] };
        let refused = town.send(method, path, &headers, body.as_bytes());
        assert_eq!((refused.status, refused.code().as_str()), (status, code), "{method} {path}");
        assert_eq!(refused.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(refused.json()["type"], format!("/problems/{code}"));
        assert_eq!(refused.json()["status"], status);
    }
    let refused = town.send("DELETE", "/api/v1/forms", &[], &[]);
    assert_eq!(refused.header("allow"), "GET, HEAD, OPTIONS");
    assert_eq!(town.send("OPTIONS", "/api/v1/responses", &[], &[]).header("allow"), "POST, OPTIONS");
}

#[test]
fn a_problem_speaks_the_readers_language_and_a_browser_gets_a_page() {
    let town = Town::new();
    let english = town.send("GET", "/nothing", &[("accept-language", "en")], &[]);
    assert_eq!(english.json()["title"], "Not found");
    let vietnamese = town.send("GET", "/nothing", &[], &[]);
    assert_eq!(vietnamese.json()["title"], "Không có trang này");
    let page = town.send("GET", "/nothing", &[("accept", "text/html"), ("accept-language", "km")], &[]);
    assert_eq!(page.status, 404);
    assert!(page.header("content-type").starts_with("text/html") && page.body.contains("lang=\"km\""));
    let api = town.send("GET", "/api/v1/nothing", &[("accept", "text/html")], &[]);
    assert_eq!(api.header("content-type"), "application/problem+json");
}

#[test]
fn every_response_carries_its_headers_and_an_id() {
    let town = Town::new();
    for path in ["/", "/api/v1/forms", "/nothing", "/healthz"] {
        let answered = town.get(path);
        assert!(answered.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(answered.header("x-content-type-options"), "nosniff");
        assert_eq!(answered.header("referrer-policy"), "no-referrer");
        assert!(!answered.header("x-request-id").is_empty());
    }
}

#[test]
fn the_browsable_description_has_nothing_inline() {
    let town = Town::new();
    let page = town.get("/api/docs");
    let parsed = scraper::Html::parse_document(&page.body);
    let scripts = scraper::Selector::parse("script").unwrap();
    assert!(parsed.select(&scripts).all(|s| s.value().attr("src").is_some() && s.inner_html().is_empty()));
    assert!(!page.body.contains("<style") && !page.body.contains("style="));
    for script in parsed.select(&scripts) {
        assert_eq!(town.get(script.value().attr("src").unwrap()).status, 200);
    }
    let description = town.get("/api/v1/openapi.json").json();
    assert_eq!(description["openapi"], "3.1.0");
}

#[test]
fn what_is_known_already_is_not_sent_again() {
    let town = Town::new();
    let first = town.get("/api/v1/forms/one-stop-short/1");
    assert_eq!((first.status, first.json()["id"].as_str()), (200, Some("one-stop-short")));
    let again =
        town.send("GET", "/api/v1/forms/one-stop-short/1", &[("if-none-match", first.header("etag"))], &[]);
    assert_eq!((again.status, again.body.as_str()), (304, ""));
}

#[test]
fn it_is_alive_ready_and_counts_by_route_template() {
    let town = Town::new();
    assert_eq!(town.get("/healthz").status, 200);
    let ready = town.get("/readyz");
    assert_eq!(ready.status, 200, "{}", ready.body);
    assert_eq!(ready.json()["checks"]["key"], "matches");
    town.answer(None, &answer(1, &json!({})));
    town.get("/r/0123-4567-89A");
    let metrics = town.get("/metrics").body;
    assert!(metrics.contains("sipas_responses_total{outcome=\"stored\"} 1"), "{metrics}");
    assert!(metrics.contains("route=\"/r/{code}\"") && !metrics.contains("4567"));
}
