//! What is in a backup: frames, each a letter, a length and its bytes. A header (`H`), the key file where it goes along
//! (`K`), each table (`T`) with its rows (`R`), and at the end (`E`) how many rows each had and their checksum.
//! Header, tables and end are JSON, so that a reader finds its way without this program.

use std::{
    collections::BTreeMap,
    io::{self, Read, Write},
};

use serde::{Deserialize, Serialize};

use crate::storage::portable::{Column, Kind, Row, Value};

/// First line of every backup; the number is the version of what follows.
pub(super) const MAGIC: &[u8] = b"sipas backup 1\n";
/// What the first line of any version begins with.
pub(super) const ANY_MAGIC: &[u8] = b"sipas backup ";

pub(super) const HEADER: u8 = b'H';
pub(super) const KEY: u8 = b'K';
pub(super) const TABLE: u8 = b'T';
pub(super) const ROW: u8 = b'R';
pub(super) const END: u8 = b'E';

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Version of the program that made it.
    pub program: String,
    /// The newest migration of its tables.
    pub schema: String,
    /// The day on which it was made, `YYYY-MM-DD`.
    pub made: String,
    /// Id of the secret key that its database was made with.
    pub key_id: Option<String>,
    /// The last entry of its audit log, `NUMBER:HASH`. Backups that were made before there was such a log have none,
    /// and programs from before pass over it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit_head: Option<String>,
}

/// A table's name and columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TableHead {
    pub(super) name: String,
    columns: Vec<(String, String)>,
}

/// How much a table held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    /// Rows.
    pub rows: u64,
    /// BLAKE3 of all rows in the order of their key.
    pub blake3: String,
}

/// Everything in a backup but its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// What it says of itself.
    pub header: Header,
    /// The text of the key file, where it went along.
    pub key: Option<String>,
    /// What each table held.
    pub tables: BTreeMap<String, TableSum>,
}

impl Contents {
    /// Rows of all tables.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.values().map(|table| table.rows).sum()
    }
}

impl TableHead {
    pub(super) fn new(name: &str, columns: &[Column]) -> Self {
        let columns = columns.iter().map(|c| (c.name.clone(), word(c.kind).to_owned())).collect();
        Self { name: name.to_owned(), columns }
    }

    /// How many values a row has.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Whether a table of a database is this one.
    pub(super) fn fits(&self, name: &str, columns: &[Column]) -> bool {
        *self == Self::new(name, columns)
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Whole => "whole",
        Kind::Text => "text",
        Kind::Bytes => "bytes",
    }
}

/// Adds up the rows of one table.
#[derive(Debug, Default)]
pub(super) struct Summing {
    rows: u64,
    hasher: blake3::Hasher,
}

impl Summing {
    pub(super) fn add(&mut self, row: &[u8]) {
        self.rows += 1;
        self.hasher.update(row);
    }

    pub(super) fn sum(&self) -> TableSum {
        TableSum { rows: self.rows, blake3: self.hasher.finalize().to_hex().to_string() }
    }
}

/// Letters before each value of a row.
const ABSENT: u8 = 0;
const NUMBER: u8 = 1;
const TEXT: u8 = 2;
const BYTES: u8 = 3;

/// A row as bytes, in the place of what `to` held.
pub(super) fn encode(row: &[Value], to: &mut Vec<u8>) -> io::Result<()> {
    to.clear();
    for value in row {
        match value {
            Value::Absent => to.push(ABSENT),
            Value::Whole(number) => {
                to.push(NUMBER);
                to.extend(number.to_le_bytes());
            }
            Value::Text(text) => put(TEXT, text.as_bytes(), to)?,
            Value::Bytes(bytes) => put(BYTES, bytes, to)?,
        }
    }
    Ok(())
}

fn put(letter: u8, bytes: &[u8], to: &mut Vec<u8>) -> io::Result<()> {
    to.push(letter);
    to.extend(length(bytes)?.to_le_bytes());
    to.extend(bytes);
    Ok(())
}

fn length(bytes: &[u8]) -> io::Result<u32> {
    u32::try_from(bytes.len()).map_err(|_long| io::Error::other("a value of more than four gigabytes"))
}

/// A row of so many values; `None` where the bytes are no such row.
pub(super) fn decode(mut bytes: &[u8], width: usize) -> Option<Row> {
    let mut row = Row::with_capacity(width);
    while let Some((letter, rest)) = bytes.split_first() {
        bytes = rest;
        row.push(match *letter {
            ABSENT => Value::Absent,
            NUMBER => Value::Whole(i64::from_le_bytes(*take_array(&mut bytes)?)),
            TEXT => Value::Text(String::from_utf8(take(&mut bytes)?.to_vec()).ok()?),
            BYTES => Value::Bytes(take(&mut bytes)?.to_vec()),
            _other => return None,
        });
    }
    (row.len() == width).then_some(row)
}

fn take_array<'a, const N: usize>(bytes: &mut &'a [u8]) -> Option<&'a [u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(first)
}

fn take<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(u32::from_le_bytes(*take_array(bytes)?)).ok()?;
    let (first, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(first)
}

/// Writes one frame.
pub(super) fn write_frame(to: &mut impl Write, letter: u8, bytes: &[u8]) -> io::Result<()> {
    to.write_all(&[letter])?;
    to.write_all(&length(bytes)?.to_le_bytes())?;
    to.write_all(bytes)
}

/// Reads one frame into `bytes`; its letter. A length is not believed before so many bytes were there.
pub(super) fn read_frame(from: &mut impl Read, bytes: &mut Vec<u8>) -> io::Result<u8> {
    let (mut letter, mut length) = ([0], [0; 4]);
    from.read_exact(&mut letter)?;
    from.read_exact(&mut length)?;
    let length = u64::from(u32::from_le_bytes(length));
    bytes.clear();
    let read = from.take(length).read_to_end(bytes)?;
    if u64::try_from(read).ok() != Some(length) {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let [letter] = letter;
    Ok(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_comes_back_as_it_was_and_nothing_else_is_a_row() {
        let row = vec![
            Value::Absent,
            Value::Whole(-7),
            Value::Text("Trà Cú".to_owned()),
            Value::Bytes(vec![0; 300]),
        ];
        let mut bytes = Vec::new();
        encode(&row, &mut bytes).unwrap();
        assert_eq!(decode(&bytes, 4), Some(row));
        assert_eq!(decode(&bytes, 3), None);
        for cut in 0..bytes.len() {
            assert_eq!(decode(&bytes[..cut], 4), None, "{cut}");
        }
    }
}
