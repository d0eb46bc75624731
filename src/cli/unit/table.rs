//! A table of units as rows: UTF-8 with or without byte order mark, comma or semicolon.

use std::{fs, path::Path};

use super::super::CliError;
use crate::domain::unit_import::{COLUMNS, ImportRow};

/// Reads a table.
pub(super) fn read(file: &Path) -> Result<Vec<ImportRow>, CliError> {
    let bytes = fs::read(file).map_err(|source| CliError::File { path: file.to_owned(), source })?;
    let refused = |what: String| {
        CliError::refused(
            format!("{}: {what}", file.display()),
            format!("save it as CSV, UTF-8, with the columns {}", COLUMNS.join(", ")),
        )
    };
    let text = std::str::from_utf8(&bytes)
        .map_err(|error| refused(format!("is not UTF-8 (at byte {})", error.valid_up_to())))?;
    let text = text.trim_start_matches('\u{feff}');
    let header = text.lines().next().unwrap_or_default();
    let delimiter = if header.contains(';') && !header.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let columns = reader.headers().map_err(|error| refused(error.to_string()))?.clone();
    check_header(&columns).map_err(refused)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| refused(error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cells = columns
            .iter()
            .zip(&record)
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(column, cell)| (column.to_owned(), cell.to_owned()))
            .collect();
        let row = ImportRow { line, cells };
        if record.len() > columns.len() {
            return Err(refused(format!(
                "line {line} has {} cells, the header {}",
                record.len(),
                columns.len()
            )));
        }
        if !row.cells.is_empty() {
            rows.push(row);
        }
    }
    Ok(rows)
}

fn check_header(columns: &csv::StringRecord) -> Result<(), String> {
    let known = |column: &str| COLUMNS.contains(&column) || column.starts_with("name_");
    if let Some(unknown) = columns.iter().find(|column| !known(column)) {
        return Err(format!("line 1: {unknown:?} is no column"));
    }
    for needed in ["action", "code"] {
        if !columns.iter().any(|column| column == needed) {
            return Err(format!("line 1: the column {needed:?} is missing"));
        }
    }
    Ok(())
}
