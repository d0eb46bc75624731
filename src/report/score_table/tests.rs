//! Tables of made-up answers: what is in a row, what is hidden, and that nothing hidden can be computed.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::{
    domain::score::tests::{sample_form, tally_of},
    report::{csv::unguarded, json::ScoreTableBody},
};

fn request(audience: Audience) -> TableRequest {
    TableRequest {
        audience,
        thresholds: Thresholds::default(),
        method: None,
        posters: Posters::Without,
        origin: Origin::People,
        language: Language::VI,
    }
}

fn entry(form: &Arc<Form>, unit: &str, period: &str, people: &[Vec<u8>]) -> TableEntry {
    TableEntry {
        unit: unit.parse().unwrap(),
        unit_name: format!("Xã {unit}"),
        period: period.parse().unwrap(),
        group: None,
        form: Arc::clone(form),
        versions: vec![1],
        tally: tally_of(form, people),
        open: false,
        series_break: false,
        part_of: Vec::new(),
    }
}

fn group(code: &str) -> Group {
    Group { grouping: "channel".to_owned(), code: code.to_owned(), name: code.to_owned() }
}

/// `unit period group node: flags` of every row.
fn flags(entries: &[TableEntry], audience: Audience) -> Vec<String> {
    let table = ScoreTable::build(entries, &request(audience)).unwrap();
    let line = |row: &ScoreRow| {
        let names: Vec<&str> = row.flags.iter().map(|f| f.as_str()).collect();
        let code = row.head.group.as_ref().map_or("", |g| &g.code);
        format!("{} {} {code} {}: {}", row.head.unit, row.head.period, row.node, names.join("+"))
    };
    table.rows.iter().map(line).collect()
}

fn one_factor() -> Arc<Form> {
    Arc::new(sample_form(&[("a", 2)]))
}

fn people(count: usize) -> Vec<Vec<u8>> {
    (0..count).map(|i| vec![5, if i % 3 == 0 { 2 } else { 4 }, 5]).collect()
}

#[test]
fn thresholds_are_on_respondents_and_differ_by_audience() {
    let form = one_factor();
    for (count, audience, expected) in [
        (9, Audience::Public, "hidden_primary"),
        (10, Audience::Public, "small_sample"),
        (29, Audience::Public, "small_sample"),
        (30, Audience::Public, ""),
        (4, Audience::Analyst, "hidden_primary"),
        (4, Audience::Unit, "hidden_primary"),
        (5, Audience::Unit, "small_sample"),
        (9, Audience::Analyst, "small_sample"),
    ] {
        let all = flags(&[entry(&form, "x", "2026-01", &people(count))], audience);
        assert!(all.iter().all(|line| line.ends_with(&format!(": {expected}"))), "{count}: {all:?}");
    }
}

#[test]
fn a_criterion_that_few_answered_takes_another_with_it_but_not_the_general_question() {
    let form = Arc::new(sample_form(&[("a", 3)]));
    let mut answers = vec![vec![5, 4, 4, 0]; 40];
    answers.extend(vec![vec![5, 4, 0, 4]; 4]);
    let all = flags(&[entry(&form, "x", "2026-01", &answers)], Audience::Public);
    assert_eq!(
        all,
        [
            "x 2026-01  general: ",
            "x 2026-01  a.c1: ",
            "x 2026-01  a.c2: hidden_complementary",
            "x 2026-01  a.c3: hidden_primary",
            "x 2026-01  a: ",
            "x 2026-01  overall: ",
        ]
    );
}

fn overall(entries: &[TableEntry]) -> Vec<String> {
    let all = flags(entries, Audience::Public);
    all.into_iter().filter(|line| line.contains(" overall:")).map(|l| l.replace(" overall", "")).collect()
}

#[test]
fn units_months_and_groups_are_protected_alike() {
    let form = one_factor();
    let mut units = vec![entry(&form, "district", "2026-01", &people(104))];
    for (unit, count) in [("p", 4), ("q", 60), ("r", 40)] {
        units.push(TableEntry { part_of: vec![0], ..entry(&form, unit, "2026-01", &people(count)) });
    }
    assert_eq!(
        overall(&units),
        [
            "district 2026-01 : ",
            "p 2026-01 : hidden_primary",
            "q 2026-01 : ",
            "r 2026-01 : hidden_complementary"
        ]
    );
    let months = [("2026-Q1", 104), ("2026-01", 40), ("2026-02", 60), ("2026-03", 4)]
        .map(|(period, count)| entry(&form, "x", period, &people(count)));
    assert_eq!(
        overall(&months),
        ["x 2026-01 : hidden_complementary", "x 2026-Q1 : ", "x 2026-02 : ", "x 2026-03 : hidden_primary"]
    );
    let mut groups = vec![entry(&form, "x", "2026-01", &people(44))];
    for (code, count) in [("kiosk", 40), ("paper", 4)] {
        groups.push(TableEntry { group: Some(group(code)), ..entry(&form, "x", "2026-01", &people(count)) });
    }
    assert_eq!(
        overall(&groups),
        ["x 2026-01 : ", "x 2026-01 kiosk: hidden_complementary", "x 2026-01 paper: hidden_primary"]
    );
}

#[test]
fn what_the_listed_units_leave_over_is_protected() {
    let form = one_factor();
    let part =
        |unit: &str, count| TableEntry { part_of: vec![0], ..entry(&form, unit, "2026", &people(count)) };
    let entries = [entry(&form, "district", "2026", &people(63)), part("p", 20), part("q", 40)];
    assert_eq!(overall(&entries), ["district 2026 : ", "p 2026 : hidden_complementary", "q 2026 : "]);
}

#[test]
fn an_open_month_is_no_part_of_a_total_without_it() {
    let form = one_factor();
    let mut months = [("2026", 104), ("2026-01", 100), ("2026-02", 4), ("2026-03", 33)]
        .map(|(period, count)| entry(&form, "x", period, &people(count)));
    months[3].open = true;
    assert_eq!(
        overall(&months),
        [
            "x 2026-01 : hidden_complementary",
            "x 2026 : ",
            "x 2026-02 : hidden_primary",
            "x 2026-03 : open_month"
        ]
    );
}

#[test]
fn rows_say_what_a_reader_must_know() {
    let form = one_factor();
    let mut answers = entry(&form, "x", "2026-02", &vec![vec![5, 5, 0]; 40]);
    answers.series_break = true;
    answers.open = true;
    answers.versions = vec![3, 1, 3];
    let table = ScoreTable::build(&[answers], &request(Audience::Public)).unwrap();
    assert_eq!(table.rows[0].head.form_version(), "1+3");
    assert_eq!(table.rows[0].flags, [Flag::SeriesBreak, Flag::OpenMonth]);
    let nobody = table.rows.iter().find(|r| r.node == "a.c2").unwrap();
    assert!(nobody.has(Flag::NotComputable) && !nobody.has(Flag::SmallSample));
    assert_eq!(nobody.figures.as_ref().unwrap().missing(Missing::DontKnow), 40);
    let factor = table.rows.iter().find(|r| r.node == "a").unwrap().figures.as_ref().unwrap();
    assert_eq!((factor.levels, factor.missing), ([0, 0, 0, 0, 40], [0, 0, 0, 40]));
}

#[test]
fn a_method_that_does_not_fit_makes_no_table() {
    let entries = [entry(&one_factor(), "x", "2026", &people(40))];
    let wrong =
        TableRequest { method: Some("top2-mean-parts".parse().unwrap()), ..request(Audience::Public) };
    let error = ScoreTable::build(&entries, &wrong).unwrap_err();
    assert_eq!(error, TableError::Misfit { form: "sample".parse().unwrap(), misfit: MethodMisfit::NoParts });
}

#[test]
fn csv_and_json_carry_the_same_values_and_hidden_rows_no_numbers() {
    let form = one_factor();
    let mut entries = vec![entry(&form, "x", "2026", &people(33)), entry(&form, "y", "2026", &people(3))];
    entries[0].unit_name = "=Trà \"Cú\", mới".to_owned();
    entries.push(TableEntry { group: Some(group("kiosk")), ..entry(&form, "x", "2026", &people(20)) });
    let table = ScoreTable::build(&entries, &request(Audience::Public)).unwrap();
    let bytes = write_csv(&table, Vec::new()).unwrap();
    let mut reader = csv::Reader::from_reader(&bytes[3..]);
    let header = reader.headers().unwrap().clone();
    assert_eq!(header.iter().collect::<Vec<_>>(), COLUMNS);
    let body = serde_json::to_value(ScoreTableBody::from(&table)).unwrap();
    for (line, json) in reader.records().zip(body["rows"].as_array().unwrap()) {
        let line = line.unwrap();
        for (name, cell) in header.iter().zip(&line) {
            let expected = match (name, &json[name]) {
                ("flag", _) => {
                    let flags = json["flags"].as_array().unwrap().iter().map(|f| f.as_str().unwrap());
                    flags.collect::<Vec<_>>().join("+")
                }
                ("posters" | "audience" | "origin", _) => body[name].as_str().unwrap().to_owned(),
                ("score" | "ci_low" | "ci_high", serde_json::Value::Number(n)) => {
                    format!("{:.2}", n.as_f64().unwrap())
                }
                (_, serde_json::Value::Number(n)) => n.to_string(),
                (_, serde_json::Value::String(s)) => s.clone(),
                (_, value) => {
                    assert!(value.is_null(), "{name}: {value}");
                    String::new()
                }
            };
            assert_eq!(unguarded(cell), expected, "{name}");
            let number = COLUMNS[10..24].contains(&name);
            assert!(!number || &json["unit"] != "y" || cell.is_empty(), "{name} of a hidden row");
        }
    }
    assert_eq!(table.rows.len(), body["rows"].as_array().unwrap().len());
}

const UNITS: [&str; 4] = ["own", "p", "q", "r"];
const MONTHS: [&str; 3] = ["2026-01", "2026-02", "2026-03"];
const GROUPS: [&str; 2] = ["kiosk", "paper"];

/// A row as the set of smallest pieces (unit, month, group, question) that it is the sum of.
fn pieces(units: &[usize], months: &[usize], groups: &[usize], columns: &[usize]) -> BTreeSet<usize> {
    let mut all = BTreeSet::new();
    for unit in units {
        for month in months {
            for group in groups {
                all.extend(columns.iter().map(|c| ((unit * 3 + month) * 2 + group) * 4 + c));
            }
        }
    }
    all
}

/// Rows modulo a prime, in echelon form.
#[derive(Default)]
struct Span(Vec<Vec<i64>>);

impl Span {
    const Q: i64 = 1_000_000_007;

    fn reduced(&self, set: &BTreeSet<usize>) -> Vec<i64> {
        let mut row = vec![0; UNITS.len() * MONTHS.len() * GROUPS.len() * 4];
        for i in set {
            row[*i] = 1;
        }
        for own in &self.0 {
            let lead = own.iter().position(|x| *x != 0).unwrap();
            let factor = row[lead];
            row.iter_mut().zip(own).for_each(|(x, o)| *x = (*x + (Self::Q - factor) * o) % Self::Q);
        }
        row
    }

    fn holds(&self, set: &BTreeSet<usize>) -> bool {
        self.reduced(set).iter().all(|x| *x == 0)
    }

    fn add(&mut self, set: &BTreeSet<usize>) {
        let mut row = self.reduced(set);
        let Some(lead) = row.iter().position(|x| *x != 0) else { return };
        let (mut base, mut exponent, mut inverse) = (row[lead], Self::Q - 2, 1);
        while exponent > 0 {
            if exponent & 1 == 1 {
                inverse = inverse * base % Self::Q;
            }
            base = base * base % Self::Q;
            exponent >>= 1;
        }
        for x in &mut row {
            *x = *x * inverse % Self::Q;
        }
        self.0.push(row);
    }
}

/// People by unit, month and group; each answers the four questions or says "don't know".
fn district() -> impl Strategy<Value = Vec<Vec<Vec<u8>>>> {
    let person = prop::collection::vec(prop_oneof![1 => Just(0_u8), 4 => 1_u8..=5], 4);
    let count = prop_oneof![2 => 0_usize..4, 3 => 4_usize..30];
    let some = count.prop_flat_map(move |n| prop::collection::vec(person.clone(), n));
    prop::collection::vec(some, UNITS.len() * MONTHS.len() * GROUPS.len())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The district's own answers have no row: its row is the sum over all four.
    #[test]
    fn nothing_hidden_can_be_computed_from_what_is_shown(people in district()) {
        let form = Arc::new(sample_form(&[("a", 2), ("b", 1)]));
        let mut entries = Vec::new();
        let mut parts = Vec::new();
        let all_of = |count: usize| (0..count).collect::<Vec<_>>();
        for (period, months) in [("2026-Q1", all_of(3)), (MONTHS[0], vec![0]), (MONTHS[1], vec![1]), (MONTHS[2], vec![2])] {
            for (code, groups) in [(None, all_of(2)), (Some(GROUPS[0]), vec![0]), (Some(GROUPS[1]), vec![1])] {
                let district = entries.len();
                for (unit, units) in [("district", all_of(4)), ("p", vec![1]), ("q", vec![2]), ("r", vec![3]), ("rest", vec![0])] {
                    let places = pieces(&units, &months, &groups, &[0]);
                    let answers: Vec<Vec<u8>> = places.iter().flat_map(|i| people[i / 4].clone()).collect();
                    let mut one = entry(&form, unit, period, &answers);
                    one.group = code.map(group);
                    if unit != "district" {
                        one.part_of = vec![district];
                    }
                    parts.push((unit, units, months.clone(), groups.clone(), one.tally.clone()));
                    if unit == "rest" {
                        continue;
                    }
                    entries.push(one);
                }
            }
        }
        let table = ScoreTable::build(&entries, &request(Audience::Public)).unwrap();
        let mut span = Span::default();
        let mut hidden = Vec::new();
        let mut listed: Vec<_> = parts.iter().filter(|p| p.0 != "rest").zip(&entries).collect();
        listed.sort_by_key(|(_, e)| sort_key(e));
        for (index, row) in table.rows.iter().enumerate() {
            let ((_, units, months, groups, tally), entry) = listed[index / form.nodes().len()];
            prop_assert_eq!(&row.head.unit, &entry.unit);
            let node = index % form.nodes().len();
            let set = pieces(units, months, groups, &form.nodes()[node].columns);
            let respondents = tally.node(node).people;
            prop_assert!(row.figures.is_none() || respondents == 0 || respondents >= 10);
            if row.figures.is_some() { span.add(&set) } else { hidden.push((row.head.clone(), row.node.clone(), set)) }
        }
        for (head, node, set) in &hidden {
            prop_assert!(!span.holds(set), "{head:?} {node} can be computed");
        }
        for (_, units, months, groups, tally) in parts.iter().filter(|p| p.0 == "rest") {
            for (index, node) in form.nodes().iter().enumerate() {
                if (1..10).contains(&tally.node(index).people) {
                    prop_assert!(!span.holds(&pieces(units, months, groups, &node.columns)), "rest {}", node.slug);
                }
            }
        }
    }
}
