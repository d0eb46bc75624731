//! Connections: one enum for both databases, the pool's opener, pragmas, and the two kinds of transactions.

use std::{borrow::Cow, time::Duration};

use diesel::{
    Connection as _, MultiConnection, PgConnection, RunQueryDsl as _, SqliteConnection,
    connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager},
    r2d2::ManageConnection,
};

use super::StorageError;
use crate::config::DatabaseUrl;

/// A connection to either database.
#[derive(MultiConnection)]
pub enum Db {
    /// The built-in file.
    Sqlite(SqliteConnection),
    /// A server.
    Postgres(PgConnection),
}

/// Runs the same expression in both dialects: for batch inserts and `on_conflict`, which the enum cannot do.
macro_rules! on_both {
    ($db:expr, $c:ident => $body:expr) => {
        match $db {
            $crate::storage::Db::Sqlite($c) => $body,
            $crate::storage::Db::Postgres($c) => $body,
        }
    };
}
pub(super) use on_both;

/// How long a connection waits for another writer of the same file.
pub(super) const BUSY: Duration = Duration::from_secs(15);

impl Db {
    /// Opens one connection.
    pub(super) fn open(url: &DatabaseUrl) -> Result<Self, StorageError> {
        let mut db = match url {
            DatabaseUrl::Sqlite(path) => {
                let path = path.to_string_lossy();
                SqliteConnection::establish(&path).map(Self::Sqlite)
            }
            DatabaseUrl::Postgres(url) => {
                PgConnection::establish(&impatient(&encrypted(url))).map(Self::Postgres)
            }
        }
        .map_err(|error| StorageError::Unavailable(error.into()))?;
        db.prepare()?;
        Ok(db)
    }

    /// What "thank you" promises is on disk: full synchronisation, and deleted answers are overwritten. The cache is
    /// small, because after a commit that balanced a tree SQLite walks all of it.
    fn prepare(&mut self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(c) => c.batch_execute(&format!(
                "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 1000; \
                 PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;",
                BUSY.as_millis()
            ))?,
            Self::Postgres(c) => c.batch_execute(
                "SET synchronous_commit = on; SET TIME ZONE 'UTC'; SET client_min_messages = warning; \
                 SET idle_in_transaction_session_timeout = '60s';",
            )?,
        }
        Ok(())
    }

    /// One transaction that writes. On SQLite it is immediate: a transaction that began as a reader cannot
    /// become a writer however long it waits.
    ///
    /// # Errors
    /// What `work` returned (everything is rolled back), or why the commit failed.
    pub fn write<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        match self {
            Self::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")?,
            Self::Postgres(c) => AnsiTransactionManager::begin_transaction(c)?,
        }
        self.finish(work)
    }

    /// One transaction that reads one state of everything.
    ///
    /// # Errors
    /// What `work` returned, or why the transaction could not begin.
    pub fn snapshot<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        match self {
            Self::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN")?,
            Self::Postgres(c) => AnsiTransactionManager::begin_transaction_sql(
                c,
                "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
            )?,
        }
        self.finish(work)
    }

    fn finish<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        match work(self) {
            Ok(value) => {
                on_both!(self, c => AnsiTransactionManager::commit_transaction(c))?;
                Ok(value)
            }
            Err(error) => {
                // The first error is the one worth telling; a failed rollback breaks the connection anyway.
                let _rolled_back = on_both!(self, c => AnsiTransactionManager::rollback_transaction(c));
                Err(error)
            }
        }
    }
}

/// The address of a server, with TLS demanded where it is another machine and nobody said otherwise: libpq's own
/// default goes on in plain text where a server offers no TLS, without a word.
fn encrypted(url: &str) -> Cow<'_, str> {
    let (address, options) = url.split_once('?').unwrap_or((url, ""));
    let option = |name: &str| options.split('&').filter_map(|o| o.split_once('=')).find(|(n, _)| *n == name);
    let authority = address.split_once("://").map_or("", |(_, rest)| rest).split('/').next().unwrap_or("");
    let host = option("host").map_or_else(|| authority.rsplit('@').next().unwrap_or(""), |(_, host)| host);
    // Several hosts may be named, the primary and its standbys: each must be here.
    let here = host.split(',').all(is_here);
    if here || option("sslmode").is_some() {
        return Cow::Borrowed(url);
    }
    let joint = if url.contains('?') { '&' } else { '?' };
    Cow::Owned(format!("{url}{joint}sslmode=require"))
}

/// Whether a host is a name or address of this machine, or the folder of a socket.
fn is_here(host: &str) -> bool {
    let folder = ["/", "%2F", "%2f"].iter().any(|begin| host.starts_with(begin));
    let name = host.strip_suffix(|c: char| c.is_ascii_digit()).map_or(host, |_| {
        host.rsplit_once(':')
            .filter(|(name, _)| !name.contains(':') || name.ends_with(']'))
            .map_or(host, |(n, _)| n)
    });
    folder || ["", "localhost", "127.0.0.1", "[::1]", "::1"].contains(&name)
}

/// What libpq waits for by itself is minutes: a server that vanished without a word would hold the writer as long. A
/// second host is asked before a request has waited for its connection too long.
const IMPATIENCE: [(&str, u32); 5] = [
    ("connect_timeout", 3),
    ("keepalives_idle", 10),
    ("keepalives_interval", 5),
    ("keepalives_count", 3),
    ("tcp_user_timeout", 15_000),
];

/// The address of a server, with limits to the waiting for one that does not answer, where nobody set others.
fn impatient(url: &str) -> String {
    let missing = IMPATIENCE.iter().filter(|(name, _)| !url.contains(&format!("{name}=")));
    missing.fold(url.to_owned(), |url, (name, value)| {
        let joint = if url.contains('?') { '&' } else { '?' };
        format!("{url}{joint}{name}={value}")
    })
}

/// Opens the pool's connections; never guesses the database from the text of a URL.
#[derive(Debug, Clone)]
pub(super) struct Opener(pub(super) DatabaseUrl);

impl ManageConnection for Opener {
    type Connection = Db;
    type Error = StorageError;

    fn connect(&self) -> Result<Db, StorageError> {
        Db::open(&self.0)
    }

    fn is_valid(&self, db: &mut Db) -> Result<(), StorageError> {
        diesel::sql_query("SELECT 1").execute(db)?;
        Ok(())
    }

    fn has_broken(&self, db: &mut Db) -> bool {
        let open = on_both!(db, c => AnsiTransactionManager::transaction_manager_status_mut(c)
            .transaction_depth().map_or(true, |d| d.is_some()));
        open || std::thread::panicking()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_elsewhere_is_spoken_to_in_tls_unless_the_url_says_otherwise() {
        for (url, dialled) in [
            (
                "postgres://sipas:x@db.example.vn/sipas",
                "postgres://sipas:x@db.example.vn/sipas?sslmode=require",
            ),
            (
                "postgres://db:5432/s?application_name=a",
                "postgres://db:5432/s?application_name=a&sslmode=require",
            ),
            ("postgres://localhost.example.vn/s", "postgres://localhost.example.vn/s?sslmode=require"),
            ("postgres://127.0.0.1.example.vn/s", "postgres://127.0.0.1.example.vn/s?sslmode=require"),
            ("postgres:///s?host=db", "postgres:///s?host=db&sslmode=require"),
            ("postgres://127.0.0.1:5432,db:5432/s", "postgres://127.0.0.1:5432,db:5432/s?sslmode=require"),
        ] {
            assert_eq!(encrypted(url), dialled);
        }
        for url in [
            "postgres://u@127.0.0.1:5432/s",
            "postgres://u@localhost/s",
            "postgres://u@[::1]/s",
            "postgres://u@[::1]:5432/s",
            "postgres://u@localhost:5432/s",
            "postgres:///s",
            "postgres://u@127.0.0.1:5432,localhost:5433/s?target_session_attrs=read-write",
            "postgres:///s?host=/var/run/postgresql",
            "postgres://u@db/s?sslmode=verify-full",
            "postgres://u@db/s?sslmode=disable",
        ] {
            assert_eq!(encrypted(url), url);
        }
    }
    #[test]
    fn a_server_that_vanished_is_not_waited_for_unless_the_url_says_so() {
        let dialled = impatient("postgres://db/s?connect_timeout=60");
        let limits = "&keepalives_idle=10&keepalives_interval=5&keepalives_count=3&tcp_user_timeout=15000";
        assert_eq!(dialled, format!("postgres://db/s?connect_timeout=60{limits}"));
        assert_eq!(impatient("postgres:///s"), format!("postgres:///s?connect_timeout=3{limits}"));
    }
}
