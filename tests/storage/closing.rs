//! What a closed month promises.

use sipas::{
    domain::{
        audit::By,
        period::{Month, Period},
        response::Class,
    },
    intake::{MonthClosed, close_month},
    storage::{
        folding::Folder,
        months,
        tallies::{self, TallyQuery},
    },
};

use super::{Crowd, assert_sound, crowd::day, fold_all};

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

fn close(crowd: &Crowd, closing: &str, steps: usize) -> MonthClosed {
    let forms = Crowd::forms();
    let folder = Folder { forms: &forms, keys: &crowd.keys };
    let mut left = steps;
    crowd
        .store
        .with(|db| {
            close_month(db, folder, month(closing), day("2026-11-24"), "", &By::service(0), &mut |_| {
                left -= 1;
                left > 0
            })
        })
        .unwrap()
}

fn responses(crowd: &Crowd, unit: &str, of: &str) -> u64 {
    let query = TallyQuery {
        units: Some(vec![unit.parse().unwrap()]),
        period: Period::month(month(of)),
        form: None,
        classes: vec![Class::Main],
    };
    let forms = Crowd::forms();
    let rows = crowd.store.with(|db| tallies::of_months(db, &forms, &query)).unwrap();
    rows.iter().map(|row| row.tally.responses).sum()
}

#[test]
fn a_close_folds_handfuls_and_carries_fewer() {
    let crowd = Crowd::new();
    crowd.with_units(&["a", "b", "c"]);
    crowd.answer(7, "a", "2026-10-05");
    fold_all(&crowd);
    crowd.answer(3, "a", "2026-10-06"); // carried: figures of a were shown
    crowd.answer(2, "b", "2026-10-06"); // carried: sums above b would move by them
    crowd.answer(6, "c", "2026-10-06"); // folded: a handful
    assert_eq!(close(&crowd, "2026-10", 100), MonthClosed::Now { carried: 5 });
    assert_eq!(["a", "b", "c"].map(|unit| responses(&crowd, unit, "2026-10")), [7, 0, 6]);
    assert_sound(&crowd);

    crowd.answer(2, "a", "2026-10-07"); // late: carried by the fold
    assert_eq!(fold_all(&crowd), 5);
    assert_eq!(responses(&crowd, "a", "2026-11"), 5);
    assert_eq!(responses(&crowd, "a", "2026-10"), 7);
    assert_eq!(close(&crowd, "2026-10", 100), MonthClosed::Before, "closed once");
    assert_sound(&crowd);
}

#[test]
fn a_close_that_was_cut_goes_on_where_it_was() {
    let crowd = Crowd::new();
    crowd.with_units(&["a", "b", "c"]);
    for unit in ["a", "b", "c"] {
        crowd.answer(9, unit, "2026-10-05");
    }
    fold_all(&crowd);
    assert_eq!(close(&crowd, "2026-10", 2), MonthClosed::Cut, "after two units");
    crowd.answer(5, "a", "2026-10-06"); // comes while the month is closing: waits, and is carried
    assert_eq!(fold_all(&crowd), 0);
    assert!(!crowd.store.with(months::states).unwrap().is_closed(month("2026-10")));
    assert_eq!(close(&crowd, "2026-10", 100), MonthClosed::Now { carried: 5 });
    assert_eq!(fold_all(&crowd), 5);
    assert_eq!(responses(&crowd, "a", "2026-11"), 5);
    assert_sound(&crowd);
}
