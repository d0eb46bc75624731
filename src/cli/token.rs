//! `sipas token create|list|revoke`

use std::path::Path;

use super::{
    CliError, Output, account,
    args::{Expiry, TokenCommand},
    opening,
};
use crate::{
    config::Settings,
    domain::{
        audit::{Action, By},
        ids::UnitCode,
        period::Day,
        token::Scopes,
    },
    intake::Clock,
    report::csv::{CsvWriter, Field},
    storage::{
        Db, audit,
        tokens::{self, StoredToken, TokenHash},
    },
};

/// Days that a token works, where nobody says how long.
const USUAL_DAYS: i32 = 365;

/// Runs the command.
pub(super) fn run(command: &TokenCommand, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    match command {
        TokenCommand::Create { name, scope, unit, expires } => {
            let (today, now) = (Clock::System.today(), account::by());
            let token = StoredToken {
                name: name.clone(),
                scopes: scope.iter().copied().collect::<Scopes>().to_string(),
                unit: unit.clone(),
                created: today,
                revoked: None,
                expires: last_day(*expires, today)?,
                last_used: None,
            };
            create(&token, &now, settings, out)
        }
        TokenCommand::List => list(settings, out),
        TokenCommand::Revoke { name } => revoke(name, settings, out),
    }
}

/// A year, where nobody says how long.
fn last_day(wished: Option<Expiry>, today: Day) -> Result<Option<Day>, CliError> {
    match wished {
        None => Ok(Some(today.plus(USUAL_DAYS))),
        Some(Expiry::Never) => Ok(None),
        Some(Expiry::After(day)) if day < today => {
            Err(CliError::Usage(format!("--expires {day}: the last day is today at the earliest")))
        }
        Some(Expiry::After(day)) => Ok(Some(day)),
    }
}

fn create(token: &StoredToken, by: &By, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::ready(settings)?;
    account::check_unit(&store, token.unit.as_ref())?;
    let secret = tokens::secret();
    let make = |db: &mut Db| tokens::create(db, TokenHash::of(&secret), token);
    let told = |made: &bool| made.then(|| token.event(by, Action::TokenCreate));
    if !store.with(|db| audit::recorded(db, by.at, make, told))? {
        return Err(CliError::refused(
            format!("there is a token {:?} already", token.name),
            "choose another name; a revoked token keeps its name",
        ));
    }
    out.data(&secret)?;
    let place = token
        .unit
        .as_ref()
        .map_or_else(|| "all units".to_owned(), |unit| format!("{unit} and everything below it"));
    let until = token.expires.map_or_else(|| "without end".to_owned(), |day| format!("until {day}"));
    let StoredToken { name, scopes, .. } = token;
    out.say(format_args!("token {name:?} may {scopes} in {place}, {until}; it is shown only this once"));
    Ok(())
}

fn list(settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let all = opening::existing(settings)?.with(tokens::all)?;
    let header = ["name", "scopes", "unit", "created", "revoked", "expires", "last_used"];
    let mut csv = CsvWriter::for_scripts(out.sink(Path::new("-"))?, &header)?;
    for token in all {
        let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
        csv.row(&[
            Field::Text(&token.name),
            Field::Text(&token.scopes),
            Field::Text(token.unit.as_ref().map_or("", UnitCode::as_str)),
            Field::Text(&token.created.to_string()),
            Field::Text(&day(token.revoked)),
            Field::Text(&day(token.expires)),
            Field::Text(&day(token.last_used)),
        ])?;
    }
    csv.finish()?;
    Ok(())
}

fn revoke(name: &str, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    let (by, today) = (account::by(), Clock::System.today());
    let known = store.with(tokens::all)?.into_iter().find(|token| token.name == name);
    let revoke = |db: &mut Db| tokens::revoke(db, name, today);
    let told = |done: &bool| known.filter(|_| *done).map(|token| token.event(&by, Action::TokenRevoke));
    if !store.with(|db| audit::recorded(db, by.at, revoke, told))? {
        return Err(CliError::refused(
            format!("there is no token {name:?} that still works"),
            "`sipas token list` lists all",
        ));
    }
    out.say(format_args!("token {name:?} was revoked"));
    Ok(())
}
