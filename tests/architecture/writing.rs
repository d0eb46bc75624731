//! How files are written: size, docs, macros, and no way to end the program by surprise.

use super::{production, read, sources};

/// Longest file of `src` and `tests`, in lines.
const LONGEST: usize = 400;

#[test]
fn no_file_is_longer_than_400_lines() {
    let all = sources("src").into_iter().chain(sources("tests"));
    let long: Vec<String> = all
        .map(|source| (source.text.lines().count(), source.path))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, path)| format!("{path} has {lines}"))
        .collect();
    assert!(long.is_empty(), "split by subject: {}", long.join(", "));
}

#[test]
fn every_file_says_first_what_it_is_for() {
    for source in sources("src").into_iter().chain(sources("tests")) {
        let first = source.text.lines().next().unwrap_or_default();
        let said = first.strip_prefix("//! ").is_some_and(|doc| doc.len() > 10);
        assert!(said, "{} begins with {first:?}", source.path);
    }
}

/// The macros there are. No other is written for what a function can do.
const MACROS: &[(&str, &str)] = &[
    // A name for each action of the audit log.
    ("src/domain/audit.rs", "actions"),
    // Names of one grammar, each a type of its own.
    ("src/domain/ids.rs", "name_type"),
    // A word and a byte for each variant of the facts about an answer.
    ("src/domain/response.rs", "named_variants"),
    // The router and the list of doors from the same lines, so that no route is without a door.
    ("src/http/routes.rs", "routes"),
    ("src/http/routes.rs", "doors"),
    // The same rows of one table in a read, a write and a delete; a boxed query could not delete.
    ("src/storage/blocks.rs", "at"),
    // The same expression in both dialects.
    ("src/storage/connection.rs", "on_both"),
    // A statement that is prepared once, as pieces of text and parameters.
    ("src/storage/fixed.rs", "statement"),
];

#[test]
fn there_are_no_more_macros_than_these() {
    let mut found = Vec::new();
    for source in production() {
        let code = source.code();
        let names = code.split("macro_rules! ").skip(1).filter_map(|rest| rest.split_whitespace().next());
        found.extend(names.map(|name| (source.path.clone(), name.to_owned())));
    }
    let known: Vec<(String, String)> =
        MACROS.iter().map(|(path, name)| ((*path).to_owned(), (*name).to_owned())).collect();
    assert_eq!(found, known);
}

#[test]
fn nothing_ends_the_program_by_surprise() {
    let surprises =
        [".unwrap()", ".expect(\"", "panic!(", "unreachable!(", "unimplemented!(", "todo!(", "process::exit"];
    for source in production() {
        let code = source.code();
        for surprise in surprises {
            assert!(!code.contains(surprise), "{} has {surprise}", source.path);
        }
    }
}

#[test]
fn tests_stand_last_in_their_file() {
    for source in production() {
        let Some((_, after)) = source.text.split_once("#[cfg(test)]\n") else { continue };
        let first = after.lines().next().unwrap_or_default();
        let module = first.trim_start_matches("pub(crate) ");
        assert!(module == "mod tests {" || module == "mod tests;", "{}: {first}", source.path);
        let ends = after.lines().skip(1).all(|line| module == "mod tests {" || line.trim().is_empty());
        assert!(ends, "{} goes on after its tests", source.path);
    }
}

#[test]
fn every_exception_from_a_lint_has_its_reason() {
    for source in sources("src").into_iter().chain(sources("tests")) {
        let attributes = source.text.match_indices("#[").chain(source.text.match_indices("#!["));
        for (at, _) in attributes {
            let attribute: String = source.text[at..].chars().take_while(|c| *c != ']').collect();
            let attribute = attribute.trim_start_matches(['#', '!', '[']);
            assert!(!attribute.starts_with("allow("), "{}: write expect: {attribute}", source.path);
            if attribute.starts_with("expect(") {
                assert!(attribute.contains("reason = \""), "{}: {attribute}", source.path);
            }
        }
    }
}

#[test]
fn the_lints_of_the_style_are_on() {
    let (manifest, clippy) = (read("Cargo.toml"), read("clippy.toml"));
    for line in [
        "unsafe_code = \"forbid\"",
        "missing_docs = \"warn\"",
        "unreachable_pub = \"warn\"",
        "pedantic = { level = \"warn\", priority = -1 }",
        "unwrap_used = \"warn\"",
        "expect_used = \"warn\"",
        "indexing_slicing = \"warn\"",
        "as_conversions = \"warn\"",
        "map_err_ignore = \"warn\"",
        "allow_attributes = \"warn\"",
        "allow_attributes_without_reason = \"warn\"",
        "print_stdout = \"warn\"",
    ] {
        assert!(manifest.contains(line), "{line}");
    }
    assert!(clippy.contains("too-many-lines-threshold = 50"));
    for method in ["std::env::var", "std::time::SystemTime::now", "time::OffsetDateTime::now_utc"] {
        assert!(clippy.contains(&format!("path = \"{method}\"")), "{method}");
    }
}
