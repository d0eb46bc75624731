//! A table of units as rows: UTF-8 with or without byte order mark, comma or semicolon.

use crate::domain::unit_import::{COLUMNS, ImportRow};

/// Why a table cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct UnitTableError {
    /// What is wrong, and where.
    pub what: String,
}

impl UnitTableError {
    /// What would be right.
    #[must_use]
    pub fn remedy(&self) -> String {
        format!("save it as CSV, UTF-8, with the columns {}", COLUMNS.join(", "))
    }
}

fn refused(what: impl Into<String>) -> UnitTableError {
    UnitTableError { what: what.into() }
}

/// Reads a table.
///
/// # Errors
/// Where it is no UTF-8, no CSV, or has other columns.
pub fn read(bytes: &[u8]) -> Result<Vec<ImportRow>, UnitTableError> {
    let text = std::str::from_utf8(bytes)
        .map_err(|error| refused(format!("is not UTF-8 (at byte {})", error.valid_up_to())))?;
    // Browsers and spreadsheets end lines with two characters, after which the reader would count a line too few.
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let header = text.lines().next().unwrap_or_default();
    let delimiter = match header {
        header if header.contains('\t') && !header.contains(',') => b'\t',
        header if header.contains(';') && !header.contains(',') => b';',
        _ => b',',
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = reader.headers().map_err(|error| refused(error.to_string()))?.clone();
    check_header(&columns)?;
    let mut rows = Vec::new();
    // The reader's own count stands before empty lines that it skips.
    let (mut line, mut at) = (1, 0);
    for record in reader.records() {
        let record = record.map_err(|error| refused(error.to_string()))?;
        line += lines_between(&text, &mut at, &record);
        let cells = columns
            .iter()
            .zip(&record)
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(column, cell)| (column.to_owned(), cell.to_owned()))
            .collect();
        let row = ImportRow { line, cells };
        if record.len() > columns.len() {
            let what = format!("line {line} has {} cells, the header {}", record.len(), columns.len());
            return Err(refused(what));
        }
        if !row.cells.is_empty() {
            rows.push(row);
        }
    }
    Ok(rows)
}

/// How many lines a record begins below the place `at`, which moves there.
pub(super) fn lines_between(text: &str, at: &mut usize, record: &csv::StringRecord) -> u64 {
    let position =
        record.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(*at);
    let rest = text.as_bytes().get(position..).unwrap_or_default();
    let begins = position + rest.iter().take_while(|byte| **byte == b'\n').count();
    let passed = text.as_bytes().get(*at..begins).unwrap_or_default();
    *at = begins;
    passed.iter().fold(0, |lines, byte| lines + u64::from(*byte == b'\n'))
}

fn check_header(columns: &csv::StringRecord) -> Result<(), UnitTableError> {
    let known = |column: &str| COLUMNS.contains(&column) || column.starts_with("name_");
    if let Some(unknown) = columns.iter().find(|column| !known(column)) {
        return Err(refused(format!("line 1: {unknown:?} is no column")));
    }
    for needed in ["action", "code"] {
        if !columns.iter().any(|column| column == needed) {
            return Err(refused(format!("line 1: the column {needed:?} is missing")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_knows_its_line_however_lines_end() {
        for end in ["\n", "\r\n"] {
            let table = ["action;code", "create;a", "", "create;b"].join(end);
            let lines: Vec<u64> = read(table.as_bytes()).unwrap().iter().map(|row| row.line).collect();
            assert_eq!(lines, [2, 4], "{end:?}");
        }
    }
}
