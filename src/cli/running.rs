//! Jobs that a running service does for a command, because it holds the database.

use std::{thread, time::Duration};

use super::CliError;
use crate::storage::{Store, jobs};

/// How long a running service may take before the command gives up waiting (not the service).
const PATIENCE: Duration = Duration::from_mins(10);
/// How often the command looks.
const LOOK: Duration = Duration::from_millis(200);

/// Asks the service that holds the file, and waits for what became of it.
pub(super) fn ask(store: &Store, job: &str, argument: &str, not_done: &str) -> Result<String, CliError> {
    let id = store.with(|db| jobs::ask(db, job, argument))?;
    let mut waited = Duration::ZERO;
    loop {
        if let Some(outcome) = store.with(|db| jobs::outcome(db, id))? {
            store.with(|db| jobs::clear(db, id))?;
            return match outcome.strip_prefix(jobs::FAILED) {
                None => Ok(outcome),
                Some(reason) => {
                    Err(CliError::refused(format!("{not_done}: {reason}"), "look at the service's log"))
                }
            };
        }
        if waited > PATIENCE {
            return Err(CliError::refused(
                "the running service has not answered",
                "look at its log; the request stays, and it is done when the service comes to it",
            ));
        }
        thread::sleep(LOOK);
        waited += LOOK;
    }
}
