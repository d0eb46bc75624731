//! `sipas receipt issue|print|poster|void|unused`

mod printing;
mod unused;

use std::path::Path;

use super::{CliError, Output, account, args::ReceiptCommand, opening};
use crate::{
    config::Settings,
    domain::{
        audit::{Action, By, Event},
        ids::{FieldCode, FormId, UnitCode},
        receipt::{ReceiptCode, ReceiptState},
        unit::Unit,
    },
    intake::Clock,
    keys::SecretKeys,
    report::{
        csv::{CsvWriter, Field},
        qr,
    },
    storage::{
        Db, Store, audit, mirror,
        receipts::{self, NewReceipt},
        units,
    },
};

/// The form of a unit that names none.
const DEFAULT_FORM: &str = "one-stop-short";
/// Receipts issued in one transaction, so that a running service is never held up for long.
const BATCH: usize = 5000;

/// Runs the command.
pub(super) fn run(command: &ReceiptCommand, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    match command {
        ReceiptCommand::Issue { unit, count, form, service_field, procedure, expires_in_days, .. } => {
            let wanted = Wanted {
                unit,
                form: form.as_ref(),
                service_field: service_field.as_ref(),
                procedure: procedure.as_ref(),
                days: expires_in_days.unwrap_or(settings.policy.receipt_expires_days),
            };
            issue(&wanted, *count, settings, out)
        }
        ReceiptCommand::Print(args) => printing::run(args, settings, out),
        ReceiptCommand::Poster(args) => printing::poster(args, settings, out),
        ReceiptCommand::Void { code } => void(code, settings, out),
        ReceiptCommand::Unused(args) => unused::run(args, settings, out),
    }
}

struct Wanted<'a> {
    unit: &'a UnitCode,
    form: Option<&'a FormId>,
    service_field: Option<&'a FieldCode>,
    procedure: Option<&'a FieldCode>,
    days: u16,
}

impl Wanted<'_> {
    fn event(&self, by: &By, action: Action, form: &FormId) -> Event {
        by.does(action, self.unit.as_str()).in_unit(Some(self.unit)).with("form", form)
    }

    fn receipt(&self, keys: &SecretKeys, form: &FormId, code: &ReceiptCode) -> NewReceipt {
        let today = Clock::System.today();
        NewReceipt {
            hash: keys.code_hash(code.compact()),
            unit: self.unit.clone(),
            form: form.clone(),
            service_field: self.service_field.cloned(),
            procedure: self.procedure.cloned(),
            issued: today,
            expires: today.plus(i32::from(self.days)),
        }
    }
}

/// The unit and the form that receipts are issued for.
fn checked(store: &Store, wanted: &Wanted<'_>) -> Result<(Unit, FormId), CliError> {
    let (tree, forms) = store.with(|db| Ok((units::tree(db)?, mirror::catalogue(db)?)))?;
    let today = Clock::System.today();
    let unit = tree.get(wanted.unit).filter(|unit| unit.is_valid_on(today)).ok_or_else(|| {
        CliError::refused(
            format!("there is no unit {} today", wanted.unit),
            "`sipas unit list` lists all units",
        )
    })?;
    let inherited = tree.form_of(&unit.code).cloned();
    let id = wanted.form.cloned().or(inherited).or_else(|| DEFAULT_FORM.parse().ok());
    let form = id.as_ref().and_then(|id| forms.newest(id)).ok_or_else(|| {
        let name = id.as_ref().map_or("", FormId::as_str);
        CliError::refused(format!("there is no form {name}"), "`sipas form list` lists all forms")
    })?;
    Ok((unit.clone(), form.id.clone()))
}

fn issue(wanted: &Wanted<'_>, count: u32, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::ready(settings)?;
    let keys = opening::keys(&store, settings)?;
    let (_, form) = checked(&store, wanted)?;
    let mut csv = CsvWriter::for_scripts(out.sink(Path::new("-"))?, &["code", "url", "expires"])?;
    let mut left = usize::try_from(count).unwrap_or(usize::MAX);
    let progress = out.progress(left, "receipts");
    let total = left;
    while left > 0 {
        let codes: Vec<ReceiptCode> =
            (0..left.min(BATCH)).map(|_| ReceiptCode::from_random(rand::random())).collect();
        let new: Vec<NewReceipt> = codes.iter().map(|code| wanted.receipt(&keys, &form, code)).collect();
        let (by, count) = (account::by(), new.len());
        let event = wanted.event(&by, Action::ReceiptIssue, &form).with("count", count);
        let issue = |db: &mut Db| receipts::issue(db, &new);
        store.with(|db| audit::recorded(db, by.at, issue, |()| Some(event)))?;
        for (code, receipt) in codes.iter().zip(&new) {
            let url = format!("{}/r/{}", settings.public_url, code.compact());
            csv.row(&[
                Field::Text(&code.to_string()),
                Field::Text(&url),
                Field::Text(&receipt.expires.to_string()),
            ])?;
        }
        left -= codes.len();
        progress.at(total - left, total);
    }
    csv.finish()?;
    drop(progress);
    if let Err(error) = qr::check_address(&settings.public_url) {
        out.say(format_args!("warning: {error}; these codes can be typed, and not be printed as symbols"));
    }
    out.say(format_args!("{count} receipts issued for {} ({form})", wanted.unit));
    Ok(())
}

fn void(code: &str, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let code: ReceiptCode =
        code.parse().map_err(|error| CliError::Usage(format!("this is not a code: {error}")))?;
    let store = opening::existing(settings)?;
    let keys = opening::keys(&store, settings)?;
    let hash = keys.code_hash(code.compact());
    let (by, today) = (account::by(), Clock::System.today());
    let found = store.with(|db| receipts::find(db, &hash))?.map(|found| found.receipt);
    let withdraw = |db: &mut Db| receipts::withdraw(db, &hash, ReceiptState::Void, today);
    let before = store.with(|db| {
        audit::recorded(db, by.at, withdraw, |before| {
            let receipt = found.filter(|_| *before == Some(ReceiptState::Issued))?;
            Some(receipt.event(&by, Action::ReceiptVoid))
        })
    })?;
    match before {
        Some(ReceiptState::Issued) => out.say("the receipt is void now"),
        Some(state) => {
            let what = format!("the receipt is {}", state.as_str());
            return Err(CliError::refused(what, "only an issued receipt can be taken back"));
        }
        None => {
            return Err(CliError::refused("there is no receipt with this code", "look at the paper again"));
        }
    }
    Ok(())
}
