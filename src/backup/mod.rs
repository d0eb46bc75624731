//! Backups: the whole database as one file that either database can be made from, copies from one database to
//! another, and the backups that a service makes by itself.
//!
//! A file is written under another name, flushed, and then named; it is read to its end and checked before a
//! restore touches anything; a restore is one transaction, which compares what it wrote with what it read.

mod archive;
mod copying;
mod error;
mod format;
mod making;
mod part;
mod protection;
mod restoring;
mod rounds;

pub use self::{
    copying::{Copied, copy},
    error::BackupError,
    format::{Contents, Header, TableSum},
    making::{Made, Making, Recorded, make},
    part::Replace,
    protection::{Protection, Unlock},
    restoring::Archive,
    rounds::{Schedule, Turn, before_migration, turn},
};

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Go {
    /// There is time.
    On,
    /// The program ends.
    Stop,
}

/// Is told how many rows of how many are done, and says whether to go on.
pub type Watch<'a> = &'a mut dyn FnMut(u64, u64) -> Go;

/// Rows between two looks of a [`Watch`].
const LOOK: u64 = 1024;
