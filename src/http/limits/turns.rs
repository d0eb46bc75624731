//! Turns at what takes long: tables, passwords. Who floods waits in the queue of their own neighbourhood.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{Prefix, held, thin};
use crate::http::problem::ApiError;

/// Of one neighbourhood so many wait for a turn among all others; more wait for their own, so that a flood from one
/// place is no wait for another.
const AHEAD: usize = 4;

/// A turn, until it is dropped.
pub struct Turn {
    _own: OwnedSemaphorePermit,
    _all: OwnedSemaphorePermit,
}

/// Turns at one kind of work.
pub struct Turns {
    all: Arc<Semaphore>,
    nearby: Mutex<HashMap<Prefix, Arc<Semaphore>>>,
    patience: Duration,
}

impl Turns {
    /// Half of the threads at most have a turn, so that the others are there for citizens.
    #[must_use]
    pub fn new(workers: usize, patience: Duration) -> Self {
        Self { all: Arc::new(Semaphore::new((workers / 2).max(1))), nearby: Mutex::default(), patience }
    }

    /// Waits for a turn; it lasts until what is returned is dropped.
    ///
    /// # Errors
    /// [`ApiError::Busy`] where too many want one.
    pub async fn turn(&self, from: Prefix) -> Result<Turn, ApiError> {
        let queue = {
            let mut nearby = held(&self.nearby);
            // Whoever waits or has a turn holds their queue too.
            thin(&mut nearby, |queue| Arc::strong_count(queue) > 1 || queue.available_permits() < AHEAD);
            Arc::clone(nearby.entry(from).or_insert_with(|| Arc::new(Semaphore::new(AHEAD))))
        };
        let both = async {
            let own = queue.acquire_owned().await?;
            Ok(Turn { _own: own, _all: Arc::clone(&self.all).acquire_owned().await? })
        };
        match timeout(self.patience, both).await {
            Ok(Ok(turn)) => Ok(turn),
            Ok(Err::<_, tokio::sync::AcquireError>(_closed)) => Err(ApiError::Stopping),
            Err(_elapsed) => Err(ApiError::Busy),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_flood_from_one_place_leaves_turns_to_others() {
        let turns = Turns::new(2 * (AHEAD + 1), Duration::from_secs(9));
        let (flood, other) =
            (Prefix::around([203, 0, 113, 7].into()), Prefix::around([203, 0, 114, 7].into()));
        let mut held = Vec::new();
        for _ in 0..AHEAD {
            held.push(turns.turn(flood).await.unwrap());
        }
        let waits = timeout(Duration::from_millis(50), turns.turn(flood)).await;
        assert!(waits.is_err(), "one more of them waits");
        turns.turn(other).await.unwrap();
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let turns = Turns::new(2, Duration::from_millis(20));
        let _held = turns.turn(Prefix::around([203, 0, 113, 7].into())).await.unwrap();
        let other = turns.turn(Prefix::around([203, 0, 114, 7].into())).await;
        assert!(matches!(other, Err(ApiError::Busy)));
    }
}
