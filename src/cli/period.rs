//! `sipas period list|close`

use std::{collections::BTreeMap, path::Path};

use super::{CliError, Output, account, args::PeriodCommand, opening, running, serve};
use crate::{
    config::Settings,
    domain::{
        period::{Month, Period},
        response::Class,
    },
    intake::{Clock, close_month},
    report::csv::{CsvWriter, Field},
    storage::{
        StorageError, Store, closing,
        folding::Folder,
        mirror, months,
        tallies::{self, TallyQuery},
    },
};

/// Runs the command.
pub(super) fn run(command: &PeriodCommand, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    match command {
        PeriodCommand::List => list(settings, out),
        PeriodCommand::Close { month } => close(*month, settings, out),
    }
}

#[derive(Default)]
struct Line {
    responses: u64,
    waiting: u64,
}

fn list(settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    let (states, lines) = store.with(|db| {
        db.snapshot(|db| {
            let forms = mirror::catalogue(db)?;
            let states = months::states(db)?;
            let mut lines: BTreeMap<Month, Line> = BTreeMap::new();
            for row in tallies::of_months(db, &forms, &everything())? {
                lines.entry(row.place.month).or_default().responses += row.tally.responses;
            }
            for (place, waiting) in tallies::waiting(db)? {
                lines.entry(place.month).or_default().waiting += waiting;
            }
            for month in states.0.keys() {
                lines.entry(*month).or_default();
            }
            Ok((states, lines))
        })
    })?;
    let header = ["month", "state", "since", "responses", "waiting", "carried"];
    let mut csv = CsvWriter::for_scripts(out.sink(Path::new("-"))?, &header)?;
    for (month, line) in lines {
        let row = states.0.get(&month);
        let since = row.map(|row| row.day.to_string()).unwrap_or_default();
        csv.row(&[
            Field::Text(&month.to_string()),
            Field::Text(states.state(month).as_str()),
            Field::Text(&since),
            Field::count(Some(line.responses)),
            Field::count(Some(line.waiting)),
            Field::count(row.map(|row| row.carried)),
        ])?;
    }
    csv.finish()?;
    Ok(())
}

fn everything() -> TallyQuery {
    let ever = Period::range(Month::new(1970, 1), Month::new(9999, 12));
    TallyQuery {
        units: None,
        period: ever.unwrap_or(Period::month(Month::new(1970, 1))),
        form: None,
        classes: Class::ALL.to_vec(),
    }
}

fn close(month: Option<Month>, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    let today = Clock::System.today();
    let months = match month {
        Some(month) if month >= today.month() => {
            return Err(CliError::refused(
                format!("{month} has not ended"),
                format!("it can be closed from {} on", month.plus(1).first_day()),
            ));
        }
        Some(month) => vec![month],
        None => store.with(|db| closing::due(db, today.month()))?,
    };
    if months.is_empty() {
        out.say("no month that has ended is open");
    }
    for month in months {
        let outcome = match store.clone().hold() {
            Ok(alone) => close_here(&alone, month, settings, out)?,
            Err(StorageError::InUse) => {
                running::ask(&store, "close", &asked(month), &format!("{month} is not closed"))?
            }
            Err(error) => return Err(error.into()),
        };
        out.say(outcome);
    }
    Ok(())
}

fn close_here(
    store: &Store,
    month: Month,
    settings: &Settings,
    out: &mut Output,
) -> Result<String, CliError> {
    let keys = opening::keys(store, settings)?;
    let progress = out.progress(0, "closing");
    let (rule, today) = (serve::close_rule(settings), Clock::System.today());
    let mut total = 0;
    let done = store.with(|db| {
        let forms = mirror::catalogue(db)?;
        let folder = Folder { forms: &forms, keys: &keys };
        close_month(db, folder, month, today, &rule.policy, &account::by(), &mut |left| {
            total = total.max(left + 1);
            progress.at(total - left, total);
            true
        })
    })?;
    Ok(done.told(month).unwrap_or_else(|| format!("{month} is still closing")))
}

/// The month, and who asks for it.
fn asked(month: Month) -> String {
    format!("{month} {}", crate::config::shell_user())
}
