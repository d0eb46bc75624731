//! `docs/security.md` and its neighbours name only tests that exist, and count right.

use std::collections::BTreeSet;

use super::{read, sources};

/// Requirements of ASVS 5.0.0 at levels 1 and 2.
const REQUIREMENTS: usize = 70 + 183;

/// Every function of the tree, tests among them.
fn functions() -> BTreeSet<String> {
    let all = sources("src").into_iter().chain(sources("tests"));
    all.flat_map(|source| {
        let names = source.text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
        names.map(str::to_owned).collect::<Vec<_>>()
    })
    .collect()
}

/// What stands in backticks and reads like the sentence of a test.
fn named(text: &str) -> Vec<&str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let quoted = text.split('`').skip(1).step_by(2);
    quoted.filter(|name| name.matches('_').count() > 3 && name.chars().all(plain)).collect()
}

/// Number, state and the rest of each row.
fn rows(text: &str) -> Vec<(String, String)> {
    let cells = text.lines().filter_map(|line| line.strip_prefix("| "));
    let cells = cells.map(|line| line.split(" | ").collect::<Vec<_>>());
    let is_row = |cells: &Vec<&str>| cells.len() == 4 && cells[0].split('.').all(|n| n.parse::<u8>().is_ok());
    cells.filter(is_row).map(|cells| (cells[0].to_owned(), cells[2].to_owned())).collect()
}

#[test]
fn every_test_that_the_documents_name_exists() {
    let functions = functions();
    for document in ["docs/security.md", "docs/threats.md", "docs/privacy.md"] {
        let text = read(document);
        let named = named(&text);
        assert!(named.len() > 2, "{document} names tests");
        for name in named {
            assert!(functions.contains(name), "{document} names {name}, which is nowhere");
        }
    }
}

#[test]
fn every_requirement_of_the_second_level_has_a_row_and_the_counts_are_right() {
    let text = read("docs/security.md");
    let rows = rows(&text);
    let numbers: BTreeSet<&str> = rows.iter().map(|(number, _)| number.as_str()).collect();
    assert_eq!((rows.len(), numbers.len()), (REQUIREMENTS, REQUIREMENTS));
    let count = |state: &str| rows.iter().filter(|(_, given)| given == state).count();
    let states = ["met", "n/a", "open"].map(count);
    assert_eq!(states.iter().sum::<usize>(), REQUIREMENTS, "a row has another state");
    let [met, never, open] = states;
    let told = format!("| **all {REQUIREMENTS}** | **{met}** | **{never}** | **{open}** |");
    assert!(text.contains(&told), "the last line of the counts should be {told}");
}
