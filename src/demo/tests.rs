//! The same district from the same seed, believable, and in the shape that the method needs.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::domain::{
    answers::{Cell, Missing, RawAnswer, RuledOut},
    form::{ColumnKind, Form, QuestionKind},
    form_file::{SHIPPED, read},
    ids::Language,
    receipt::{ReceiptCode, ReceiptState},
    response::{Channel, Flags, ServiceField},
    unit::UnitTree,
};

fn forms() -> Catalogue {
    Catalogue::new(SHIPPED.iter().map(|(name, text)| read(name, text).unwrap().form))
}

fn demo(responses: u32) -> Demo {
    Demo::new(DemoSize { responses, seed: 1, until: "2026-11-24".parse().unwrap() })
}

fn answers(demo: &Demo, forms: &Catalogue) -> Vec<Response> {
    let months = demo.months().iter().flat_map(|month| demo.unit_months(*month, forms));
    months.flat_map(|unit_month| unit_month.responses).collect()
}

#[test]
fn the_same_size_gives_the_same_district_and_another_seed_another() {
    let forms = forms();
    let (one, two) = (demo(2000), demo(2000));
    assert_eq!(answers(&one, &forms), answers(&two, &forms));
    assert_eq!(one.receipts(), two.receipts());
    // Months do not depend on which were asked for before.
    let last = *two.months().last().unwrap();
    assert_eq!(demo(2000).unit_months(last, &forms), two.unit_months(last, &forms));
    let other = Demo::new(DemoSize { seed: 2, ..one.size() });
    assert_ne!(answers(&one, &forms), answers(&other, &forms));
}

#[test]
fn there_are_as_many_answers_as_were_asked_for() {
    let forms = forms();
    for responses in [0, 1, 100, 20_000] {
        let demo = demo(responses);
        assert_eq!(answers(&demo, &forms).len(), usize::try_from(responses).unwrap());
        assert!(demo.sample_receipt().is_some());
    }
    assert!(demo(100).unit_months(demo(100).months()[17], &Catalogue::default()).is_empty());
}

#[test]
fn every_day_lies_in_its_month_and_in_its_units_life() {
    let forms = forms();
    for until in ["2026-11-24", "2025-07-01", "2024-02-29", "2027-03-07", "1990-01-01"] {
        let demo = Demo::new(DemoSize { responses: 3000, seed: 7, until: until.parse().unwrap() });
        assert_eq!(demo.months().len(), HISTORY);
        let tree = UnitTree::new(demo.units()).unwrap();
        let mut count = 0;
        for month in demo.months() {
            for unit_month in demo.unit_months(*month, &forms) {
                count += unit_month.responses.len();
                for response in &unit_month.responses {
                    assert_eq!((response.day.month(), &response.unit), (*month, &unit_month.unit));
                    assert!(tree.get(&response.unit).unwrap().is_valid_on(response.day));
                    assert!(response.day <= demo.size().until);
                }
            }
        }
        assert_eq!(count, 3000, "{until}");
    }
}

/// What a client would have sent to give this row.
fn raw(form: &Form, response: &Response) -> BTreeMap<String, RawAnswer> {
    let mut raw = BTreeMap::new();
    for column in form.columns() {
        let question = &form.questions[column.question];
        let code = |index: u8| {
            let index = usize::from(index);
            match &question.kind {
                QuestionKind::Single { options } | QuestionKind::Matrix { options, .. } => {
                    RawAnswer::Text(options[index].code.to_string())
                }
                QuestionKind::Number { classes, .. } => RawAnswer::Number(classes[index].up_to),
                _ => RawAnswer::Number(i64::try_from(index).unwrap()),
            }
        };
        let answer = match (column.read(&response.answers.row), &question.kind) {
            (Cell::Value(value), _) => code(value),
            (Cell::Picked(bits), QuestionKind::Multiple { options, .. }) => {
                let picked = options.iter().enumerate().filter(|(i, _)| bits >> i & 1 == 1);
                RawAnswer::Codes(picked.map(|(_, o)| o.code.to_string()).collect())
            }
            (Cell::Missing(Missing::DontKnow), _) => RawAnswer::Missing("dont_know".to_owned()),
            _ => continue,
        };
        raw.insert(column.slug.to_string(), answer);
    }
    raw.extend(response.answers.texts.iter().map(|(s, t)| (s.to_string(), RawAnswer::Text(t.clone()))));
    raw
}

#[test]
fn every_answer_is_one_that_its_form_would_have_taken() {
    let forms = forms();
    for response in answers(&demo(20_000), &forms) {
        let form = forms.get(&response.form, response.version).unwrap();
        assert_eq!(response.answers.row.len(), form.width());
        let checked = form.check(&raw(form, &response), RuledOut::Refuse).unwrap();
        assert_eq!(checked, response.answers);
        assert_eq!(
            response.flags.has(Flags::STRAIGHT_LINE),
            crate::domain::marks::flags(form, &response.answers.row, response.pace).has(Flags::STRAIGHT_LINE)
        );
    }
}

/// Levels of the satisfaction questions of one answer, `None` where missing.
fn levels(form: &Form, response: &Response) -> Vec<Option<u8>> {
    let levels = form.columns().iter().filter(|c| c.kind == ColumnKind::Level);
    levels
        .map(|c| match c.read(&response.answers.row) {
            Cell::Value(level) => Some(level),
            Cell::Picked(_) | Cell::Missing(_) => None,
        })
        .collect()
}

fn correlation(pairs: &[(f64, f64)]) -> f64 {
    let n = f64::from(u32::try_from(pairs.len()).unwrap());
    let mean = |f: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(f).sum::<f64>() / n;
    let (a, b) = (mean(&|p| p.0), mean(&|p| p.1));
    let cov = mean(&|p| (p.0 - a) * (p.1 - b));
    cov / (mean(&|p| (p.0 - a).powi(2)) * mean(&|p| (p.1 - b).powi(2))).sqrt()
}

#[test]
fn two_criteria_of_one_person_correlate_at_about_three_tenths() {
    let forms = forms();
    let all = answers(&demo(20_000), &forms);
    for id in ["one-stop-short", "one-stop-full", "sipas-2022"] {
        let form = forms.newest(&id.parse().unwrap()).unwrap();
        let rows: Vec<Vec<Option<u8>>> =
            all.iter().filter(|r| r.form.as_str() == id).map(|r| levels(form, r)).collect();
        let criteria = rows[0].len();
        assert!(rows.len() > 500, "{id}: {}", rows.len());
        for (a, b) in (1..criteria).map(|b| (b - 1, b)) {
            let pairs: Vec<(f64, f64)> =
                rows.iter().filter_map(|r| Some((f64::from(r[a]?), f64::from(r[b]?)))).collect();
            let found = correlation(&pairs);
            assert!((0.18..0.45).contains(&found), "{id} {a} {b}: {found}");
        }
    }
}

/// Percent of levels 4 and 5 among the answers that are chosen.
fn satisfied(all: &[Response], forms: &Catalogue, chosen: impl Fn(&Response) -> bool) -> f64 {
    let given: Vec<u8> = all
        .iter()
        .filter(|r| chosen(r))
        .flat_map(|r| levels(forms.get(&r.form, r.version).unwrap(), r))
        .flatten()
        .collect();
    let good = given.iter().filter(|level| **level >= 4).count();
    100.0 * f64::from(u32::try_from(good).unwrap()) / f64::from(u32::try_from(given.len()).unwrap())
}

#[test]
fn units_criteria_seasons_and_channels_differ_believably() {
    let forms = forms();
    let all = answers(&demo(20_000), &forms);
    let unit = |code: &str| satisfied(&all, &forms, |r| r.unit.as_str() == code);
    assert!(unit("vam-lua") > unit("rach-sen") + 4.0 && unit("rach-sen") > unit("go-xoai") + 4.0);
    assert!((72.0..86.0).contains(&satisfied(&all, &forms, |_| true)));
    let by = |channel| satisfied(&all, &forms, |r| r.channel == channel);
    assert!(by(Channel::Kiosk) > by(Channel::Poster) + 5.0);
    let new = |from: &str, to: &str| {
        let (from, to): (Day, Day) = (from.parse().unwrap(), to.parse().unwrap());
        satisfied(&all, &forms, |r| r.unit.as_str() == "rach-sen" && from <= r.day && r.day <= to)
    };
    assert!(new("2026-07-01", "2026-09-30") > new("2025-07-01", "2025-09-30") + 4.0);
}

#[test]
fn people_come_in_every_way() {
    let all = answers(&demo(20_000), &forms());
    let share = |chosen: &dyn Fn(&Response) -> bool| all.iter().filter(|r| chosen(r)).count() * 1000 / 20_000;
    assert!((820..880).contains(&share(&|r| r.language == Language::VI)));
    assert!((100..160).contains(&share(&|r| r.language == Language::KM)));
    assert!((10..30).contains(&share(&|r| r.language == Language::EN)));
    assert!((50..70).contains(&share(&|r| !r.answers.texts.is_empty())));
    for channel in Channel::ALL {
        assert!(share(&|r| r.channel == *channel) > 10, "{channel:?}");
    }
    for flag in [Flags::OVER_LIMIT, Flags::RAPID, Flags::PARTIAL, Flags::TOO_FAST, Flags::STRAIGHT_LINE] {
        assert!(all.iter().any(|r| r.flags.has(flag)), "{flag:?}");
    }
    let short = |r: &Response| r.form.as_str() == "one-stop-short";
    assert!(
        all.iter()
            .all(|r| short(r) == matches!(r.channel, Channel::Receipt | Channel::Kiosk | Channel::Poster))
    );
}

#[test]
fn small_units_are_small_enough_to_be_hidden() {
    let forms = forms();
    let demo = demo(20_000);
    let sizes: Vec<usize> = demo.months()[..17]
        .iter()
        .flat_map(|month| demo.unit_months(*month, &forms))
        .map(|unit_month| unit_month.responses.len())
        .collect();
    assert!(sizes.iter().any(|n| *n < 5) && sizes.iter().any(|n| (5..10).contains(n)), "{sizes:?}");
    assert!(sizes.iter().any(|n| *n >= 100));
}

#[test]
fn receipts_agree_with_answers_in_their_counts() {
    let forms = forms();
    let demo = demo(20_000);
    let mut used: BTreeMap<(UnitCode, Month), usize> = BTreeMap::new();
    for receipt in demo.receipts().into_iter().filter(|r| r.state == ReceiptState::Used) {
        *used.entry((receipt.unit, receipt.month)).or_default() += 1;
    }
    let mut answered: BTreeMap<(UnitCode, Month), usize> = BTreeMap::new();
    for response in answers(&demo, &forms).into_iter().filter(|r| r.channel == Channel::Receipt) {
        *answered.entry((response.unit, response.day.month())).or_default() += 1;
    }
    assert_eq!(used, answered);
}

#[test]
fn an_answer_keeps_its_field_only_where_ten_receipts_share_it() {
    let forms = forms();
    let demo = demo(20_000);
    let mut issued: BTreeMap<(String, String, Month), u32> = BTreeMap::new();
    for receipt in demo.receipts() {
        let key = (receipt.unit.to_string(), receipt.service_field.to_string(), receipt.month);
        *issued.entry(key).or_default() += 1;
    }
    let by_receipt = answers(&demo, &forms).into_iter().filter(|r| r.channel == Channel::Receipt);
    let (mut kept, mut withheld) = (0, 0);
    for response in by_receipt {
        let ServiceField::Code(field) = &response.service_field else {
            withheld += u32::from(response.service_field == ServiceField::Withheld);
            continue;
        };
        let month = response.day.month();
        let count =
            |month| issued.get(&(response.unit.to_string(), field.to_string(), month)).copied().unwrap_or(0);
        assert!(count(month) + count(month.plus(-1)) >= 10);
        kept += 1;
    }
    assert!(kept > 1000 && withheld > 10, "{kept} {withheld}");
}

#[test]
fn receipts_are_in_every_state_and_their_codes_differ() {
    for responses in [0, 20_000] {
        let demo = demo(responses);
        let receipts = demo.receipts();
        let states: BTreeSet<ReceiptState> = receipts.iter().map(|r| r.state).collect();
        assert_eq!(states.len(), if responses == 0 { 4 } else { 5 }, "{states:?}");
        let codes: BTreeSet<&str> = receipts.iter().map(|r| r.code.compact()).collect();
        assert_eq!(codes.len(), receipts.len());
        for receipt in &receipts {
            assert!(receipt.code.to_string().parse::<ReceiptCode>().is_ok());
            assert_eq!(receipt.month, receipt.issued.month());
            let over = receipt.expires < demo.size().until;
            assert!(receipt.state != ReceiptState::Issued || !over);
            assert!(receipt.state != ReceiptState::Expired || over);
        }
        let sample = demo.sample_receipt().unwrap();
        assert_eq!(sample.state, ReceiptState::Issued);
        assert_eq!(receipts.iter().filter(|r| **r == sample).count(), 1);
    }
}

#[test]
fn a_large_demo_has_every_answer_and_a_receipt_for_each() {
    let forms = forms();
    let demo = demo(200_000);
    assert_eq!(answers(&demo, &forms).len(), 200_000);
    assert!(demo.receipts().len() > 200_000);
}
