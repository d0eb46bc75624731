//! A table of receipts to be issued: a row each, with service field, procedure and days. UTF-8 with or without byte order
//! mark; comma, semicolon or tab.
//!
//! All faults are found at once, each with its line, its column, what stands there and what is allowed.

use crate::{domain::ids::FieldCode, report::unit_table::lines_between};

/// The columns; every one may be missing or empty.
pub const COLUMNS: [&str; 3] = ["service_field", "procedure", "days"];
/// Most rows of one table.
pub const MOST: usize = 500;
/// Most days that a receipt may be used.
pub const MOST_DAYS: u16 = 365;

/// One receipt to be issued.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Service field.
    pub service_field: Option<FieldCode>,
    /// Procedure.
    pub procedure: Option<FieldCode>,
    /// Days that it may be used.
    pub days: Option<u16>,
}

/// What is wrong in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line of the table, from 1.
    pub line: u64,
    /// The column as the header writes it; empty: the whole line.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// What is allowed.
    pub allowed: Allowed,
}

/// What is allowed in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// A name: a-z, 0-9, `-`, `_`, `.`.
    Name,
    /// A whole number of days.
    Days,
    /// One of the columns, once.
    Column,
    /// As many cells as the header has.
    Cells,
    /// At least one row, and no more than can be issued at once.
    Rows,
    /// Text that can be read as a table.
    Table,
}

/// Reads a table.
///
/// # Errors
/// Everything that is wrong.
pub fn read(text: &str) -> Result<Vec<Row>, Vec<Fault>> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let header = text.lines().next().unwrap_or_default();
    let delimiter = if header.contains('\t') {
        b'\t'
    } else if header.contains(';') {
        b';'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let Ok(columns) = reader.headers().cloned() else { return Err(vec![fault(1, "", "", Allowed::Table)]) };
    let mut faults = unknown(&columns);
    if !faults.is_empty() {
        return Err(faults);
    }
    let (mut rows, mut line, mut at) = (Vec::new(), 1, 0);
    for record in reader.records() {
        let Ok(record) = record else {
            faults.push(fault(line + 1, "", "", Allowed::Table));
            break;
        };
        line += lines_between(&text, &mut at, &record);
        if record.len() != columns.len() {
            faults.push(fault(line, "", &record.len().to_string(), Allowed::Cells));
            continue;
        }
        let mut row = Row::default();
        for (column, cell) in columns.iter().zip(&record).filter(|(_, cell)| !cell.is_empty()) {
            if let Err(allowed) = row.set(column, cell) {
                faults.push(fault(line, column, cell, allowed));
            }
        }
        rows.push(row);
    }
    if faults.is_empty() && (rows.is_empty() || rows.len() > MOST) {
        faults.push(fault(line, "", &rows.len().to_string(), Allowed::Rows));
    }
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

fn fault(line: u64, column: &str, value: &str, allowed: Allowed) -> Fault {
    Fault { line, column: column.to_owned(), value: value.to_owned(), allowed }
}

/// Columns that nobody knows, or that are there twice.
fn unknown(columns: &csv::StringRecord) -> Vec<Fault> {
    let again = |at: usize, column: &str| columns.iter().take(at).any(|before| before == column);
    let wrong =
        columns.iter().enumerate().filter(|(at, column)| !COLUMNS.contains(column) || again(*at, column));
    wrong.map(|(_, column)| fault(1, column, column, Allowed::Column)).collect()
}

impl Row {
    fn set(&mut self, column: &str, cell: &str) -> Result<(), Allowed> {
        let name = || cell.parse::<FieldCode>().map_err(|_name| Allowed::Name);
        match column {
            "service_field" => self.service_field = Some(name()?),
            "procedure" => self.procedure = Some(name()?),
            _ => {
                let days = cell.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days));
                self.days = Some(days.ok_or(Allowed::Days)?);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_with_comma_semicolon_and_tab() {
        for mark in [",", ";", "\t"] {
            let table = format!("service_field{mark}days\r\nland{mark}7\r\n\r\n{mark}\r\n");
            let rows = read(&table).unwrap();
            let land = Row { service_field: Some("land".parse().unwrap()), days: Some(7), ..Row::default() };
            assert_eq!(rows, [land, Row::default()], "{mark:?}");
        }
    }

    #[test]
    fn all_faults_are_named_with_line_column_value_and_what_is_allowed() {
        let table = "service_field,procedure,days\nland,x,7\nĐất đai,x,0\n\nland,x\nland,x,400\n";
        let faults = read(table).unwrap_err();
        let told: Vec<(u64, &str, &str, Allowed)> =
            faults.iter().map(|f| (f.line, f.column.as_str(), f.value.as_str(), f.allowed)).collect();
        assert_eq!(
            told,
            [
                (3, "service_field", "Đất đai", Allowed::Name),
                (3, "days", "0", Allowed::Days),
                (5, "", "2", Allowed::Cells),
                (6, "days", "400", Allowed::Days),
            ]
        );
        assert_eq!(read("unit,days\n").unwrap_err()[0].allowed, Allowed::Column);
        assert_eq!(read("days,days\n").unwrap_err().len(), 1);
        assert_eq!(read("days\n").unwrap_err()[0].allowed, Allowed::Rows);
        assert_eq!(read("").unwrap_err().len(), 1);
    }
}
