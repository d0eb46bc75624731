//! `POST /api/v1/responses`.

use serde_json::json;
use sipas::domain::token::Scope;

use super::town::{Town, answer};

#[test]
fn the_same_key_is_stored_once_and_other_content_is_a_conflict() {
    let town = Town::new();
    let body = answer(1, &json!({}));
    assert_eq!(town.answer(None, &body).status, 201);
    assert_eq!(town.answer(None, &body).status, 200);
    let other = town.answer(None, &answer(1, &json!({"answers": {"access.ease": 1}})));
    assert_eq!((other.status, other.code().as_str()), (409, "key-conflict"));
}

#[test]
fn all_faults_come_at_once_each_at_its_place_and_without_what_was_typed() {
    let town = Town::new();
    let faulty = answer(
        2,
        &json!({
            "language": "fr",
            "answered_on": null,
            "answers": {"access.ease": 9, "comment": {"missing": "dont_know"}, "a/b": true, "result.delivery": [1]},
        }),
    );
    let answered = town.answer(None, &faulty);
    assert_eq!((answered.status, answered.header("content-type")), (422, "application/problem+json"));
    let errors = answered.json()["errors"].clone();
    let mut places: Vec<(&str, &str)> = errors
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap()))
        .collect();
    places.sort_unstable();
    assert_eq!(
        places,
        [
            ("/answers/access.ease", "out_of_range"),
            ("/answers/a~1b", "unknown_question"),
            ("/answers/comment", "missing_not_offered"),
            ("/answers/result.delivery", "wrong_type"),
            ("/language", "unknown_option"),
        ]
    );
    let allowed = errors.as_array().unwrap().iter().find(|e| e["pointer"] == "/answers/access.ease");
    assert_eq!(allowed.unwrap()["allowed"], "1..5");
}

#[test]
fn the_shape_of_every_member_is_looked_at_and_nothing_is_repeated() {
    let town = Town::new();
    let secret = "Nguyễn Văn Bí Mật 0912345678";
    let body = json!({"submission_key": secret, "version": "x", "channel": 3, "answers": [], "name": secret});
    let answered = town.answer(None, &body);
    assert_eq!(answered.status, 422);
    assert!(!answered.body.contains("0912"), "{}", answered.body);
    let errors = answered.json()["errors"].clone();
    let mut places: Vec<&str> =
        errors.as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
    places.sort_unstable();
    assert_eq!(
        places,
        ["/answers", "/channel", "/form", "/language", "/name", "/submission_key", "/unit", "/version"]
    );
}

#[test]
fn who_may_claim_which_channel() {
    let town = Town::new();
    let writer = town.token(&[Scope::ResponsesWrite], Some("district"));
    let reader = town.token(&[Scope::ScoresRead], None);
    let by = |channel: &str| answer(3, &json!({"channel": channel}));
    for (token, channel, code) in [
        (None, "paper", "channel-not-allowed"),
        (None, "api", "channel-not-allowed"),
        (None, "kiosk", "channel-not-allowed"),
        (Some(&writer), "kiosk", "channel-not-allowed"),
        (Some(&writer), "poster", "channel-not-allowed"),
        (Some(&reader), "paper", "missing-scope"),
    ] {
        let refused = town.answer(token.map(String::as_str), &by(channel));
        assert_eq!((refused.status, refused.code().as_str()), (403, code), "{channel}");
    }
    let unknown = town.answer(Some("no such token"), &by("paper"));
    assert_eq!(unknown.status, 401);
    assert!(unknown.header("www-authenticate").starts_with("Bearer"));
    let outside = answer(4, &json!({"channel": "paper", "unit": "elsewhere"}));
    assert_eq!(town.answer(Some(&writer), &outside).code(), "outside-subtree");
    assert_eq!(town.answer(Some(&writer), &by("paper")).status, 201);
}

#[test]
fn a_day_may_be_named_by_a_writer_and_at_most_sixty_days_back() {
    let town = Town::new();
    let writer = town.token(&[Scope::ResponsesWrite], None);
    let on = |key, day: &str| answer(key, &json!({"channel": "paper", "answered_on": day}));
    assert_eq!(town.answer(Some(&writer), &on(1, "2026-09-25")).status, 201);
    for day in ["2026-09-24", "2026-11-25"] {
        let refused = town.answer(Some(&writer), &on(2, day));
        assert_eq!(refused.status, 422);
        assert_eq!(refused.json()["errors"][0]["pointer"], "/answered_on");
    }
    let anybody = answer(3, &json!({"answered_on": "2026-11-20"}));
    assert_eq!(town.answer(None, &anybody).code(), "day-not-allowed");
}

#[test]
fn a_closed_unit_takes_no_poster_and_names_its_successor() {
    let town = Town::new();
    let refused = town.answer(None, &answer(1, &json!({"unit": "old"})));
    let fault = refused.json()["errors"][0].clone();
    assert_eq!(
        (refused.status, &fault["code"], &fault["allowed"]),
        (422, &json!("closed_unit"), &json!("tra-cu"))
    );
    let nowhere = town.answer(None, &answer(1, &json!({"unit": "nowhere"})));
    assert_eq!(nowhere.json()["errors"][0]["code"], "unknown_unit");
}

#[test]
fn many_parallel_copies_of_one_key_are_one_answer() {
    let town = Town::new();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let body = answer(9, &json!({}));
        let town = &town;
        let workers: Vec<_> = (0..5)
            .map(|_| {
                let body = body.clone();
                scope.spawn(move || town.answer(None, &body).status)
            })
            .collect();
        workers.into_iter().map(|w| w.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|s| **s == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|s| **s == 200).count(), 4, "{statuses:?}");
}
