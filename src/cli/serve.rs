//! `sipas serve`

use super::{CliError, Output, backup, opening, publish::Publishing};
use crate::{
    config::Settings,
    domain::{audit::Actor, disclosure::Thresholds},
    http::{
        self,
        state::{Parts, Settings as HttpSettings},
    },
    intake::{self, Clock, CloseRule, Intake},
    report::qr,
    storage::{
        Store, accounts,
        meta::{self, Fact},
        mirror::Mirror,
        people, policy,
    },
    telemetry,
};

/// Opens everything and serves until told to stop.
pub(super) fn run(settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    announce(settings);
    let store = opening::held(settings, out)?;
    let invited = store.clone();
    serve(settings, store, || {
        if let Err(error) = invite_first(settings, &invited, out) {
            tracing::error!("the link that makes the first account could not be made: {error}");
        }
    })
}

/// While there is no account: shows the link that makes the first one, once, to who starts the service. It goes to
/// standard output and never into the log, which others read.
fn invite_first(settings: &Settings, store: &Store, out: &mut Output) -> Result<(), CliError> {
    if store.with(accounts::any)? {
        return Ok(());
    }
    // Of several nodes that start together one shows it.
    let mine = rand::random::<u64>().to_string();
    let first = store.with(|db| meta::keep(db, Fact::SetUpShown, &mine))? == mine;
    let link =
        if first { store.with(|db| people::set_up_link(db, Clock::System.unix_seconds()))? } else { None };
    let shown = link.is_some_and(|secret| {
        let what = "This link makes the first account, an administrator, once, within 24 hours:";
        out.data(format_args!("{what}\n  {}/welcome/{secret}", settings.public_url)).is_ok()
    });
    if !shown {
        tracing::warn!("there is no account yet; `sipas account setup-link` prints a link to make the first");
    }
    Ok(())
}

/// Starts the log with every setting and where it came from.
pub(super) fn announce(settings: &Settings) {
    telemetry::start(&settings.log, settings.log_format);
    for line in settings.printed() {
        tracing::info!("{line}");
    }
    for warning in settings.warnings() {
        tracing::warn!("{warning}");
    }
    if let Err(error) = qr::check_address(&settings.public_url) {
        tracing::warn!(public_url = settings.public_url, "{error}; printing receipts is refused");
    }
}

/// Serves a database that is open, held and migrated; `ready` is done once, when it listens.
pub(super) fn serve(settings: &Settings, store: Store, ready: impl FnOnce()) -> Result<(), CliError> {
    let schedule = backup::schedule(settings)?;
    let publishing = opening::publish_forms(&store, settings, Actor::Service)?;
    let changed_forms = tell(&publishing, settings)?;
    let keys = opening::keys(&store, settings)?;
    note_policy(&store, settings)?;
    let mirror = store.with(Mirror::open)?;
    let origin = store.with(meta::origin)?;
    store.with(intake::tell_audit_head)?;
    let intake = Intake::start(&intake::Parts {
        store: store.clone(),
        keys: keys.clone(),
        mirror: mirror.clone(),
        clock: Clock::System,
        close_rule: close_rule(settings),
        keep: settings.keep,
        queue: settings.limits.queue,
    })?;
    if let Some(schedule) = schedule {
        intake.keep_backups(&store, Clock::System, schedule)?;
    }
    let settings_of_http =
        HttpSettings::new(settings, origin, changed_forms).map_err(http::ServeError::from)?;
    let parts = Parts {
        store,
        intake: intake.clone(),
        mirror,
        keys,
        clock: Clock::System,
        settings: settings_of_http,
    };
    let ended = http::serve(parts, settings.listen, settings.edges.tls.as_ref(), ready);
    intake.stop();
    Ok(ended?)
}

/// Writes a policy that is not that of the last start to the audit log, and says so.
fn note_policy(store: &Store, settings: &Settings) -> Result<(), CliError> {
    let now = Clock::System.unix_seconds();
    for changed in store.with(|db| policy::note(db, now, &settings.policy_lines()))? {
        tracing::warn!(
            "the policy changed since the last start: {} {} -> {}",
            changed.name,
            changed.old,
            changed.new
        );
    }
    Ok(())
}

/// When a month closes by itself, and what is kept with it.
pub(super) fn close_rule(settings: &Settings) -> CloseRule {
    CloseRule { after_days: settings.policy.close_after_days, policy: thresholds(settings).to_string() }
}

/// Says what was published, and what could not be; names of changed forms, for `/readyz`.
fn tell(publishing: &Publishing, settings: &Settings) -> Result<Vec<String>, CliError> {
    for form in &publishing.published {
        tracing::info!(form, "published");
    }
    for fault in &publishing.faults {
        tracing::error!("{fault}");
    }
    for changed in &publishing.changed {
        tracing::error!(
            file = changed.file,
            "{} version {} was published with another text and stays as it was; `sipas form check` shows the \
             difference",
            changed.id,
            changed.version
        );
    }
    let wrong = publishing.faults.len() + publishing.changed.len();
    if settings.strict_forms && wrong > 0 {
        return Err(CliError::refused(
            format!("{wrong} faults in form files, and --strict-forms was given"),
            "run `sipas form check` on them",
        ));
    }
    let changed = publishing.changed.iter().map(|c| format!("{} version {}", c.id, c.version));
    let faulty = publishing.faults.iter().map(|f| f.file.clone());
    let mut names: Vec<String> = changed.chain(faulty).collect();
    names.dedup();
    Ok(names)
}

/// The thresholds of the policy.
pub(super) fn thresholds(settings: &Settings) -> Thresholds {
    let policy = &settings.policy;
    Thresholds { public: policy.public_from, anyone: policy.anyone_from, small_sample: policy.normal_from }
}
