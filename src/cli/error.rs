//! Why a command did not do what was asked: one sentence, a remedy, an exit code.

use std::{io, path::PathBuf, process::ExitCode};

use crate::{
    backup::BackupError, config::ConfigError, http::ServeError, keys::KeyError, report::csv::CsvError,
    storage::StorageError,
};

/// Why a command did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A check found something; what it found was said already.
    #[error("{0}")]
    Found(String),
    /// The arguments do not fit together.
    #[error("{0}")]
    Usage(String),
    /// The state of things does not allow it.
    #[error("{what}\nhelp: {remedy}")]
    Refused {
        /// What stands in the way.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// A setting.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The key file.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database.
    #[error("{}", with_cause(.0))]
    Storage(#[from] StorageError),
    /// A backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The server.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// A table could not be written.
    #[error(transparent)]
    Csv(#[from] CsvError),
    /// A file.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Standard output or error.
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
}

fn with_cause(error: &StorageError) -> String {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

impl CliError {
    /// Something stands in the way, and this is what to do.
    pub(super) fn refused(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::Refused { what: what.into(), remedy: remedy.into() }
    }

    /// 1: a check found something; 2: wrong usage; 3: it could not be done.
    #[must_use]
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Found(_) => ExitCode::from(1),
            Self::Usage(_) | Self::Config(_) | Self::Backup(BackupError::Recipient { .. }) => {
                ExitCode::from(2)
            }
            Self::Refused { .. }
            | Self::Key(_)
            | Self::Storage(_)
            | Self::Backup(_)
            | Self::Serve(_)
            | Self::Csv(_)
            | Self::File { .. }
            | Self::Output(_) => ExitCode::from(3),
        }
    }

    /// Whether the reader of our output went away: `sipas … | head` is no error.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        match self {
            Self::Output(error) | Self::Csv(CsvError::Write(error)) => {
                error.kind() == io::ErrorKind::BrokenPipe
            }
            _other => false,
        }
    }
}
