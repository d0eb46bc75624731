//! Restoring: a file is read to its end and found sound before anything is touched; then one transaction.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufReader, Read as _, Seek as _},
    path::{Path, PathBuf},
};

use super::{
    BackupError, Contents, Unlock, Watch,
    archive::{Met, altered, walk},
    format::{ANY_MAGIC, MAGIC, Summing, TableHead, TableSum, encode},
    making::Counting,
    protection::Inner,
};
use crate::storage::{
    self, Db, StorageError, Store,
    portable::{self, Row, Table, Vacancy, Value},
};

/// What an encrypted file begins with.
const ENCRYPTED: &[u8] = b"age-encryption.org/";
/// Bytes of rows that are written at once.
const BATCH_BYTES: usize = 1 << 20;
/// Rows that are written at once.
const BATCH_ROWS: usize = 500;

/// A backup that was found sound.
pub struct Archive {
    path: PathBuf,
    file: File,
    unlock: Unlock,
    contents: Contents,
}

impl Archive {
    /// Reads a backup to its end and checks all of it; touches nothing.
    ///
    /// # Errors
    /// Where it is no backup, was cut or altered, is encrypted otherwise, or was made by a newer program.
    pub fn open(path: &Path, unlock: Unlock) -> Result<Self, BackupError> {
        let file = File::open(path).map_err(|source| BackupError::File { path: path.into(), source })?;
        let inner = inner(&file, path, &unlock)?;
        let contents = walk(inner, &mut |_met| Ok(())).map_err(|source| failed(path, source))?;
        let schema = &contents.header.schema;
        if !storage::knows(schema)? {
            let found = format!("version {}, tables of {schema}", contents.header.program);
            return Err(BackupError::Newer { path: path.into(), found });
        }
        Ok(Self { path: path.into(), file, unlock, contents })
    }

    /// What is in it.
    #[must_use]
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Fills an empty database, in one transaction: it is as it was, or as the backup says. Then brings the tables to
    /// this program's version; the names of what was applied.
    ///
    /// # Errors
    /// Where the database is not empty or cannot be written.
    pub fn restore(&self, store: &Store, watch: Watch<'_>) -> Result<Vec<String>, BackupError> {
        let mut db = store.connect()?;
        refuse_taken(&mut db, store)?;
        let inner = inner(&self.file, &self.path, &self.unlock)?;
        let filled = db.write(|db| {
            let Some(tables) = portable::begin_empty(db, &self.contents.header.schema)? else {
                return Ok(false);
            };
            let mut filling = Filling::new(db, &tables);
            let mut counting = Counting::until(self.contents.rows(), watch);
            walk(inner, &mut |met| {
                counting.one()?;
                filling.meet(met)
            })
            .map_err(StorageError::Stream)?;
            filling.flush()?;
            compare(db, &tables, &self.contents.tables)
                .map_err(|error| StorageError::Stream(error.into()))?;
            Ok(true)
        });
        if !filled? {
            refuse_taken(&mut db, store)?;
        }
        let applied = db.migrate()?;
        db.empty_log()?;
        Ok(applied)
    }
}

/// The layers of a file down to the encryption.
fn inner(file: &File, path: &Path, unlock: &Unlock) -> Result<Inner, BackupError> {
    let failed = |source| BackupError::File { path: path.into(), source };
    let mut file = file.try_clone().map_err(failed)?;
    file.rewind().map_err(failed)?;
    let mut first = Vec::new();
    (&mut file).take(64).read_to_end(&mut first).map_err(failed)?;
    file.rewind().map_err(failed)?;
    if first.starts_with(ENCRYPTED) {
        return unlock.reader(file, path);
    }
    if first.starts_with(MAGIC) {
        return Ok(Inner::Open(BufReader::new(file)));
    }
    if let Some(version) = first.strip_prefix(ANY_MAGIC) {
        let version = version.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let found = format!("format {}", String::from_utf8_lossy(version));
        return Err(BackupError::Newer { path: path.into(), found });
    }
    Err(BackupError::Strange { path: path.into() })
}

/// What the system did not say itself was found in the bytes.
fn failed(path: &Path, source: io::Error) -> BackupError {
    let path = PathBuf::from(path);
    if source.raw_os_error().is_some() {
        return BackupError::File { path, source };
    }
    let what = match source.kind() {
        io::ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
        _other => source.to_string(),
    };
    BackupError::Damaged { path, what }
}

/// Says why a database cannot be filled.
pub(super) fn refuse_taken(db: &mut Db, store: &Store) -> Result<(), BackupError> {
    let url = store.url().to_string();
    match portable::vacancy(db)? {
        Vacancy::Empty => Ok(()),
        Vacancy::Taken { table } => Err(BackupError::Taken { url, table }),
        Vacancy::Strange { table } => Err(BackupError::Foreign { url, table }),
    }
}

/// Writes rows in handfuls, table after table.
pub(super) struct Filling<'a> {
    db: &'a mut Db,
    tables: &'a [Table],
    open: Option<&'a Table>,
    rows: Vec<Row>,
    bytes: usize,
}

impl<'a> Filling<'a> {
    pub(super) fn new(db: &'a mut Db, tables: &'a [Table]) -> Self {
        Self { db, tables, open: None, rows: Vec::new(), bytes: 0 }
    }

    fn meet(&mut self, met: Met) -> io::Result<()> {
        match met {
            Met::Table(head) => self.begin(&head),
            Met::Row(row) => self.row(row).map_err(io::Error::other),
        }
    }

    /// The table whose rows follow; the database must have it as it is told.
    pub(super) fn begin(&mut self, head: &TableHead) -> io::Result<()> {
        self.flush().map_err(io::Error::other)?;
        let found = self.tables.iter().find(|table| head.fits(&table.name, &table.columns));
        self.open =
            Some(found.ok_or_else(|| altered("a table that this version of the tables does not have"))?);
        Ok(())
    }

    pub(super) fn row(&mut self, row: Row) -> Result<(), StorageError> {
        self.bytes += row.iter().map(size).sum::<usize>();
        self.rows.push(row);
        if self.rows.len() >= BATCH_ROWS || self.bytes >= BATCH_BYTES { self.flush() } else { Ok(()) }
    }

    pub(super) fn flush(&mut self) -> Result<(), StorageError> {
        if let Some(table) = self.open {
            portable::insert(self.db, table, &self.rows)?;
        }
        self.rows.clear();
        self.bytes = 0;
        Ok(())
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Absent | Value::Whole(_) => size_of::<i64>(),
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
    }
}

/// Every table must hold what it should, row by row.
pub(super) fn compare(
    db: &mut Db,
    tables: &[Table],
    expected: &BTreeMap<String, TableSum>,
) -> Result<(), BackupError> {
    for table in tables {
        if expected.get(&table.name) != Some(&sum_of(db, table)?) {
            return Err(BackupError::Differs { table: table.name.clone() });
        }
    }
    match expected.keys().find(|name| tables.iter().all(|table| table.name != **name)) {
        Some(table) => Err(BackupError::Differs { table: table.clone() }),
        None => Ok(()),
    }
}

/// What a table holds now.
pub(super) fn sum_of(db: &mut Db, table: &Table) -> Result<TableSum, StorageError> {
    let (mut sum, mut bytes) = (Summing::default(), Vec::new());
    portable::read(db, table, &mut |row| {
        encode(row, &mut bytes)?;
        sum.add(&bytes);
        Ok(())
    })?;
    Ok(sum.sum())
}
