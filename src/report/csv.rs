//! CSV as spreadsheets and scripts can both read it.
//!
//! UTF-8 with a byte-order mark (or a spreadsheet guesses another encoding), commas, CRLF, RFC 4180 quoting,
//! `.` decimals, an empty cell for a missing value. A text that a spreadsheet would take for a formula gets a
//! `'` before it; numbers are numbers and get none. Rows are written as they come, so memory does not grow.

use std::{borrow::Cow, io};

use crate::domain::score::Hundredths;

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<'a> {
    /// Words or a code; guarded against being taken for a formula.
    Text(&'a str),
    /// A count.
    Count(u64),
    /// A number with two decimals.
    Hundredths(Hundredths),
    /// No value.
    Missing,
}

impl Field<'_> {
    /// A count that may be missing.
    #[must_use]
    pub fn count(value: Option<u64>) -> Self {
        value.map_or(Self::Missing, Self::Count)
    }

    /// A number that may be missing.
    #[must_use]
    pub fn hundredths(value: Option<Hundredths>) -> Self {
        value.map_or(Self::Missing, Self::Hundredths)
    }
}

/// Why a table could not be written.
#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    /// A row with more or fewer cells than the header: a fault of the program.
    #[error("a row has {found} cells where the header has {expected}")]
    Shape {
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// The file, the pipe or the connection did not take it.
    #[error("the table could not be written: {0}")]
    Write(#[from] io::Error),
}

/// Writes one table, row by row.
#[derive(Debug)]
pub struct CsvWriter<W: io::Write> {
    rows: csv::Writer<W>,
    width: usize,
}

/// Bytes that are written together.
const BUFFER: usize = 64 * 1024;

/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl<W: io::Write> CsvWriter<W> {
    /// Writes the byte-order mark and the header.
    ///
    /// # Errors
    /// Where the destination does not take it.
    pub fn new(mut to: W, header: &[&str]) -> Result<Self, CsvError> {
        to.write_all(BYTE_ORDER_MARK)?;
        Self::begin(to, header, csv::Terminator::CRLF)
    }

    /// Writes the header without a byte-order mark, and lines as a shell reads them: for lists that scripts
    /// read and spreadsheets do not.
    ///
    /// # Errors
    /// Where the destination does not take it.
    pub fn for_scripts(to: W, header: &[&str]) -> Result<Self, CsvError> {
        Self::begin(to, header, csv::Terminator::Any(b'\n'))
    }

    fn begin(to: W, header: &[&str], line_end: csv::Terminator) -> Result<Self, CsvError> {
        let rows = csv::WriterBuilder::new().terminator(line_end).buffer_capacity(BUFFER).from_writer(to);
        let mut writer = Self { rows, width: header.len() };
        writer.row(&header.iter().map(|name| Field::Text(name)).collect::<Vec<_>>())?;
        Ok(writer)
    }

    /// Writes one row.
    ///
    /// # Errors
    /// Where it has not as many cells as the header, or the destination does not take it.
    pub fn row(&mut self, fields: &[Field<'_>]) -> Result<(), CsvError> {
        if fields.len() != self.width {
            return Err(CsvError::Shape { expected: self.width, found: fields.len() });
        }
        let cells = fields.iter().map(|field| match field {
            Field::Text(text) => guarded(text),
            Field::Count(number) => Cow::Owned(number.to_string()),
            Field::Hundredths(number) => Cow::Owned(number.to_string()),
            Field::Missing => Cow::Borrowed(""),
        });
        self.rows.write_record(cells.map(bytes)).map_err(cause)?;
        Ok(())
    }

    /// Writes what is still buffered and gives the destination back.
    ///
    /// # Errors
    /// Where the destination does not take it.
    pub fn finish(self) -> Result<W, CsvError> {
        self.rows.into_inner().map_err(|error| CsvError::Write(error.into_error()))
    }
}

/// What the destination said: a reader that went away must stay recognisable.
fn cause(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn bytes(cell: Cow<'_, str>) -> Vec<u8> {
    cell.into_owned().into_bytes()
}

/// A text as one of several cells of a row, guarded and quoted: for who writes the same texts again and again.
///
/// # Errors
/// Never, as far as memory lasts.
pub fn cell(text: &str) -> Result<Vec<u8>, CsvError> {
    // A second cell, because an empty one that stands alone is quoted.
    let mut rows = csv::WriterBuilder::new().from_writer(Vec::new());
    rows.write_record([guarded(text).as_ref(), ""]).map_err(cause)?;
    let mut bytes = rows.into_inner().map_err(|error| CsvError::Write(error.into_error()))?;
    bytes.truncate(bytes.len().saturating_sub(",\n".len()));
    Ok(bytes)
}

/// A text that no spreadsheet takes for a formula: with a `'` before it where it could be one.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    if needs_guard(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that [`guarded`] was given.
#[must_use]
pub fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| needs_guard(text)).unwrap_or(cell)
}

/// A text that already begins with `'` before a formula is guarded once more, so that it reads back.
fn needs_guard(text: &str) -> bool {
    let first = text.trim_start_matches('\'').chars().find(|c| !is_unseen(*c));
    first.is_some_and(|c| {
        matches!(
            c,
            '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' |
            // full-width and small forms of the four signs
            '＝' | '＋' | '－' | '＠' | '﹦' | '﹢' | '﹣' | '﹫'
        )
    })
}

/// Spaces and signs without width, which a spreadsheet or a person may not see before a formula.
fn is_unseen(c: char) -> bool {
    let space = c.is_whitespace() && !matches!(c, '\t' | '\r' | '\n');
    space
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(header: &[&str], rows: &[Vec<Field<'_>>]) -> Vec<u8> {
        let mut writer = CsvWriter::new(Vec::new(), header).unwrap();
        for row in rows {
            writer.row(row).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn a_table_is_written_as_spreadsheets_want_it() {
        let name = Field::Text("Xã Trà Cú, \"mới\"");
        let score = Field::hundredths(Some(Hundredths::from_number(8000)));
        let table = written(
            &["unit_name", "n", "score", "note"],
            &[vec![name, Field::Count(25), score, Field::Missing], vec![Field::Text("=1+1"); 4]],
        );
        let text = std::str::from_utf8(&table).unwrap();
        let expected = "\u{feff}unit_name,n,score,note\r\n\
            \"Xã Trà Cú, \"\"mới\"\"\",25,80.00,\r\n'=1+1,'=1+1,'=1+1,'=1+1\r\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn what_looks_like_a_formula_is_guarded() {
        for text in [
            "=1+1",
            "+84",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "  =1",
            "\u{200B}=1",
            "\u{FEFF} \u{00A0}-1",
            "＝1",
            "－1",
            "＋1",
            "＠1",
            "'=1",
        ] {
            assert_eq!(guarded(text), format!("'{text}"));
            assert_eq!(unguarded(&guarded(text)), text);
        }
        for text in ["", "Trà Cú", "a=1", "'tis", "1-2", "ខ្មែរ", " chữ"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }

    #[test]
    fn a_row_of_another_width_is_refused() {
        let mut writer = CsvWriter::new(Vec::new(), &["a", "b"]).unwrap();
        let error = writer.row(&[Field::Missing]).unwrap_err();
        assert!(matches!(error, CsvError::Shape { expected: 2, found: 1 }));
    }

    fn awkward() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "\\PC{0,6}",
            "[=+@,;\"'\r\n\t -]{0,4}",
            Just("\u{200B}".to_owned()),
            Just("＝".to_owned())
        ];
        prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn a_table_reads_back_as_it_was(rows in prop::collection::vec((awkward(), awkward(), 0_u64..), 0..8)) {
            let fields: Vec<Vec<Field<'_>>> = rows
                .iter()
                .map(|(a, b, n)| vec![Field::Text(a), Field::Text(b), Field::Count(*n)])
                .collect();
            let table = written(&["a", "b", "n"], &fields);
            let mut reader = csv::Reader::from_reader(&table[3..]);
            let read: Vec<(String, String, u64)> = reader
                .records()
                .map(|r| {
                    let r = r.unwrap();
                    (unguarded(&r[0]).to_owned(), unguarded(&r[1]).to_owned(), r[2].parse().unwrap())
                })
                .collect();
            prop_assert_eq!(&read, &rows);
            for text in rows.iter().flat_map(|(a, b, _)| [a, b]) {
                let one = written(&["a", "b"], &[vec![Field::Text(text), Field::Count(1)]]);
                let expected = [b"\xEF\xBB\xBFa,b\r\n", cell(text).unwrap().as_slice(), b",1\r\n"].concat();
                prop_assert_eq!(one, expected);
            }
        }

        #[test]
        fn no_text_cell_begins_like_a_formula(text in awkward()) {
            let cell = guarded(&text).into_owned();
            let seen = cell.trim_start_matches(|c: char| is_unseen(c));
            prop_assert!(!seen.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']));
        }
    }
}
