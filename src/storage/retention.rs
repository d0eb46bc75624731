//! Clearing away what is kept for a time only, as the policy says, and the report of it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    Db, StorageError, audit, devices, jobs, links,
    meta::{self, Fact},
    sessions,
};
use crate::{
    config::Keep,
    domain::{
        audit::{Action, Actor, Event},
        period::Day,
    },
};

/// The name of the job, for its row and for requests of commands.
pub const JOB: &str = "retention";

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// The zone is seven hours ahead.
const ZONE: i64 = 7 * HOUR;

/// What one run cleared away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cleared {
    /// Retry keys, with the weeks of use of receipts.
    pub retry_keys: u64,
    /// Receipts that can no longer be used, moved apart.
    pub receipts_moved: u64,
    /// Receipts erased.
    pub receipts: u64,
    /// Sessions that were idle or old.
    pub sessions: u64,
    /// Links that do not open any more.
    pub links: u64,
    /// Codes of tablets that do not work any more.
    pub device_codes: u64,
    /// Entries of the audit log.
    pub audit: u64,
}

impl Cleared {
    fn named(&self) -> [(&'static str, u64); 7] {
        [
            ("retry_keys", self.retry_keys),
            ("receipts_moved", self.receipts_moved),
            ("receipts", self.receipts),
            ("sessions", self.sessions),
            ("links", self.links),
            ("device_codes", self.device_codes),
            ("audit", self.audit),
        ]
    }

    fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// The report of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// When, in seconds since 1970.
    pub at: i64,
    /// Who asked for it.
    pub by: String,
    /// What went.
    pub cleared: Cleared,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let minutes = (self.at + ZONE).rem_euclid(DAY) / MINUTE;
        let day = Day::of_unix_seconds(self.at);
        write!(f, "cleared away on {day} at {:02}:{:02} by {}: ", minutes / 60, minutes % 60, self.by)?;
        if self.cleared.is_nothing() {
            return f.write_str("there was nothing");
        }
        let some = self.cleared.named().into_iter().filter(|(_, count)| *count > 0);
        let some: Vec<String> =
            some.map(|(name, count)| format!("{count} {}", name.replace('_', " "))).collect();
        f.write_str(&some.join(", "))
    }
}

/// Clears away what is older than the policy says, keeps the report of it, and writes an entry of the audit log where
/// anything went. A run that was cut is repeated whole: what went is gone, and the report then counts the rest.
///
/// # Errors
/// Where the database cannot be written.
pub fn run(db: &mut Db, keep: &Keep, today: Day, now: i64, by: &Actor) -> Result<Report, StorageError> {
    // In small transactions, so that nobody who answers waits.
    let swept = jobs::sweep(db, today, keep.receipt_days)?;
    db.write(|db| {
        let idle = now - i64::from(keep.session_idle_minutes) * MINUTE;
        let old = now - i64::from(keep.session_hours) * HOUR;
        let sessions = sessions::clear(db, idle, old)?;
        let (links, codes) = (links::clear(db, now)?, devices::clear_codes(db, now)?);
        let cut = match keep.audit_days {
            Some(days) => audit::cut_before(db, now - i64::from(days) * DAY)?,
            None => None,
        };
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let cleared = Cleared {
            retry_keys: count(swept.keys),
            receipts_moved: count(swept.moved),
            receipts: count(swept.erased),
            sessions: count(sessions),
            links: count(links),
            device_codes: count(codes),
            audit: count(cut.map_or(0, |cut| cut.entries)),
        };
        let report = Report { at: now, by: by.to_string(), cleared };
        let text = serde_json::to_string(&report).map_err(|_never| StorageError::damaged("a report"))?;
        meta::put(db, Fact::Retention, &text)?;
        jobs::record_run(db, JOB, today)?;
        if !cleared.is_nothing() {
            audit::append(db, now, &entry(by, &cleared, cut.map(|cut| cut.base)))?;
        }
        Ok(report)
    })
}

fn entry(by: &Actor, cleared: &Cleared, base: Option<audit::Head>) -> Event {
    let event = Event::new(by.clone(), Action::Retention, "");
    let some = cleared.named().into_iter().filter(|(_, count)| *count > 0);
    let event = some.fold(event, |event, (name, count)| event.with(name, count));
    match base {
        Some(base) => event.with(audit::BASE, base),
        None => event,
    }
}

/// The report of the last run.
///
/// # Errors
/// Where the database cannot be read.
pub fn last(db: &mut Db) -> Result<Option<Report>, StorageError> {
    let text = meta::get(db, Fact::Retention)?;
    let read = |text: String| serde_json::from_str(&text);
    text.map(read).transpose().map_err(|_json| StorageError::damaged("the report of what was cleared away"))
}

/// What is kept how long, for people, with what the last run cleared of it.
#[must_use]
pub fn lines(keep: &Keep, last: Option<&Report>) -> Vec<(&'static str, String, Option<u64>)> {
    let cleared = |of: fn(&Cleared) -> u64| last.map(|report| of(&report.cleared));
    let ever = || "for ever".to_owned();
    let audit = keep.audit_days.map_or_else(ever, |days| format!("{days} days"));
    let sessions = format!(
        "{} minutes without a request, {} hours at most",
        keep.session_idle_minutes, keep.session_hours
    );
    vec![
        ("folded answers, comments, tallies", ever(), None),
        ("answers that wait", "until five of their kind are there".to_owned(), None),
        ("units, forms, imports, accounts, tokens, devices", ever(), None),
        ("retry keys and weeks of use", "15 to 21 days".to_owned(), cleared(|c| c.retry_keys)),
        ("receipts", format!("{} days after their expiry", keep.receipt_days), cleared(|c| c.receipts)),
        ("sessions", sessions, cleared(|c| c.sessions)),
        ("links that open once", "until they expire".to_owned(), cleared(|c| c.links)),
        ("codes to enrol tablets", "until they expire".to_owned(), cleared(|c| c.device_codes)),
        ("audit log", audit, cleared(|c| c.audit)),
    ]
}
