//! SQLite's file and write-ahead log read as bytes: pages, cells, and the order in which they were written.

use std::{collections::BTreeMap, path::Path};

const PAGE: usize = 4096;
const HEADER: usize = 24;
const WAL_HEADER: usize = 32;

/// One page as it was written at some moment.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Whether a transaction ends with it.
    pub commits: bool,
    pub page: Vec<u8>,
}

/// Every frame that was ever seen in the log, by generation and place, so in the order of writing.
#[derive(Debug, Default)]
pub struct Wal(BTreeMap<(u32, usize), Frame>);

/// One column, as much of it as lies on its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Null,
    Number(i64),
    Text(String),
    /// Its length, and its bytes where they are all there.
    Blob(usize, Vec<u8>),
}

/// One row on a page.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Where on its page: what is written later lies nearer to the begin, until the page is tidied.
    pub offset: usize,
    pub columns: Vec<Value>,
}

fn number(bytes: &[u8]) -> usize {
    bytes.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte))
}

impl Wal {
    /// Copies what is in the log now. Whoever looks often enough misses nothing.
    pub fn look(&mut self, path: &Path) {
        let Ok(bytes) = std::fs::read(path) else { return };
        let Some(frames) = bytes.get(WAL_HEADER..) else { return };
        for (place, frame) in frames.chunks_exact(HEADER + PAGE).enumerate() {
            let (head, page) = frame.split_at(HEADER);
            if number(&head[..4]) == 0 {
                break;
            }
            let generation = u32::from_be_bytes(head[8..12].try_into().unwrap());
            let frame = Frame { commits: number(&head[4..8]) != 0, page: page.to_vec() };
            self.0.insert((generation, place), frame);
        }
    }

    /// Pages by transaction, in order.
    pub fn transactions(&self) -> Vec<Vec<&[u8]>> {
        let (mut done, mut open) = (Vec::new(), Vec::new());
        for frame in self.0.values() {
            open.push(frame.page.as_slice());
            if frame.commits {
                done.push(std::mem::take(&mut open));
            }
        }
        done
    }
}

/// The pages of a database file.
pub fn pages(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    file.chunks_exact(PAGE)
}

/// The rows on a page of a table or of a table without row ids; nothing on any other page.
pub fn cells(page: &[u8]) -> Vec<Cell> {
    let (head, begin) = match page[0] {
        0x0A | 0x0D => (8, 0),
        0x02 => (12, 4),
        _ => return Vec::new(),
    };
    let is_table = page[0] == 0x0D;
    let pointers = page[head..].chunks_exact(2).take(number(&page[3..5]));
    pointers
        .filter_map(|pointer| {
            let offset = number(pointer);
            let mut rest = page.get(offset + begin..)?;
            let _payload = varint(&mut rest)?;
            if is_table {
                let _row_id = varint(&mut rest)?;
            }
            Some(Cell { offset, columns: record(rest)? })
        })
        .collect()
}

fn record(bytes: &[u8]) -> Option<Vec<Value>> {
    let mut rest = bytes;
    let length = usize::try_from(varint(&mut rest)?).ok()?;
    let header_bytes = bytes.len() - rest.len();
    let mut kinds = rest.get(..length.checked_sub(header_bytes)?)?;
    let mut body = bytes.get(length..)?;
    let mut columns = Vec::new();
    while !kinds.is_empty() {
        let kind = varint(&mut kinds)?;
        let size = match kind {
            0 | 8 | 9 => 0,
            1..=4 => usize::try_from(kind).ok()?,
            5 => 6,
            6 | 7 => 8,
            _ => usize::try_from((kind - 12) / 2).ok()?,
        };
        let taken = body.get(..size);
        columns.push(value(kind, size, taken));
        body = body.get(size..).unwrap_or_default();
    }
    Some(columns)
}

fn value(kind: u64, size: usize, taken: Option<&[u8]>) -> Value {
    match kind {
        0 => Value::Null,
        8 => Value::Number(0),
        9 => Value::Number(1),
        1..=7 => Value::Number(taken.map_or(0, |bytes| i64::try_from(number(bytes)).unwrap_or(-1))),
        _ if kind.is_multiple_of(2) => Value::Blob(size, taken.unwrap_or_default().to_vec()),
        _ => Value::Text(String::from_utf8_lossy(taken.unwrap_or_default()).into_owned()),
    }
}

fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut sum = 0;
    for index in 0..9 {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        if index == 8 {
            return Some((sum << 8) | u64::from(*byte));
        }
        sum = (sum << 7) | u64::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            break;
        }
    }
    Some(sum)
}
