//! Folding by this node: when, and what is told of it.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use super::{Parts, stats::Stats};
use crate::{
    config::DatabaseUrl,
    storage::{
        Db, LogEmptied,
        folding::{self, Folded, Folder},
    },
};

/// How often the folder of a server looks whether something is ripe.
const LOOK: Duration = Duration::from_millis(100);
/// How often it looks although this node accepted nothing: another node may have died before it folded.
const ANYHOW: Duration = Duration::from_secs(5);
/// How long a fold that failed is left alone.
const PAUSE: Duration = Duration::from_secs(1);

/// One node's way of folding.
pub(super) struct FoldTurn {
    parts: Parts,
    stats: Arc<Stats>,
    untidy_since: Option<Instant>,
    failed: Option<Instant>,
}

impl FoldTurn {
    pub(super) fn new(parts: &Parts, stats: &Arc<Stats>) -> Self {
        // What waited when the last run ended may be ripe.
        stats.ripen();
        Self { parts: parts.clone(), stats: Arc::clone(stats), untidy_since: None, failed: None }
    }

    /// Folds one slice, where something may be ripe.
    pub(super) fn fold(&mut self, db: &mut Db) {
        if self.rests() || !self.stats.take_ripe() {
            return;
        }
        self.failed = None;
        let forms = self.parts.mirror.forms();
        match folding::fold(db, Folder { forms: &forms, keys: &self.parts.keys }) {
            Ok(done) => self.done(done),
            Err(error) if error.may_retry() => self.stats.ripen(),
            Err(error) => {
                tracing::error!(error = ?error, "answers wait that could not be folded; they are safe");
                self.stats.fold_failed();
                self.stats.ripen();
                self.failed = Some(Instant::now());
            }
        }
    }

    /// Whether the last fold failed a moment ago.
    fn rests(&self) -> bool {
        self.failed.is_some_and(|at| at.elapsed() < PAUSE)
    }

    fn done(&mut self, done: Folded) {
        if done.more || done.carried > 0 {
            self.stats.ripen();
        }
        if done.responses > 0 {
            self.stats.folded(done.responses);
            self.untidy_since.get_or_insert_with(Instant::now);
        }
        if done.left > 0 {
            tracing::error!(places = done.left, "answers wait that cannot be read here; they are safe");
            self.stats.fold_failed();
            // The others go on, a little slower, so that the log is not filled with this.
            self.failed = Some(Instant::now());
            self.stats.ripen();
        } else {
            // Also where nothing was folded: what a lost answer to a commit hid may have been the last handful.
            self.stats.fold_works();
        }
        if done.carried > 0 {
            tracing::info!(answers = done.carried, "answers of a closed month were carried to the open one");
        }
    }

    /// Whether a fold was so long ago and the log was not emptied since: until then deleted answers can be read in it,
    /// though sealed.
    pub(super) fn is_untidy(&self, after: Duration) -> bool {
        self.untidy_since.is_some_and(|since| since.elapsed() >= after)
    }

    /// Empties the log. Where a reader holds it, it is tried again later.
    pub(super) fn tidy(&mut self, db: &mut Db) {
        let emptied = db.empty_log().unwrap_or_else(|error| {
            tracing::debug!(error = ?error, "the log could not be emptied now");
            LogEmptied::Held
        });
        self.untidy_since = match emptied {
            LogEmptied::Whole => None,
            LogEmptied::Held => Some(Instant::now()),
        };
    }
}

/// What the folder of a server does; on SQLite the writer folds between its groups.
pub(super) fn work(parts: &Parts, stats: &Arc<Stats>) -> Option<impl FnMut() + Send + use<>> {
    if matches!(parts.store.url(), DatabaseUrl::Sqlite(_)) {
        return None;
    }
    let (parts, stats) = (parts.clone(), Arc::clone(stats));
    Some(move || run(&mut FoldTurn::new(&parts, &stats)))
}

fn run(turn: &mut FoldTurn) {
    let mut db: Option<Db> = None;
    let mut looked = Instant::now();
    while !turn.stats.is_stopping() {
        thread::sleep(LOOK);
        if looked.elapsed() >= ANYHOW {
            turn.stats.ripen();
            looked = Instant::now();
        }
        while turn.stats.is_ripe() && !turn.rests() && !turn.stats.is_stopping() {
            let before = turn.stats.view().folds;
            let mut connection = match db.take() {
                Some(db) => db,
                None => match turn.parts.store.connect() {
                    Ok(db) => db,
                    Err(_unreachable) => break,
                },
            };
            turn.fold(&mut connection);
            if turn.failed.is_none() {
                db = Some(connection);
            }
            if turn.stats.view().folds == before {
                break;
            }
        }
    }
}
