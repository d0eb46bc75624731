//! The queues of tablets: sealed on the tablet, stored once and never twice, refused one by one, and nothing of it joins a
//! number to an answer.

use serde_json::{Value, json};
use sipas::keys::queue::{bound, seal_entry};

use super::{by_hand, town};
use crate::support::service::{TestService, a_submission, key};

const QUEUE: &str = "/api/v1/devices/queue";

struct Tablet<'a> {
    service: &'a TestService,
    secret: String,
    content: Value,
}

impl<'a> Tablet<'a> {
    fn new(service: &'a TestService, unit: &str) -> Self {
        let code = service.cli_ok(&["device", "enroll", "--unit", unit, "--desk", "Cửa 9"]);
        let device = service.post("", "/api/v1/devices/enroll", &json!({"code": code.trim()}));
        assert_eq!(device.status, 201, "{}", device.text());
        let secret = device.json()["credential"].as_str().unwrap().to_owned();
        let content = service.get_as(&secret, "/api/v1/devices/content");
        assert_eq!(content.status, 200, "{}", content.text());
        Self { service, secret, content: content.json() }
    }

    fn sealed(&self, key: &str, sequence: u32, change: impl FnOnce(&mut Value)) -> Value {
        let mut text = json!({
            "form": "one-stop-short", "version": 1, "language": "km", "day": "2026-11-01", "seconds": 60,
            "rapid": true, "answers": a_submission("tra-cu", [4; 6])["answers"],
        });
        change(&mut text);
        let id = self.content["device"].as_str().unwrap();
        let public = hex::decode(self.content["queue_key"]["public"].as_str().unwrap()).unwrap();
        let entry = seal_entry(&public, text.to_string().as_bytes(), &bound(id, sequence, key)).unwrap();
        let queue_key = &self.content["queue_key"]["number"];
        json!({"key": key, "sequence": sequence, "queue_key": queue_key, "sealed": hex::encode(entry)})
    }

    fn answer(&self, sequence: u32) -> Value {
        self.sealed(&key(), sequence, |_same| {})
    }

    /// What became of each: its outcome, or why it was refused.
    fn send(&self, entries: &[Value]) -> Vec<String> {
        let sent = self.service.post(&self.secret, QUEUE, &json!({"entries": entries}));
        assert_eq!(sent.status, 200, "{}", sent.text());
        let told = sent.json();
        let told = told["entries"].as_array().unwrap();
        assert_eq!(told.len(), entries.len());
        let word = |(told, entry): (&Value, &Value)| {
            assert_eq!(told["key"], entry["key"]);
            let word = if told["outcome"] == "refused" { &told["reason"] } else { &told["outcome"] };
            word.as_str().unwrap().to_owned()
        };
        told.iter().zip(entries).map(word).collect()
    }
}

#[test]
fn an_answer_counts_once_by_its_key_and_by_its_number_also_when_the_key_is_forgotten() {
    let service = town();
    let tablet = Tablet::new(&service, "tra-cu");
    let batch: Vec<Value> = (1..=20).map(|n| tablet.answer(n)).collect();
    assert_eq!(tablet.send(&batch), ["stored"; 20]);
    assert_eq!(tablet.send(&batch), ["repeated"; 20]);
    // The same number under another key, and the same entries when nobody knows their keys any more.
    assert_eq!(tablet.send(&[tablet.answer(7)]), ["repeated"]);
    by_hand(&service.database, "DELETE FROM retry_key");
    assert_eq!(tablet.send(&batch), ["repeated"; 20]);
    let next = service.get_as(&tablet.secret, "/api/v1/devices/content").json()["next"].clone();
    assert_eq!(next, 21);
    assert!(service.metrics_say("\"stored\"", 20));
    service.eventually("all are folded, each once", |service| service.metrics_say("\"folded\"", 20));
    service.assert_sound();
}

#[test]
fn many_who_send_the_same_at_the_same_moment_add_it_once() {
    let service = town();
    let tablet = Tablet::new(&service, "tra-cu");
    let batch: Vec<Value> = (1..=40).map(|n| tablet.answer(n)).collect();
    let outcomes: Vec<Vec<String>> = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..5).map(|_one| scope.spawn(|| tablet.send(&batch))).collect();
        senders.into_iter().map(|sender| sender.join().unwrap()).collect()
    });
    for entry in 0..batch.len() {
        let stored = outcomes.iter().filter(|outcome| outcome[entry] == "stored").count();
        assert_eq!(stored, 1, "entry {entry}: {outcomes:?}");
    }
    assert!(service.metrics_say("\"stored\"", 40), "{}", service.get("/metrics").text());
}

#[test]
fn one_bad_entry_never_stops_the_others() {
    let service = town();
    let tablet = Tablet::new(&service, "tra-cu");
    let other = Tablet::new(&service, "tra-cu");
    let mut moved = tablet.answer(90);
    moved["sequence"] = 3.into();
    let mut old = tablet.answer(4);
    old["queue_key"] = 99.into();
    let mut shapeless = tablet.answer(5);
    shapeless["sequence"] = "five".into();
    let foreign = other.answer(6);
    let level = tablet.sealed(&key(), 7, |text| text["answers"]["general"] = 9.into());
    let batch = [tablet.answer(1), moved, old, shapeless, foreign, level, tablet.answer(8)];
    let told = tablet.send(&batch);
    let expected =
        ["stored", "unreadable", "unknown_queue_key", "malformed", "unreadable", "invalid", "stored"];
    assert_eq!(told, expected);
    let again = tablet.send(&batch);
    let expected = ["repeated", "repeated", "repeated", "malformed", "repeated", "repeated", "repeated"];
    assert_eq!(again, expected, "each was decided over");
    for body in
        [json!({}), json!({"entries": [{"key": "x"}]}), json!({"entries": vec![tablet.answer(9); 51]})]
    {
        assert_eq!(service.post(&tablet.secret, QUEUE, &body).status, 422);
    }
    assert_eq!(service.post("", QUEUE, &json!({"entries": []})).status, 401);
}

#[test]
fn a_day_lies_between_the_first_day_of_the_tablet_and_today() {
    let service = town();
    let tablet = Tablet::new(&service, "tra-cu");
    let days = ["1999-01-01", "2999-01-01", "2026-01-01", "2200-06-05", "1970-01-01"];
    let batch: Vec<Value> =
        (1..=5).zip(days).map(|(n, day)| tablet.sealed(&key(), n, |text| text["day"] = day.into())).collect();
    assert_eq!(tablet.send(&batch), ["stored"; 5]);
    // Five are folded together only where all of them are of the same month.
    service.eventually("all are folded", |service| service.metrics_say("\"folded\"", 5));
    service.assert_sound();
}

#[test]
fn a_tablet_that_enrols_again_keeps_its_id_its_numbers_and_what_waits_on_it() {
    let service = town();
    let tablet = Tablet::new(&service, "tra-cu");
    assert_eq!(tablet.send(&[tablet.answer(1)]), ["stored"]);
    let waits = tablet.answer(2);
    let id = tablet.content["device"].as_str().unwrap();
    service.cli_ok(&["device", "revoke", id]);
    assert_eq!(service.post(&tablet.secret, QUEUE, &json!({"entries": [waits]})).status, 401);
    // A code of another tablet is not taken by one on which answers wait, and is not used up.
    let code = service.cli_ok(&["device", "enroll", "--unit", "tra-cu", "--desk", "Cửa 10"]);
    let enroll = "/api/v1/devices/enroll";
    let refused = service.post("", enroll, &json!({"code": code.trim(), "keeps": id}));
    assert_eq!(refused.status, 404, "{}", refused.text());
    assert_eq!(service.post("", enroll, &json!({"code": code.trim()})).status, 201);
    let tam = super::Somebody::new(&service, "tam", "operator", Some("tra-cu"));
    let page = tam.submit(&format!("/office/devices/{id}/again"), &[]).text();
    let code = super::between(&page, "<code class=\"secret\">", "</code>").to_owned();
    let again = service.post("", enroll, &json!({"code": code, "keeps": id})).json();
    assert_eq!(again["id"], id);
    let secret = again["credential"].as_str().unwrap().to_owned();
    let tablet = Tablet { secret, ..tablet };
    assert_eq!(tablet.send(std::slice::from_ref(&waits)), ["stored"]);
    assert_eq!(tablet.send(&[waits]), ["repeated"]);
}

#[test]
fn heartbeats_are_short_and_tell_what_is_new() {
    let service = town();
    let tablet = Tablet::new(&service, "tra-cu");
    let beat = |body: &Value| service.post(&tablet.secret, "/api/v1/devices/heartbeat", body);
    let said = json!({"app": "abc", "waiting": 3, "oldest": 700, "given": 12, "storage": "persistent", "battery": 80});
    let heard = beat(&said);
    assert_eq!(heard.status, 200, "{}", heard.text());
    assert_eq!(heard.json()["content"], tablet.content["tag"]);
    assert_eq!(heard.json()["queue_key"], 1);
    let next = service.get_as(&tablet.secret, "/api/v1/devices/content").json()["next"].clone();
    assert_eq!(next, 13, "no number twice, though none came");
    let mut long = said.clone();
    long["app"] = "x".repeat(1100).into();
    assert_eq!(beat(&long).status, 413);
    let faults = beat(&json!({"app": "é", "waiting": -1, "storage": "?"})).json();
    assert_eq!(faults["errors"].as_array().map(Vec::len), Some(4), "{faults}");
}
