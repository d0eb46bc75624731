//! A private database for each test: a file, or (with `TEST_BACKEND=postgres`) a database of its own on the
//! server of `TEST_DATABASE_URL`, dropped afterwards.

use std::process::Command;

use sipas::config::DatabaseUrl;
use tempfile::TempDir;

/// Dropped with the test.
pub struct PrivateDatabase {
    pub url: DatabaseUrl,
    /// Where key files and the like may lie.
    pub folder: TempDir,
    /// What the program is run by, where it is not run by itself: a command with its arguments.
    pub run_by: Vec<String>,
    on_server: Option<(String, String)>,
}

/// Whether this run is about PostgreSQL.
pub fn on_postgres() -> bool {
    variable("TEST_BACKEND").as_deref() == Some("postgres")
}

#[expect(clippy::disallowed_methods, reason = "the test runner says which database this run is about")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

impl PrivateDatabase {
    pub fn new() -> Self {
        if on_postgres() { Self::new_from("template1") } else { Self::sqlite() }
    }

    fn new_from(template: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = variable("TEST_DATABASE_URL").expect("TEST_DATABASE_URL names a PostgreSQL server");
        let name = format!("sipas_test_{:x}", rand::random::<u64>());
        psql(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        let url = DatabaseUrl::Postgres(with_database(&server, &name));
        Self { url, folder, run_by: Vec::new(), on_server: Some((server, name)) }
    }

    /// The same content in another database, with its key. Nobody may be working on either.
    pub fn copy(&self) -> Self {
        let copy = if self.on_server.is_some() { Self::new_from(&self.name()) } else { Self::sqlite() };
        for name in ["sipas.db", "sipas.db-wal", "sipas.key"] {
            let file = self.folder.path().join(name);
            if file.exists() {
                std::fs::copy(file, copy.folder.path().join(name)).unwrap();
            }
        }
        copy
    }

    fn name(&self) -> String {
        self.on_server.as_ref().map(|(_, name)| name.clone()).unwrap_or_default()
    }

    /// A database of a server of the test's own, which goes with its server.
    pub fn on(url: &str) -> Self {
        Self::at(DatabaseUrl::Postgres(url.to_owned()), tempfile::tempdir().unwrap())
    }

    pub fn at(url: DatabaseUrl, folder: TempDir) -> Self {
        Self { url, folder, run_by: Vec::new(), on_server: None }
    }

    /// A file, whichever database this run is about.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("sipas.db"));
        Self::at(url, folder)
    }

    /// As `--database-url` takes it.
    pub fn url_text(&self) -> String {
        match &self.url {
            DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
            DatabaseUrl::Postgres(url) => url.clone(),
        }
    }
}

impl Drop for PrivateDatabase {
    fn drop(&mut self) {
        if let Some((server, name)) = &self.on_server {
            psql(server, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// `postgres://user@host:port/other?x=y` with another database.
fn with_database(server: &str, name: &str) -> String {
    let (base, options) = server.split_once('?').unwrap_or((server, ""));
    let (host, _database) = base.rsplit_once('/').expect("the URL names a database");
    if options.is_empty() { format!("{host}/{name}") } else { format!("{host}/{name}?{options}") }
}

/// Runs a statement on a server.
pub fn psql(server: &str, statement: &str) {
    let done = Command::new("psql").args([server, "-q", "-c", statement]).output().expect("psql runs");
    assert!(done.status.success(), "{statement}: {}", String::from_utf8_lossy(&done.stderr));
}
