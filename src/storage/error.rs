//! Why the store could not do what was asked.

use diesel::result::{DatabaseErrorKind, Error};

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why the store could not do what was asked. "Not there" is no error: it is `None`.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// No connection in time, or the database is gone.
    #[error("the database cannot be reached")]
    Unavailable(#[source] Cause),
    /// Another transaction was in the way; the whole may be tried again.
    #[error("another transaction was in the way")]
    Conflict(#[source] Error),
    /// Nothing can be written any more.
    #[error("the disk or the database is full; make room, and nothing that was acknowledged is lost")]
    Full(#[source] Error),
    /// Nothing may be written.
    #[error(
        "the database can only be read; let the service write the file, its -wal and -shm and its folder, or on a \
         server end default_transaction_read_only or name the primary; nothing that was acknowledged is lost"
    )]
    ReadOnly(#[source] Error),
    /// The disk refused.
    #[error(
        "the disk refused to read or write; look at its space, its quota, its limits and its health; \
         nothing that was acknowledged is lost"
    )]
    Disk(#[source] Error),
    /// The statement was refused.
    #[error("the database refused a statement")]
    Query(#[source] Error),
    /// The database was written by a newer program.
    #[error(
        "the database is newer than this program (it has the migration {found}); \
         start the newer program, or restore a backup made before it"
    )]
    Newer {
        /// The migration that this program does not know.
        found: String,
    },
    /// A migration failed.
    #[error(
        "the database cannot be brought to this program's version, and nothing of the migration was kept; \
         restore a backup, or name another database with --database-url"
    )]
    Migration(#[source] Cause),
    /// Stored bytes are not what they should be.
    #[error("stored data is damaged: {what}")]
    Damaged {
        /// Which row, and what is wrong with it; never its content.
        what: String,
    },
    /// An answer that waits was sealed with another key.
    #[error("an answer that waits was sealed with another key; start with the key file it was sealed with")]
    Sealed,
    /// A service works on this file.
    #[error("a running service holds this database; stop it first")]
    InUse,
    /// The system refused a file.
    #[error("a file beside the database cannot be used")]
    File(#[source] std::io::Error),
    /// What is read from the database, or should be written to it, could not be handed over.
    #[error("rows could not be handed over")]
    Stream(#[source] std::io::Error),
}

impl StorageError {
    /// Stored bytes that are not what they should be.
    pub(super) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }

    /// Whether the same work may succeed when it is tried again at once.
    #[must_use]
    pub fn may_retry(&self) -> bool {
        matches!(self, Self::Conflict(_))
    }
}

impl From<Error> for StorageError {
    fn from(error: Error) -> Self {
        let Error::DatabaseError(kind, about) = &error else { return Self::Query(error) };
        let message = about.message();
        let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
        // What SQLite says, and what a server passes on from its system.
        if says(&["is full", "No space left", "quota exceeded"]) {
            return Self::Full(error);
        }
        if says(&["disk I/O error", "unable to open database file", "File too large"]) {
            return Self::Disk(error);
        }
        if matches!(kind, DatabaseErrorKind::ReadOnlyTransaction) || says(&["readonly database"]) {
            return Self::ReadOnly(error);
        }
        let in_the_way = says(&["deadlock detected", "could not serialize", "database is locked"]);
        match kind {
            DatabaseErrorKind::ClosedConnection => Self::Unavailable(error.into()),
            DatabaseErrorKind::SerializationFailure => Self::Conflict(error),
            _ if in_the_way => Self::Conflict(error),
            _ => Self::Query(error),
        }
    }
}
