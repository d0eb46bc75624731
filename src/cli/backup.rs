//! `sipas backup`

use std::{path::PathBuf, thread, time::Duration};

use super::{CliError, Output, account, args::BackupArgs, opening};
use crate::{
    backup::{self, Go, Made, Making, Protection, Recorded, Replace, Schedule, Turn},
    config::{Every, Settings},
    domain::audit::Actor,
    intake::Clock,
    keys::travel,
    storage::{
        Store,
        meta::{self, Fact},
    },
    telemetry,
};

/// How many are kept where nobody says how many.
const KEEP: u16 = 30;
/// How often a loop looks whether one is due.
const LOOK: Duration = Duration::from_mins(1);

/// Makes one, or one after the other.
pub(super) fn run(args: &BackupArgs, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let protection = protection(args)?;
    if args.with_key && !protection.encrypts() {
        return Err(CliError::Usage(
            "--with-key needs encryption: give --passphrase-file or --recipient; else whoever has the file reads \
             everything, also what waits"
                .to_owned(),
        ));
    }
    let store = opening::there(&settings.database_url)?;
    if let (Some(every), Some(folder)) = (args.every, &args.dir) {
        return go_on(&store, every, folder.clone(), args, protection, settings);
    }
    let Some(to) = &args.to else { return Ok(()) };
    let key = if args.with_key { Some(key(&store, settings)?) } else { None };
    let wish = Making {
        protection: &protection,
        key: key.as_deref(),
        replace: if args.force { Replace::Yes } else { Replace::No },
        by: &account::by(),
    };
    let progress = out.progress(0, "keeping");
    let made = backup::make(&store, to, &wish, &mut |done, total| {
        progress.rows(done, total);
        Go::On
    })?;
    drop(progress);
    tell(&made, &protection, args.with_key, out);
    Ok(())
}

fn protection(args: &BackupArgs) -> Result<Protection, CliError> {
    Ok(match &args.passphrase_file {
        Some(file) => Protection::passphrase_of(file)?,
        None => Protection::to(args.recipient.iter().map(String::as_str))?,
    })
}

fn key(store: &Store, settings: &Settings) -> Result<String, CliError> {
    let needed = store.with(|db| meta::get(db, Fact::KeyId))?.ok_or_else(|| {
        CliError::refused(
            "the database was made with no key yet",
            "leave --with-key away, or start `sipas serve` once",
        )
    })?;
    Ok(travel::taken_along(&settings.key_file, &needed)?)
}

fn tell(made: &Made, protection: &Protection, with_key: bool, out: &mut Output) {
    let Made { path, bytes, rows, audit_head, recorded } = made;
    out.say(format_args!("{}: {rows} rows in {bytes} bytes, whole and on disk", path.display()));
    if let Some(head) = audit_head {
        out.say(format_args!("its audit log ends with {head}"));
    }
    if *recorded == Recorded::NotWritable {
        out.say("warning: the database cannot be written to, so its audit log does not speak of this backup");
    }
    if !protection.encrypts() {
        out.say(
            "warning: it is not encrypted: whoever reads it reads folded answers and comments; give --recipient or \
             --passphrase-file",
        );
    }
    if !with_key {
        out.say("the key file is not in it: keep a copy of that in another place");
    }
}

/// One backup after the other, until the program is ended.
fn go_on(
    store: &Store,
    every: Every,
    folder: PathBuf,
    args: &BackupArgs,
    protection: Protection,
    settings: &Settings,
) -> Result<(), CliError> {
    telemetry::start(&settings.log, settings.log_format);
    let keep = usize::from(args.keep.unwrap_or(KEEP));
    let schedule = Schedule { folder, every, keep, protection, actor: account::actor() };
    warn_open(&schedule);
    loop {
        // Another try comes by itself, so nothing ends this loop but who began it.
        match backup::turn(store, &schedule, Clock::System.unix_seconds(), &mut |_done, _total| Go::On) {
            Ok(Turn::NotDue { .. }) => {}
            Ok(Turn::Made { made, removed }) => {
                let head = made.audit_head.unwrap_or_default();
                let file = made.path.display();
                tracing::info!(%file, bytes = made.bytes, removed, audit_head = head, "backup made");
            }
            Err(error) => tracing::error!("the backup that is due was not made: {error}"),
        }
        thread::sleep(LOOK);
    }
}

/// What a service is told of its backups; nothing where it makes none.
pub(super) fn schedule(settings: &Settings) -> Result<Option<Schedule>, CliError> {
    let wish = &settings.backups;
    let protection = Protection::to(wish.recipients.iter().map(String::as_str))?;
    let schedule = wish.folder.clone().map(|folder| Schedule {
        folder,
        every: wish.every,
        keep: usize::from(wish.keep),
        protection,
        actor: Actor::Service,
    });
    if let Some(schedule) = &schedule {
        warn_open(schedule);
    }
    Ok(schedule)
}

fn warn_open(schedule: &Schedule) {
    if !schedule.protection.encrypts() {
        tracing::warn!(
            folder = %schedule.folder.display(),
            "backups are not encrypted: whoever reads them reads folded answers and comments; name a key of age"
        );
    }
}
