//! How forms get in: files are published once, and what is published never changes.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::form::{ChangedFile, StoredText, line_of_key, series_fault};
use crate::{
    domain::{
        audit::{Action, By},
        form_change,
        form_file::{self, FileFault, SHIPPED},
        ids::FormId,
        period::Day,
    },
    storage::{
        Db, StorageError, audit,
        forms::{self, StoredForm},
    },
};

/// What publishing found.
#[derive(Debug, Default)]
pub struct Publishing {
    /// Versions that are new here: `one-stop-short version 1`.
    pub published: Vec<String>,
    /// Files that say something else than what was published under their number; the stored version stays.
    pub changed: Vec<ChangedFile>,
    /// Faults of files that could not be published.
    pub faults: Vec<FileFault>,
}

/// Publishes the shipped forms and those of a folder; forms that are there already stay what they are.
///
/// # Errors
/// Where the database cannot be read or written.
pub fn publish(db: &mut Db, files: &[(String, String)], by: &By) -> Result<Publishing, StorageError> {
    let mut done = Publishing::default();
    let stored = forms::all(db)?;
    let kept =
        |id: &FormId, version, text: &str| StoredText { id: id.clone(), version, text: text.to_owned() };
    let mut known: Vec<StoredText> = stored.iter().map(|s| kept(&s.id, s.version, &s.source)).collect();
    for (name, text) in files {
        let read = match form_file::read(name, text) {
            Ok(read) => read,
            Err(faults) => {
                done.faults.extend(faults);
                continue;
            }
        };
        let (id, version, series) = (read.form.id.clone(), read.form.version, read.form.series);
        if let Some(before) = stored.iter().find(|s| s.id == id && s.version == version) {
            if let Some(difference) = form_change::difference(&before.source, text) {
                let line = line_of_key(text, "version");
                done.changed.push(ChangedFile { file: name.clone(), line, id, version, difference });
            }
            continue;
        }
        // What would pool different questions under one series is never published: that could not be undone.
        let new = kept(&id, version, text);
        if let Some(fault) = series_fault(name, &new, &read.form, &known) {
            done.faults.push(fault);
            continue;
        }
        known.push(new);
        let called = format!("{id} version {version}");
        done.published.push(called.clone());
        let new = StoredForm {
            id,
            version,
            series,
            file_name: name.clone(),
            source: text.clone(),
            hash: *blake3::hash(text.as_bytes()).as_bytes(),
            published: Day::of_unix_seconds(by.at),
        };
        let event = by.does(Action::FormPublish, called).with("file", &new.file_name);
        audit::recorded(db, by.at, |db| forms::publish(db, &new), |added| added.then_some(event))?;
    }
    Ok(done)
}

/// The files to publish: the shipped ones, and over them those of a folder (a file of the same name counts in
/// the place of the shipped one).
///
/// # Errors
/// Where the folder or a file in it cannot be read.
pub fn form_files(folder: Option<&Path>) -> io::Result<Vec<(String, String)>> {
    let mut files: Vec<(String, String)> =
        SHIPPED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    for path in folder.map(toml_files).transpose()?.unwrap_or_default() {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let text = fs::read_to_string(&path)?;
        match files.iter_mut().find(|(shipped, _)| *shipped == name) {
            Some(slot) => slot.1 = text,
            None => files.push((name, text)),
        }
    }
    Ok(files)
}

fn toml_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<io::Result<Vec<_>>>()?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    paths.sort();
    Ok(paths)
}
