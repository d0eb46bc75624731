//! The algebra: whatever people answer, counting in any order and any parts gives the same vectors.

mod counting;

use std::collections::BTreeMap;

use proptest::prelude::*;
use sipas::domain::{
    answers::{RawAnswer, RuledOut},
    block::{Record, Segment},
    counting::breakdown,
    form::Form,
    grouping::Grouping,
    ids::Language,
    recount::differences,
    response::{Assisted, Channel, Pace, ServiceField},
    tally::Tally,
};

use crate::storage::tiny_form;

fn a_row() -> impl Strategy<Value = Vec<u8>> {
    let level = prop_oneof![1..=5_u8, 0xFC..=0xFF_u8];
    let sex = prop_oneof![0..=1_u8, 0xFC..=0xFF_u8];
    (level.clone(), level, sex).prop_map(|(a, b, c)| vec![a, b, c])
}

fn a_record() -> impl Strategy<Value = Record> {
    (a_row(), 0..=31_u8, 0..Channel::ALL.len(), prop_oneof!["", "withheld", "land", "civil"], 0..32_u8)
        .prop_map(|(row, day, channel, field, flags)| Record {
            day,
            service_field: ServiceField::read(&field),
            channel: Channel::ALL[channel],
            language: if flags % 2 == 0 { Language::VI } else { Language::KM },
            assisted: Assisted::No,
            pace: Pace::Unknown,
            flags,
            row,
        })
}

fn count(form: &Form, rows: &[Vec<u8>]) -> Tally {
    let mut tally = Tally::empty(form);
    for row in rows {
        tally.add_row(form, row, false);
    }
    tally
}

fn raw_answer() -> impl Strategy<Value = RawAnswer> {
    prop_oneof![
        any::<i64>().prop_map(RawAnswer::Number),
        (1..=5_i64).prop_map(RawAnswer::Number),
        ".{0,600}".prop_map(RawAnswer::Text),
        prop_oneof!["female", "male", ""].prop_map(RawAnswer::Text),
        proptest::collection::vec("[a-z]{0,6}", 0..4).prop_map(RawAnswer::Codes),
        prop_oneof!["dont_know", "skipped", "not_asked", "not_applicable", "x"].prop_map(RawAnswer::Missing),
    ]
}

fn segment_of(form: &Form, records: &[Record]) -> Segment {
    let mut segment = Segment::new(form.width());
    for record in records {
        segment.push(record);
    }
    segment
}

proptest! {
    #[test]
    fn merging_is_commutative_associative_and_equals_a_recount(
        a in proptest::collection::vec(a_row(), 0..20),
        b in proptest::collection::vec(a_row(), 0..20),
        c in proptest::collection::vec(a_row(), 0..20),
    ) {
        let form = tiny_form();
        let (ta, tb, tc) = (count(&form, &a), count(&form, &b), count(&form, &c));
        let merged = |parts: &[&Tally]| {
            let mut sum = Tally::empty(&form);
            for part in parts {
                sum.merge(part);
            }
            sum
        };
        let all = count(&form, &[a, b, c].concat());
        prop_assert_eq!(&merged(&[&ta, &tb, &tc]), &all);
        prop_assert_eq!(&merged(&[&tc, &ta, &tb]), &all);
        prop_assert_eq!(&merged(&[&merged(&[&tb, &tc]), &ta]), &all);
        prop_assert_eq!(&merged(&[&Tally::default(), &all]), &all, "the identity");
        prop_assert!(differences(&form, &merged(&[&ta, &tb, &tc]), &all).is_empty());
    }

    #[test]
    fn a_tally_is_stored_and_read_back_whole(rows in proptest::collection::vec(a_row(), 0..50)) {
        let form = tiny_form();
        let tally = count(&form, &rows);
        let bytes = tally.to_bytes();
        prop_assert_eq!(Tally::from_bytes(&form, &bytes).unwrap(), tally);
        prop_assert!(Tally::from_bytes(&form, &bytes[..bytes.len() - 1]).is_err());
    }

    #[test]
    fn people_never_exceed_valid_answers(rows in proptest::collection::vec(a_row(), 0..50)) {
        let form = tiny_form();
        let tally = count(&form, &rows);
        for index in 0..form.nodes().len() {
            let sums = tally.node(index);
            prop_assert!(sums.people <= sums.m && sums.s <= sums.m && sums.people <= tally.responses);
            prop_assert!(sums.s2 <= sums.m2 && sums.s2 <= sums.ms && sums.ms <= sums.m2);
        }
    }

    #[test]
    fn a_segment_is_stored_and_read_back_whole(records in proptest::collection::vec(a_record(), 0..60)) {
        let mut segment = Segment::new(3);
        for record in &records {
            segment.push(record);
        }
        let read = Segment::from_bytes(&segment.to_bytes()).unwrap();
        prop_assert_eq!(read.records().collect::<Vec<_>>(), records);
    }

    #[test]
    fn groups_of_a_single_choice_grouping_add_up_to_the_whole(
        records in proptest::collection::vec(a_record(), 0..60),
    ) {
        let form = tiny_form();
        let mut whole = Tally::empty(&form);
        for r in &records {
            whole.add_row(&form, &r.row, r.carried());
        }
        let tallies = breakdown(&form, &[segment_of(&form, &records)]);
        for grouping in Grouping::all(&form) {
            let mut sum = Tally::empty(&form);
            tallies.iter().filter(|((name, _), _)| name == grouping.name(&form)).for_each(|(_, t)| sum.merge(t));
            prop_assert_eq!(&sum, &whole, "{}", grouping.name(&form));
        }
    }

    #[test]
    fn whatever_is_sent_is_either_a_row_of_the_form_or_faults_that_do_not_repeat_it(
        raw in proptest::collection::btree_map(
            prop_oneof!["access.place", "access.seats", "sex", "comment", "[a-z.]{1,9}"], raw_answer(), 0..6),
    ) {
        let form = tiny_form();
        let raw: BTreeMap<String, RawAnswer> = raw;
        match form.check(&raw, RuledOut::Refuse) {
            Ok(answers) => {
                prop_assert_eq!(answers.row.len(), form.width());
                let tally = count(&form, &[answers.row]);
                for column in 0..form.columns().len() {
                    prop_assert_eq!(tally.column(column).iter().sum::<u64>(), 1, "one cell of each column");
                }
            }
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                for fault in faults {
                    prop_assert!(fault.slug.is_empty() || raw.contains_key(&fault.slug) || fault.question.is_some());
                }
            }
        }
    }
}
