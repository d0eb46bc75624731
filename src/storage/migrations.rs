//! Both folders of migrations, embedded; run at start or by `sipas migrate`.

use diesel::{
    RunQueryDsl as _,
    backend::Backend,
    migration::{Migration, MigrationSource},
    sql_types::BigInt,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Db, StorageError, connection::on_both};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
/// Two nodes that start together on one server take turns.
const LOCK: i64 = 0x7369_7061_7331;

impl Db {
    /// Brings the tables to this program's version; the names of what was applied.
    ///
    /// # Errors
    /// Where the database is newer than this program, or a migration fails.
    pub fn migrate(&mut self) -> Result<Vec<String>, StorageError> {
        self.alone(Self::apply)
    }

    /// Whatever looks at the list of migrations makes that list where there is none, so nodes that start together on
    /// nothing take turns.
    fn alone<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        if let Self::Postgres(c) = self {
            diesel::sql_query("SELECT pg_advisory_lock($1)").bind::<BigInt, _>(LOCK).execute(c)?;
        }
        let done = work(self);
        let mut given_back = Ok(0);
        if let Self::Postgres(c) = self {
            given_back =
                diesel::sql_query("SELECT pg_advisory_unlock($1)").bind::<BigInt, _>(LOCK).execute(c);
        }
        // What went wrong first is what is told.
        let done = done?;
        given_back?;
        Ok(done)
    }

    fn apply(&mut self) -> Result<Vec<String>, StorageError> {
        self.refuse_newer()?;
        let versions = match self {
            Self::Sqlite(c) => c.run_pending_migrations(SQLITE),
            Self::Postgres(c) => c.run_pending_migrations(POSTGRES),
        }
        .map_err(StorageError::Migration)?;
        Ok(versions.iter().map(ToString::to_string).collect())
    }

    /// The names of migrations that wait.
    ///
    /// # Errors
    /// Where the database cannot be read or is newer than this program.
    pub fn pending_migrations(&mut self) -> Result<Vec<String>, StorageError> {
        self.alone(Self::pending)
    }

    /// The same without taking turns, for who asks again and again while another node may migrate.
    pub(super) fn pending(&mut self) -> Result<Vec<String>, StorageError> {
        self.refuse_newer()?;
        let names = match self {
            Self::Sqlite(c) => c.pending_migrations(SQLITE).map(|all| names_of(&all)),
            Self::Postgres(c) => c.pending_migrations(POSTGRES).map(|all| names_of(&all)),
        };
        names.map_err(StorageError::Migration)
    }

    /// Whether no migration was ever applied: a new file, or a new database on a server.
    ///
    /// # Errors
    /// Where the database cannot be read.
    pub fn is_empty(&mut self) -> Result<bool, StorageError> {
        self.alone(|db| {
            let applied = on_both!(db, c => c.applied_migrations()).map_err(StorageError::Migration)?;
            Ok(applied.is_empty())
        })
    }

    /// Keeps others from migrating until the transaction that is open ends. A SQLite file has one writer anyway.
    pub(super) fn lock_migrations(&mut self) -> Result<(), StorageError> {
        if let Self::Postgres(c) = self {
            diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(LOCK).execute(c)?;
        }
        Ok(())
    }

    /// Takes all tables away and makes them as they were after one migration, in the transaction that is open.
    pub(super) fn start_over(&mut self, schema: &str) -> Result<(), StorageError> {
        if !knows(schema)? {
            return Err(StorageError::Newer { found: schema.to_owned() });
        }
        match self {
            Self::Sqlite(c) => start_over(c, [SQLITE, SQLITE], schema),
            Self::Postgres(c) => start_over(c, [POSTGRES, POSTGRES], schema),
        }
        .map_err(StorageError::Migration)
    }

    fn refuse_newer(&mut self) -> Result<(), StorageError> {
        let applied = on_both!(self, c => c.applied_migrations()).map_err(StorageError::Migration)?;
        let known = known_versions()?;
        match applied.iter().map(ToString::to_string).find(|version| !known.contains(version)) {
            Some(found) => Err(StorageError::Newer { found }),
            None => Ok(()),
        }
    }
}

/// Whether this program has a migration of this number.
///
/// # Errors
/// Never in practice: migrations are in the binary.
pub fn knows(schema: &str) -> Result<bool, StorageError> {
    Ok(known_versions()?.iter().any(|known| known == schema))
}

/// Back with all, and forward to one; the migrations are used up by each way.
fn start_over<B: Backend, C: MigrationHarness<B>>(
    c: &mut C,
    [back, forth]: [EmbeddedMigrations; 2],
    schema: &str,
) -> diesel::migration::Result<()>
where
    EmbeddedMigrations: MigrationSource<B>,
{
    c.revert_all_migrations(back)?;
    let mut all = forth.migrations()?;
    all.sort_unstable_by_key(|migration| migration.name().version().to_string());
    for migration in all.iter().take_while(|m| m.name().version().to_string().as_str() <= schema) {
        c.run_migration(migration)?;
    }
    Ok(())
}

fn names_of<B: Backend>(all: &[Box<dyn Migration<B>>]) -> Vec<String> {
    all.iter().map(|m| m.name().to_string()).collect()
}

fn known_versions() -> Result<Vec<String>, StorageError> {
    let all: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> =
        SQLITE.migrations().map_err(StorageError::Migration)?;
    Ok(all.iter().map(|m| m.name().version().to_string()).collect())
}
