//! Verify finds whatever was altered.

use diesel::RunQueryDsl as _;
use sipas::{
    domain::{audit::By, response::Channel},
    intake::close_month,
    storage::{folding::Folder, verify},
};

use super::{Crowd, assert_sound, crowd::day, fold_all};

/// Three units in a closed month, each with other answers, and one unit in an open month.
fn town() -> Crowd {
    let crowd = Crowd::new();
    crowd.with_units(&["a", "b", "c"]);
    for (unit, levels) in [("a", [5, 4]), ("b", [1, 4]), ("c", [3, 3])] {
        for (channel, on) in [(Channel::Api, "2026-10-05"), (Channel::Paper, "2026-10-06")] {
            let one = || crowd.submission(rand::random(), None, &Crowd::response(unit, on, channel, levels));
            let group: Vec<_> = (0..6).map(|_| one()).collect();
            crowd.accept(&group);
        }
    }
    crowd.answer(7, "a", "2026-11-20");
    fold_all(&crowd);
    let forms = Crowd::forms();
    let folder = Folder { forms: &forms, keys: &crowd.keys };
    let month = "2026-10".parse().unwrap();
    let closing =
        |db: &mut _| close_month(db, folder, month, day("2026-11-24"), "", &By::service(0), &mut |_| true);
    crowd.store.with(closing).unwrap();
    assert_sound(&crowd);
    crowd
}

fn findings(crowd: &Crowd) -> Vec<String> {
    let forms = Crowd::forms();
    let mut seen = Vec::new();
    let verified =
        crowd.store.with(|db| verify::verify(db, &forms, &mut |done, of| seen.push((done, of)))).unwrap();
    assert_eq!(seen, [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]);
    verified.findings
}

#[test]
fn every_altered_block_tally_and_breakdown_is_found() {
    let of_b = "unit = 'b' AND month = (SELECT max(month) FROM month_state)";
    for (alteration, told) in [
        (
            format!("UPDATE segment SET bytes = (SELECT bytes FROM segment WHERE unit = 'c') WHERE {of_b}"),
            "b tiny version 1 2026-10 Main: tally, access.place level_1: stored 12, counted 0",
        ),
        (format!("UPDATE segment SET responses = 11 WHERE {of_b}"), "its number of answers"),
        (format!("UPDATE segment SET number = 1 WHERE {of_b}"), "a segment is missing"),
        (format!("DELETE FROM segment WHERE {of_b}"), "Main: has a tally and no block"),
        (
            format!("UPDATE tally SET counts = (SELECT counts FROM tally WHERE unit = 'c') WHERE {of_b}"),
            "tally, access.place level_3: stored 12, counted 0",
        ),
        (format!("UPDATE tally SET responses = 13 WHERE {of_b}"), "another number of answers"),
        (format!("DELETE FROM tally WHERE {of_b}"), "has a block and no tally"),
        (
            format!(
                "UPDATE breakdown SET counts = (SELECT counts FROM tally WHERE unit = 'b') \
                 WHERE {of_b} AND group_name = 'paper'"
            ),
            "breakdown channel paper, responses: stored 12, counted 6",
        ),
        (
            format!("DELETE FROM breakdown WHERE {of_b} AND group_name = 'api'"),
            "breakdown channel api, responses: stored 0, counted 6",
        ),
        (
            format!("UPDATE breakdown SET group_name = 'kiosk' WHERE {of_b} AND group_name = 'api'"),
            "breakdown channel kiosk, responses: stored 6, counted 0",
        ),
        (
            "UPDATE breakdown SET month = (SELECT max(month) FROM tally) WHERE unit = 'a'".to_owned(),
            "an open month has breakdowns",
        ),
    ] {
        let crowd = town();
        let alter = |db: &mut _| Ok(diesel::sql_query(&alteration).execute(db)?);
        assert!(crowd.store.with(alter).unwrap() > 0, "{alteration}");
        let found = findings_of(&crowd);
        assert!(found.iter().any(|line| line.contains(told)), "{alteration}: {found:#?}");
    }
}

fn findings_of(crowd: &Crowd) -> Vec<String> {
    let forms = Crowd::forms();
    crowd.store.with(|db| verify::verify(db, &forms, &mut |_, _| {})).unwrap().findings
}

#[test]
fn findings_stand_in_the_order_of_places_and_progress_is_told() {
    let crowd = town();
    assert_eq!(findings(&crowd), Vec::<String>::new());
    let alter = |db: &mut _| Ok(diesel::sql_query("UPDATE tally SET responses = 99").execute(db)?);
    crowd.store.with(alter).unwrap();
    let units: Vec<String> = findings(&crowd).iter().map(|line| line.chars().take(1).collect()).collect();
    assert_eq!(units, ["a", "a", "b", "c"]);
}
