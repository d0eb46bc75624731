//! A file that gets its name only when it is whole and on disk.

use std::{
    fs::{self, File, TryLockError},
    io::{self, ErrorKind},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use super::BackupError;

/// What the name ends with while the file is written.
const SUFFIX: &str = ".part";

/// A file that is being written, under another name; removed unless it is named. Locked, so that what a program left that
/// died can be told from what another one is writing.
pub(super) struct Part {
    path: PathBuf,
    to: PathBuf,
    file: File,
    is_named: bool,
}

/// Whether a file that is there may be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replace {
    /// It stays.
    No,
    /// It goes.
    Yes,
}

impl Part {
    /// Begins a file that its owner alone can read.
    pub(super) fn begin(to: &Path, replace: Replace) -> Result<Self, BackupError> {
        if replace == Replace::No && to.symlink_metadata().is_ok() {
            return Err(BackupError::Exists { path: to.into() });
        }
        let failed = |source| BackupError::File { path: to.into(), source };
        let name = to.file_name().ok_or_else(|| failed(ErrorKind::IsADirectory.into()))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(SUFFIX);
        let path = to.with_file_name(hidden);
        remove_abandoned(&path).map_err(failed)?;
        let file = match File::options().write(true).create_new(true).mode(0o600).open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(BackupError::Busy { path: to.into() });
            }
            Err(source) => return Err(failed(source)),
        };
        let _held_by_nobody_else = file.try_lock();
        Ok(Self { path, to: to.into(), file, is_named: false })
    }

    /// Another handle, to write with.
    pub(super) fn handle(&self) -> Result<File, BackupError> {
        self.file.try_clone().map_err(|source| self.failed(source))
    }

    pub(super) fn failed(&self, source: io::Error) -> BackupError {
        match source.downcast::<BackupError>() {
            Ok(own) => own,
            Err(source) => BackupError::File { path: self.to.clone(), source },
        }
    }

    /// Gives the file its name; its length.
    pub(super) fn name(mut self, replace: Replace) -> Result<u64, BackupError> {
        match replace {
            Replace::Yes => fs::rename(&self.path, &self.to),
            Replace::No => self.link(),
        }
        .map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists => BackupError::Exists { path: self.to.clone() },
            _other => self.failed(source),
        })?;
        self.is_named = true;
        let folder = self.to.parent().filter(|folder| !folder.as_os_str().is_empty());
        let synced = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
        synced.map_err(|source| self.failed(source))?;
        self.file.metadata().map(|known| known.len()).map_err(|source| self.failed(source))
    }

    /// A link is refused where the name was taken meanwhile; a file system without links gets a second look.
    fn link(&self) -> io::Result<()> {
        match fs::hard_link(&self.path, &self.to) {
            Ok(()) => fs::remove_file(&self.path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
            Err(_no_links) if self.to.symlink_metadata().is_ok() => Err(ErrorKind::AlreadyExists.into()),
            Err(_no_links) => fs::rename(&self.path, &self.to),
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_named {
            let _gone = fs::remove_file(&self.path);
        }
    }
}

/// Whether a name is that of a file which this program writes or left.
pub(super) fn is_part_of(name: &str) -> Option<&str> {
    name.strip_prefix('.')?.strip_suffix(SUFFIX)
}

/// Removes what a program left that died while it wrote.
pub(super) fn remove_abandoned(path: &Path) -> io::Result<()> {
    let file = match File::options().write(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) => fs::remove_file(path),
        Err(TryLockError::WouldBlock) => Ok(()),
        Err(TryLockError::Error(error)) => Err(error),
    }
}
