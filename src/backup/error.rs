//! Why there is no backup, or nothing was restored: each with what to do.

use std::{io, path::PathBuf};

use crate::storage::StorageError;

/// Why a backup was not made or not used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The system refused a file.
    #[error("{}: {source}; choose another place, make room or give the right to it", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of this name is there.
    #[error("{} is there already; choose another name, or replace it with --force", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Another process writes under this name.
    #[error("another backup is being written to {}; wait for it, or choose another name", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// Something else.
    #[error("{} is no backup of this service; name a file that `sipas backup` made", path.display())]
    Strange {
        /// The file.
        path: PathBuf,
    },
    /// Not what was written.
    #[error(
        "{} was cut or altered ({what}); nothing was restored: bring the file again from where it is kept, or take \
         another backup",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was noticed first.
        what: String,
    },
    /// It is encrypted, and nothing was given to open it.
    #[error("{} is encrypted; give {option}", path.display())]
    Sealed {
        /// The file.
        path: PathBuf,
        /// The option that opens such a file.
        option: &'static str,
    },
    /// The passphrase or identity is another one's.
    #[error("the {what} that was given does not open {}; nothing was restored", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
        /// Passphrase or identity.
        what: &'static str,
    },
    /// A newer program made it.
    #[error("{} was made by a newer program ({found}); restore it with that program", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version of the program or of the tables.
        found: String,
    },
    /// A file that should hold a passphrase or an identity.
    #[error("{}: {what}", path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// No key to encrypt to.
    #[error("{text:?} is no key to encrypt to; write one that begins with age1, as `age-keygen` prints it")]
    Recipient {
        /// What was given.
        text: String,
    },
    /// There is something in the database.
    #[error("{url} is not empty (table {table} has rows); name a new database with --database-url")]
    Taken {
        /// The database.
        url: String,
        /// The table that is not empty.
        table: String,
    },
    /// The database belongs to something else.
    #[error(
        "{url} holds tables of something else (such as {table}); name a database of its own with --database-url"
    )]
    Foreign {
        /// The database.
        url: String,
        /// One of those tables.
        table: String,
    },
    /// No tables yet.
    #[error("{url} is empty; name the database that is to be kept with --database-url")]
    Nothing {
        /// The database.
        url: String,
    },
    /// What was written is not what was read.
    #[error("the table {table} does not hold what was read; nothing was kept: try again, and report it")]
    Differs {
        /// The table.
        table: String,
    },
    /// The program ends.
    #[error("it was stopped; nothing was kept")]
    Stopped,
    /// The database.
    #[error("{}", with_cause(.0))]
    Storage(StorageError),
}

fn with_cause(error: &StorageError) -> String {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    cause.map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

impl From<StorageError> for BackupError {
    /// What was handed through the storage comes out again as what it was.
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Stream(io) => match io.downcast::<Self>() {
                Ok(own) => own,
                Err(io) => match io.downcast::<StorageError>() {
                    Ok(inner) => inner.into(),
                    Err(io) => Self::Storage(StorageError::Stream(io)),
                },
            },
            other => Self::Storage(other),
        }
    }
}

impl From<BackupError> for io::Error {
    fn from(error: BackupError) -> Self {
        Self::other(error)
    }
}
