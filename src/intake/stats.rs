//! Counters of the intake: numbers of answers, never anything about one.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};

/// Counters that the threads of the intake share.
#[derive(Debug, Default)]
pub struct Stats {
    waiting: AtomicI64,
    stored: AtomicU64,
    repeated: AtomicU64,
    refused: AtomicU64,
    groups: AtomicU64,
    folded: AtomicU64,
    folds: AtomicU64,
    fold_failing: AtomicBool,
    write_failing: AtomicBool,
    backups: AtomicBool,
    backups_made: AtomicU64,
    backup_last: AtomicI64,
    backup_failing: AtomicBool,
    stopping: AtomicBool,
    ripe: AtomicBool,
}

/// The counters at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatsView {
    /// Submissions in the queue.
    pub waiting: i64,
    /// Answers stored.
    pub stored: u64,
    /// Submissions that were there before.
    pub repeated: u64,
    /// Submissions that were refused by their key or code.
    pub refused: u64,
    /// Transactions of the writer.
    pub groups: u64,
    /// Answers folded by this node.
    pub folded: u64,
    /// Folds done by this node.
    pub folds: u64,
    /// Whether the last fold failed.
    pub fold_failing: bool,
    /// Whether the last group could not be stored.
    pub write_failing: bool,
    /// Backups, where this node makes some.
    pub backups: Option<BackupsView>,
}

/// Backups that the service makes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BackupsView {
    /// Made by this node.
    pub made: u64,
    /// When the last one began, on any node; in seconds since 1970, 0 where there is none.
    pub last: i64,
    /// Whether this node failed to make the last one that was due.
    pub failing: bool,
}

impl Stats {
    pub(super) fn queued(&self) {
        self.waiting.fetch_add(1, Relaxed);
    }

    pub(super) fn taken(&self, some: usize) {
        self.waiting.fetch_sub(i64::try_from(some).unwrap_or(0), Relaxed);
    }

    pub(super) fn group(&self, stored: usize, repeated: usize, refused: usize) {
        let add = |to: &AtomicU64, n: usize| to.fetch_add(u64::try_from(n).unwrap_or(0), Relaxed);
        add(&self.stored, stored);
        add(&self.repeated, repeated);
        add(&self.refused, refused);
        self.groups.fetch_add(1, Relaxed);
        self.write_works();
        if stored > 0 {
            self.ripen();
        }
    }

    /// Notes that something could be written, though it was no group.
    pub(super) fn write_works(&self) {
        self.write_failing.store(false, Relaxed);
    }

    pub(super) fn group_failed(&self) {
        self.write_failing.store(true, Relaxed);
    }

    pub(super) fn folded(&self, responses: u64) {
        self.folds.fetch_add(1, Relaxed);
        self.folded.fetch_add(responses, Relaxed);
    }

    /// Notes that a fold came to its end, whether or not there was a handful to fold.
    pub(super) fn fold_works(&self) {
        self.fold_failing.store(false, Relaxed);
    }

    pub(super) fn fold_failed(&self) {
        self.fold_failing.store(true, Relaxed);
    }

    /// Notes that there may be something to fold.
    pub(super) fn ripen(&self) {
        self.ripe.store(true, Relaxed);
    }

    /// Whether there may be something to fold; asks once.
    pub(super) fn take_ripe(&self) -> bool {
        self.ripe.swap(false, Relaxed)
    }

    pub(super) fn is_ripe(&self) -> bool {
        self.ripe.load(Relaxed)
    }

    pub(super) fn backups_are_made(&self) {
        self.backups.store(true, Relaxed);
    }

    /// Notes when the last backup began, on any node: what failed here was made there, or is not due any more.
    pub(super) fn backup_known(&self, last: Option<i64>) {
        let last = last.unwrap_or(0);
        if self.backup_last.swap(last, Relaxed) < last {
            self.backup_failing.store(false, Relaxed);
        }
    }

    pub(super) fn backup_made(&self, began: i64) {
        self.backups_made.fetch_add(1, Relaxed);
        self.backup_last.store(began, Relaxed);
        self.backup_failing.store(false, Relaxed);
    }

    pub(super) fn backup_failed(&self) {
        self.backup_failing.store(true, Relaxed);
    }

    pub(super) fn stop(&self) {
        self.stopping.store(true, Relaxed);
    }

    pub(super) fn is_stopping(&self) -> bool {
        self.stopping.load(Relaxed)
    }

    pub(super) fn view(&self) -> StatsView {
        StatsView {
            waiting: self.waiting.load(Relaxed),
            stored: self.stored.load(Relaxed),
            repeated: self.repeated.load(Relaxed),
            refused: self.refused.load(Relaxed),
            groups: self.groups.load(Relaxed),
            folded: self.folded.load(Relaxed),
            folds: self.folds.load(Relaxed),
            fold_failing: self.fold_failing.load(Relaxed),
            write_failing: self.write_failing.load(Relaxed),
            backups: self.backups.load(Relaxed).then(|| BackupsView {
                made: self.backups_made.load(Relaxed),
                last: self.backup_last.load(Relaxed),
                failing: self.backup_failing.load(Relaxed),
            }),
        }
    }
}
