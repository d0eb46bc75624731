//! Whole ways through the real service, from outside: what a person, an office or an analyst does from start to
//! end, on whichever database this run is about.

mod demo;
mod logs;
mod nodes;
pub(crate) mod receipt;
mod spreadsheet;
mod subtraction;
mod watching;

use crate::support::service::TestService;

/// The rows of a CSV file, each by the names of its header.
pub(crate) struct Table(Vec<std::collections::HashMap<String, String>>);

impl Table {
    pub(crate) fn read(csv: &[u8]) -> Self {
        let text = csv.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(csv);
        Self(csv::Reader::from_reader(text).deserialize().map(Result::unwrap).collect())
    }

    /// The rows with these values.
    pub(crate) fn rows(&self, wanted: &[(&str, &str)]) -> Vec<&std::collections::HashMap<String, String>> {
        self.0.iter().filter(|row| wanted.iter().all(|(name, value)| row[*name] == *value)).collect()
    }

    /// One cell of the one row with these values.
    pub(crate) fn cell(&self, wanted: &[(&str, &str)], name: &str) -> String {
        let rows = self.rows(wanted);
        assert_eq!(rows.len(), 1, "{wanted:?}");
        rows[0][name].clone()
    }
}

/// The scores that an analyst exports.
fn exported(service: &TestService, more: &[&str]) -> Table {
    let mut arguments = vec!["export", "scores"];
    arguments.extend(more);
    Table::read(service.cli_ok(&arguments).as_bytes())
}
