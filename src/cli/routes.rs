//! `sipas routes`: every route with its door, for those who audit the service.

use std::path::Path;

use super::{CliError, Output};
use crate::{
    domain::access::Role,
    http::{doors::Door, routes},
    report::csv::{CsvWriter, Field},
};

/// Writes the table.
pub(super) fn run(out: &mut Output) -> Result<(), CliError> {
    let header = ["method", "path", "door", "roles", "why"];
    let mut csv = CsvWriter::for_scripts(out.sink(Path::new("-"))?, &header)?;
    for entry in routes::TABLE {
        for method in entry.methods {
            let door = entry.door(method);
            let roles: Vec<&str> = door.roles().into_iter().map(Role::as_str).collect();
            let (kind, why) = described(door);
            csv.row(&[
                Field::Text(method),
                Field::Text(entry.path),
                Field::Text(&kind),
                Field::Text(&roles.join(" ")),
                Field::Text(why),
            ])?;
        }
    }
    csv.finish()?;
    Ok(())
}

fn described(door: Door) -> (String, &'static str) {
    match door {
        Door::Public(why) => ("public".to_owned(), why),
        Door::SignedIn => ("signed-in".to_owned(), ""),
        Door::Right(right) => (format!("right:{}", right.as_str()), ""),
        Door::Scope(scope) => (format!("scope:{scope}"), ""),
        Door::Device => ("device".to_owned(), ""),
    }
}
