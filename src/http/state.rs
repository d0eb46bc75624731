//! What every handler is handed: made once at start, shared by all workers.

use std::{
    collections::BTreeSet,
    num::NonZeroU32,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    config::{self, Contact, Keep, Limits, OidcSettings, Policy, Printing},
    domain::{access::Role, disclosure::Thresholds},
    identity::Provider,
    intake::Intake,
    keys::SecretKeys,
    storage::{Store, mirror::Mirror},
};
pub use crate::{domain::origin::Origin, intake::Clock};

use super::{
    kept::Kept,
    limits::{Forwarded, Guesses, Posters, sign_ins::SignIns, turns::Turns},
    mail::{MailError, Mailer},
    metrics::Metrics,
    session::Lasting,
};

/// Settings of this room.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What receipts and posters begin with, without a slash at the end: `https://sipas.example.vn`.
    pub public_url: String,
    /// The proxies that may say whom they ask for.
    pub forwarded: Forwarded,
    /// What is shown to whom.
    pub policy: Policy,
    /// How long what is kept for a time only is kept.
    pub keep: Keep,
    /// Threads, waiting submissions, bytes of a body, seconds of a request.
    pub limits: Limits,
    /// Whom a citizen may ask.
    pub contact: Contact,
    /// The office's words on receipts.
    pub printing: Printing,
    /// Whether the figures are real.
    pub origin: Origin,
    /// How long people stay signed in.
    pub sessions: Lasting,
    /// Roles that must have a second factor.
    pub second_factor_for: Vec<Role>,
    /// Where mail is handed over; `None`: links are shown and not mailed.
    pub mailer: Option<Mailer>,
    /// By whom people may sign in beside us.
    pub oidc: Option<OidcSettings>,
    /// Every setting with its source, for the page of the policy.
    pub printed: Vec<String>,
    /// Forms whose file differs from the published version; `/readyz` names them.
    pub changed_forms: Vec<String>,
}

impl Settings {
    /// The part of all settings that this room needs.
    ///
    /// # Errors
    /// Where mail is set up in a way that cannot work.
    pub fn new(
        all: &config::Settings,
        origin: Origin,
        changed_forms: Vec<String>,
    ) -> Result<Self, MailError> {
        Ok(Self {
            public_url: all.public_url.clone(),
            forwarded: Forwarded::by(&all.edges.trusted),
            policy: all.policy.clone(),
            keep: all.keep,
            limits: all.limits.clone(),
            contact: all.contact.clone(),
            printing: all.printing.clone(),
            sessions: Lasting {
                idle: i64::from(all.doors.session_idle_minutes) * 60,
                whole: i64::from(all.doors.session_hours) * 3600,
            },
            second_factor_for: all.doors.second_factor_for.clone(),
            mailer: Mailer::new(&all.mail)?,
            oidc: all.oidc.clone(),
            printed: all.printed().to_vec(),
            origin,
            changed_forms,
        })
    }

    /// Whether browsers reach the service through TLS.
    #[must_use]
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https:")
    }

    /// Thresholds of what is shown.
    #[must_use]
    pub fn thresholds(&self) -> Thresholds {
        let Policy { public_from, anyone_from, normal_from, .. } = self.policy;
        Thresholds { public: public_from, anyone: anyone_from, small_sample: normal_from }
    }
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

/// Tokens that were used since this was last asked: the day goes to the database now and then, never with a request.
#[derive(Default)]
pub struct UsedTokens(Mutex<BTreeSet<String>>);

impl UsedTokens {
    /// Notes that a token was used.
    pub fn note(&self, name: &str) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !names.contains(name) {
            names.insert(name.to_owned());
        }
    }

    /// The names, which are forgotten here.
    #[must_use]
    pub fn take(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
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
    /// Tables that are made at the same time.
    pub tables: Turns,
    /// Tables that were written before.
    pub kept: Kept,
    /// Tokens that were used of late.
    pub used_tokens: UsedTokens,
    /// Wrong passwords and codes of late.
    pub sign_ins: SignIns,
    /// By whom people may sign in beside us.
    pub provider: Option<Arc<Provider>>,
}

/// How long a reader waits for the tables of others.
const TABLE_PATIENCE: Duration = Duration::from_secs(10);

/// Where the identity provider sends browsers back to.
pub const BACK: &str = "/sign-in/oidc/back";

impl AppState {
    /// The state, with counters at zero.
    ///
    /// # Errors
    /// Where the counters cannot be made; never in practice.
    pub fn new(parts: Parts) -> Result<Self, prometheus::Error> {
        let Parts { store, intake, mirror, keys, clock, settings } = parts;
        let an_hour = NonZeroU32::new(settings.policy.poster_hourly_limit).unwrap_or(NonZeroU32::MIN);
        let posters = Posters::new(an_hour);
        let metrics = Metrics::new()?;
        let tables = Turns::new(settings.limits.workers, TABLE_PATIENCE);
        let sign_ins = SignIns::new(settings.limits.workers);
        let back = format!("{}{BACK}", settings.public_url);
        let provider = settings.oidc.as_ref().map(|oidc| Arc::new(Provider::new(oidc, back)));
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
            tables,
            kept: Kept::default(),
            used_tokens: UsedTokens::default(),
            sign_ins,
            provider,
        })
    }
}
