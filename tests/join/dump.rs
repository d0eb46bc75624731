//! What whoever copies everything but the key file holds after a day: every row in the order in which it lies, the
//! traces that rows and the write-ahead log keep of transactions, the log and the metrics.

use std::{
    collections::{BTreeMap, HashMap},
    process::Command,
};

use sipas::{config::DatabaseUrl, domain::block::Record, storage::blocks::Unpacker};

/// The keyed hash of a code, as rows hold it. Who has no key cannot go from it to the code, and need not: the attack
/// is won where a hash leads to an answer.
pub type Hash = Vec<u8>;

/// A row of `receipt`.
#[derive(Debug, Clone)]
pub struct Receipt {
    pub hash: Hash,
    pub unit: String,
    pub field: String,
    pub used: bool,
    pub retry_hash: Vec<u8>,
    pub fingerprint: Vec<u8>,
    /// `xmin`, where the database shows it.
    pub transaction: u64,
}

/// A folded answer, in the order of its block.
#[derive(Debug, Clone)]
pub struct Answer {
    pub unit: String,
    pub record: Record,
}

/// A row of `comment`.
#[derive(Debug, Clone)]
pub struct Comment {
    pub id: Vec<u8>,
    pub unit: String,
    pub language: String,
    pub body: String,
    /// `xmin`, where the database shows it.
    pub transaction: u64,
}

/// Something that traces tell, in the order in which it happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// A code was spent; with the length of the sealed answer beside it, where that shows.
    Used { code: Hash, sealed: Option<usize> },
    /// What waited for a unit was folded; ids of the comments that were put apart with it.
    Folded { unit: String, comments: Vec<Vec<u8>> },
}

/// The answers that one fold took, as far as an attacker can tell.
#[derive(Debug, Clone)]
pub struct Handful {
    pub unit: String,
    pub codes: Vec<Hash>,
    /// How many answers of the unit were folded before it.
    pub begins: usize,
    pub comments: Vec<Vec<u8>>,
}

/// One source of what happened when.
#[derive(Debug, Clone, Default)]
pub struct Traces {
    /// Codes in the order of their use.
    pub used: Vec<Hash>,
    pub handfuls: Vec<Handful>,
    /// Length of the sealed answer that came with a code.
    pub sealed: HashMap<Hash, usize>,
}

/// Everything.
#[derive(Debug, Clone, Default)]
pub struct Dump {
    /// As they lie in the file.
    pub receipts: Vec<Receipt>,
    /// As they lie in the blocks.
    pub answers: Vec<Answer>,
    /// As they lie in the file.
    pub comments: Vec<Comment>,
    /// What rows, living or dead, tell of their transactions; in SQLite, of the order in which a page was written.
    pub rows: Traces,
    /// What the write-ahead log tells.
    pub wal: Traces,
    pub log: String,
    /// Answers stored and folded, each time somebody looked.
    pub metrics: Vec<(usize, usize)>,
    /// Sources that this server does not show, with the reason.
    pub missing: Vec<String>,
}

/// Puts events together: who was waiting when a fold came is in it.
pub fn traces(events: &[Event], receipts: &[Receipt]) -> Traces {
    let unit_of: HashMap<&Hash, &str> = receipts.iter().map(|r| (&r.hash, r.unit.as_str())).collect();
    let mut waiting: BTreeMap<String, Vec<Hash>> = BTreeMap::new();
    let mut folded: BTreeMap<String, usize> = BTreeMap::new();
    let mut traces = Traces::default();
    for event in events {
        match event {
            Event::Used { code, sealed } => {
                traces.used.push(code.clone());
                traces.sealed.extend(sealed.map(|length| (code.clone(), length)));
                waiting.entry(unit_of[code].to_owned()).or_default().push(code.clone());
            }
            Event::Folded { unit, comments } => {
                let codes = waiting.remove(unit).unwrap_or_default();
                let total = folded.entry(unit.clone()).or_default();
                let begins = *total;
                *total += codes.len();
                traces.handfuls.push(Handful {
                    unit: unit.clone(),
                    codes,
                    begins,
                    comments: comments.clone(),
                });
            }
        }
    }
    traces
}

/// Rows of a query, asked with the database's own tool.
pub fn ask(url: &DatabaseUrl, query: &str) -> Vec<Vec<String>> {
    try_ask(url, query).unwrap_or_else(|error| panic!("{query}: {error}"))
}

pub fn try_ask(url: &DatabaseUrl, query: &str) -> Result<Vec<Vec<String>>, String> {
    let done = match url {
        DatabaseUrl::Sqlite(path) => {
            Command::new("sqlite3").args(["-readonly", "-separator", "\t"]).arg(path).arg(query).output()
        }
        DatabaseUrl::Postgres(url) => {
            Command::new("psql").args([url, "-qAt", "-F", "\t", "-c", query]).output()
        }
    };
    let done = done.expect("the database's own tool is installed (tests/run does it)");
    if !done.status.success() {
        return Err(String::from_utf8_lossy(&done.stderr).into_owned());
    }
    let text = String::from_utf8(done.stdout).unwrap();
    Ok(text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

pub fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The tables as SQL shows them, in the order of the file.
pub fn tables(url: &DatabaseUrl) -> Dump {
    let (hex, transaction, lies) = match url {
        DatabaseUrl::Sqlite(_) => (["hex(", ")"], "0", ""),
        DatabaseUrl::Postgres(_) => (["encode(", ", 'hex')"], "xmin", "ORDER BY ctid"),
    };
    let hex = |column: &str| format!("{}{column}{}", hex[0], hex[1]);
    let receipts = ask(
        url,
        &format!(
            "SELECT {}, unit, service_field, state, coalesce({}, ''), coalesce({}, ''), {transaction} \
             FROM receipt {lies}",
            hex("code_hash"),
            hex("retry_hash"),
            hex("fingerprint")
        ),
    );
    let comments = ask(
        url,
        &format!("SELECT {}, unit, language, {}, {transaction} FROM comment {lies}", hex("id"), body(url)),
    );
    let segments = ask(url, &format!("SELECT unit, {} FROM segment ORDER BY unit, number", hex("bytes")));
    Dump {
        receipts: receipts.iter().map(|row| receipt(row)).collect(),
        comments: comments.iter().map(|row| comment(row)).collect(),
        answers: segments.iter().flat_map(|row| answers(&row[0], &bytes(&row[1]))).collect(),
        ..Dump::default()
    }
}

/// Texts as hex too: they may hold what separates columns.
fn body(url: &DatabaseUrl) -> &'static str {
    match url {
        DatabaseUrl::Sqlite(_) => "hex(CAST(body AS BLOB))",
        DatabaseUrl::Postgres(_) => "encode(convert_to(body, 'UTF8'), 'hex')",
    }
}

fn receipt(row: &[String]) -> Receipt {
    Receipt {
        hash: bytes(&row[0]),
        unit: row[1].clone(),
        field: row[2].clone(),
        used: row[3] == "1",
        retry_hash: bytes(&row[4]),
        fingerprint: bytes(&row[5]),
        transaction: row[6].parse().unwrap(),
    }
}

fn comment(row: &[String]) -> Comment {
    Comment {
        id: bytes(&row[0]),
        unit: row[1].clone(),
        language: row[2].clone(),
        body: String::from_utf8(bytes(&row[3])).unwrap(),
        transaction: row[4].parse().unwrap(),
    }
}

/// Blocks are no secret: anybody can unpack them.
fn answers(unit: &str, packed: &[u8]) -> Vec<Answer> {
    let segment = Unpacker::default().unpack(packed).unwrap();
    segment.records().map(|record| Answer { unit: unit.to_owned(), record }).collect()
}
