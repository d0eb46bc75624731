//! What is served is described, and pages hold nothing that the content policy would refuse.

use std::collections::BTreeSet;

use sipas::http::{openapi, routes};

use super::{files, read};

/// The description describes everything but itself.
const DESCRIPTION: &str = "/api/v1/openapi.json";

/// Method and address of every route of the API.
fn routed() -> BTreeSet<(String, String)> {
    let of_the_api = routes::TABLE.iter().filter(|entry| entry.path.starts_with("/api/v1/"));
    of_the_api
        .flat_map(|entry| entry.methods.iter().map(|m| (m.to_ascii_lowercase(), entry.path.to_owned())))
        .collect()
}

fn described() -> BTreeSet<(String, String)> {
    let document = serde_json::to_value(openapi::document("http://sipas.test")).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let methods = |(address, item): (&String, &serde_json::Value)| {
        let methods = item.as_object().unwrap().keys().map(|method| (method.clone(), address.clone()));
        methods.collect::<Vec<_>>()
    };
    paths.into_iter().flat_map(methods).collect()
}

#[test]
fn every_route_of_the_api_is_described_and_nothing_else_is() {
    let mut routed = routed();
    assert!(routed.remove(&("get".to_owned(), DESCRIPTION.to_owned())));
    assert!(routed.len() > 10, "{routed:?}");
    assert_eq!(routed, described());
}

#[test]
fn the_running_service_hands_out_the_same_description() {
    let service = crate::support::service::TestService::start();
    let served = service.get(DESCRIPTION);
    assert_eq!(served.status, 200);
    let document = serde_json::to_value(openapi::document("http://sipas.test")).unwrap();
    assert_eq!(served.json()["paths"], document["paths"]);
}

/// An attribute that runs a script: a space, `on`, letters, `=`.
fn handler(text: &str) -> Option<&str> {
    let attribute = |run: &&str| {
        let name = run.strip_prefix("on").and_then(|rest| rest.split_once('='));
        name.is_some_and(|(event, _)| !event.is_empty() && event.bytes().all(|b| b.is_ascii_lowercase()))
    };
    text.split_whitespace().find(attribute)
}

/// The citizens' style, which the content policy knows by its hash, and a file of ours: nothing else runs or is drawn.
const KNOWN: [&str; 2] =
    ["<style>{{ shell.own_style() }}</style>", "<script src=\"{{ file }}\" defer></script>"];

#[test]
fn templates_hold_no_style_no_script_and_nothing_from_elsewhere() {
    let templates = files("src/http/templates");
    assert!(templates.len() >= 4, "{templates:?}");
    for path in templates {
        // A script of our own, by its address, is what the policy lets run.
        let mut text = read(&path).replace("<script src=\"{{ script }}\" defer></script>", "");
        if path.ends_with("/base.html") {
            text = KNOWN.iter().fold(text, |text, known| text.replacen(known, "", 1));
        }
        for refused in ["style=", "<style", "<script", "javascript:", "src=\"http", "href=\"http", "|safe"] {
            assert!(!text.contains(refused), "{path} has {refused}");
        }
        assert_eq!(handler(&text), None, "{path}");
    }
    assert_eq!(handler("<a href=x onclick=\"y()\">"), Some("onclick=\"y()\">"));
}
