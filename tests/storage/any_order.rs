//! However answers come, and wherever folds and closes are cut: nothing is lost, nothing is counted twice, and the tallies
//! are those of all answers counted at once.

use proptest::{prelude::*, test_runner::FileFailurePersistence};
use sipas::{
    domain::{
        audit::By,
        period::Period,
        response::{Channel, Class},
        tally::Tally,
    },
    intake::close_month,
    storage::{
        folding::Folder,
        inbox,
        tallies::{self, TallyQuery},
    },
};

use super::{Crowd, assert_sound, crowd::day, fold_all, tiny_form};

const UNITS: [&str; 3] = ["a", "b", "c"];
/// Days of two months that may close, and of the one that is open.
const DAYS: [&str; 4] = ["2026-09-30", "2026-10-01", "2026-10-31", "2026-11-24"];

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// People answer in one group, at a unit, on a day, with these levels.
    Answer {
        unit: usize,
        day: usize,
        levels: Vec<[i64; 2]>,
    },
    Fold,
    /// A month closes, and is cut before so many units are done.
    Close {
        month: &'static str,
        cut_after: usize,
    },
}

fn a_step() -> impl Strategy<Value = Step> {
    let levels = prop::collection::vec((1..=5_i64, 1..=5_i64).prop_map(|(a, b)| [a, b]), 1..9);
    prop_oneof![
        4 => (0..UNITS.len(), 0..DAYS.len(), levels)
            .prop_map(|(unit, day, levels)| Step::Answer { unit, day, levels }),
        2 => Just(Step::Fold),
        1 => (prop_oneof![Just("2026-09"), Just("2026-10")], 1..5_usize)
            .prop_map(|(month, cut_after)| Step::Close { month, cut_after }),
    ]
}

fn answer(crowd: &Crowd, unit: &str, on: &str, levels: &[[i64; 2]]) {
    let group: Vec<_> = levels
        .iter()
        .map(|levels| {
            let response = Crowd::response(unit, on, Channel::Api, *levels);
            crowd.submission(rand::random(), None, &response)
        })
        .collect();
    assert!(crowd.accept(&group).iter().all(|outcome| *outcome == inbox::Accepted::Stored));
}

fn close(crowd: &Crowd, month: &str, cut_after: usize) {
    let forms = Crowd::forms();
    let folder = Folder { forms: &forms, keys: &crowd.keys };
    let mut left = cut_after;
    let mut go_on = |_: usize| {
        left -= 1;
        left > 0
    };
    let month = month.parse().unwrap();
    crowd
        .store
        .with(|db| close_month(db, folder, month, day("2026-11-24"), "", &By::service(0), &mut go_on))
        .unwrap();
}

/// All tallies together.
fn counted(crowd: &Crowd) -> Tally {
    let query = TallyQuery {
        units: None,
        period: "2026".parse::<Period>().unwrap(),
        form: None,
        classes: Class::ALL.to_vec(),
    };
    let forms = Crowd::forms();
    let rows = crowd.store.with(|db| tallies::of_months(db, &forms, &query)).unwrap();
    let mut sum = Tally::empty(&tiny_form());
    for row in &rows {
        sum.merge(&row.tally);
    }
    sum
}

/// Options and nodes; how many were carried depends on when what was closed.
fn figures(tally: &Tally) -> (u64, Vec<Vec<u64>>, Vec<[u64; 6]>) {
    let form = tiny_form();
    let nodes = (0..form.nodes().len()).map(|index| {
        let sums = tally.node(index);
        [sums.people, sums.m, sums.s, sums.m2, sums.s2, sums.ms]
    });
    let columns = (0..form.columns().len()).map(|index| tally.column(index).to_vec());
    (tally.responses, columns.collect(), nodes.collect())
}

fn happens(crowd: &Crowd, steps: &[Step]) -> Tally {
    let form = tiny_form();
    let mut all = Tally::empty(&form);
    for step in steps {
        match step {
            Step::Answer { unit, day, levels } => {
                answer(crowd, UNITS[*unit], DAYS[*day], levels);
                for levels in levels {
                    let response = Crowd::response(UNITS[*unit], DAYS[*day], Channel::Api, *levels);
                    all.add_row(&form, &response.answers.row, false);
                }
            }
            Step::Fold => _ = fold_all(crowd),
            Step::Close { month, cut_after } => close(crowd, month, *cut_after),
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 12,
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_order_and_any_cutting_of_folds_and_closes_counts_every_answer_once(
        steps in prop::collection::vec(a_step(), 1..14),
    ) {
        let crowd = Crowd::new();
        crowd.with_units(&UNITS);
        let mut all = happens(&crowd, &steps);
        assert_sound(&crowd);
        // What was cut goes on; a handful more of each unit, so that nothing waits.
        let end: Vec<Step> = ["2026-09", "2026-10"].map(|month| Step::Close { month, cut_after: 99 }).to_vec();
        happens(&crowd, &end);
        let more = |unit| Step::Answer { unit, day: 3, levels: vec![[5, 1]; 5] };
        all.merge(&happens(&crowd, &[more(0), more(1), more(2), Step::Fold]));
        prop_assert_eq!(crowd.store.with(inbox::waiting).unwrap(), 0);
        prop_assert_eq!(figures(&counted(&crowd)), figures(&all));
        assert_sound(&crowd);
    }
}
