//! The write-ahead log of the built-in database: how long it is, its copying into the file, and its emptying. A server
//! looks after its own.

use diesel::{
    QueryableByName, RunQueryDsl as _, connection::SimpleConnection as _, sql_query, sql_types::Integer,
};

use super::{Db, StorageError, connection::BUSY};

/// How far the log has been copied into the file, in pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Log {
    /// Pages in the log.
    pub pages: u32,
    /// Of these, in the file too. Once it is all of them, the next transaction begins the log anew.
    pub copied: u32,
}

impl Log {
    /// Pages that the file lacks.
    #[must_use]
    pub fn left(self) -> u32 {
        self.pages.saturating_sub(self.copied)
    }
}

/// Whether the write-ahead log is empty now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogEmptied {
    /// Nothing is left in it.
    Whole,
    /// Somebody reads an older state: not now.
    Held,
}

/// What SQLite says of a checkpoint.
#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = Integer)]
    busy: i32,
    #[diesel(sql_type = Integer)]
    log: i32,
    #[diesel(sql_type = Integer)]
    checkpointed: i32,
}

impl From<Checkpoint> for Log {
    fn from(checkpoint: Checkpoint) -> Self {
        // -1: there is no log.
        let number = |pages: i32| u32::try_from(pages).unwrap_or(0);
        Self { pages: number(checkpoint.log), copied: number(checkpoint.checkpointed) }
    }
}

impl Db {
    /// Commits of this connection leave the log as it is: somebody else copies it. A server's stays its own affair.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub fn leave_log(&mut self) -> Result<(), StorageError> {
        let Self::Sqlite(c) = self else { return Ok(()) };
        Ok(c.batch_execute("PRAGMA wal_autocheckpoint = 0;")?)
    }

    /// How long the log is, and how far it has been copied.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub fn log(&mut self) -> Result<Log, StorageError> {
        let Self::Sqlite(c) = self else { return Ok(Log::default()) };
        Ok(sql_query("PRAGMA wal_checkpoint(NOOP)").get_result::<Checkpoint>(c)?.into())
    }

    /// Copies what nobody needs in the log any more into the file. Nobody who reads or writes waits for it, and where
    /// another connection copies at this moment, this one does nothing.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn copy_log(&mut self) -> Result<Log, StorageError> {
        let Self::Sqlite(c) = self else { return Ok(Log::default()) };
        Ok(sql_query("PRAGMA wal_checkpoint(PASSIVE)").get_result::<Checkpoint>(c)?.into())
    }

    /// Moves the write-ahead log into the file and empties it, so that answers that were deleted after their
    /// fold do not stay readable there. Does nothing where others are reading, and nothing on a server.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn empty_log(&mut self) -> Result<LogEmptied, StorageError> {
        let Self::Sqlite(c) = self else { return Ok(LogEmptied::Whole) };
        c.batch_execute("PRAGMA busy_timeout = 0;")?;
        let outcome = sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result::<Checkpoint>(c);
        c.batch_execute(&format!("PRAGMA busy_timeout = {};", BUSY.as_millis()))?;
        Ok(if outcome?.busy == 0 { LogEmptied::Whole } else { LogEmptied::Held })
    }
}
