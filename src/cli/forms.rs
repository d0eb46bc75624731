//! `sipas form check|list|schema`

use super::{CliError, Output, args::FormCommand, form, opening};
use crate::{
    config::{DatabaseUrl, Settings},
    domain::{
        catalogue::Catalogue,
        form_file::{self, SHIPPED},
    },
    storage::{forms, mirror},
};

/// Runs the command.
pub(super) fn run(command: &FormCommand, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    match command {
        FormCommand::Check { files } => {
            let report = form::check(files, &stored(settings)?);
            out.say(&report);
            if report.has_faults() {
                Err(CliError::Found("the forms have faults".to_owned()))
            } else {
                Ok(())
            }
        }
        FormCommand::List => list(settings, out),
        FormCommand::Schema => Ok(out.data(form::schema_text().trim_end())?),
    }
}

/// What was published, where there is a database.
fn stored(settings: &Settings) -> Result<Vec<form::StoredText>, CliError> {
    if !exists(settings) {
        return Ok(Vec::new());
    }
    let all = opening::existing(settings)?.with(forms::all)?;
    let text =
        |form: forms::StoredForm| form::StoredText { id: form.id, version: form.version, text: form.source };
    Ok(all.into_iter().map(text).collect())
}

fn exists(settings: &Settings) -> bool {
    match &settings.database_url {
        DatabaseUrl::Sqlite(path) => path.exists(),
        DatabaseUrl::Postgres(_) => true,
    }
}

/// The published forms; those of the program where there is no database yet.
fn list(settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    if exists(settings) {
        let forms = opening::existing(settings)?.with(mirror::catalogue)?;
        for line in form::list_lines(forms.all().map(AsRef::as_ref)) {
            out.data(line)?;
        }
        return Ok(());
    }
    out.say("there is no database yet; these forms come with the program");
    for line in form::list_lines(shipped().all().map(AsRef::as_ref)) {
        out.data(line)?;
    }
    Ok(())
}

/// The forms that come with the program.
pub(super) fn shipped() -> Catalogue {
    let read = SHIPPED.iter().filter_map(|(name, text)| form_file::read(name, text).ok());
    Catalogue::new(read.map(|read| read.form))
}
