//! `sipas audit verify|list|export`

use std::path::{Path, PathBuf};

use super::{
    CliError, Output, account,
    args::{AuditCommand, AuditFilterArgs, SecretArgs},
    opening, restore,
};
use crate::{
    backup::Archive,
    config::Settings,
    domain::audit::Action,
    report::csv::{CsvWriter, Field},
    storage::{
        Store,
        audit::{
            self, COLUMNS, Head,
            chain::{self, Remembered},
            reading::{self, Filter, Page},
        },
    },
};

/// Entries that are read at once.
const SLICE: i64 = 1000;

/// Runs the command.
pub(super) fn run(command: &AuditCommand, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    match command {
        AuditCommand::Verify { head, backup, secret } => verify(head, backup, secret, settings, out),
        AuditCommand::List(args) => {
            let store = opening::existing(settings)?;
            let csv = CsvWriter::for_scripts(out.sink(Path::new("-"))?, &COLUMNS)?;
            write(&store, args, csv)?;
            Ok(())
        }
        AuditCommand::Export { out: to, filter } => export(to, filter, settings, out),
    }
}

fn verify(
    heads: &[Head],
    backups: &[PathBuf],
    secret: &SecretArgs,
    settings: &Settings,
    out: &mut Output,
) -> Result<(), CliError> {
    let mut remembered: Vec<Remembered> =
        heads.iter().map(|head| Remembered { head: *head, by: format!("--head {}", head.number) }).collect();
    for file in backups {
        remembered.extend(remembered_by(file, secret, out)?);
    }
    let store = opening::existing(settings)?;
    let checked = store.with(|db| db.snapshot(|db| chain::check(db, &remembered)))?;
    let head = checked.head;
    match checked.fault {
        None => {
            out.data(head)?;
            out.say(format_args!(
                "the audit log is whole: {} entries; to find later whether its end was cut, keep this head elsewhere",
                head.number
            ));
            Ok(())
        }
        Some(fault) => {
            out.data(&fault)?;
            Err(CliError::Found(format!(
                "the audit log is not what was written; the {} entries before are whole. Keep this database as it is, \
                 and compare it with the last backup whose audit log is whole",
                head.number
            )))
        }
    }
}

fn remembered_by(file: &Path, secret: &SecretArgs, out: &mut Output) -> Result<Option<Remembered>, CliError> {
    let archive = Archive::open(file, restore::unlock(secret)?)?;
    let Some(text) = &archive.contents().header.audit_head else {
        out.say(format_args!("{} was made before there was an audit log; it remembers none", file.display()));
        return Ok(None);
    };
    let head = text.parse().map_err(|what| CliError::Usage(format!("{}: {what}", file.display())))?;
    Ok(Some(Remembered { head, by: format!("the backup {}", file.display()) }))
}

fn export(to: &Path, args: &AuditFilterArgs, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let (store, by) = (opening::existing(settings)?, account::by());
    store.with(|db| audit::record(db, by.at, &by.does(Action::ExportAudit, "")))?;
    let written = write(&store, args, CsvWriter::new(out.sink(to)?, &COLUMNS)?)?;
    out.say(format_args!("{written} entries"));
    Ok(())
}

fn write(
    store: &Store,
    args: &AuditFilterArgs,
    mut csv: CsvWriter<Box<dyn std::io::Write>>,
) -> Result<usize, CliError> {
    let filter = Filter {
        actor: args.actor.clone(),
        action: args.action,
        since: args.since,
        until: args.until,
        units: None,
    };
    let (mut last, mut written) = (0, 0);
    loop {
        let slice = store.with(|db| reading::read(db, &filter, Page::After(last), SLICE))?;
        let Some(end) = slice.last() else { break };
        last = end.number;
        for entry in &slice {
            csv.row(&entry.cells().each_ref().map(|cell| Field::Text(cell)))?;
        }
        written += slice.len();
    }
    csv.finish()?;
    Ok(written)
}
