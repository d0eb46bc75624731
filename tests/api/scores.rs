//! Scores, tallies and counts, from folded answers.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sipas::domain::token::Scope;

use super::town::{Town, answer};

/// Sends so many answers by paper and waits until they are folded.
fn five_papers(town: &Town, unit: &str, first_key: u8) {
    let writer = town.token(&[Scope::ResponsesWrite], None);
    for key in first_key..first_key + 5 {
        let body = answer(key, &json!({"channel": "paper", "unit": unit}));
        assert_eq!(town.answer(Some(&writer), &body).status, 201);
    }
}

fn overall(body: &Value) -> Vec<Value> {
    let rows = body["rows"].as_array().unwrap().iter();
    rows.filter(|row| row["node_kind"] == "overall").cloned().collect()
}

fn until_folded(town: &Town, token: &str, path: &str) -> Vec<Value> {
    let patience = Instant::now() + Duration::from_secs(10);
    loop {
        let rows = overall(&town.get_as(token, path).json());
        if !rows.is_empty() || Instant::now() > patience {
            return rows;
        }
        std::thread::yield_now();
    }
}

#[test]
fn five_answers_become_a_score_that_its_own_people_see_and_the_public_does_not() {
    let town = Town::new();
    let analyst = town.token(&[Scope::ScoresRead], None);
    five_papers(&town, "tra-cu", 1);
    let rows = until_folded(&town, &analyst, "/api/v1/scores?period=2026-11");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(
        (&rows[0]["unit"], &rows[0]["respondents"], &rows[0]["score"]),
        (&json!("tra-cu"), &json!(5), &json!(100.0))
    );
    assert!(rows[0]["flags"].as_array().unwrap().contains(&json!("open_month")));
    assert_eq!(town.get("/api/v1/scores?period=2026-11").json()["rows"], json!([]));
    assert_eq!(town.get("/api/v1/scores?period=2026-01..2026-02").code(), "not-public");
}

#[test]
fn a_token_sees_its_own_subtree_and_a_district_is_the_sum_of_its_communes() {
    let town = Town::new();
    five_papers(&town, "tra-cu", 1);
    five_papers(&town, "dai-an", 11);
    let district = town.token(&[Scope::ScoresRead], Some("district"));
    let commune = town.token(&[Scope::ScoresRead], Some("dai-an"));
    until_folded(&town, &commune, "/api/v1/scores");
    let rows = until_folded(&town, &district, "/api/v1/scores?unit=district&subtree=true");
    assert_eq!(rows.len(), 1);
    let each = overall(&town.get_as(&district, "/api/v1/scores?unit=district&subtree=true&by=unit").json());
    let units: Vec<&str> = each.iter().map(|row| row["unit"].as_str().unwrap()).collect();
    assert!(units.contains(&"dai-an"), "{units:?}");
    assert_eq!(town.get_as(&commune, "/api/v1/scores?unit=tra-cu").code(), "outside-subtree");
    let csv = town.get_as(&district, "/api/v1/scores.csv?unit=dai-an");
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(csv.body.starts_with('\u{feff}') && csv.body.contains("\r\n"));
}

#[test]
fn a_breakdown_needs_a_closed_month_and_a_known_grouping() {
    let town = Town::new();
    let analyst = town.token(&[Scope::ScoresRead], None);
    let open = town.get_as(&analyst, "/api/v1/scores?period=2026-11&by=channel");
    assert_eq!(open.json()["errors"][0]["code"], "no_closed_month");
    let unknown = town.get_as(&analyst, "/api/v1/scores?by=shoe_size");
    let fault = unknown.json()["errors"][0].clone();
    assert_eq!(fault["pointer"], "/by");
    assert!(fault["allowed"].as_str().unwrap().contains("channel"));
    let two = town.get_as(&analyst, "/api/v1/scores?by=channel,language");
    assert_eq!(two.json()["errors"][0]["code"], "too_many");
}

#[test]
fn counts_say_how_many_came_by_day_and_channel() {
    let town = Town::new();
    let analyst = town.token(&[Scope::ScoresRead], None);
    five_papers(&town, "tra-cu", 1);
    until_folded(&town, &analyst, "/api/v1/scores");
    let counts = town.get_as(&analyst, "/api/v1/counts?period=2026-11").json();
    assert_eq!(
        counts["counts"],
        json!([{
            "unit": "tra-cu", "form": "one-stop-short", "month": "2026-11", "day": "2026-11-24",
            "channel": "paper", "responses": 5
        }])
    );
    assert_eq!((&counts["responses"], &counts["carried"]), (&json!(5), &json!(0)));
    let tallies = town.get_as(&analyst, "/api/v1/tallies").json();
    assert_eq!(tallies["tallies"], json!([]), "an open month has no tallies to show");
}
