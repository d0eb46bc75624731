//! Whose answers count, when, and under which name.

use super::*;
use crate::domain::{
    answers::{RawAnswer, RuledOut},
    form_file,
    ids::Language,
    origin::Origin,
    period::Day,
    unit::{Unit, UnitKind},
};

fn unit(code: &str, parent: &str, from: &str, successors: &[&str]) -> Unit {
    Unit {
        code: code.parse().unwrap(),
        parent: (!parent.is_empty()).then(|| parent.parse().unwrap()),
        kind: UnitKind::Commune,
        names: BTreeMap::from([(Language::VI, code.to_owned())]),
        form: None,
        valid_from: from.parse::<Day>().unwrap(),
        valid_to: (!successors.is_empty()).then(|| "2026-06-30".parse().unwrap()),
        successors: successors.iter().map(|s| s.parse().unwrap()).collect(),
    }
}

/// A district whose communes `old` became `new`, and `cut` was split into `new` and `other`, on 1 July 2026.
fn units() -> UnitTree {
    UnitTree::new([
        unit("district", "", "2020-01-01", &[]),
        unit("old", "district", "2020-01-01", &["new"]),
        unit("cut", "district", "2020-01-01", &["new", "other"]),
        unit("new", "district", "2026-07-01", &[]),
        unit("other", "district", "2026-07-01", &[]),
        unit("far", "", "2020-01-01", &[]),
    ])
    .unwrap()
}

/// The short form in two versions; the second begins a new series.
fn forms() -> Catalogue {
    let (name, text) =
        form_file::SHIPPED.iter().find(|(name, _)| name.starts_with("one-stop-short")).unwrap();
    let first = form_file::read(name, text).unwrap().form;
    let mut draft = (*first).clone();
    draft.version = 2;
    draft.series = 2;
    Catalogue::new([first, Form::assemble(draft).unwrap()])
}

fn row(unit: &str, version: u16, month: &str, people: u64) -> Row {
    let form = forms().get(&"one-stop-short".parse().unwrap(), version).cloned().unwrap();
    let raw = BTreeMap::from([("access.ease".to_owned(), RawAnswer::Number(5))]);
    let answers = form.check(&raw, RuledOut::Refuse).unwrap();
    let mut tally = Tally::empty(&form);
    for _ in 0..people {
        tally.add_row(&form, &answers.row, false);
    }
    Row {
        unit: unit.parse().unwrap(),
        form: form.id.clone(),
        version,
        month: month.parse().unwrap(),
        class: Class::Main,
        group: None,
        tally,
    }
}

fn wish(period: &str) -> Wish {
    Wish {
        unit: None,
        reach: Reach::Own,
        follow: Follow::No,
        period: period.parse().unwrap(),
        slices: Slices::Whole,
        units: Units::Together,
        form: None,
        posters: Posters::Without,
        grouping: None,
    }
}

fn analyst() -> Viewer {
    Viewer { audience: Audience::Analyst, area: Area::Everywhere }
}

fn public() -> Viewer {
    Viewer { audience: Audience::Public, area: Area::Everywhere }
}

/// `unit period people` of each figure, with `!` where it cannot be compared with what came before.
fn figures(
    wish: Wish,
    viewer: &Viewer,
    closed: &[&str],
    rows: &[Row],
) -> Result<Vec<String>, SelectionError> {
    let (units, forms) = (units(), forms());
    let closed = closed.iter().map(|month| month.parse().unwrap()).collect();
    let figures = plan(wish, viewer, &units, &forms, &closed)?.figures(rows)?;
    let mark = |f: &Figure| if f.continuity == Continuity::Break { "!" } else { "" };
    Ok(figures.iter().map(|f| format!("{} {} {}{}", f.unit, f.period, f.tally.responses, mark(f))).collect())
}

fn rows() -> Vec<Row> {
    vec![
        row("old", 1, "2026-05", 5),
        row("cut", 1, "2026-05", 6),
        row("new", 1, "2026-08", 7),
        row("other", 1, "2026-08", 8),
        row("far", 1, "2026-08", 9),
    ]
}

#[test]
fn a_result_stays_with_the_unit_of_its_day_unless_it_is_followed() {
    let plain = figures(wish("2026"), &analyst(), &[], &rows()).unwrap();
    assert_eq!(plain, ["cut 2026 6", "far 2026 9", "new 2026 7!", "old 2026 5", "other 2026 8!"]);
    let of_new = Wish { unit: Some("new".parse().unwrap()), follow: Follow::Successors, ..wish("2026") };
    let followed = figures(of_new, &analyst(), &[], &rows()).unwrap();
    assert_eq!(followed, ["cut 2026 6!", "new 2026 12!"], "a merger adds, a split stands beside");
}

#[test]
fn a_subtree_is_one_figure_or_one_for_each_unit() {
    let district = Wish { unit: Some("district".parse().unwrap()), reach: Reach::Subtree, ..wish("2026") };
    assert_eq!(figures(district.clone(), &analyst(), &[], &rows()).unwrap(), ["district 2026 26"]);
    let each = Wish { units: Units::Each, ..district };
    assert_eq!(figures(each, &analyst(), &[], &rows()).unwrap().len(), 4);
}

#[test]
fn a_reader_sees_their_own_subtree() {
    let own = Viewer { audience: Audience::Unit, area: Area::Under(vec!["far".parse().unwrap()]) };
    assert_eq!(figures(wish("2026"), &own, &[], &rows()).unwrap(), ["far 2026 9"]);
    let other = Wish { unit: Some("new".parse().unwrap()), ..wish("2026") };
    assert_eq!(figures(other, &own, &[], &rows()), Err(SelectionError::Outside("new".parse().unwrap())));
}

#[test]
fn the_public_sees_closed_months_and_is_told_which() {
    let closed = ["2026-05", "2026-08"];
    let now: Vec<Row> = rows().into_iter().chain([row("far", 1, "2026-09", 5)]).collect();
    let year = figures(wish("2026"), &public(), &closed, &now).unwrap();
    assert_eq!(year[1], "far 2026-01..2026-08 9", "the open month is neither counted nor named");
    assert_eq!(figures(wish("2026-01..2026-08"), &public(), &closed, &rows()), Err(SelectionError::Shape));
    assert_eq!(figures(wish("2026"), &public(), &[], &rows()).unwrap(), [""; 0]);
}

#[test]
fn posters_and_breakdowns_wait_for_a_closed_month() {
    let period = "2026-08".parse().unwrap();
    let posters = Wish { posters: Posters::With, ..wish("2026-08") };
    assert_eq!(figures(posters, &analyst(), &[], &rows()), Err(SelectionError::ClosedOnly(period)));
    let channel = Wish { grouping: Some("channel".to_owned()), ..wish("2026-08") };
    assert_eq!(figures(channel, &analyst(), &[], &rows()), Err(SelectionError::ClosedOnly(period)));
    let unknown = Wish { grouping: Some("shoe_size".to_owned()), ..wish("2026-08") };
    assert!(matches!(
        figures(unknown, &analyst(), &[], &rows()),
        Err(SelectionError::UnknownGrouping { allowed, .. }) if allowed.contains("channel")
    ));
}

#[test]
fn two_series_are_never_one_figure_and_the_break_is_marked() {
    let rows = || vec![row("far", 1, "2026-07", 5), row("far", 2, "2026-08", 6)];
    assert_eq!(figures(wish("2026"), &analyst(), &[], &rows()).unwrap(), ["far 2026 5", "far 2026 6!"]);
    let form = Some("one-stop-short".parse().unwrap());
    let pooled = figures(Wish { form: form.clone(), ..wish("2026") }, &analyst(), &[], &rows());
    assert!(
        matches!(pooled, Err(SelectionError::TwoSeries { series, .. }) if series == "one-stop-short 1, one-stop-short 2")
    );
    let monthly = Wish { form, slices: Slices::Months, ..wish("2026") };
    assert_eq!(figures(monthly, &analyst(), &[], &rows()).unwrap(), ["far 2026-07 5", "far 2026-08 6!"]);
}

/// `unit flags` of the overall of each figure, for an analyst.
fn shown(wish: Wish, rows: &[Row]) -> Vec<String> {
    use crate::{
        domain::disclosure::{Flag, Thresholds},
        report::score_table::TableRequest,
    };
    let (units, forms) = (units(), forms());
    let request = TableRequest {
        audience: Audience::Analyst,
        thresholds: Thresholds::default(),
        method: None,
        posters: Posters::Without,
        origin: Origin::People,
        language: Language::VI,
    };
    let closed = BTreeSet::from(["2026-08".parse().unwrap()]);
    let table = plan(wish, &analyst(), &units, &forms, &closed).unwrap().table(rows, &request).unwrap();
    let overall = table.rows.iter().filter(|row| row.node == "overall");
    let flags = |flags: &[Flag]| flags.iter().map(|f| f.as_str()).collect::<Vec<_>>().join("+");
    overall.map(|row| format!("{} {}", row.head.unit, flags(&row.flags))).collect()
}

#[test]
fn what_is_hidden_of_a_unit_is_the_same_whichever_way_it_is_asked_for() {
    let rows = [row("new", 1, "2026-08", 40), row("other", 1, "2026-08", 3), row("far", 1, "2026-08", 50)];
    let ask = |unit: &str, reach| Wish { unit: Some(unit.parse().unwrap()), reach, ..wish("2026-08") };
    let list = shown(wish("2026-08"), &rows);
    assert_eq!(list.len(), 3, "neighbours are looked at and never listed");
    for line in &list {
        let unit = line.split(' ').next().unwrap();
        assert_eq!(shown(ask(unit, Reach::Own), &rows), std::slice::from_ref(line));
    }
    let district = shown(ask("district", Reach::Subtree), &rows).remove(0);
    let hidden = |line: &str| line.contains("hidden");
    assert!(hidden(&list[2]), "{list:?}");
    assert!(hidden(&list[1]) || hidden(&district), "the total minus the rest would tell of three people");
    assert!(!hidden(&list[0]), "{list:?}");
}
