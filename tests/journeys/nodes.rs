//! Several nodes on one PostgreSQL; on SQLite there is one, and a second is told so.

use std::{sync::Arc, thread};

use super::exported;
use crate::support::{
    database::on_postgres,
    service::{TestService, a_submission, sipas},
};

const EACH: usize = 100;

#[test]
fn two_nodes_take_answers_side_by_side_and_lose_none() {
    let first = TestService::with_units();
    if !on_postgres() {
        let second = sipas(&first.database, &["serve", "--listen", "127.0.0.1:0"]);
        let said = String::from_utf8_lossy(&second.stderr).into_owned();
        assert_eq!(second.status.code(), Some(3), "{said}");
        assert!(said.contains("holds sqlite://") && said.contains("help:"), "{said}");
        return;
    }
    let token = first.token(&["responses:write"], None);
    let second = TestService::on(Arc::clone(&first.database), &[]);
    let nodes = [Arc::new(first), Arc::new(second)];
    let people: Vec<_> = (0..8)
        .map(|person| {
            let (node, token) = (Arc::clone(&nodes[person % 2]), token.clone());
            thread::spawn(move || {
                for _ in 0..EACH {
                    let body = a_submission("tra-cu", [5, 4, 3, 4, 5, 4]);
                    assert_eq!(node.post(&token, "/api/v1/responses", &body).status, 201);
                }
            })
        })
        .collect();
    for person in people {
        person.join().unwrap();
    }
    // Whoever folds takes all that wait at that moment, so the last few may wait for a handful.
    nodes[0].eventually("all but less than a handful are folded", |node| folded_and_waiting(node).1 < 5);
    let (folded, waiting) = folded_and_waiting(&nodes[0]);
    assert_eq!(folded + waiting, 8 * EACH);
    let overall = [("unit", "tra-cu"), ("node", "overall")];
    assert_eq!(exported(&nodes[0], &[]).cell(&overall, "respondents"), folded.to_string());
    nodes[0].assert_sound();
}

/// Answers of the running month, as `sipas period list` counts them.
fn folded_and_waiting(node: &TestService) -> (usize, usize) {
    let months = node.cli_ok(&["period", "list"]);
    let cells: Vec<&str> = months.lines().last().expect("a month").split(',').collect();
    (cells[3].parse().expect("a count"), cells[4].parse().expect("a count"))
}

#[test]
fn a_key_sent_to_both_nodes_is_one_answer() {
    if !on_postgres() {
        return; // one node: tests/durability.rs sends the same key to it five times at once
    }
    let first = TestService::with_units();
    let token = first.token(&["responses:write"], None);
    let second = TestService::on(Arc::clone(&first.database), &[]);
    let bodies: Vec<_> = (0..50).map(|_| a_submission("dai-an", [4; 6])).collect();
    let stored: usize = thread::scope(|scope| {
        let senders: Vec<_> = [&first, &second, &first, &second]
            .into_iter()
            .map(|node| {
                scope.spawn(|| {
                    let statuses =
                        bodies.iter().map(|body| node.post(&token, "/api/v1/responses", body).status);
                    statuses.filter(|status| *status == 201).count()
                })
            })
            .collect();
        senders.into_iter().map(|sender| sender.join().unwrap()).sum()
    });
    assert_eq!(stored, 50);
    first.assert_sound();
}
