//! Who watches a unit's figures, through every fold and through the close of a month, never sees them change by
//! fewer than five people's answers.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
};

use serde_json::Value;
use sipas::{domain::period::Day, http::state::Clock};

use crate::support::service::{TestService, a_submission};

/// What is asked for again and again: units by themselves, and the sum above them, by month and over all months.
const LOOKS: [(&str, &str); 4] = [
    ("by=unit,month&posters=without", "each month"),
    ("by=unit,month&posters=with", "with posters"),
    ("by=unit", "both months"),
    ("unit=tv&subtree=true", "the sum above"),
];

/// Respondents of the overall by unit, period and look; a hidden or absent figure counts nobody.
type Seen = BTreeMap<(String, String, &'static str), u64>;

fn look(service: &TestService, token: &str, months: &str, (query, look): (&str, &'static str)) -> Seen {
    let answer = service.get_as(token, &format!("/api/v1/scores?period={months}&{query}"));
    if answer.status != 200 {
        // Posters of a period without a closed month are not shown at all.
        assert_eq!((answer.status, look), (422, "with posters"), "{}", answer.text());
        return Seen::new();
    }
    let body = answer.json();
    let overall = body["rows"].as_array().unwrap().iter().filter(|row| row["node"] == "overall");
    let text = |row: &Value, name: &str| row[name].as_str().unwrap().to_owned();
    overall
        .map(|row| ((text(row, "unit"), text(row, "period"), look), row["respondents"].as_u64().unwrap_or(0)))
        .collect()
}

/// Every state that differs from the one before it, until told to stop and once more.
fn watch(service: &Arc<TestService>, token: &str, months: &str, stop: &Arc<AtomicBool>) -> Vec<Seen> {
    let mut states: Vec<Seen> = Vec::new();
    loop {
        let last = stop.load(Relaxed);
        for asked in LOOKS {
            let mut state = states.last().cloned().unwrap_or_default();
            state.extend(look(service, token, months, asked));
            if states.last() != Some(&state) {
                states.push(state);
            }
        }
        if last {
            return states;
        }
    }
}

fn assert_by_handfuls(states: &[Seen]) {
    for pair in states.windows(2) {
        for (figure, now) in &pair[1] {
            let before = pair[0].get(figure).copied().unwrap_or(0);
            let moved = now.abs_diff(before);
            assert!(moved == 0 || moved >= 5, "{figure:?} moved from {before} to {now}");
        }
    }
}

fn paper(unit: &str, day: Day, channel: &str) -> Value {
    let mut body = a_submission(unit, [4, 5, 3, 4, 2, 5]);
    body["channel"] = channel.into();
    if channel != "poster" {
        body["answered_on"] = day.to_string().into();
    }
    body
}

/// Three communes. The past month may be due by now: it closes when the test says so.
fn a_province() -> TestService {
    let service = TestService::start_with(&["--set", "close-after-days=300"]);
    service.import(
        "create,tv,,province,Tỉnh Trà Vinh,2020-01-01,,\n\
         create,tra-cu,tv,commune,Xã Trà Cú,2020-01-01,,\n\
         create,dai-an,tv,commune,Xã Đại An,2020-01-01,,\n\
         create,long-hiep,tv,commune,Xã Long Hiệp,2020-01-01,,",
    );
    service
}

#[test]
fn figures_move_by_five_people_or_not_at_all_even_through_a_close() {
    let service = Arc::new(a_province());
    let writer = service.token(&["responses:write"], None);
    let reader = service.token(&["scores:read"], None);
    let today = Clock::System.today();
    let past = today.month().plus(-1);
    let months = format!("{past}..{}", today.month());
    let stop = Arc::new(AtomicBool::new(false));
    let watcher = {
        let (service, stop) = (Arc::clone(&service), Arc::clone(&stop));
        thread::spawn(move || watch(&service, &reader, &months, &stop))
    };
    let send = |unit: &str, day: Day, channel: &str| {
        let token = if channel == "poster" { "" } else { &writer };
        let sent = service.post(token, "/api/v1/responses", &paper(unit, day, channel));
        assert_eq!(sent.status, 201, "{}", sent.text());
    };
    // 23 at one unit, 4 at another, 7 at a third, posters apart; last month and this one.
    for number in 0..23 {
        send("tra-cu", past.last_day(), "paper");
        send("tra-cu", today, "interviewer");
        if number < 4 {
            send("dai-an", past.first_day().max(today.plus(-59)), "paper");
        }
        if number < 7 {
            send("long-hiep", past.last_day(), "paper");
            send("tra-cu", today, "poster");
        }
    }
    service.cli_ok(&["period", "close", &past.to_string()]);
    // What comes for the closed month is carried into this one.
    for _ in 0..6 {
        send("tra-cu", past.last_day(), "paper");
    }
    thread::sleep(std::time::Duration::from_secs(2));
    stop.store(true, Relaxed);
    let states = watcher.join().unwrap();
    assert!(states.len() > 4, "the watcher saw the figures move: {states:?}");
    assert_by_handfuls(&states);
    let end = states.last().unwrap();
    let of = |unit: &str, month| end.get(&(unit.to_owned(), format!("{month}"), "each month")).copied();
    assert_eq!(of("dai-an", past), None, "four were carried: the sum above would have moved by them");
    let closed = of("tra-cu", past).unwrap();
    assert!((19..=23).contains(&closed), "at most four of 23 were carried: {closed}");
    let open = of("tra-cu", today.month()).unwrap();
    assert!(
        (48..=52).contains(&(closed + open)),
        "23 + 23 + 6, of which at most four wait: {closed} + {open}"
    );
    service.assert_sound();
}
