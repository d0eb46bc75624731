//! Whether the database can be relied on at this moment, and what its "committed" is worth.

use diesel::{
    ExpressionMethods as _, QueryDsl as _, QueryableByName, RunQueryDsl as _, sql_query, sql_types::Text,
};

use super::{
    Db, StorageError,
    meta::{self, Fact},
    schema::job,
};

/// What "committed" survives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Durability {
    /// Power loss, while the disk of this machine is whole.
    ThisDisk,
    /// Power loss, while the disk of the database's server is whole; a failover may lose the last answers.
    ServerDisk,
    /// Also a failover to these standbys.
    Standbys(String),
}

impl Durability {
    /// As `/readyz` writes it.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::ThisDisk => "sqlite_synchronous_full",
            Self::ServerDisk => "postgresql_local_commit",
            Self::Standbys(_) => "postgresql_synchronous_standbys",
        }
    }
}

/// What a look at the database found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// Migrations that were not applied.
    pub pending: Vec<String>,
    /// Id of the key that the database was made with.
    pub key_id: Option<String>,
    /// What "committed" survives.
    pub durability: Durability,
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    setting: String,
}

/// Looks, and writes something that changes nothing.
///
/// # Errors
/// Where the database cannot be read or written.
pub fn check(db: &mut Db) -> Result<Health, StorageError> {
    write(db)?;
    Ok(Health {
        pending: db.pending_migrations()?,
        key_id: meta::get(db, Fact::KeyId)?,
        durability: durability(db)?,
    })
}

/// What SQLite finds wrong with its own file, a line each; a server looks after its pages itself.
///
/// # Errors
/// Where the database cannot be read at all.
pub fn damaged_pages(db: &mut Db) -> Result<Vec<String>, StorageError> {
    let Db::Sqlite(c) = db else { return Ok(Vec::new()) };
    let lines: Vec<Integrity> = sql_query("PRAGMA integrity_check(20)").load(c)?;
    Ok(lines.into_iter().map(|line| line.integrity_check).filter(|line| line != "ok").collect())
}

#[derive(QueryableByName)]
struct Integrity {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

/// Writes something that changes nothing.
///
/// # Errors
/// Where the database cannot be written.
pub fn write(db: &mut Db) -> Result<(), StorageError> {
    db.write(|db| {
        diesel::update(job::table.find("sweep")).set(job::runs.eq(job::runs)).execute(db)?;
        Ok(())
    })
}

fn durability(db: &mut Db) -> Result<Durability, StorageError> {
    match db {
        Db::Sqlite(_) => Ok(Durability::ThisDisk),
        Db::Postgres(c) => {
            let names = sql_query("SELECT current_setting('synchronous_standby_names') AS setting");
            let setting: Setting = names.get_result(c)?;
            Ok(match setting.setting.as_str() {
                "" => Durability::ServerDisk,
                _ => Durability::Standbys(setting.setting),
            })
        }
    }
}
