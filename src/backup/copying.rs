//! From one database to another, without a file between them.

use std::{collections::BTreeMap, io};

use super::{
    BackupError, TableSum, Watch,
    format::{Summing, TableHead, encode},
    making::Counting,
    restoring::{Filling, compare, refuse_taken, sum_of},
};
use crate::{
    domain::audit::{Action, By},
    storage::{
        Db, StorageError, Store, audit,
        portable::{self, Table},
    },
};

/// What was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// What each table holds.
    pub tables: BTreeMap<String, TableSum>,
    /// Migrations that the copy got beyond those of its source.
    pub migrated: Vec<String>,
    /// The first table of the source that holds something else now: somebody wrote meanwhile.
    pub changed: Option<String>,
}

impl Copied {
    /// Rows of all tables.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.tables.values().map(|table| table.rows).sum()
    }
}

/// Copies everything into an empty database, in one transaction, and compares both.
///
/// # Errors
/// Where the source is empty or cannot be read, or the target is not empty or cannot be written.
pub fn copy(from: &Store, to: &Store, by: &By, watch: Watch<'_>) -> Result<Copied, BackupError> {
    let (mut source, mut target) = (from.connect()?, to.connect()?);
    if source.is_empty()? {
        return Err(BackupError::Nothing { url: from.url().to_string() });
    }
    source.pending_migrations()?;
    refuse_taken(&mut target, to)?;
    if audit::is_there(&mut source)? {
        let event = by.does(Action::Backup, "copy").with("to", to.url());
        match audit::record(&mut source, by.at, &event) {
            // What cannot be written to can still be copied.
            Ok(_) | Err(StorageError::ReadOnly(_) | StorageError::Full(_) | StorageError::Disk(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let copied = target.write(|target| {
        let Some(tables) = portable::begin_empty(target, &portable::schema(&mut source)?)? else {
            return Ok(None);
        };
        let sums = source.snapshot(|source| copy_all(source, target, &tables, watch))?;
        // The source's transaction is over: a server ends one that rests for long.
        compare(target, &tables, &sums).map_err(|error| StorageError::Stream(error.into()))?;
        Ok(Some(sums))
    })?;
    let Some(tables) = copied else {
        refuse_taken(&mut target, to)?;
        return Err(BackupError::Stopped);
    };
    let changed = source.snapshot(|source| changed(source, &tables))?;
    let migrated = target.migrate()?;
    target.empty_log()?;
    Ok(Copied { tables, migrated, changed })
}

/// Copies one state of the source into tables that are empty.
fn copy_all(
    source: &mut Db,
    target: &mut Db,
    made: &[Table],
    watch: Watch<'_>,
) -> Result<BTreeMap<String, TableSum>, StorageError> {
    let tables = portable::tables(source)?;
    let mut counting = Counting::of(source, &tables, watch)?;
    let mut sums = BTreeMap::new();
    let mut filling = Filling::new(target, made);
    for table in &tables {
        filling.begin(&TableHead::new(&table.name, &table.columns)).map_err(StorageError::Stream)?;
        let (mut sum, mut bytes) = (Summing::default(), Vec::new());
        portable::read(source, table, &mut |row| {
            encode(row, &mut bytes)?;
            sum.add(&bytes);
            counting.one()?;
            filling.row(row.to_vec()).map_err(io::Error::other)
        })?;
        filling.flush()?;
        sums.insert(table.name.clone(), sum.sum());
    }
    Ok(sums)
}

/// The first table that does not hold any more what was copied.
fn changed(source: &mut Db, copied: &BTreeMap<String, TableSum>) -> Result<Option<String>, StorageError> {
    for table in portable::tables(source)? {
        if copied.get(&table.name) != Some(&sum_of(source, &table)?) {
            return Ok(Some(table.name));
        }
    }
    Ok(None)
}
