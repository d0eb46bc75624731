//! Intake: the bounded queue before the one writer of this node, and what works behind it.
//!
//! The writer takes all who wait, accepts them in one transaction and acknowledges each after the commit.
//! Folding runs between its groups (SQLite) or beside it (PostgreSQL), and the copier moves SQLite's log into its file;
//! the reader looks codes up and looks for changed units, forms and tokens; the keeper does what has its day: closing
//! months, forgetting retry keys.

mod backups;
mod copier;
mod folder;
mod keeper;
mod reader;
mod stats;
mod submission;
mod writer;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex,
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::sync::oneshot;

use self::reader::Question;
pub use self::{
    keeper::{Clock, CloseRule, MonthClosed, close_month, tell_audit_head},
    stats::{BackupsView, Stats, StatsView},
    submission::{Claimed, Submission},
};
use crate::{
    backup::Schedule,
    config::Keep,
    domain::{
        period::Month,
        receipt::{CodeHash, ReceiptState},
    },
    keys::SecretKeys,
    storage::{StorageError, Store, inbox::Accepted, mirror::Mirror, receipts::opening::Opened},
};

/// What became of a submission that is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It was stored now.
    Stored,
    /// It was stored before; nothing was added.
    Repeated,
}

/// Why a submission was not stored.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IntakeError {
    /// The queue is full; the client tries again in some seconds.
    #[error("too many answers wait at this moment")]
    Busy,
    /// The service is stopping.
    #[error("the service is stopping")]
    Stopping,
    /// The same key came before with other content.
    #[error("the submission key was used before with other content")]
    KeyConflict,
    /// No receipt has this code.
    #[error("no receipt has this code")]
    UnknownCode,
    /// The code cannot be used in this state.
    #[error("the code cannot be used any more")]
    NotUsable(ReceiptState),
    /// The transaction failed; nothing was stored.
    #[error("the answer could not be stored")]
    Failed(#[source] Arc<StorageError>),
}

/// How long a thread that panicked rests before it begins again.
const AGAIN: Duration = Duration::from_secs(1);

type Reply = oneshot::Sender<Result<Recorded, IntakeError>>;
type Job = (Submission, Reply);

/// What an intake is made of.
#[derive(Clone)]
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The key that seals and opens.
    pub keys: SecretKeys,
    /// Forms, units and months in memory.
    pub mirror: Mirror,
    /// What day it is.
    pub clock: Clock,
    /// When a month closes by itself, and under which thresholds.
    pub close_rule: CloseRule,
    /// How long what is kept for a time only is kept.
    pub keep: Keep,
    /// Submissions that may wait before the writer.
    pub queue: usize,
}

/// The two queues; dropped to stop what works behind them.
struct Doors {
    writer: SyncSender<Job>,
    reader: SyncSender<Question>,
}

/// The door to the writer. Cloning is cheap.
#[derive(Clone)]
pub struct Intake {
    doors: Arc<Mutex<Option<Doors>>>,
    stats: Arc<Stats>,
    threads: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Intake {
    /// Starts the writer, the folder and the keeper.
    ///
    /// # Errors
    /// Where the database cannot be reached.
    pub fn start(parts: &Parts) -> Result<Self, StorageError> {
        let (writer, jobs) = sync_channel(parts.queue.max(1));
        let (reader, questions) = sync_channel(parts.queue.max(1));
        let stats = Arc::new(Stats::default());
        // What cannot be reached now is said now, and not by a thread.
        drop(parts.store.connect()?);
        let (copier, asked) = copier::door(parts).unzip();
        let mut threads = vec![
            watched("writer", &stats, writer::work(parts, jobs, &stats, copier))?,
            watched("reader", &stats, reader::work(parts, questions))?,
        ];
        if let Some(asked) = asked {
            threads.push(watched("copier", &stats, copier::work(parts, asked))?);
        }
        if let Some(work) = folder::work(parts, &stats) {
            threads.push(watched("folder", &stats, work)?);
        }
        threads.push(watched("keeper", &stats, keeper::work(parts, &stats))?);
        let doors = Arc::new(Mutex::new(Some(Doors { writer, reader })));
        Ok(Self { doors, stats, threads: Arc::new(Mutex::new(threads)) })
    }

    /// Makes backups from now on, beside everything else.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn keep_backups(&self, store: &Store, clock: Clock, schedule: Schedule) -> Result<(), StorageError> {
        self.stats.backups_are_made();
        let thread = watched("backups", &self.stats, backups::work(store, clock, schedule, &self.stats))?;
        self.threads.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(thread);
        Ok(())
    }

    /// Submits, and waits until the answer is on disk.
    ///
    /// # Errors
    /// Why it was not stored. After [`IntakeError::Failed`] the client may send the same key again.
    pub async fn submit(&self, submission: Submission) -> Result<Recorded, IntakeError> {
        let (reply, outcome) = oneshot::channel();
        self.send((submission, reply))?;
        outcome.await.unwrap_or(Err(IntakeError::Stopping))
    }

    /// Looks a code up, together with those of all who come at this moment.
    ///
    /// # Errors
    /// Where the database cannot be read, or too many wait.
    pub async fn look_up(&self, hash: CodeHash, month: Month) -> Result<Option<Opened>, IntakeError> {
        let (reply, outcome) = oneshot::channel();
        self.with_doors(|doors| {
            doors.reader.try_send(Question { hash, month, reply }).map_err(|error| not_now(&error))
        })?;
        outcome.await.unwrap_or(Err(IntakeError::Stopping))
    }

    fn send(&self, job: Job) -> Result<(), IntakeError> {
        self.with_doors(|doors| {
            self.stats.queued();
            doors.writer.try_send(job).map_err(|error| {
                self.stats.taken(1);
                not_now(&error)
            })
        })
    }

    fn with_doors<T>(&self, work: impl FnOnce(&Doors) -> Result<T, IntakeError>) -> Result<T, IntakeError> {
        let guard = self.doors.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        guard.as_ref().ok_or(IntakeError::Stopping).and_then(work)
    }

    /// What the intake has done so far, for metrics and `/readyz`.
    #[must_use]
    pub fn stats(&self) -> StatsView {
        self.stats.view()
    }

    /// Takes nothing more, stores what waits, and returns when all of it is on disk.
    pub fn stop(&self) {
        self.stats.stop();
        drop(self.doors.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
        let mut threads = self.threads.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for thread in threads.drain(..) {
            // A thread that panicked has logged why; nothing acknowledged depends on it.
            let _panicked = thread.join();
        }
    }
}

/// Why a queue took nothing.
fn not_now<T>(error: &TrySendError<T>) -> IntakeError {
    match error {
        TrySendError::Full(_) => IntakeError::Busy,
        TrySendError::Disconnected(_) => IntakeError::Stopping,
    }
}

/// Runs a thread's work to its end, and again where it panicked: what was acknowledged is on disk, and what was not
/// is sent again by its client.
fn watched(
    name: &'static str,
    stats: &Arc<Stats>,
    mut work: impl FnMut() + Send + 'static,
) -> Result<JoinHandle<()>, StorageError> {
    let stats = Arc::clone(stats);
    let run = move || {
        while catch_unwind(AssertUnwindSafe(&mut work)).is_err() && !stats.is_stopping() {
            tracing::error!(thread = name, "panicked; it begins again");
            thread::sleep(AGAIN);
        }
    };
    thread::Builder::new().name(name.to_owned()).spawn(run).map_err(StorageError::File)
}

/// The reply to one outcome of the transaction.
fn reply_to(outcome: Accepted) -> Result<Recorded, IntakeError> {
    match outcome {
        Accepted::Stored => Ok(Recorded::Stored),
        Accepted::Repeated => Ok(Recorded::Repeated),
        Accepted::KeyConflict => Err(IntakeError::KeyConflict),
        Accepted::UnknownCode => Err(IntakeError::UnknownCode),
        Accepted::NotUsable(state) => Err(IntakeError::NotUsable(state)),
    }
}
