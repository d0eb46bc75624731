//! Making a backup, also beside a running service: one state of everything.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{
    BackupError, Go, LOOK, Protection, Watch,
    archive::ArchiveWriter,
    format::{HEADER, Header, KEY, ROW, Summing, TABLE, TableHead, TableSum, encode},
    part::{Part, Replace},
};
use crate::{
    domain::{
        audit::{Action, By},
        period::Day,
    },
    storage::{
        Db, StorageError, Store, audit,
        meta::{self, Fact},
        portable::{self, Table},
    },
};

/// What is asked for.
#[derive(Debug)]
pub struct Making<'a> {
    /// Encryption.
    pub protection: &'a Protection,
    /// The text of the key file, where it goes along.
    pub key: Option<&'a str>,
    /// Whether a file that is there may be replaced.
    pub replace: Replace,
    /// Who makes it, and when.
    pub by: &'a By,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The file.
    pub path: PathBuf,
    /// Its length in bytes.
    pub bytes: u64,
    /// Rows of all tables.
    pub rows: u64,
    /// The last entry of the audit log in it, where there is such a log.
    pub audit_head: Option<String>,
    /// Whether the audit log speaks of it: a database that cannot be written to can still be kept.
    pub recorded: Recorded,
}

/// Whether the audit log speaks of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recorded {
    /// It does, also the one in the backup.
    Yes,
    /// The tables are of a version that had no such log.
    NoLog,
    /// The database could not be written to.
    NotWritable,
}

/// Makes a backup. The file appears under its name when it is whole and on disk.
///
/// # Errors
/// Where the database cannot be read, is empty or newer than this program, or the file cannot be made.
pub fn make(store: &Store, to: &Path, wish: &Making<'_>, watch: Watch<'_>) -> Result<Made, BackupError> {
    let mut db = store.connect()?;
    if db.is_empty()? {
        return Err(BackupError::Nothing { url: store.url().to_string() });
    }
    // A newer database may hold what this program does not know how to keep.
    db.pending_migrations()?;
    let part = Part::begin(to, wish.replace)?;
    let recorded = record(&mut db, to, wish)?;
    let mut archive =
        ArchiveWriter::new(part.handle()?, wish.protection).map_err(|source| part.failed(source))?;
    let (audit_head, tables) =
        db.snapshot(|db| write(db, &mut archive, wish, watch)).map_err(|error| match error {
            StorageError::Stream(source) => part.failed(source),
            other => other.into(),
        })?;
    archive.finish(&tables).map_err(|source| part.failed(source))?;
    let bytes = part.name(wish.replace)?;
    let rows = tables.values().map(|table| table.rows).sum();
    Ok(Made { path: to.into(), bytes, rows, audit_head, recorded })
}

/// What is taken out is recorded before, so that it is recorded whatever happens then.
fn record(db: &mut Db, to: &Path, wish: &Making<'_>) -> Result<Recorded, BackupError> {
    if !audit::is_there(db)? {
        return Ok(Recorded::NoLog);
    }
    let said = |yes| if yes { "yes" } else { "no" };
    let name = to.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let event = wish.by.does(Action::Backup, name).with("encrypted", said(wish.protection.encrypts()));
    match audit::record(db, wish.by.at, &event.with("with_key", said(wish.key.is_some()))) {
        Ok(_head) => Ok(Recorded::Yes),
        Err(StorageError::ReadOnly(_) | StorageError::Full(_) | StorageError::Disk(_)) => {
            Ok(Recorded::NotWritable)
        }
        Err(error) => Err(error.into()),
    }
}

fn write(
    db: &mut Db,
    archive: &mut ArchiveWriter,
    wish: &Making<'_>,
    watch: Watch<'_>,
) -> Result<(Option<String>, BTreeMap<String, TableSum>), StorageError> {
    let audit_head = meta::get(db, Fact::AuditHead)?;
    let header = Header {
        program: env!("CARGO_PKG_VERSION").to_owned(),
        schema: portable::schema(db)?,
        made: Day::of_unix_seconds(wish.by.at).to_string(),
        key_id: meta::get(db, Fact::KeyId)?,
        audit_head: audit_head.clone(),
    };
    archive.json(HEADER, &header).map_err(StorageError::Stream)?;
    if let Some(key) = wish.key {
        archive.frame(KEY, key.as_bytes()).map_err(StorageError::Stream)?;
    }
    let tables = portable::tables(db)?;
    let mut counting = Counting::of(db, &tables, watch)?;
    let mut sums = BTreeMap::new();
    for table in &tables {
        archive.json(TABLE, &TableHead::new(&table.name, &table.columns)).map_err(StorageError::Stream)?;
        let (mut sum, mut bytes) = (Summing::default(), Vec::new());
        portable::read(db, table, &mut |row| {
            encode(row, &mut bytes)?;
            sum.add(&bytes);
            archive.frame(ROW, &bytes)?;
            Ok(counting.one()?)
        })?;
        sums.insert(table.name.clone(), sum.sum());
    }
    Ok((audit_head, sums))
}

/// Tells a [`Watch`] how far the reading of a database is.
pub(super) struct Counting<'a> {
    done: u64,
    total: u64,
    watch: Watch<'a>,
}

impl<'a> Counting<'a> {
    pub(super) fn of(db: &mut Db, tables: &[Table], watch: Watch<'a>) -> Result<Self, StorageError> {
        let mut total = 0;
        for table in tables {
            total += portable::count(db, table)?;
        }
        Ok(Self::until(total, watch))
    }

    pub(super) fn until(total: u64, watch: Watch<'a>) -> Self {
        Self { done: 0, total, watch }
    }

    /// One row more.
    pub(super) fn one(&mut self) -> Result<(), BackupError> {
        self.done += 1;
        if !self.done.is_multiple_of(LOOK) || (self.watch)(self.done, self.total) == Go::On {
            return Ok(());
        }
        Err(BackupError::Stopped)
    }
}
