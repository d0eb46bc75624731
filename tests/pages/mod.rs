//! Pages for people, as a browser without scripts uses them.

mod browser;
mod budgets;
mod colours;
mod everybody;
mod journeys;
mod stages;
mod states;
mod words;

use std::collections::BTreeMap;

use crate::api::town::{Answer, Town};

/// The fields of the page's form that have a value.
fn hidden(page: &Answer) -> BTreeMap<String, String> {
    let parsed = scraper::Html::parse_document(&page.body);
    let fields = scraper::Selector::parse("input[type=hidden]").unwrap();
    let value =
        |input: scraper::ElementRef<'_>, name| input.value().attr(name).unwrap_or_default().to_owned();
    parsed.select(&fields).map(|input| (value(input, "name"), value(input, "value"))).collect()
}

fn encoded(fields: &BTreeMap<String, String>) -> String {
    fields
        .iter()
        .map(|(name, value)| format!("{name}={}", value.replace(' ', "+")))
        .collect::<Vec<_>>()
        .join("&")
}

fn send(town: &Town, path: &str, fields: &BTreeMap<String, String>) -> Answer {
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
    town.send("POST", path, &headers, encoded(fields).as_bytes())
}

#[test]
fn a_receipt_is_answered_once_and_back_and_reload_add_nothing() {
    let town = Town::new();
    let code = town.receipts(1).remove(0);
    let path = format!("/r/{code}");
    let page = town.get(&path);
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    let mut fields = hidden(&page);
    fields.insert("access.ease".to_owned(), "5".to_owned());
    let sent = send(&town, &path, &fields);
    assert_eq!((sent.status, sent.header("location")), (303, "/thanks"));
    for _ in 0..5 {
        assert_eq!(town.get("/thanks").status, 200);
        assert_eq!(send(&town, &path, &fields).status, 303, "the same page again is the same answer");
    }
    fields.insert("access.ease".to_owned(), "1".to_owned());
    assert_eq!(send(&town, &path, &fields).status, 409);
    assert_eq!(town.get(&path).status, 200);
    assert_eq!(town.get("/metrics").body.matches("outcome=\"stored\"} 1").count(), 1);
}

#[test]
fn opening_and_link_previews_change_nothing() {
    let town = Town::new();
    let code = town.receipts(1).remove(0).replace('-', "");
    for path in [format!("/r/{code}"), format!("/R/{code}"), format!("/r/{}", code.to_lowercase())] {
        let preview = town.send("HEAD", &path, &[], &[]);
        assert_eq!((preview.status, preview.body.as_str()), (200, ""));
        assert!(!hidden(&town.get(&path)).is_empty());
    }
}

#[test]
fn faults_come_back_with_everything_that_was_typed() {
    let town = Town::new();
    let path = "/u/tra-cu";
    let mut fields = hidden(&town.get(path));
    let empty = send(&town, path, &fields);
    assert_eq!(empty.status, 422);
    fields.insert("access.ease".to_owned(), "9".to_owned());
    fields.insert("comment".to_owned(), "cho lau".to_owned());
    let faulty = send(&town, path, &fields);
    assert_eq!(faulty.status, 422);
    assert!(faulty.body.contains("cho lau"));
    assert_eq!(hidden(&faulty), hidden(&town_page(&faulty)), "the same key is sent again");
    fields.insert("access.ease".to_owned(), "4".to_owned());
    assert_eq!(send(&town, path, &fields).status, 303);
}

fn town_page(answer: &Answer) -> Answer {
    Answer { status: answer.status, headers: answer.headers.clone(), body: answer.body.clone() }
}

#[test]
fn a_closed_units_poster_leads_to_its_successor() {
    let town = Town::new();
    let moved = town.get("/U/OLD?lang=km");
    assert_eq!((moved.status, moved.header("location")), (303, "/u/tra-cu?lang=km"));
    assert_eq!(town.get("/u/nowhere").status, 404);
}

#[test]
fn a_form_of_another_site_is_refused() {
    let town = Town::new();
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", "https://evil.test")];
    let refused = town.send("POST", "/u/tra-cu", &headers, b"access.ease=5");
    assert_eq!((refused.status, refused.code().as_str()), (403, "cross-site"));
}

#[test]
fn a_language_is_chosen_by_link_and_remembered() {
    let town = Town::new();
    let chosen = town.get("/r?lang=km");
    assert!(chosen.header("set-cookie").starts_with("lang=km; Path=/"));
    let later = town.send("GET", "/r", &[("cookie", "lang=km")], &[]);
    assert_eq!((later.header("content-language"), later.header("set-cookie")), ("km", ""));
}

#[test]
fn a_typed_code_leads_to_its_form_and_a_slip_is_told() {
    let town = Town::new();
    let code = town.receipts(1).remove(0);
    let led = town.get(&format!("/r?code={}", code.to_lowercase()));
    assert_eq!(
        (led.status, led.header("location").to_owned()),
        (303, format!("/r/{}", code.replace('-', "")))
    );
    assert_eq!(town.get("/r?code=ABC").status, 422);
}
