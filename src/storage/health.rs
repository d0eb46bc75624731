//! Whether the database can be relied on at this moment, and what its "committed" is worth.

use diesel::{
    ExpressionMethods as _, QueryDsl as _, QueryableByName, RunQueryDsl as _, sql_query,
    sql_types::{BigInt, Text},
};

use super::{
    Db, StorageError,
    meta::{self, Fact},
    schema::job,
};
use crate::config::DatabaseUrl;

/// What "committed" survives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Durability {
    /// Power loss, while the disk of this machine is whole.
    ThisDisk,
    /// Power loss, while the disk of the database's server is whole.
    Server {
        /// How many standbys a commit waits for; 0: a failover may lose the last answers.
        awaited: u32,
        /// The standbys that are there, where this role may see them.
        standbys: Option<Standbys>,
    },
}

/// The standbys that a server streams to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standbys {
    /// Those that a commit waits for.
    pub synchronous: u32,
    /// Those that follow in their own time.
    pub asynchronous: u32,
}

impl Durability {
    /// As `/readyz` writes it.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::ThisDisk => "sqlite_synchronous_full",
            Self::Server { awaited: 0, standbys: Some(there) } if there.asynchronous > 0 => {
                "postgresql_asynchronous_standbys_only"
            }
            Self::Server { awaited: 0, .. } => "postgresql_local_commit",
            Self::Server { .. } if self.hangs() => "postgresql_synchronous_standbys_missing",
            Self::Server { .. } => "postgresql_synchronous_standbys",
        }
    }

    /// Whether commits wait for a standby that is not there: nothing can be acknowledged.
    #[must_use]
    pub fn hangs(&self) -> bool {
        match self {
            Self::ThisDisk => false,
            Self::Server { awaited, standbys } => standbys.is_some_and(|there| there.synchronous < *awaited),
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

/// What a server says of its standbys. A role that may not see them gets rows without a state.
#[derive(QueryableByName)]
struct Replication {
    #[diesel(sql_type = Text)]
    names: String,
    #[diesel(sql_type = BigInt)]
    synchronous: i64,
    #[diesel(sql_type = BigInt)]
    asynchronous: i64,
    #[diesel(sql_type = BigInt)]
    unseen: i64,
}

const REPLICATION: &str = "SELECT current_setting('synchronous_standby_names') AS names, \
     count(*) FILTER (WHERE state = 'streaming' AND sync_state IN ('sync', 'quorum')) AS synchronous, \
     count(*) FILTER (WHERE state = 'streaming' AND sync_state IN ('async', 'potential')) AS asynchronous, \
     count(*) FILTER (WHERE pid IS NOT NULL AND state IS NULL) AS unseen \
     FROM pg_stat_replication";

/// Looks, and writes something that changes nothing.
///
/// # Errors
/// Where the database cannot be read or written.
pub fn check(db: &mut Db) -> Result<Health, StorageError> {
    write(db)?;
    Ok(Health { pending: db.pending()?, key_id: meta::get(db, Fact::KeyId)?, durability: durability(db)? })
}

/// Another connection to the same file, for [`damaged_pages`]; none to a server.
///
/// # Errors
/// Where the file cannot be opened.
pub fn beside(db: &mut Db) -> Result<Option<Db>, StorageError> {
    let Db::Sqlite(c) = db else { return Ok(None) };
    let File { file } =
        sql_query("SELECT file FROM pragma_database_list WHERE name = 'main'").get_result(c)?;
    Db::open(&DatabaseUrl::Sqlite(file.into())).map(Some)
}

#[derive(QueryableByName)]
struct File {
    #[diesel(sql_type = Text)]
    file: String,
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

/// Writes something that changes nothing. It waits for no standby: whether one is there is told by [`Durability`].
///
/// # Errors
/// Where the database cannot be written.
pub fn write(db: &mut Db) -> Result<(), StorageError> {
    db.write(|db| {
        if let Db::Postgres(c) = db {
            sql_query("SET LOCAL synchronous_commit = local").execute(c)?;
        }
        diesel::update(job::table.find("sweep")).set(job::runs.eq(job::runs)).execute(db)?;
        Ok(())
    })
}

fn durability(db: &mut Db) -> Result<Durability, StorageError> {
    match db {
        Db::Sqlite(_) => Ok(Durability::ThisDisk),
        Db::Postgres(c) => {
            let seen: Replication = sql_query(REPLICATION).get_result(c)?;
            let number = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
            let standbys =
                Standbys { synchronous: number(seen.synchronous), asynchronous: number(seen.asynchronous) };
            Ok(Durability::Server {
                awaited: awaited(&seen.names),
                standbys: (seen.unseen == 0).then_some(standbys),
            })
        }
    }
}

/// How many standbys `synchronous_standby_names` makes a commit wait for: `''`, `a, b`, `2 (a, b)`, `FIRST 2 (...)`,
/// `ANY 2 (...)`.
fn awaited(names: &str) -> u32 {
    let Some((before, _list)) = names.split_once('(') else { return u32::from(!names.trim().is_empty()) };
    before.split_whitespace().last().and_then(|number| number.parse().ok()).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_standbys_are_awaited_as_the_setting_says() {
        for (names, number) in
            [("", 0), ("*", 1), ("a, b", 1), ("2 (a, b)", 2), ("FIRST 1 (a)", 1), ("any 3(a,b,c)", 3)]
        {
            assert_eq!(awaited(names), number, "{names}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_not_called_missing() {
        let server = |awaited, standbys| Durability::Server { awaited, standbys };
        let there = |synchronous, asynchronous| Some(Standbys { synchronous, asynchronous });
        for (durability, told) in [
            (server(0, None), "postgresql_local_commit"),
            (server(0, there(0, 0)), "postgresql_local_commit"),
            (server(0, there(0, 1)), "postgresql_asynchronous_standbys_only"),
            (server(1, None), "postgresql_synchronous_standbys"),
            (server(1, there(1, 0)), "postgresql_synchronous_standbys"),
            (server(2, there(1, 3)), "postgresql_synchronous_standbys_missing"),
        ] {
            assert_eq!(durability.as_str(), told);
        }
    }
}
