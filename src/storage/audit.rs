//! The audit log: only appended to, each entry's hash covers the one before it, so that nothing can be altered or
//! taken out unseen.
//!
//! The hash of an entry is BLAKE3 (derived key "sipas 2026 audit entry") over the hash before it and, each with its
//! length, number, time, actor, action, subject, unit and details. The first entry follows 32 zero bytes.

pub mod chain;
pub mod reading;

use std::collections::BTreeMap;

use diesel::{
    ExpressionMethods as _, Insertable, OptionalExtension as _, QueryDsl as _, Queryable, RunQueryDsl as _,
    Selectable, SelectableHelper as _, dsl::min,
};

use super::{
    Db, StorageError,
    meta::{self, Fact},
    portable,
    schema::{audit, job},
};
use crate::domain::audit::{Event, moment};

/// The hash of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryHash(pub [u8; 32]);

impl EntryHash {
    /// What the first entry follows.
    pub const NOTHING: Self = Self([0; 32]);

    /// In small hexadecimal digits.
    #[must_use]
    pub fn hex(&self) -> String {
        blake3::Hash::from_bytes(self.0).to_hex().to_string()
    }
}

/// The last entry: who knows it can tell later whether the log was cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Its number; 0: there is none yet.
    pub number: i64,
    /// Its hash.
    pub hash: EntryHash,
}

impl Head {
    /// The head of an empty log.
    pub const EMPTY: Self = Self { number: 0, hash: EntryHash::NOTHING };
}

impl std::fmt::Display for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.number, self.hash.hex())
    }
}

impl std::str::FromStr for Head {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let what = "a head is NUMBER:HASH, as the log and each backup say it";
        let (number, hash) = text.trim().split_once(':').ok_or(what)?;
        let number = number.parse().map_err(|_parse| what)?;
        let hash = blake3::Hash::from_hex(hash).map_err(|_parse| what)?;
        Ok(Self { number, hash: EntryHash(*hash.as_bytes()) })
    }
}

/// The columns of a table of entries.
pub const COLUMNS: [&str; 8] = ["number", "at", "actor", "action", "subject", "unit", "details", "hash"];

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit)]
pub struct Entry {
    /// 1, 2, 3 ...
    pub number: i64,
    /// Seconds since 1970-01-01T00:00Z.
    pub at: i64,
    /// Who, as [`crate::domain::audit::Actor`] writes it.
    pub actor: String,
    /// What, by the name of [`crate::domain::audit::Action`].
    pub action: String,
    /// To what.
    pub subject: String,
    /// The unit that it concerns.
    pub unit: Option<String>,
    /// A JSON object of texts.
    pub details: String,
    hash: Vec<u8>,
}

impl Entry {
    /// The hash that this entry has after the one before it.
    #[must_use]
    pub fn hash_after(&self, before: EntryHash) -> EntryHash {
        let mut hasher = blake3::Hasher::new_derive_key("sipas 2026 audit entry");
        hasher.update(&before.0);
        let (number, at) = (self.number.to_le_bytes(), self.at.to_le_bytes());
        let (unit, there) = (self.unit.as_deref().unwrap_or(""), [u8::from(self.unit.is_some())]);
        let texts = [&self.actor, &self.action, &self.subject, unit, &self.details];
        let parts = [number.as_slice(), &at, &there].into_iter().chain(texts.map(str::as_bytes));
        for part in parts {
            hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
            hasher.update(part);
        }
        EntryHash(*hasher.finalize().as_bytes())
    }

    /// The cells of a row that shows it, in the order of [`COLUMNS`].
    #[must_use]
    pub fn cells(&self) -> [String; 8] {
        [
            self.number.to_string(),
            moment(self.at),
            self.actor.clone(),
            self.action.clone(),
            self.subject.clone(),
            self.unit.clone().unwrap_or_default(),
            self.details.clone(),
            self.stored_hash().map(|hash| hash.hex()).unwrap_or_default(),
        ]
    }

    /// The details by name, as they were given.
    #[must_use]
    pub fn details(&self) -> Vec<(String, String)> {
        let read: BTreeMap<String, String> = serde_json::from_str(&self.details).unwrap_or_default();
        read.into_iter().collect()
    }

    /// One detail.
    #[must_use]
    pub fn detail(&self, name: &str) -> Option<String> {
        self.details().into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The hash that is stored with it.
    #[must_use]
    pub fn stored_hash(&self) -> Option<EntryHash> {
        self.hash.as_slice().try_into().ok().map(EntryHash)
    }
}

/// Appends an entry, within the transaction of the change that it speaks of, and last in it: from here to the commit
/// nobody else can append.
///
/// # Errors
/// Where the database cannot be written.
pub fn append(db: &mut Db, at: i64, event: &Event) -> Result<Head, StorageError> {
    diesel::update(job::table.find("audit")).set(job::runs.eq(job::runs + 1)).execute(db)?;
    let before = head(db)?;
    let details: serde_json::Map<String, serde_json::Value> =
        event.details.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())).collect();
    let mut entry = Entry {
        number: before.number + 1,
        at,
        actor: event.actor.to_string(),
        action: event.action.as_str().to_owned(),
        subject: event.subject.clone(),
        unit: event.unit.as_ref().map(ToString::to_string),
        details: serde_json::Value::Object(details).to_string(),
        hash: Vec::new(),
    };
    let hash = entry.hash_after(before.hash);
    entry.hash = hash.0.to_vec();
    diesel::insert_into(audit::table).values(&entry).execute(db)?;
    let head = Head { number: entry.number, hash };
    meta::put(db, Fact::AuditHead, &head.to_string())?;
    Ok(head)
}

/// The last entry that was written, as the database remembers it beside the log.
///
/// # Errors
/// Where the database cannot be read.
pub fn head(db: &mut Db) -> Result<Head, StorageError> {
    match meta::get(db, Fact::AuditHead)? {
        Some(text) => text.parse().map_err(|_what| StorageError::damaged("the head of the audit log")),
        None => Ok(Head::EMPTY),
    }
}

/// Where the log begins: the last entry that was taken off its front, [`Head::EMPTY`] where nothing was.
///
/// Whoever checks the chain starts here: the first entry that is there has the number after the base's, and its hash is
/// `entry.hash_after(base.hash)`; where no entry is left, the head is the base. Each cut is an entry itself
/// (`retention.run`) whose detail `audit_base` says the base as it was written then: the newest such entry must agree
/// with this, or somebody moved the base by hand to hide what they took away.
///
/// # Errors
/// Where the database cannot be read.
pub fn base(db: &mut Db) -> Result<Head, StorageError> {
    match meta::get(db, Fact::AuditBase)? {
        Some(text) => text.parse().map_err(|_what| StorageError::damaged("the base of the audit log")),
        None => Ok(Head::EMPTY),
    }
}

/// What was taken off the front of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// How many entries.
    pub entries: usize,
    /// The last of them, from which the chain is checked from now on.
    pub base: Head,
}

/// Takes entries off the front that were written before a moment, up to the first one that was not. Within the
/// transaction in which the cut itself is then appended.
///
/// # Errors
/// Where the database cannot be written.
pub fn cut_before(db: &mut Db, at: i64) -> Result<Option<Cut>, StorageError> {
    // From here to the commit nobody else can append.
    diesel::update(job::table.find("audit")).set(job::runs.eq(job::runs)).execute(db)?;
    let young = audit::table.filter(audit::at.ge(at)).select(min(audit::number));
    let first_kept: Option<i64> = young.get_result(db)?;
    let first_kept = match first_kept {
        Some(number) => number,
        None => head(db)?.number + 1,
    };
    let last: Option<Entry> = audit::table
        .filter(audit::number.lt(first_kept))
        .order(audit::number.desc())
        .select(Entry::as_select())
        .first(db)
        .optional()?;
    let Some(last) = last else { return Ok(None) };
    let hash = last.stored_hash().ok_or_else(|| StorageError::damaged("the hash of an audit entry"))?;
    let base = Head { number: last.number, hash };
    let entries = diesel::delete(audit::table.filter(audit::number.le(base.number))).execute(db)?;
    meta::put(db, Fact::AuditBase, &base.to_string())?;
    Ok(Some(Cut { entries, base }))
}

/// One transaction: a change, and last in it the entry that speaks of it; none where nothing was changed.
///
/// # Errors
/// What `work` returned, or where the database cannot be written; then nothing was changed.
pub fn recorded<T>(
    db: &mut Db,
    at: i64,
    work: impl FnOnce(&mut Db) -> Result<T, StorageError>,
    event: impl FnOnce(&T) -> Option<Event>,
) -> Result<T, StorageError> {
    db.write(|db| {
        let done = work(db)?;
        if let Some(event) = event(&done) {
            append(db, at, &event)?;
        }
        Ok(done)
    })
}

/// Records what changes nothing, as before something is taken out: a short transaction of its own.
///
/// # Errors
/// Where the database cannot be written.
pub fn record(db: &mut Db, at: i64, event: &Event) -> Result<Head, StorageError> {
    db.write(|db| append(db, at, event))
}

/// Whether the database has a log: tables of an earlier version have none.
///
/// # Errors
/// Where the database cannot be read.
pub fn is_there(db: &mut Db) -> Result<bool, StorageError> {
    Ok(portable::tables(db)?.iter().any(|table| table.name == "audit"))
}

/// The detail of a [`Retention`](crate::domain::audit::Action::Retention) entry that names the last entry that was
/// cleared away: without it the log would look as if its beginning were missing.
pub const BASE: &str = "audit_base";

/// Entries after this number, in their order.
///
/// # Errors
/// Where the database cannot be read.
pub fn after(db: &mut Db, number: i64, most: i64) -> Result<Vec<Entry>, StorageError> {
    let wanted = audit::table
        .filter(audit::number.gt(number))
        .order(audit::number.asc())
        .limit(most)
        .select(Entry::as_select());
    Ok(wanted.load(db)?)
}
