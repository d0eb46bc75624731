//! Databases of released versions, as `tests/released/make` made them: each is migrated, sound, and says what it said.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use sipas::{
    domain::receipt::{ReceiptCode, ReceiptState},
    keys::SecretKeys,
    storage::{Store, receipts},
};

use super::{another, done};
use crate::{
    journeys::Table,
    support::{
        database::{PrivateDatabase, on_postgres},
        service::TestService,
    },
};

fn released() -> Vec<PathBuf> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/released");
    let mut folders: Vec<PathBuf> =
        fs::read_dir(top).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(!folders.is_empty());
    folders
}

/// The database of a release: its file on SQLite, its backup on a server, where no file can be kept.
fn brought(release: &Path) -> PrivateDatabase {
    let database = PrivateDatabase::new();
    let folder = database.folder.path();
    fs::copy(release.join("sipas.key"), folder.join("sipas.key")).unwrap();
    if on_postgres() {
        done(&database, &["restore", &release.join("sipas.backup").display().to_string()]);
        return database;
    }
    let packed = fs::File::open(release.join("sipas.db.zst")).unwrap();
    zstd::stream::copy_decode(packed, fs::File::create(folder.join("sipas.db")).unwrap()).unwrap();
    database
}

fn kept(release: &Path, name: &str) -> String {
    fs::read_to_string(release.join(name)).unwrap().trim().to_owned()
}

/// What does not depend on the columns of a later version.
fn figures(csv: &str) -> Vec<String> {
    let table = Table::read(csv.as_bytes());
    let figure = |row: &&std::collections::HashMap<String, String>| {
        ["unit", "period", "node", "respondents", "n", "score"].map(|name| row[name].as_str()).join(" ")
    };
    table.rows(&[]).iter().map(figure).collect()
}

#[test]
fn a_database_of_every_release_is_migrated_and_says_what_it_said() {
    for release in released() {
        let database = brought(&release);
        let (_, said) = done(&database, &["migrate"]);
        // What migrations change is kept before: beside the file, and on a server where `backup-dir` says.
        let is_kept = said.contains("kept before the migration") || on_postgres();
        assert!(said.contains("0 migrations applied") || is_kept, "{said}");
        done(&database, &["verify"]);
        let scores = kept(&release, "scores.csv");
        let month = Table::read(scores.as_bytes()).rows(&[])[0]["period"].clone();
        let export = ["export", "scores", "--period", &month, "--unit", "tv", "--subtree", "--by", "unit"];
        let now = done(&database, &export).0;
        assert_eq!(figures(now.trim()), figures(&scores), "{}", release.display());
        let keys = SecretKeys::open(&database.folder.path().join("sipas.key"), None).unwrap();
        let code: ReceiptCode = kept(&release, "unused-code").parse().unwrap();
        let store = Store::open(&database.url, 1).unwrap();
        let receipt = store.with(|db| receipts::find(db, &keys.code_hash(code.compact()))).unwrap();
        assert_eq!(receipt.expect("the code is known").state, ReceiptState::Issued);
        drop(store);
        let service = TestService::on(Arc::new(database), &[]);
        assert_eq!(another(&service, &kept(&release, "token")), 201);
        service.assert_sound();
    }
}

#[test]
fn a_backup_of_every_release_is_restored_into_this_version() {
    for release in released() {
        let database = PrivateDatabase::new();
        done(&database, &["restore", &release.join("sipas.backup").display().to_string()]);
        done(&database, &["verify"]);
        assert_eq!(done(&database, &["token", "list"]).0.lines().count(), 2);
    }
}
