//! Backups that a service makes by itself: on a thread of their own, so that nobody who answers waits for one.

use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use super::{Clock, stats::Stats};
use crate::{
    backup::{self, Go, Schedule, Turn},
    storage::Store,
};

/// How often the thread looks whether the service stops.
const REST: Duration = Duration::from_millis(200);
/// How often it looks whether a backup is due.
const LOOK: Duration = Duration::from_mins(1);
/// How long a backup that failed is left alone.
const PAUSE: Duration = Duration::from_mins(10);

/// What the thread does, until the service stops.
pub(super) fn work(
    store: &Store,
    clock: Clock,
    schedule: Schedule,
    stats: &Arc<Stats>,
) -> impl FnMut() + Send + use<> {
    let (store, stats) = (store.clone(), Arc::clone(stats));
    move || {
        let mut next = Instant::now();
        while !stats.is_stopping() {
            if Instant::now() >= next {
                next = Instant::now() + look(&store, clock, &schedule, &stats);
            }
            thread::sleep(REST);
        }
    }
}

/// Makes a backup where one is due; how long to rest then.
fn look(store: &Store, clock: Clock, schedule: &Schedule, stats: &Stats) -> Duration {
    let now = clock.unix_seconds();
    let go_on = &mut |_done, _total| if stats.is_stopping() { Go::Stop } else { Go::On };
    match backup::turn(store, schedule, now, go_on) {
        Ok(Turn::NotDue { last }) => {
            stats.backup_known(last);
            LOOK
        }
        Ok(Turn::Made { made, removed }) => {
            stats.backup_made(now);
            let file = made.path.display();
            let audit_head = made.audit_head.as_deref().unwrap_or_default();
            tracing::info!(%file, bytes = made.bytes, rows = made.rows, removed, audit_head, "backup made");
            LOOK
        }
        Err(_stopped) if stats.is_stopping() => LOOK,
        Err(error) => {
            stats.backup_failed();
            tracing::error!(
                minutes = PAUSE.as_secs() / 60,
                "the backup that is due was not made, answers are taken as before, it is tried again: {error}"
            );
            PAUSE
        }
    }
}
