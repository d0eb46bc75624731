//! The list of licences that `sipas licenses` prints is that of the crates that are linked.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use super::read;
use crate::support::database::variable;

const FILE: &str = "src/cli/licenses.csv";

/// What the service is built for.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// The crates that cargo would link, without those that only run while it builds.
fn linked() -> String {
    let options =
        ["tree", "--locked", "--edges", "normal,no-proc-macro", "--target", TARGET, "--prefix", "none"];
    let tree = Command::new("cargo")
        .args(options)
        .args(["--format", "{p}\t{l}\t{r}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).unwrap();
    let mut crates = BTreeMap::new();
    for line in text.lines() {
        let mut cells = line.trim_end_matches(" (*)").split('\t').map(str::trim);
        let (package, licence, source) =
            (cells.next().unwrap(), cells.next().unwrap(), cells.next().unwrap());
        let (name, version) = package.split_once(' ').unwrap();
        let version = version.split(' ').next().unwrap().trim_start_matches('v');
        if name != "sipas" {
            assert!(
                !licence.is_empty() && !licence.contains(','),
                "{name} says no licence that can be listed"
            );
            crates.insert((name.to_owned(), version.to_owned()), format!("{licence},{source}"));
        }
    }
    let rows = crates.into_iter().map(|((name, version), rest)| format!("{name},{version},{rest}\n"));
    format!("name,version,licence,source\n{}", rows.collect::<String>())
}

#[test]
fn the_list_of_licences_is_that_of_the_crates_that_are_linked() {
    let linked = linked();
    if variable("TEST_WRITE").as_deref() == Some("licenses") {
        fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE), &linked).unwrap();
    }
    assert!(linked.lines().count() > 100);
    assert_eq!(read(FILE), linked, "{FILE} is stale: TEST_WRITE=licenses cargo test --test all licences");
}

#[test]
fn sipas_licenses_prints_it_with_what_is_no_crate() {
    let ran = Command::new(env!("CARGO_BIN_EXE_sipas")).arg("licenses").output().unwrap();
    assert!(ran.status.success() && ran.stderr.is_empty());
    let mut rows = csv::Reader::from_reader(ran.stdout.as_slice());
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert!(rows.iter().all(|row| row.len() == 4 && !row[2].is_empty()));
    for name in
        ["actix-web", "rustls", "ring", "Noto Sans Khmer", "zxcvbn", "SQLite", "OpenSSL", "Swagger UI"]
    {
        assert!(rows.iter().any(|row| row[0].starts_with(name) || row[0].contains(name)), "{name}");
    }
}
