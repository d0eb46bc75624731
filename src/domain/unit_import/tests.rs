//! Tables of changes: what they do, what is told of faulty ones, and that they may be repeated.

use super::*;
use crate::domain::unit::Followed;

fn row(line: u64, cells: &[(&str, &str)]) -> ImportRow {
    let cells = cells.iter().map(|(c, v)| ((*c).to_owned(), (*v).to_owned())).collect();
    ImportRow { line, cells }
}

fn create(line: u64, code: &str) -> ImportRow {
    row(
        line,
        &[
            ("action", "create"),
            ("code", code),
            ("kind", "commune"),
            ("name_vi", "Xã"),
            ("valid_from", "2020-01-01"),
        ],
    )
}

fn merge(line: u64, code: &str, into: &str) -> ImportRow {
    row(line, &[("action", "merge"), ("code", code), ("valid_to", "2025-06-30"), ("successors", into)])
}

#[test]
fn a_file_creates_and_merges_and_says_so() {
    let rows = [create(2, "old"), create(3, "new"), merge(4, "old", "new")];
    let plan = plan(&UnitTree::default(), &rows, &|_| true).unwrap();
    let lines: Vec<String> = plan.changes.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "+ old  Xã (commune) from 2020-01-01; closed after 2025-06-30; followed by new",
            "+ new  Xã (commune) from 2020-01-01"
        ]
    );
    assert_eq!(plan.changes[0].after.successors, ["new".parse().unwrap()]);
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let rows = [create(2, "old"), create(3, "new")];
    let first = plan(&UnitTree::default(), &rows, &|_| true).unwrap();
    let tree = UnitTree::new(first.changes.into_iter().map(|c| c.after)).unwrap();
    let again = plan(&tree, &rows, &|_| true).unwrap();
    assert_eq!((again.changes.len(), again.unchanged), (0, vec![2, 3]));
}

#[test]
fn a_file_that_creates_and_then_changes_may_be_imported_again() {
    let rename = |line, name| row(line, &[("action", "rename"), ("code", "new"), ("name_vi", name)]);
    let rows = [create(2, "old"), create(3, "new"), rename(4, "B"), rename(5, "C"), merge(6, "old", "new")];
    let first = plan(&UnitTree::default(), &rows, &|_| true).unwrap();
    let tree = UnitTree::new(first.changes.into_iter().map(|c| c.after)).unwrap();
    assert_eq!(tree.get(&"new".parse().unwrap()).unwrap().name(Language::VI).0, "C");
    assert_eq!(plan(&tree, &rows, &|_| true).unwrap().changes, []);
    let mut moved = rows.clone();
    moved[1].cells.insert("kind".to_owned(), "district".to_owned());
    assert_eq!(plan(&tree, &moved, &|_| true).unwrap_err()[0].line, 3);
    assert_eq!(plan(&tree, &[create(2, "old")], &|_| true).unwrap_err()[0].column, "code");
}

#[test]
fn a_cell_that_its_action_does_not_read_is_a_fault() {
    let mut rows = [create(2, "a"), row(3, &[("action", "rename"), ("code", "a"), ("name_en", "A")])];
    rows[1].cells.insert("valid_to".to_owned(), "2025-06-30".to_owned());
    let faults = plan(&UnitTree::default(), &rows, &|_| true).unwrap_err();
    assert_eq!((faults.len(), faults[0].line, faults[0].column.as_str()), (1, 3, "valid_to"));
}

#[test]
fn all_faults_come_at_once_with_line_column_and_value() {
    let rows = [
        row(2, &[("action", "create"), ("code", "Bad Code"), ("kind", "commune")]),
        row(3, &[("action", "create"), ("code", "a"), ("kind", "village"), ("valid_from", "1/1/2020")]),
        row(4, &[("action", "erase"), ("code", "a")]),
        row(5, &[("action", "merge"), ("code", "nobody"), ("valid_to", "2025-06-30")]),
    ];
    let faults = plan(&UnitTree::default(), &rows, &|_| true).unwrap_err();
    let at: Vec<(u64, &str)> = faults.iter().map(|f| (f.line, f.column.as_str())).collect();
    assert_eq!(at, [(2, "code"), (3, "kind"), (3, "name_vi"), (3, "valid_from"), (4, "action"), (5, "code")]);
}

#[test]
fn what_would_be_no_tree_is_refused() {
    let mut lost = create(2, "a");
    lost.cells.insert("parent".to_owned(), "nowhere".to_owned());
    let rows = [lost, create(3, "b"), merge(4, "b", "nobody")];
    let faults = plan(&UnitTree::default(), &rows, &|_| true).unwrap_err();
    let at: Vec<(u64, &str)> = faults.iter().map(|f| (f.line, f.column.as_str())).collect();
    assert_eq!(at, [(2, "parent"), (4, "successors")]);
    let faults = plan(&UnitTree::default(), &[create(2, "a"), merge(3, "a", "a")], &|_| true).unwrap_err();
    assert_eq!(faults[0].line, 3);
}

/// The rows of the example that `docs` shows.
fn example() -> Vec<ImportRow> {
    let text = include_str!("../../../docs/units-example.csv");
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines[0], COLUMNS);
    let cells = |line: &[&str]| {
        let filled = COLUMNS.iter().zip(line).filter(|(_, cell)| !cell.is_empty());
        filled.map(|(column, cell)| ((*column).to_owned(), (*cell).to_owned())).collect()
    };
    (2..).zip(&lines[1..]).map(|(number, line)| ImportRow { line: number, cells: cells(line) }).collect()
}

#[test]
fn the_example_ends_a_district_and_can_be_imported_again() {
    let rows = example();
    let first = plan(&UnitTree::default(), &rows, &|_| true).unwrap();
    let tree = UnitTree::new(first.changes.into_iter().map(|c| c.after)).unwrap();
    let old = |code: &str| tree.follow(&code.parse().unwrap());
    assert_eq!(old("tt-tra-cu"), Followed::Into("tra-cu".parse().unwrap()));
    assert!(matches!(old("huyen-tra-cu"), Followed::Split(into) if into.len() == 3));
    let again = plan(&tree, &rows, &|_| true).unwrap();
    assert_eq!((again.changes.len(), again.unchanged.len()), (0, rows.len()));
}
