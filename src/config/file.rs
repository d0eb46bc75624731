//! `sipas.toml`: the same names as on the command line.

use std::path::{Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::SETTINGS;

/// The file that is read where the command line names none.
const DEFAULT: &str = "sipas.toml";

/// Why the file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read.
    #[error("{}: cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is no TOML, or says something that means nothing.
    #[error("{}:{line}: {what}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, and what is allowed.
        what: String,
    },
}

/// Name, value and file of each setting in it. No file: nothing.
pub(super) fn read(path: Option<PathBuf>) -> Result<Vec<(&'static str, String, PathBuf)>, FileError> {
    let (path, wanted) = match path {
        Some(path) => (path, true),
        None => (PathBuf::from(DEFAULT), false),
    };
    if !wanted && !path.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&path)
        .map_err(|source| FileError::Unreadable { path: path.clone(), source })?;
    parse(&path, &text)
}

fn parse(path: &Path, text: &str) -> Result<Vec<(&'static str, String, PathBuf)>, FileError> {
    let content = |at: usize, what: String| FileError::Content {
        path: path.to_owned(),
        line: text.get(..at).unwrap_or(text).matches('\n').count() + 1,
        what,
    };
    let table = DeTable::parse(text)
        .map_err(|error| content(error.span().map_or(0, |s| s.start), error.message().to_owned()))?;
    let mut found = Vec::new();
    for (key, value) in table.get_ref() {
        let name = key.get_ref().as_ref();
        let Some(setting) = SETTINGS.iter().find(|s| s.name == name) else {
            return Err(content(key.span().start, format!("{name:?} is no setting; {}", nearest(name))));
        };
        let value_text = match value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Boolean(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            DeValue::Float(_) | DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                let what = format!("{name} takes a text, a whole number, or true and false");
                return Err(content(value.span().start, what));
            }
        };
        found.push((setting.name, value_text, path.to_owned()));
    }
    Ok(found)
}

/// The setting that was most likely meant, else where all of them stand.
fn nearest(name: &str) -> String {
    let shared = |other: &str| name.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
    match SETTINGS.iter().max_by_key(|s| shared(s.name)).filter(|s| shared(s.name) >= 3) {
        Some(setting) => format!("is {:?} meant?", setting.name),
        None => "`sipas serve --help` lists all".to_owned(),
    }
}
