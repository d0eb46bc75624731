//! Copying the built-in database's log into its file, on a thread of its own: beside the writer, so that nobody's
//! acknowledgement waits for it.

use std::{
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    thread,
    time::{Duration, Instant},
};

use super::{Parts, folder::FoldTurn};
use crate::{
    config::DatabaseUrl,
    storage::{Db, Log, StorageError},
};

/// Pages that wait in the log before they are copied, 190 MB: what is written again and again meanwhile is copied once,
/// and each beginning anew of the log holds the writer up. At 8,000 pages one of 100 waited four times as long.
const ENOUGH: u32 = 48_000;
/// So few are copied by the writer itself in passing. Only then can the log begin anew: who copies beside the writer
/// never catches up with it.
const FEW: u32 = 500;
/// So many wait only where copying fails or cannot keep up, 640 MB: then the writer copies, so that the log ends.
const MOST: u32 = 160_000;
/// Looks of the copier at one log before it rests: each finds only what came during the last one.
const LOOKS: usize = 4;
/// How long the copier and the writer leave a log alone that somebody reads an old state in.
const REST: Duration = Duration::from_millis(100);
/// How long after a fold the log is emptied at the latest, once little is left to copy.
const TIDY_ANYHOW: Duration = Duration::from_secs(30);

/// Where the copier is asked, and where it listens; nothing of a server.
pub(super) fn door(parts: &Parts) -> Option<(SyncSender<()>, Receiver<()>)> {
    matches!(parts.store.url(), DatabaseUrl::Sqlite(_)).then(|| sync_channel(1))
}

/// What the copier does, until nobody can ask any more.
pub(super) fn work(parts: &Parts, asked: Receiver<()>) -> impl FnMut() + Send + use<> {
    let parts = parts.clone();
    move || {
        let mut db: Option<Db> = None;
        while asked.recv().is_ok() {
            if let Err(error) = copy(&parts, &mut db) {
                tracing::debug!(error = ?error, "the log could not be copied now");
                db = None;
            }
            thread::sleep(REST);
        }
    }
}

/// Copies until little is left, or as much as can be.
fn copy(parts: &Parts, db: &mut Option<Db>) -> Result<(), StorageError> {
    let db = match db {
        Some(db) => db,
        None => db.insert(parts.store.connect()?),
    };
    for _look in 0..LOOKS {
        if db.copy_log()?.left() <= FEW / 2 {
            break;
        }
    }
    Ok(())
}

/// The writer's side: looks at the log after each group.
pub(super) struct LogKeeper {
    copier: SyncSender<()>,
    copied: Instant,
}

impl LogKeeper {
    pub(super) fn new(copier: SyncSender<()>) -> Self {
        Self { copier, copied: Instant::now() }
    }

    /// Asks for copying, does the little that only the writer can, and empties the log where that is due.
    pub(super) fn look(&mut self, db: &mut Db, turn: &mut FoldTurn) -> Result<(), StorageError> {
        let log = db.log()?;
        let due = turn.is_untidy(TIDY_ANYHOW);
        if due && log.left() <= FEW {
            turn.tidy(db);
        } else if self.is_own_turn(log) {
            db.copy_log()?;
            self.copied = Instant::now();
        } else if due || log.left() >= ENOUGH {
            self.ask();
        }
        Ok(())
    }

    /// The same when nobody waits: everything is copied, and then the log is emptied.
    pub(super) fn idle(
        &mut self,
        db: &mut Db,
        turn: &mut FoldTurn,
        after: Duration,
    ) -> Result<(), StorageError> {
        if turn.is_untidy(after) {
            if db.log()?.left() <= FEW {
                turn.tidy(db);
            } else {
                self.ask();
            }
        }
        Ok(())
    }

    fn is_own_turn(&self, log: Log) -> bool {
        let rested = self.copied.elapsed() >= REST;
        rested && (log.left() >= MOST || log.pages >= ENOUGH && log.left() <= FEW)
    }

    fn ask(&self) {
        match self.copier.try_send(()) {
            // One who was asked already comes.
            Ok(()) | Err(TrySendError::Full(())) => {}
            Err(TrySendError::Disconnected(())) => tracing::debug!("nobody copies the log any more"),
        }
    }
}
