//! The clock of the machine is set back a day: no key is forgotten, no answer is lost, none is counted twice.

use std::{sync::Arc, thread};

use sipas::{domain::period::Day, http::state::Clock};

use super::server::under_load;
use crate::support::{
    database::PrivateDatabase,
    harm::TestClock,
    people::{Ledger, Town, assert_all_there_once, on_disk},
    service::{TestService, a_submission},
};

/// A service on a day of the test's choice.
fn on_day(day: Day) -> (TestService, TestClock) {
    let mut database = PrivateDatabase::new();
    let clock = TestClock::before(&mut database);
    clock.set(day);
    (TestService::with_units_on(database), clock)
}

fn assert_whole(service: &TestService, town: &Town, ledger: &mut Ledger) {
    assert_all_there_once(service, &town.token, ledger);
    assert_eq!(on_disk(service), u64::try_from(ledger.acknowledged.len()).unwrap());
    service.assert_sound();
}

#[test]
fn a_clock_set_back_a_day_forgets_no_key_and_takes_answers_and_codes() {
    let today = Clock::System.today();
    let (mut service, clock) = on_day(today);
    let town = Town::new(&service, &["tra-cu", "dai-an"]);
    town.issue(&service, 2, 150);
    let mut ledger = under_load(&service, &town, || clock.set(today.plus(-1)));
    assert_whole(&service, &town, &mut ledger);
    service.stop();
    service.restart();
    ledger.extend(under_load(&service, &town, || ()));
    assert_whole(&service, &town, &mut ledger);
    clock.set(today.plus(1));
    ledger.extend(under_load(&service, &town, || ()));
    assert_whole(&service, &town, &mut ledger);
}

#[test]
fn a_clock_set_back_into_a_closed_month_carries_what_comes() {
    let first = Clock::System.today().month().plus(1).first_day();
    let past = first.month().plus(-1);
    let (mut service, clock) = on_day(past.last_day());
    let token = service.token(&["responses:write"], None);
    let send = |service: &TestService| {
        let bodies: Vec<_> = (0..6).map(|_| a_submission("tra-cu", [4; 6])).collect();
        for (body, status) in bodies.iter().zip([201; 6]).chain(bodies.iter().zip([200; 6])) {
            assert_eq!(service.post(&token, "/api/v1/responses", body).status, status);
        }
    };
    send(&service);
    clock.set(first);
    service.cli_ok(&["period", "close", &past.to_string()]);
    send(&service);
    let closed = line_of(&service, &past.to_string());
    assert!(closed.contains(",closed,"), "{closed}");
    // A day back: the month that is closed is the running one again.
    clock.set(past.last_day());
    send(&service);
    service.stop();
    service.restart();
    send(&service);
    assert_eq!(on_disk(&service), 24);
    let said = service.cli(&["period", "close", &past.to_string()]);
    assert_eq!(said.status.code(), Some(3), "it has not ended, on this day");
    service.eventually("a closed month never changes: what waits for it is carried", |service| {
        line_of(service, &past.to_string()) == closed
    });
    clock.set(first);
    service.eventually("what came for the closed month is carried and folded", |service| {
        let running = line_of(service, &first.month().to_string());
        running.split(',').nth(3).is_some_and(|folded| folded.parse::<u64>().unwrap_or(0) >= 15)
    });
    assert_eq!(on_disk(&service), 24);
    service.assert_sound();
}

/// The line of a month, as `sipas period list` has it.
fn line_of(service: &TestService, month: &str) -> String {
    let list = service.cli_ok(&["period", "list"]);
    list.lines().find(|line| line.starts_with(month)).unwrap_or_default().to_owned()
}

#[test]
fn two_nodes_whose_clocks_differ_by_a_day_agree_on_every_key() {
    if !crate::support::database::on_postgres() {
        return; // one node
    }
    let today = Clock::System.today();
    let (first, clock) = on_day(today);
    let second = TestService::on(Arc::clone(&first.database), &[]);
    clock.set(today.plus(-1));
    let town = Town::new(&first, &["tra-cu", "dai-an"]);
    let stop = std::sync::atomic::AtomicBool::new(false);
    let mut ledger = thread::scope(|scope| {
        let people = scope.spawn(|| town.send_to(&[&first, &second], 7, &stop));
        thread::sleep(std::time::Duration::from_millis(300));
        clock.set(today);
        thread::sleep(std::time::Duration::from_millis(300));
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        people.join().unwrap()
    });
    assert_whole(&second, &town, &mut ledger);
}
