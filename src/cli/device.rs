//! `sipas device enroll|list|revoke`

use std::path::Path;

use super::{CliError, Output, account, args::DeviceCommand, opening};
use crate::{
    config::Settings,
    domain::{audit::Action, ids::UnitCode, period::Day},
    intake::Clock,
    report::csv::{CsvWriter, Field},
    storage::{
        Db, audit,
        devices::{self, CODE_LASTS, CredentialHash, Device},
    },
};

/// Runs the command.
pub(super) fn run(command: &DeviceCommand, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    match command {
        DeviceCommand::Enroll { unit, desk } => enroll(unit, desk, settings, out),
        DeviceCommand::List => list(settings, out),
        DeviceCommand::Revoke { id } => revoke(id, settings, out),
    }
}

fn enroll(unit: &UnitCode, desk: &str, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let desk = devices::desk(desk).ok_or_else(|| CliError::Usage("--desk: 1 to 40 letters".to_owned()))?;
    let store = opening::ready(settings)?;
    account::check_unit(&store, Some(unit))?;
    let (by, code) = (account::by(), devices::new_code());
    let device = Device::new(unit.clone(), desk, Clock::System.today());
    let invite =
        |db: &mut Db| devices::invite(db, &device, CredentialHash::of_code(&code), by.at + CODE_LASTS);
    let told = |(): &()| Some(device.event(&by, Action::DeviceInvite));
    store.with(|db| audit::recorded(db, by.at, invite, told))?;
    out.data(&code)?;
    out.say(format_args!(
        "type this code on the tablet at {} ({unit}) within {} minutes; it works once. The tablet is {}",
        device.desk,
        CODE_LASTS / 60,
        device.short_id()
    ));
    Ok(())
}

fn list(settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let all = opening::existing(settings)?.with(devices::all)?;
    let header = ["id", "unit", "desk", "created", "enrolled", "revoked"];
    let mut csv = CsvWriter::for_scripts(out.sink(Path::new("-"))?, &header)?;
    for device in all {
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        csv.row(&[
            Field::Text(&device.long_id()),
            Field::Text(device.unit.as_str()),
            Field::Text(&device.desk),
            Field::Text(&day(Some(device.created))),
            Field::Text(&day(device.enrolled)),
            Field::Text(&day(device.revoked)),
        ])?;
    }
    csv.finish()?;
    Ok(())
}

fn revoke(id: &str, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    let all = store.with(devices::all)?;
    let mut found = all.iter().filter(|device| device.long_id().starts_with(&id.to_lowercase()));
    let none = || {
        CliError::refused(
            format!("there is no tablet {id} that still works"),
            "`sipas device list` lists all",
        )
    };
    let (Some(device), false) = (found.next(), id.is_empty()) else { return Err(none()) };
    if found.next().is_some() {
        return Err(CliError::refused(
            format!("several tablets have an id that begins with {id}"),
            "write more of it; `sipas device list` lists all",
        ));
    }
    let (by, today) = (account::by(), Clock::System.today());
    let revoke = |db: &mut Db| devices::revoke(db, device.id, today);
    let told = |done: &bool| done.then(|| device.event(&by, Action::DeviceRevoke));
    if !store.with(|db| audit::recorded(db, by.at, revoke, told))? {
        return Err(none());
    }
    out.say(format_args!("tablet {} at {} ({}) was revoked", device.short_id(), device.desk, device.unit));
    Ok(())
}
