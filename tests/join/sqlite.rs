//! What SQLite's raw pages tell: the log transaction by transaction, and the order in which each page of the file
//! was written.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    dump::{Event, Hash, Receipt},
    pages::{Cell, Value, Wal, cells, pages},
};

/// The state of a spent code.
const USED: Value = Value::Number(1);

/// A row of `receipt`: eleven columns, the hash first, the state eighth.
fn spent(cell: &Cell) -> Option<&Hash> {
    match cell.columns.as_slice() {
        [Value::Blob(32, hash), _, _, _, _, _, _, state, _, _, _] if *state == USED => Some(hash),
        _ => None,
    }
}

/// A row of `inbox`, whose key comes first, the id last in it: id, unit, and the length of what is sealed.
fn waiting(cell: &Cell) -> Option<(&[u8], &str, usize)> {
    match cell.columns.as_slice() {
        [Value::Text(unit), Value::Text(_), _, _, _, Value::Blob(16, id), Value::Blob(length, _)] => {
            Some((id, unit, *length))
        }
        _ => None,
    }
}

/// A row of `segment`: unit, number, and how many answers it holds.
fn segment(cell: &Cell) -> Option<(&str, i64, i64)> {
    match cell.columns.as_slice() {
        [Value::Text(unit), _, _, _, _, Value::Number(number), Value::Number(held), Value::Blob(..)] => {
            Some((unit, *number, *held))
        }
        _ => None,
    }
}

/// A row of `comment`: its id and its unit.
fn comment(cell: &Cell) -> Option<(&[u8], &str)> {
    match cell.columns.as_slice() {
        [Value::Blob(16, id), Value::Text(unit), Value::Text(_), Value::Number(_), _, _, Value::Text(_)] => {
            Some((id, unit))
        }
        _ => None,
    }
}

/// What is known of the rows before a transaction.
#[derive(Default)]
struct Known {
    spent: HashSet<Hash>,
    ids: HashSet<Vec<u8>>,
    /// Answers by unit and segment.
    held: BTreeMap<(String, i64), i64>,
}

/// What happened, from the pages that each transaction wrote.
pub fn events(wal: &Wal, receipts: &[Receipt]) -> Vec<Event> {
    let unit_of: HashMap<&Hash, &str> = receipts.iter().map(|r| (&r.hash, r.unit.as_str())).collect();
    let mut known = Known::default();
    let mut events = Vec::new();
    for transaction in wal.transactions() {
        let rows: Vec<Cell> = transaction.into_iter().flat_map(cells).collect();
        let codes: Vec<Hash> =
            rows.iter().filter_map(spent).filter(|h| known.spent.insert((*h).clone())).cloned().collect();
        let new = |id: &&[u8], known: &mut Known| known.ids.insert(id.to_vec());
        let sealed: Vec<(String, usize)> = rows
            .iter()
            .filter_map(waiting)
            .filter(|(id, _, _)| new(id, &mut known))
            .map(|(_, unit, length)| (unit.to_owned(), length))
            .collect();
        let comments: Vec<(&[u8], &str)> =
            rows.iter().filter_map(comment).filter(|(id, _)| new(id, &mut known)).collect();
        for code in codes {
            // The only answer of its unit in this transaction has this code.
            let mut mine = sealed.iter().filter(|(unit, _)| unit_of.get(&code) == Some(&unit.as_str()));
            let sealed = mine.next().map(|(_, length)| *length).filter(|_| mine.next().is_none());
            events.push(Event::Used { code, sealed });
        }
        for (unit, number, held) in rows.iter().filter_map(segment) {
            if known.held.insert((unit.to_owned(), number), held) != Some(held) {
                let mine = comments.iter().filter(|(_, of)| *of == unit).map(|(id, _)| id.to_vec());
                events.push(Event::Folded { unit: unit.to_owned(), comments: mine.collect() });
            }
        }
    }
    events
}

/// Codes by how late they were written on their page: a spent row is longer, so it is put anew, below all others.
/// Pages are laid over each other, because nothing tells which page is older.
pub fn written_late(file: &[u8]) -> Vec<Hash> {
    let mut ranked = Vec::new();
    for page in pages(file) {
        let rows = cells(page);
        let mut rows: Vec<(usize, &Hash)> =
            rows.iter().filter_map(|cell| Some((cell.offset, spent(cell)?))).collect();
        rows.sort_by_key(|(offset, _)| std::cmp::Reverse(*offset));
        let held = rows.len();
        ranked.extend(
            rows.into_iter().enumerate().map(|(rank, (_, h))| ((2 * rank + 1) * 10_000 / held, h.clone())),
        );
    }
    ranked.sort();
    ranked.into_iter().map(|(_, hash)| hash).collect()
}
