//! What every handler is handed: made once at start, shared by all workers.

use std::num::NonZeroU32;

pub use crate::intake::Clock;
use crate::{
    domain::disclosure::Thresholds,
    intake::Intake,
    keys::SecretKeys,
    storage::{Store, mirror::Mirror},
};

use super::{
    limits::{Forwarded, Guesses, Posters},
    metrics::Metrics,
};

/// Whether the figures are real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// Answers of people.
    #[default]
    People,
    /// Made up: every page and export says so.
    Demo,
}

/// Settings of this room.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What receipts and posters begin with, without a slash at the end: `https://sipas.example.vn`.
    pub public_url: String,
    /// Threads that answer requests.
    pub workers: usize,
    /// Whether the address of a proxy's client is believed.
    pub forwarded: Forwarded,
    /// Answers of one unit's poster in an hour before they are flagged.
    pub posters_an_hour: NonZeroU32,
    /// Thresholds of what is shown.
    pub thresholds: Thresholds,
    /// Whether the figures are real.
    pub origin: Origin,
    /// Forms whose file differs from the published version; `/readyz` names them.
    pub changed_forms: Vec<String>,
    /// Submissions that may wait before the writer.
    pub queue: usize,
    /// Whom a citizen may ask, as the privacy page says it.
    pub contact: String,
}

/// What the room is built from.
pub struct Parts {
    /// The database.
    pub store: Store,
    /// The door to the writer.
    pub intake: Intake,
    /// Forms, units and months in memory.
    pub mirror: Mirror,
    /// The secret key.
    pub keys: SecretKeys,
    /// What day it is.
    pub clock: Clock,
    /// Settings.
    pub settings: Settings,
}

/// The state.
pub struct AppState {
    /// The database.
    pub store: Store,
    /// The door to the writer.
    pub intake: Intake,
    /// Forms, units and months in memory.
    pub mirror: Mirror,
    /// The secret key.
    pub keys: SecretKeys,
    /// What day it is.
    pub clock: Clock,
    /// Settings.
    pub settings: Settings,
    /// Counters.
    pub metrics: Metrics,
    /// Guesses at codes.
    pub guesses: Guesses,
    /// Answers by poster.
    pub posters: Posters,
}

impl AppState {
    /// The state, with counters at zero.
    ///
    /// # Errors
    /// Where the counters cannot be made; never in practice.
    pub fn new(parts: Parts) -> Result<Self, prometheus::Error> {
        let Parts { store, intake, mirror, keys, clock, settings } = parts;
        let posters = Posters::new(settings.posters_an_hour);
        let metrics = Metrics::new()?;
        Ok(Self {
            store,
            intake,
            mirror,
            keys,
            clock,
            settings,
            metrics,
            guesses: Guesses::default(),
            posters,
        })
    }
}
