//! The same key five times at once, across a restart, by two nodes: one answer.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::support::{
    database::on_postgres,
    people::on_disk,
    service::{TestService, a_submission},
};

const KEYS: usize = 200;
const AT_ONCE: usize = 5;

fn bodies() -> Vec<Value> {
    (0..KEYS).map(|number| a_submission(["tra-cu", "dai-an"][number % 2], [4; 6])).collect()
}

/// Five people send all the bodies, each to one of the nodes; which were stored, and how many posts were answered.
/// Nobody gives up before the other node answers, where one was killed.
fn send_all(
    nodes: &[&TestService],
    token: &str,
    bodies: &[Value],
    meanwhile: impl FnOnce(),
) -> (Vec<usize>, usize) {
    let (stored, answered) = (Mutex::new(Vec::new()), Mutex::new(0));
    thread::scope(|scope| {
        for number in 0..AT_ONCE {
            let (stored, answered) = (&stored, &answered);
            scope.spawn(move || {
                for (index, body) in bodies.iter().enumerate() {
                    let mut tries = nodes.iter().cycle().skip(number).take(nodes.len());
                    let answer = tries.find_map(|node| {
                        node.try_send(node.json_request(token, "/api/v1/responses", body)).ok()
                    });
                    let Some(answer) = answer else { return };
                    assert!(matches!(answer.status, 200 | 201), "{}", answer.text());
                    *answered.lock().unwrap() += 1;
                    if answer.status == 201 {
                        stored.lock().unwrap().push(index);
                    }
                }
            });
        }
        meanwhile();
    });
    (stored.into_inner().unwrap(), answered.into_inner().unwrap())
}

#[test]
fn two_hundred_keys_sent_five_times_at_once_are_two_hundred_answers() {
    let service = TestService::with_units();
    let token = service.token(&["responses:write"], None);
    let (stored, answered) = send_all(&[&service], &token, &bodies(), || ());
    assert_eq!(answered, KEYS * AT_ONCE);
    assert_eq!(stored.len(), KEYS, "each key was stored once");
    assert_eq!(stored.iter().collect::<HashSet<_>>().len(), KEYS);
    assert_eq!(on_disk(&service), 200);
    service.assert_sound();
}

#[test]
fn across_a_restart_they_are_two_hundred_answers_too() {
    let mut service = TestService::with_units();
    let token = service.token(&["responses:write"], None);
    let bodies = bodies();
    let (before, answered) = send_all(&[&service], &token, &bodies, || {
        service.eventually("some are stored", |service| {
            crate::support::people::counted(service, "stored") >= 20
        });
        service.pull_the_plug();
    });
    assert!(answered < KEYS * AT_ONCE, "the kill came in the middle: {answered}");
    service.restart();
    let (after, answered) = send_all(&[&service], &token, &bodies, || ());
    assert_eq!(answered, KEYS * AT_ONCE);
    let twice: Vec<_> = after.iter().filter(|index| before.contains(index)).collect();
    assert!(twice.is_empty(), "acknowledged before the kill and stored again after it: {twice:?}");
    assert_eq!(on_disk(&service), 200);
    service.assert_sound();
}

#[test]
fn sent_to_two_nodes_at_once_of_which_one_is_killed_they_are_two_hundred_answers_too() {
    if !on_postgres() {
        return; // one node: the tests above
    }
    let first = TestService::with_units();
    let token = first.token(&["responses:write"], None);
    let second = TestService::on(Arc::clone(&first.database), &[]);
    let (_, answered) = send_all(&[&first, &second], &token, &bodies(), || {
        thread::sleep(Duration::from_millis(150));
        second.pull_the_plug();
    });
    assert_eq!(answered, KEYS * AT_ONCE, "who lost a node asked the other");
    assert_eq!(on_disk(&first), 200);
    first.assert_sound();
}
