//! `sipas retention`

use std::path::Path;

use super::{CliError, Output, opening, running};
use crate::{
    config::{Settings, shell_user},
    domain::audit::Actor,
    intake::Clock,
    report::csv::{CsvWriter, Field},
    storage::{
        StorageError, Store,
        retention::{self, Report},
    },
};

/// Shows the policy and the last report; with `--run` clears away first.
pub(super) fn run(now: bool, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    if now {
        let told = match store.clone().hold() {
            Ok(alone) => clear_here(&alone, settings)?.to_string(),
            Err(StorageError::InUse) => running::ask(&store, retention::JOB, "", "nothing was cleared away")?,
            Err(error) => return Err(error.into()),
        };
        out.say(told);
    }
    let last = store.with(retention::last)?;
    if !now {
        match &last {
            Some(report) => out.say(report),
            None => out.say("nothing was cleared away yet; a running service does it every day"),
        }
    }
    let header = ["what", "kept", "cleared"];
    let mut csv = CsvWriter::for_scripts(out.sink(Path::new("-"))?, &header)?;
    for (what, kept, cleared) in retention::lines(&settings.keep, last.as_ref()) {
        csv.row(&[Field::Text(what), Field::Text(&kept), Field::count(cleared)])?;
    }
    csv.finish()?;
    Ok(())
}

fn clear_here(store: &Store, settings: &Settings) -> Result<Report, CliError> {
    let (by, clock) = (Actor::Shell(shell_user()), Clock::System);
    Ok(store.with(|db| retention::run(db, &settings.keep, clock.today(), clock.unix_seconds(), &by))?)
}
