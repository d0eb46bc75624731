//! What "thank you" promises: killed in the middle of everything, nothing that was acknowledged is lost, and
//! nothing is counted twice.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::support::service::{TestService, a_submission};

const KILLS: usize = 20;
const PEOPLE: usize = 8;

/// Sends until told to stop; the bodies that were acknowledged.
fn people_answer(
    service: &Arc<TestService>,
    token: &str,
    stop: &Arc<AtomicBool>,
) -> Vec<thread::JoinHandle<Vec<Value>>> {
    (0..PEOPLE)
        .map(|person| {
            let (service, token, stop) = (Arc::clone(service), token.to_owned(), Arc::clone(stop));
            thread::spawn(move || {
                let mut acknowledged = Vec::new();
                while !stop.load(Relaxed) {
                    let unit = if person % 2 == 0 { "tra-cu" } else { "dai-an" };
                    let body = a_submission(unit, [5, 4, 3, 4, 5, 1]);
                    match service.try_send(service.json_request(&token, "/api/v1/responses", &body)) {
                        Ok(answer) if answer.status == 201 => acknowledged.push(body),
                        Ok(answer) => assert_eq!(answer.status, 503, "{}", answer.text()),
                        Err(_cut) => break,
                    }
                }
                acknowledged
            })
        })
        .collect()
}

/// Answers that are folded or wait.
fn on_disk(service: &TestService) -> u64 {
    let list = service.cli_ok(&["period", "list"]);
    list.lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            cells[3].parse::<u64>().unwrap_or(0) + cells[4].parse::<u64>().unwrap_or(0)
        })
        .sum()
}

#[test]
fn killed_twenty_times_under_load_nothing_acknowledged_is_lost() {
    let service = TestService::with_units();
    let token = service.token(&["responses:write", "scores:read"], None);
    let mut service = service;
    let mut acknowledged: Vec<Value> = Vec::new();
    for round in 0..KILLS {
        let shared = Arc::new(service);
        let stop = Arc::new(AtomicBool::new(false));
        let people = people_answer(&shared, &token, &stop);
        thread::sleep(Duration::from_millis(120 + 23 * u64::try_from(round % 7).unwrap()));
        shared.pull_the_plug();
        stop.store(true, Relaxed);
        for person in people {
            acknowledged.extend(person.join().unwrap());
        }
        service = Arc::into_inner(shared).expect("everybody has left");
        service.restart();
        let stored = on_disk(&service);
        let sent = u64::try_from(acknowledged.len()).unwrap();
        assert!(stored >= sent, "round {round}: {sent} acknowledged, {stored} on disk");
        // Not acknowledged, and yet on disk: at most one request of each person and kill.
        let unheard = u64::try_from((round + 1) * PEOPLE).unwrap();
        assert!(stored <= sent + unheard, "round {round}: {sent} acknowledged, {stored} on disk");
        service.assert_sound();
    }
    assert!(acknowledged.len() > KILLS, "there was load: {}", acknowledged.len());
    // Sent again, each is known; nothing is added.
    let before = on_disk(&service);
    for body in acknowledged.iter().rev().take(200) {
        assert_eq!(service.post(&token, "/api/v1/responses", body).status, 200);
    }
    assert_eq!(on_disk(&service), before);
    service.assert_sound();
}

#[test]
fn two_hundred_keys_sent_five_times_at_once_are_two_hundred_answers() {
    let service = Arc::new(TestService::with_units());
    let token = service.token(&["responses:write"], None);
    let bodies: Arc<Vec<Value>> = Arc::new((0..200).map(|_| a_submission("tra-cu", [4; 6])).collect());
    let outcomes = Arc::new(Mutex::new(Vec::new()));
    let people: Vec<_> = (0..5)
        .map(|_| {
            let (service, token, bodies, outcomes) =
                (Arc::clone(&service), token.clone(), Arc::clone(&bodies), Arc::clone(&outcomes));
            thread::spawn(move || {
                for (index, body) in bodies.iter().enumerate() {
                    let status = service.post(&token, "/api/v1/responses", body).status;
                    outcomes.lock().unwrap().push((index, status));
                }
            })
        })
        .collect();
    for person in people {
        person.join().unwrap();
    }
    let outcomes = outcomes.lock().unwrap();
    assert!(outcomes.iter().all(|(_, status)| matches!(status, 200 | 201)));
    let stored: Vec<usize> = outcomes.iter().filter(|(_, s)| *s == 201).map(|(index, _)| *index).collect();
    assert_eq!(stored.len(), 200, "each key was stored once");
    assert_eq!(stored.iter().collect::<HashSet<_>>().len(), 200);
    assert_eq!(on_disk(&service), 200);
    service.assert_sound();
}

#[test]
fn a_stop_in_the_middle_of_load_loses_nothing_either() {
    let mut service = TestService::with_units();
    let token = service.token(&["responses:write"], None);
    let mut sent = 0;
    for _ in 0..23 {
        assert_eq!(service.post(&token, "/api/v1/responses", &a_submission("tra-cu", [3; 6])).status, 201);
        sent += 1;
    }
    service.stop();
    service.restart();
    assert_eq!(on_disk(&service), sent);
    service.assert_sound();
}
