//! Counting by columns gives what counting answer by answer gives, for every shipped form and every grouping.

use std::{collections::BTreeMap, sync::LazyLock};

use proptest::prelude::*;
use sipas::domain::{
    answers::{Cell, Missing},
    block::{Record, Segment},
    counting,
    crossing::{Cross, Crossing, Pair},
    form::{Column, ColumnKind, Form},
    form_file::{self, SHIPPED},
    grouping::{Grouping, named_values},
    ids::Language,
    response::{Assisted, Channel, Pace, ServiceField},
    tally::{Tally, values_of},
};

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let read =
        |(name, text): &(&str, &str)| form_file::read(name, text).expect("shipped forms are sound").form;
    SHIPPED.iter().map(read).collect()
});

/// A cell that the column can hold, made from a random number.
fn cell(column: &Column, random: u64) -> Cell {
    let values = u64::try_from(values_of(column.kind)).unwrap();
    if random.is_multiple_of(5) {
        return Cell::Missing(Missing::ALL[usize::try_from(random / 5 % 4).unwrap()]);
    }
    let value = random / 5 % values;
    match column.kind {
        ColumnKind::Level => Cell::Value(u8::try_from(value + 1).unwrap()),
        ColumnKind::Choice(_) | ColumnKind::Class(_) => Cell::Value(u8::try_from(value).unwrap()),
        ColumnKind::Bits(_) => Cell::Picked((random / 5) & ((1 << values) - 1)),
    }
}

fn record(form: &Form, seed: u64) -> Record {
    // A small generator of its own: each answer follows from its seed alone.
    let mut state = seed;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    let mut row = vec![0; form.width()];
    for column in form.columns() {
        column.write(cell(column, random()), &mut row);
    }
    let pick = |random: u64, most: usize| usize::try_from(random).unwrap() % most;
    Record {
        day: u8::try_from(random() % 32).unwrap(),
        service_field: ServiceField::read(["", "withheld", "land", "civil"][pick(random(), 4)]),
        channel: Channel::ALL[pick(random(), Channel::ALL.len())],
        language: [Language::VI, Language::KM, Language::EN][pick(random(), 3)],
        assisted: Assisted::ALL[pick(random(), Assisted::ALL.len())],
        pace: Pace::Unknown,
        flags: u8::try_from(random() % 3).unwrap(),
        row,
    }
}

fn in_segments(form: &Form, records: &[Record], cut: usize) -> Vec<Segment> {
    let segment = |some: &[Record]| {
        let mut segment = Segment::new(form.width());
        for record in some {
            segment.push(record);
        }
        segment
    };
    records.chunks(cut).map(segment).collect()
}

/// The groups of one answer, told from the answer alone.
fn groups(form: &Form, grouping: &Grouping, record: &Record) -> Vec<String> {
    match grouping {
        Grouping::Channel => vec![record.channel.as_str().to_owned()],
        Grouping::ServiceField => vec![match record.service_field.as_str() {
            "" => "none".to_owned(),
            field => field.to_owned(),
        }],
        Grouping::Language => vec![record.language.to_string()],
        Grouping::Assisted => vec![record.assisted.as_str().to_owned()],
        Grouping::Flagged => vec![if record.flags == 0 { "no" } else { "yes" }.to_owned()],
        Grouping::Respondent(index) => {
            let column = &form.columns()[*index];
            named_values(form, column, column.read(&record.row))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn columns_count_what_answers_count(seeds in prop::collection::vec(any::<u64>(), 0..420), cut in 1..90_usize) {
        for form in FORMS.iter() {
            let records: Vec<Record> = seeds.iter().map(|seed| record(form, *seed)).collect();
            let segments = in_segments(form, &records, cut);
            let (mut whole, mut by_group) = (Tally::empty(form), BTreeMap::new());
            for record in &records {
                whole.add_row(form, &record.row, record.carried());
                for grouping in Grouping::all(form) {
                    for group in groups(form, &grouping, record) {
                        by_group
                            .entry((grouping.name(form).to_owned(), group))
                            .or_insert_with(|| Tally::empty(form))
                            .add_row(form, &record.row, record.carried());
                    }
                }
            }
            prop_assert_eq!(counting::total(form, &segments), whole);
            prop_assert_eq!(counting::breakdown(form, &segments), by_group);
        }
    }
    #[test]
    fn a_cross_counts_whom_two_groups_share(
        seeds in prop::collection::vec(any::<u64>(), 0..420),
        cut in 1..90_usize,
        pick in any::<(prop::sample::Index, prop::sample::Index, prop::sample::Index)>(),
    ) {
        for form in FORMS.iter() {
            let records: Vec<Record> = seeds.iter().map(|seed| record(form, *seed)).collect();
            let groupings = Grouping::all(form);
            let is_criterion = |index: &usize| form.columns()[*index].kind == ColumnKind::Level;
            let criteria: Vec<usize> = (0..form.columns().len()).filter(is_criterion).collect();
            let crossing = Crossing {
                first: pick.0.get(&groupings).clone(),
                second: pick.1.get(&groupings).clone(),
                criterion: *pick.2.get(&criteria),
            };
            let mut expected: BTreeMap<(String, String), Pair> = BTreeMap::new();
            for record in &records {
                let column = &form.columns()[crossing.criterion];
                for first in groups(form, &crossing.first, record) {
                    for second in groups(form, &crossing.second, record) {
                        let pair = expected.entry((first.clone(), second)).or_default();
                        pair.answers += 1;
                        if let Cell::Value(level) = column.read(&record.row) {
                            pair.levels[usize::from(level) - 1] += 1;
                        }
                    }
                }
            }
            let mut cross = Cross::default();
            for whole in in_segments(form, &records, cut) {
                // No other columns than it says it needs.
                let head = whole.head_bytes();
                let (mut segment, _) = Segment::read_head(&head).unwrap();
                for byte in crossing.bytes(form) {
                    segment.fill(byte, &whole.columns()[byte]).unwrap();
                }
                let mut part = Cross::default();
                part.add(form, &crossing, &segment);
                cross.merge(part);
            }
            prop_assert_eq!(cross.0, expected);
        }
    }
}
