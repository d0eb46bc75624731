//! What is sent to the running service: bodies of the API and forms of the page. Whatever comes, the answer is one that
//! is documented, and a fault says where it is.

use std::panic::AssertUnwindSafe;

use sipas::domain::token::Scope;

use super::{SPOILT, spoilt};
use crate::api::town::Town;

/// What may be answered to a body. 409 is a key that came with other content, 413 a body that is too long.
const OF_THE_API: [u16; 9] = [200, 201, 400, 404, 409, 410, 413, 415, 422];
/// What may be answered to a page's form: 303 is "thank you".
const OF_THE_PAGE: [u16; 8] = [200, 303, 400, 404, 409, 410, 413, 422];

fn post_body(town: &Town, token: &str, body: &[u8]) -> bool {
    let bearer = format!("Bearer {token}");
    let headers = [("content-type", "application/json"), ("authorization", bearer.as_str())];
    let answer = town.send("POST", "/api/v1/responses", &headers, body);
    assert!(OF_THE_API.contains(&answer.status), "{}: {}", answer.status, answer.body);
    if answer.status >= 400 {
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(!answer.code().is_empty(), "{}", answer.body);
        assert_eq!(answer.json()["status"], answer.status);
    }
    if answer.status == 422 {
        let told = answer.json();
        let faults = told["errors"].as_array().expect("a list of faults");
        assert!(!faults.is_empty(), "{told}");
        assert!(
            faults.iter().all(|fault| fault["pointer"].is_string() && fault["code"].is_string()),
            "{told}"
        );
    }
    answer.status < 300
}

#[test]
fn the_response_body() {
    let town = Town::new();
    let token = town.token(&[Scope::ResponsesWrite], None);
    spoilt("response_body", Vec::new(), SPOILT, |body| post_body(&town, &token, body));
    let here = AssertUnwindSafe((town, token));
    bolero::check!(name = "response_body").with_iterations(100).for_each(|body: &[u8]| {
        let (town, token) = &*here;
        _ = post_body(town, token, body);
    });
}

fn post_form(town: &Town, body: &[u8]) -> bool {
    let origin = format!("http://{}", town.address);
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept", "text/html"),
        ("origin", origin.as_str()),
    ];
    let answer = town.send("POST", "/u/tra-cu", &headers, body);
    assert!(OF_THE_PAGE.contains(&answer.status), "{}: {}", answer.status, answer.body);
    if answer.status != 303 {
        assert!(answer.header("content-type").starts_with("text/html"), "{}", answer.header("content-type"));
        assert!(answer.body.contains("<h1"), "{}", answer.body);
        assert!(!answer.body.contains("<script>x"), "what was typed comes back as text");
    }
    answer.status == 303
}

#[test]
fn the_form_post() {
    let town = Town::new();
    spoilt("form_post", Vec::new(), SPOILT, |body| post_form(&town, body));
    let town = AssertUnwindSafe(town);
    bolero::check!(name = "form_post")
        .with_iterations(100)
        .for_each(|body: &[u8]| _ = post_form(&town, body));
}
