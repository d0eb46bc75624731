//! The only room that knows SQL.
//!
//! A [`Store`] hands out connections; the files beside this one are what can be asked of a connection, each
//! about one subject. Storage returns whole numbers (tallies) and domain types; formulas live in `domain`.

pub mod accounts;
mod ahead;
pub mod audit;
pub mod blocks;
pub mod closing;
mod connection;
pub mod counts;
pub mod crossing;
pub mod devices;
mod error;
mod fixed;
pub mod folding;
pub mod forms;
pub mod grants;
pub mod health;
pub mod imports;
pub mod inbox;
pub mod jobs;
pub mod links;
mod log;
pub mod meta;
mod migrations;
pub mod mirror;
pub mod months;
mod packing;
pub mod people;
pub mod policy;
pub mod portable;
pub mod queue_keys;
pub mod queues;
pub mod receipts;
pub mod retention;
mod schema;
pub mod sessions;
pub mod tallies;
pub mod tokens;
pub mod units;
pub mod verify;

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use diesel::r2d2::Pool;

use self::connection::Opener;
pub use self::{
    connection::Db,
    error::StorageError,
    log::{Log, LogEmptied},
    migrations::knows,
};
use crate::config::DatabaseUrl;

/// How long a request waits for a connection.
const WAIT: Duration = Duration::from_secs(5);

/// A database, with its pool. Cloning is cheap.
#[derive(Clone)]
pub struct Store {
    pool: Pool<Opener>,
    url: DatabaseUrl,
    held: Arc<Option<File>>,
}

impl Store {
    /// Opens a database with at most `connections` connections; makes the SQLite file where it is absent.
    ///
    /// # Errors
    /// Where it cannot be reached or its folder cannot be made.
    pub fn open(url: &DatabaseUrl, connections: u32) -> Result<Self, StorageError> {
        if let DatabaseUrl::Sqlite(path) = url
            && let Some(folder) = path.parent().filter(|p| !p.as_os_str().is_empty())
        {
            std::fs::create_dir_all(folder).map_err(StorageError::File)?;
        }
        if let DatabaseUrl::Sqlite(path) = url {
            make_private(path);
        }
        // The first connection is opened by hand, so that what is wrong is said at once and in its own words.
        drop(Db::open(url)?);
        let pool = Pool::builder()
            .max_size(connections.max(1))
            .min_idle(Some(1))
            .connection_timeout(WAIT)
            .test_on_check_out(matches!(url, DatabaseUrl::Postgres(_)))
            .build_unchecked(Opener(url.clone()));
        Ok(Self { pool, url: url.clone(), held: Arc::new(None) })
    }

    /// Where the database is.
    #[must_use]
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Holds a SQLite file for one long-running command: a second `serve`, `demo` or `migrate` is refused.
    /// Released when the last clone of the store is dropped or the process ends, however it ends.
    ///
    /// # Errors
    /// [`StorageError::InUse`] where another process holds it.
    pub fn hold(mut self) -> Result<Self, StorageError> {
        if let Some(path) = lock_path(&self.url) {
            let file = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(path)
                .map_err(StorageError::File)?;
            file.try_lock().map_err(|error| match error {
                std::fs::TryLockError::WouldBlock => StorageError::InUse,
                std::fs::TryLockError::Error(error) => StorageError::File(error),
            })?;
            self.held = Arc::new(Some(file));
        }
        Ok(self)
    }

    /// A connection of its own, outside the pool: for the writer and the folder.
    ///
    /// # Errors
    /// Where the database cannot be reached.
    pub fn connect(&self) -> Result<Db, StorageError> {
        Db::open(&self.url)
    }

    /// Works with a connection on this thread.
    ///
    /// # Errors
    /// What `work` returned, or [`StorageError::Unavailable`].
    pub fn with<T>(&self, work: impl FnOnce(&mut Db) -> Result<T, StorageError>) -> Result<T, StorageError> {
        let mut db = self.pool.get().map_err(|error| StorageError::Unavailable(error.into()))?;
        work(&mut db)
    }

    /// Works with a connection on a thread that may block.
    ///
    /// # Errors
    /// What `work` returned, or [`StorageError::Unavailable`].
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Db) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, StorageError> {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.with(work))
            .await
            .map_err(|error| StorageError::Unavailable(error.into()))?
    }
}

/// A new database file is its owner's alone; SQLite gives its log the same rights. What is wrong with a folder is told
/// by the database itself.
fn make_private(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt as _;
    let _there_or_refused = File::options().write(true).create_new(true).mode(0o600).open(path);
}

fn lock_path(url: &DatabaseUrl) -> Option<PathBuf> {
    match url {
        DatabaseUrl::Sqlite(path) => {
            let mut name = path.clone().into_os_string();
            name.push(".lock");
            Some(name.into())
        }
        DatabaseUrl::Postgres(_) => None,
    }
}
