//! The keeper: what has its day. Closing months, the daily sweep, requests of commands.

use std::{
    sync::Arc,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use super::{Parts, stats::Stats};
use crate::{
    domain::{
        audit::{Actor, By},
        period::{Day, Month},
    },
    storage::{
        Db, StorageError, audit,
        closing::{self, Closing},
        folding::Folder,
        jobs,
        retention::{self, Report},
    },
};

/// How often the keeper looks whether a command asks for something.
const LOOK: Duration = Duration::from_millis(400);
/// Looks between two checks of what has its day.
const DAILY: u32 = 150;

/// What day it is. A value, so that tests and made-up data can have another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The machine's clock, in `Asia/Ho_Chi_Minh`.
    #[default]
    System,
    /// Always this day.
    Fixed(Day),
}

impl Clock {
    /// Today, in `Asia/Ho_Chi_Minh`.
    #[must_use]
    pub fn today(self) -> Day {
        match self {
            Self::Fixed(day) => day,
            Self::System => Day::of_unix_seconds(self.unix_seconds()),
        }
    }

    /// Seconds since 1970-01-01T00:00Z.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the clock")]
    pub fn unix_seconds(self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }
}

/// When a month closes by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CloseRule {
    /// Days after its end.
    pub after_days: u16,
    /// The thresholds that its closed figures are shown under, as kept with the month.
    pub policy: String,
}

impl CloseRule {
    /// The first month that is not yet due on this day.
    #[must_use]
    pub fn open_from(&self, today: Day) -> Month {
        today.plus(-i32::from(self.after_days)).month()
    }
}

/// What the thread does, until the service stops.
pub(super) fn work(parts: &Parts, stats: &Arc<Stats>) -> impl FnMut() + Send + use<> {
    let keeper = Keeper { parts: parts.clone(), stats: Arc::clone(stats) };
    move || keeper.run()
}

struct Keeper {
    parts: Parts,
    stats: Arc<Stats>,
}

impl Keeper {
    fn run(&self) {
        let mut turn = 0;
        while !self.stats.is_stopping() {
            if let Err(error) = self.parts.store.with(|db| self.look(db, turn)) {
                tracing::warn!(error = ?error, "a job could not be done; it is tried again");
                thread::sleep(LOOK);
            }
            thread::sleep(LOOK);
            turn = (turn + 1) % DAILY;
        }
    }

    fn look(&self, db: &mut Db, turn: u32) -> Result<(), StorageError> {
        for (id, asked) in jobs::asked(db, "close")? {
            // Who asked stands after the month.
            let (month, who) =
                asked.split_once(' ').map_or((asked.as_str(), None), |(m, who)| (m, Some(who)));
            let actor = who.map_or(Actor::Service, |who| Actor::Shell(who.to_owned()));
            let outcome = match month.parse() {
                Ok(month) => self.close(db, month, actor).map_or_else(
                    |error| {
                        tracing::error!(error = ?error, "a month could not be closed");
                        Some(format!("{}{error}", jobs::FAILED))
                    },
                    |done| done.told(month),
                ),
                Err(_not_a_month) => Some(format!("{}{month} is not a month", jobs::FAILED)),
            };
            // Who asked waits on where the close was cut by a stop: the next start goes on with it.
            if let Some(outcome) = outcome {
                jobs::answer(db, id, &outcome)?;
            }
        }
        for (id, _nothing) in jobs::asked(db, retention::JOB)? {
            let outcome = match self.clear_away(db) {
                Ok(report) => report.to_string(),
                Err(error) => {
                    tracing::error!(error = ?error, "what is kept for a time only could not be cleared away");
                    format!("{}{error}", jobs::FAILED)
                }
            };
            jobs::answer(db, id, &outcome)?;
        }
        if turn == 0 {
            self.daily(db)?;
        }
        Ok(())
    }

    fn clear_away(&self, db: &mut Db) -> Result<Report, StorageError> {
        let clock = self.parts.clock;
        retention::run(db, &self.parts.keep, clock.today(), clock.unix_seconds(), &Actor::Service)
    }

    fn daily(&self, db: &mut Db) -> Result<(), StorageError> {
        let today = self.parts.clock.today();
        let closed = closing::due(db, self.parts.close_rule.open_from(today)).and_then(|months| {
            months.into_iter().try_for_each(|month| self.close(db, month, Actor::Service).map(|_done| ()))
        });
        // A close that fails must not keep old keys from being forgotten.
        if jobs::claim_sweep(db, today)? {
            let report = self.clear_away(db).inspect_err(|_failed| {
                // Tried again within a minute, not tomorrow.
                let _also_failed = jobs::unclaim_sweep(db);
            })?;
            tracing::info!("{report}");
            tell_audit_head(db)?;
        }
        closed
    }

    fn close(&self, db: &mut Db, month: Month, actor: Actor) -> Result<MonthClosed, StorageError> {
        let forms = self.parts.mirror.forms();
        let folder = Folder { forms: &forms, keys: &self.parts.keys };
        let policy = &self.parts.close_rule.policy;
        let (today, by) = (self.parts.clock.today(), By { actor, at: self.parts.clock.unix_seconds() });
        let go_on = &mut |_unit| !self.stats.is_stopping();
        let done = close_month(db, folder, month, today, policy, &by, go_on)?;
        if let MonthClosed::Now { carried } = done {
            tracing::info!(%month, carried, "month closed");
            self.stats.ripen();
        }
        Ok(done)
    }
}

/// Says where the audit log ends: who keeps these lines elsewhere can tell later whether it was cut.
///
/// # Errors
/// Where the database cannot be read.
pub fn tell_audit_head(db: &mut Db) -> Result<(), StorageError> {
    match audit::head(db) {
        Ok(head) => tracing::info!(audit_head = %head, "the audit log ends here"),
        // Nobody who answers must suffer from it.
        Err(StorageError::Damaged { what }) => {
            tracing::error!("{what} is damaged; look with `sipas audit verify`");
        }
        Err(error) => return Err(error),
    }
    Ok(())
}

/// What became of a close.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthClosed {
    /// The month is closed now.
    Now {
        /// Answers that were carried to the month that is open.
        carried: u64,
    },
    /// It was closed before.
    Before,
    /// It was cut, and goes on where it was.
    Cut,
}

impl MonthClosed {
    /// As people read it; nothing where the close is not over.
    #[must_use]
    pub fn told(self, month: Month) -> Option<String> {
        match self {
            Self::Now { carried } => Some(format!("{month} closed, {carried} answers carried")),
            Self::Before => Some(format!("{month} was closed before")),
            Self::Cut => None,
        }
    }
}

/// Closes a month to its end, or goes on where it was cut. `go_on` is asked before each unit, with the number of
/// units that are left.
///
/// # Errors
/// Where the database cannot be written or an answer cannot be opened.
pub fn close_month(
    db: &mut Db,
    folder: Folder<'_>,
    month: Month,
    today: Day,
    policy: &str,
    by: &By,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Result<MonthClosed, StorageError> {
    closing::begin(db, month, today, policy)?;
    loop {
        match closing::step(db, folder, month, today, by)? {
            Closing::Unit { left, .. } => {
                if !go_on(left) {
                    return Ok(MonthClosed::Cut);
                }
            }
            Closing::Closed { carried } => {
                jobs::record_run(db, "close", today)?;
                return Ok(MonthClosed::Now { carried });
            }
            Closing::WasClosed => return Ok(MonthClosed::Before),
        }
    }
}
