//! One thread reads the database, as many as there are processors work on what it read: so everything that is worked on
//! is of one state, and unpacking and counting wait for nobody.

use std::{
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use super::StorageError;

/// What waits for each thread at most: enough that it never waits, and little to hold in memory.
const AHEAD: usize = 2;

/// Reads each item here, and works on what was read on other threads, each with a tool of its own. What came of each, in
/// the order of the items.
///
/// # Errors
/// The first error of `read`; nothing is read after it.
pub(super) fn work_on<I, R: Send, Tool, T: Send>(
    items: impl IntoIterator<Item = I>,
    mut read: impl FnMut(I) -> Result<R, StorageError>,
    tool: impl Fn() -> Tool + Sync,
    work: impl Fn(&mut Tool, R) -> T + Sync,
) -> Result<Vec<T>, StorageError> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let (send, receive) = mpsc::sync_channel::<(usize, R)>(threads * AHEAD);
    let receive = Arc::new(Mutex::new(receive));
    let take_all = |receive: Arc<Mutex<mpsc::Receiver<(usize, R)>>>| {
        let (mut tool, mut done) = (tool(), Vec::new());
        loop {
            // The lock is held while one waits, and given back before the work.
            let next = receive.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok((number, rows)) = next else { return done };
            done.push((number, work(&mut tool, rows)));
        }
    };
    let mut done = thread::scope(|scope| {
        let spawn = |_| {
            let receive = Arc::clone(&receive);
            scope.spawn(|| take_all(receive))
        };
        let workers: Vec<_> = (0..threads).map(spawn).collect();
        // Only they hold it: where all of them ended, nothing is sent any more.
        drop(receive);
        let mut outcome = Ok(());
        for (number, item) in items.into_iter().enumerate() {
            let passed = read(item).map(|rows| send.send((number, rows)).is_ok());
            if !matches!(passed, Ok(true)) {
                outcome = passed.map(|_nobody_takes_it| ());
                break;
            }
        }
        drop(send);
        let mut done = Vec::new();
        for worker in workers {
            match worker.join() {
                Ok(some) => done.extend(some),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        outcome.map(|()| done)
    })?;
    done.sort_unstable_by_key(|(number, _)| *number);
    Ok(done.into_iter().map(|(_, made)| made).collect())
}
