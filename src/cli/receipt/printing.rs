//! `sipas receipt print` and `sipas receipt poster`: issued and printed at once, because codes are kept nowhere.

use std::{io::Write as _, path::Path};

use super::{Wanted, checked};
use crate::{
    cli::{
        CliError, Output, account,
        args::{PosterArgs, PrintArgs},
        opening,
    },
    config::Settings,
    domain::{audit::Action, receipt::ReceiptCode, unit::Unit},
    http::pages::print::{self, Office, Receipt},
    report::{
        print::{self as prints, PrintError},
        qr,
    },
    storage::{
        Db, Store, audit, meta,
        receipts::{self, NewReceipt},
        units,
    },
};

/// Issues receipts and prints them.
pub(super) fn run(args: &PrintArgs, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    // Before anything is issued that could not be printed.
    qr::check_address(&settings.public_url).map_err(|error| refused(&error.into()))?;
    let wanted = Wanted {
        unit: &args.unit,
        form: args.form.as_ref(),
        service_field: args.service_field.as_ref(),
        procedure: args.procedure.as_ref(),
        days: args.expires_in_days.unwrap_or(settings.policy.receipt_expires_days),
    };
    let store = opening::ready(settings)?;
    let keys = opening::keys(&store, settings)?;
    let (unit, form) = checked(&store, &wanted)?;
    let mut sink = out.sink(&args.out)?;
    let codes: Vec<ReceiptCode> = (0..args.count).map(|_| ReceiptCode::from_random(rand::random())).collect();
    let new: Vec<NewReceipt> = codes.iter().map(|code| wanted.receipt(&keys, &form, code)).collect();
    let slips: Vec<_> = codes.into_iter().zip(&new).map(|(code, new)| print::slip(&of(code, new))).collect();
    let texts = print::texts(office(&store, settings, &unit)?);
    let bytes = prints::receipts(args.layout, &settings.public_url, &texts, &slips)
        .map_err(|error| refused(&error))?;
    let by = account::by();
    let event = wanted.event(&by, Action::ReceiptIssue, &form).with("count", new.len());
    let issue = |db: &mut Db| receipts::issue(db, &new);
    store.with(|db| audit::recorded(db, by.at, issue, |()| Some(event)))?;
    sink.write_all(&bytes).and_then(|()| sink.flush()).map_err(|source| file(&args.out, source))?;
    out.say(format_args!("{} receipts issued for {} ({form}), as {}", new.len(), unit.code, args.layout));
    Ok(())
}

/// Prints a unit's poster.
pub(super) fn poster(args: &PosterArgs, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    let tree = store.with(units::tree)?;
    let unit = tree.get(&args.unit).ok_or_else(|| {
        CliError::refused(format!("there is no unit {}", args.unit), "`sipas unit list` lists all units")
    })?;
    let poster = print::poster(office(&store, settings, unit)?, &settings.public_url);
    let bytes = prints::poster(&poster, args.size).map_err(|error| refused(&error))?;
    let mut sink = out.sink(&args.out)?;
    sink.write_all(&bytes).and_then(|()| sink.flush()).map_err(|source| file(&args.out, source))?;
    Ok(())
}

fn of(code: ReceiptCode, new: &NewReceipt) -> Receipt {
    Receipt {
        code,
        service_field: new.service_field.clone(),
        procedure: new.procedure.clone(),
        issued: new.issued,
        expires: new.expires,
    }
}

fn office<'a>(store: &Store, settings: &'a Settings, unit: &'a Unit) -> Result<Office<'a>, CliError> {
    Ok(Office {
        organisation: &settings.contact.organisation,
        unit,
        title: &settings.printing.title,
        words: &settings.printing.words,
        origin: store.with(meta::origin)?,
    })
}

fn refused(error: &PrintError) -> CliError {
    CliError::refused(error.to_string(), "set public-url to a shorter address")
}

fn file(path: &Path, source: std::io::Error) -> CliError {
    CliError::File { path: path.to_owned(), source }
}
