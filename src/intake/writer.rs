//! The one writer of this node: one transaction for all who wait.

use std::{
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, SyncSender},
    },
    thread,
    time::{Duration, Instant},
};

use super::{
    IntakeError, Job, Parts, Recorded, Reply, copier::LogKeeper, folder::FoldTurn, reply_to, stats::Stats,
};
use crate::storage::{
    Db, StorageError, health,
    inbox::{self, Accepted, Waiting},
};

/// Most submissions in one transaction: beyond it each waits longer and the rate no longer grows.
const GROUP: usize = 256;
/// A group of so many is followed by others: the next one waits a moment for company, because a commit costs the same
/// for one as for all.
pub(super) const CROWD: usize = 6;
/// How long it waits. Who comes alone never waits.
pub(super) const COMPANY: Duration = Duration::from_millis(1);
/// Attempts where another transaction is in the way.
const ATTEMPTS: usize = 5;
/// Folds of the writer are at least so far apart while people wait.
const BETWEEN_FOLDS: Duration = Duration::from_millis(100);
/// How long after a fold the write-ahead log is emptied, when nobody waits.
const TIDY_AFTER: Duration = Duration::from_secs(1);
/// How often a writer that failed tries whether it could write.
const PROBE: Duration = Duration::from_secs(2);
/// How long the writer waits before it looks whether there is something to fold.
const IDLE: Duration = Duration::from_millis(100);

/// What the writer of a file does beside writing: nobody else may write meanwhile.
struct File {
    fold: FoldTurn,
    log: LogKeeper,
}

/// What the thread does, until nobody can submit any more. With who copies its log, it is the writer of a file.
pub(super) fn work(
    parts: &Parts,
    jobs: Receiver<Job>,
    stats: &Arc<Stats>,
    copier: Option<SyncSender<()>>,
) -> impl FnMut() + Send + use<> {
    let (parts, stats) = (parts.clone(), Arc::clone(stats));
    move || {
        let file = copier
            .clone()
            .map(|copier| File { fold: FoldTurn::new(&parts, &stats), log: LogKeeper::new(copier) });
        let (parts, stats) = (parts.clone(), Arc::clone(&stats));
        Writer { parts, stats, db: None, file, folded: Instant::now(), tried: Instant::now(), last: 0 }
            .run(&jobs);
    }
}

struct Writer {
    parts: Parts,
    stats: Arc<Stats>,
    db: Option<Db>,
    file: Option<File>,
    folded: Instant,
    tried: Instant,
    last: usize,
}

impl Writer {
    fn run(&mut self, jobs: &Receiver<Job>) {
        loop {
            match jobs.recv_timeout(IDLE) {
                Ok(first) => self.group(first, jobs),
                Err(RecvTimeoutError::Timeout) => self.idle(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
    }

    fn group(&mut self, first: Job, jobs: &Receiver<Job>) {
        if self.last >= CROWD {
            thread::sleep(COMPANY);
        }
        let group: Vec<Job> = std::iter::once(first).chain(jobs.try_iter().take(GROUP - 1)).collect();
        self.last = group.len();
        self.stats.taken(self.last);
        let (waiting, replies): (Vec<Waiting>, Vec<Reply>) =
            group.into_iter().map(|(submission, reply)| (submission.0, reply)).unzip();
        match self.accept(&waiting) {
            Ok(outcomes) => self.acknowledge(replies, outcomes),
            Err(error) => {
                self.stats.group_failed();
                tracing::error!(error = ?error, answers = replies.len(), "a group could not be stored");
                let error = Arc::new(error);
                for reply in replies {
                    // The person may have gone away; there is nobody left to tell.
                    let _gone = reply.send(Err(IntakeError::Failed(Arc::clone(&error))));
                }
            }
        }
        if self.folded.elapsed() >= BETWEEN_FOLDS {
            self.fold();
        }
        if let (Some(file), Some(db)) = (self.file.as_mut(), self.db.as_mut()) {
            logged(file.log.look(db, &mut file.fold));
        }
    }

    fn acknowledge(&self, replies: Vec<Reply>, outcomes: Vec<Accepted>) {
        let (mut stored, mut repeated, mut refused) = (0, 0, 0);
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            let outcome = reply_to(outcome);
            match outcome {
                Ok(Recorded::Stored) => stored += 1,
                Ok(Recorded::Repeated) => repeated += 1,
                Err(_) => refused += 1,
            }
            let _gone = reply.send(outcome);
        }
        self.stats.group(stored, repeated, refused);
    }

    /// Stores a group; again where another transaction was in the way, and once more with a new connection.
    fn accept(&mut self, group: &[Waiting]) -> Result<Vec<Accepted>, StorageError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let outcome = self.connection().and_then(|db| inbox::accept(db, group));
            match outcome {
                Err(error) if attempt < ATTEMPTS && error.may_retry() => {}
                Err(error) => {
                    self.db = None;
                    if attempt >= 2 || !matches!(error, StorageError::Unavailable(_)) {
                        return Err(error);
                    }
                }
                Ok(outcomes) => return Ok(outcomes),
            }
        }
    }

    fn connection(&mut self) -> Result<&mut Db, StorageError> {
        if self.db.is_none() {
            let mut db = self.parts.store.connect()?;
            db.leave_log()?;
            self.db = Some(db);
        }
        self.db.as_mut().ok_or_else(|| StorageError::Unavailable("no connection".into()))
    }

    fn idle(&mut self) {
        if self.stats.is_ripe() {
            self.fold();
        } else if self.stats.view().write_failing {
            self.try_again();
        } else if let (Some(file), Some(db)) = (self.file.as_mut(), self.db.as_mut()) {
            logged(file.log.idle(db, &mut file.fold, TIDY_AFTER));
        }
    }

    /// A group could not be stored: whether one could be now, so that `/readyz` tells when it is over although
    /// nobody sends anything.
    fn try_again(&mut self) {
        if self.tried.elapsed() < PROBE {
            return;
        }
        self.tried = Instant::now();
        match self.connection().and_then(health::write) {
            Ok(()) => self.stats.write_works(),
            Err(_still) => self.db = None,
        }
    }

    fn fold(&mut self) {
        let Some(mut file) = self.file.take() else { return };
        if let Ok(db) = self.connection() {
            file.fold.fold(db);
        }
        self.file = Some(file);
        self.folded = Instant::now();
    }
}

/// Nothing acknowledged depends on the copying of the log: it is tried again after the next group.
fn logged(looked: Result<(), StorageError>) {
    if let Err(error) = looked {
        tracing::debug!(error = ?error, "the log could not be looked at now");
    }
}
