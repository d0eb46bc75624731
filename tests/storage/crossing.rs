//! A free cross counts the answers of closed months.

use std::collections::BTreeMap;

use sipas::{
    domain::{
        audit::By,
        crossing::{Cross, Crossing, Pair},
        grouping::Grouping,
        response::{Channel, Class},
    },
    intake::close_month,
    storage::{crossing, folding::Folder, tallies::TallyQuery},
};

use super::{Crowd, assert_sound, crowd::day, fold_all, tiny_form};

fn answer(crowd: &Crowd, unit: &str, on: &str, channel: Channel, levels: [i64; 2]) {
    let one = || crowd.submission(rand::random(), None, &Crowd::response(unit, on, channel, levels));
    let group: Vec<_> = (0..5).map(|_| one()).collect();
    crowd.accept(&group);
}

fn cross(crowd: &Crowd, units: &[&str], period: &str) -> Cross {
    let (form, mut last) = (tiny_form(), None);
    let query = TallyQuery {
        units: Some(units.iter().map(|unit| unit.parse().unwrap()).collect()),
        period: period.parse().unwrap(),
        form: None,
        classes: Class::ALL.to_vec(),
    };
    let crossing =
        Crossing { first: Grouping::Channel, second: Grouping::named(&form, "sex").unwrap(), criterion: 1 };
    let mut progress = |done, of| last = Some((done, of));
    let cross = crowd.store.with(|db| crossing::cross(db, &form, &query, &crossing, &mut progress)).unwrap();
    assert!(last.is_some_and(|(done, of)| done == of), "{last:?}");
    cross
}

#[test]
fn a_cross_counts_the_closed_months_and_the_units_that_were_asked_for() {
    let crowd = Crowd::new();
    crowd.with_units(&["a", "b", "c"]);
    answer(&crowd, "a", "2026-09-05", Channel::Api, [5, 4]);
    answer(&crowd, "a", "2026-10-05", Channel::Api, [5, 1]);
    answer(&crowd, "b", "2026-10-05", Channel::Paper, [5, 2]);
    answer(&crowd, "c", "2026-10-05", Channel::Paper, [5, 3]);
    answer(&crowd, "a", "2026-11-05", Channel::Api, [5, 5]);
    fold_all(&crowd);
    let forms = Crowd::forms();
    let folder = Folder { forms: &forms, keys: &crowd.keys };
    for month in ["2026-09", "2026-10"] {
        let month = month.parse().unwrap();
        let closing = |db: &mut _| {
            close_month(db, folder, month, day("2026-11-24"), "", &By::service(0), &mut |_| true)
        };
        crowd.store.with(closing).unwrap();
    }
    let key = |channel: &str| (channel.to_owned(), "skipped".to_owned());
    let api = |levels: [u64; 5]| (key("api"), Pair { answers: levels.iter().sum(), levels });
    let paper = |levels: [u64; 5]| (key("paper"), Pair { answers: levels.iter().sum(), levels });
    let expected = [
        (&["a", "b", "c"][..], "2026", vec![api([5, 0, 0, 5, 0]), paper([0, 5, 5, 0, 0])]),
        (&["a", "b"], "2026-10", vec![api([5, 0, 0, 0, 0]), paper([0, 5, 0, 0, 0])]),
        (&["a"], "2026-11", vec![]),
    ];
    for (units, period, pairs) in expected {
        let pairs: BTreeMap<_, _> = pairs.into_iter().collect();
        assert_eq!(cross(&crowd, units, period).0, pairs, "{units:?} {period}");
    }
}

/// So many answers that a segment's columns are packed apart, in one segment and the beginning of a second.
#[test]
fn segments_of_many_answers_are_counted_crossed_and_verified_as_small_ones() {
    let crowd = Crowd::new();
    crowd.with_units(&["a"]);
    let mut expected = [0; 5];
    for group in 0..22_i64 {
        let level = group % 5 + 1;
        let response = Crowd::response("a", "2026-10-05", Channel::Api, [5, level]);
        let group: Vec<_> = (0..100).map(|_| crowd.submission(rand::random(), None, &response)).collect();
        crowd.accept(&group);
        // Each fold opens the last segment again.
        fold_all(&crowd);
        expected[usize::try_from(level).unwrap() - 1] += 100;
    }
    let forms = Crowd::forms();
    let folder = Folder { forms: &forms, keys: &crowd.keys };
    let closing = |db: &mut _| {
        close_month(
            db,
            folder,
            "2026-10".parse().unwrap(),
            day("2026-11-24"),
            "",
            &By::service(0),
            &mut |_| true,
        )
    };
    crowd.store.with(closing).unwrap();
    let pair = Pair { answers: 2200, levels: expected };
    let pairs = BTreeMap::from([(("api".to_owned(), "skipped".to_owned()), pair)]);
    assert_eq!(cross(&crowd, &["a"], "2026-10").0, pairs);
    assert_sound(&crowd);
}
