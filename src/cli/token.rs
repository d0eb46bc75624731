//! `sipas token create|list|revoke`

use std::path::Path;

use super::{CliError, Output, args::TokenCommand, opening};
use crate::{
    config::Settings,
    domain::{
        ids::UnitCode,
        token::{Scope, Scopes},
    },
    intake::Clock,
    report::csv::{CsvWriter, Field},
    storage::{
        tokens::{self, StoredToken, TokenHash},
        units,
    },
};

/// Runs the command.
pub(super) fn run(command: &TokenCommand, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    match command {
        TokenCommand::Create { name, scope, unit } => create(name, scope, unit.as_ref(), settings, out),
        TokenCommand::List => list(settings, out),
        TokenCommand::Revoke { name } => revoke(name, settings, out),
    }
}

fn create(
    name: &str,
    scopes: &[Scope],
    unit: Option<&UnitCode>,
    settings: &Settings,
    out: &mut Output,
) -> Result<(), CliError> {
    let store = opening::ready(settings)?;
    if let Some(unit) = unit {
        let tree = store.with(units::tree)?;
        if tree.get(unit).is_none() {
            return Err(CliError::refused(
                format!("there is no unit {unit}"),
                "`sipas unit list` lists all units",
            ));
        }
    }
    let random: [u8; 32] = rand::random();
    let secret = format!("sipas_{}", blake3::Hash::from_bytes(random).to_hex());
    let token = StoredToken {
        name: name.to_owned(),
        scopes: scopes.iter().copied().collect::<Scopes>().to_string(),
        unit: unit.cloned(),
        created: Clock::System.today(),
        revoked: None,
        expires: None,
        last_used: None,
    };
    if !store.with(|db| tokens::create(db, TokenHash::of(&secret), &token))? {
        return Err(CliError::refused(
            format!("there is a token {name:?} already"),
            "choose another name; a revoked token keeps its name",
        ));
    }
    out.data(&secret)?;
    let place = unit.map_or_else(|| "all units".to_owned(), |unit| format!("{unit} and everything below it"));
    out.say(format_args!("token {name:?} may {} in {place}; it is shown only this once", token.scopes));
    Ok(())
}

fn list(settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let all = opening::existing(settings)?.with(tokens::all)?;
    let header = ["name", "scopes", "unit", "created", "revoked"];
    let mut csv = CsvWriter::for_scripts(out.sink(Path::new("-"))?, &header)?;
    for token in all {
        let revoked = token.revoked.map(|day| day.to_string()).unwrap_or_default();
        csv.row(&[
            Field::Text(&token.name),
            Field::Text(&token.scopes),
            Field::Text(token.unit.as_ref().map_or("", UnitCode::as_str)),
            Field::Text(&token.created.to_string()),
            Field::Text(&revoked),
        ])?;
    }
    csv.finish()?;
    Ok(())
}

fn revoke(name: &str, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = opening::existing(settings)?;
    if !store.with(|db| tokens::revoke(db, name, Clock::System.today()))? {
        return Err(CliError::refused(
            format!("there is no token {name:?} that still works"),
            "`sipas token list` lists all",
        ));
    }
    out.say(format_args!("token {name:?} was revoked"));
    Ok(())
}
