//! How commands open a database: which make one, which need the key, which refuse to work beside a service.

use super::{
    CliError, Output, account,
    publish::{self, Publishing},
};
use crate::{
    backup::{self, Protection},
    config::{DatabaseUrl, Settings},
    domain::audit::{Actor, By},
    intake::Clock,
    keys::SecretKeys,
    storage::{
        Db, StorageError, Store, forms,
        meta::{self, Fact},
    },
};

/// Whether there is no database yet: no file, or nothing in it.
pub(super) fn absent(settings: &Settings) -> Result<bool, CliError> {
    if let DatabaseUrl::Sqlite(path) = &settings.database_url
        && !path.exists()
    {
        return Ok(true);
    }
    Ok(Store::open(&settings.database_url, 1)?.with(Db::is_empty)?)
}

/// Opens a database that must be there, whatever tables it has.
pub(super) fn there(url: &DatabaseUrl) -> Result<Store, CliError> {
    if let DatabaseUrl::Sqlite(path) = url
        && !path.exists()
    {
        return Err(CliError::refused(
            format!("there is no database {}", path.display()),
            "start `sipas serve` once, or name another with --database-url",
        ));
    }
    Ok(Store::open(url, 2)?)
}

/// Opens a database that is to be filled, alone.
pub(super) fn empty(settings: &Settings) -> Result<Store, CliError> {
    hold(Store::open(&settings.database_url, 2)?)
}

/// Opens a database that must be there and must have this program's tables: for commands that read.
pub(super) fn existing(settings: &Settings) -> Result<Store, CliError> {
    let store = there(&settings.database_url)?;
    let pending = store.with(Db::pending_migrations)?;
    if pending.is_empty() {
        return Ok(store);
    }
    Err(CliError::refused(
        format!("the database lacks {} of this program's migrations", pending.len()),
        "run `sipas migrate`, or start `sipas serve`",
    ))
}

/// Opens a database, making it where it is absent: for small commands that write, also beside a service.
pub(super) fn ready(settings: &Settings) -> Result<Store, CliError> {
    let store = Store::open(&settings.database_url, 2)?;
    if store.with(Db::is_empty)? {
        store.with(Db::migrate)?;
    }
    drop(store);
    let store = existing(settings)?;
    // `sipas migrate` makes tables and publishes nothing.
    if store.with(forms::all)?.is_empty() {
        publish_forms(&store, settings, account::actor())?;
    }
    Ok(store)
}

/// Opens a database for a service: alone on a SQLite file, migrated.
pub(super) fn held(settings: &Settings, out: &mut Output) -> Result<Store, CliError> {
    let store = hold(Store::open(&settings.database_url, settings.limits.connections)?)?;
    keep_before_migrating(&store, settings, out)?;
    for migration in store.with(Db::migrate)? {
        out.say(format_args!("applied migration {migration}"));
    }
    Ok(store)
}

/// Makes a backup before migrations change a database: in `backup-dir`, else beside the SQLite file.
fn keep_before_migrating(store: &Store, settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    if store.with(Db::is_empty)? {
        return Ok(());
    }
    let Some(first) = store.with(Db::pending_migrations)?.into_iter().next() else { return Ok(()) };
    let beside = match &settings.database_url {
        DatabaseUrl::Sqlite(path) => path.parent(),
        DatabaseUrl::Postgres(_) => None,
    };
    let Some(folder) = settings.backups.folder.as_deref().or(beside) else {
        out.say("warning: no backup is made before the migration: set backup-dir, or make one with `sipas backup`");
        return Ok(());
    };
    let protection = Protection::to(settings.backups.recipients.iter().map(String::as_str))?;
    let made = backup::before_migration(store, folder, &protection, &first, &account::by())?;
    out.say(format_args!("kept before the migration: {}", made.path.display()));
    Ok(())
}

/// Takes the SQLite file for this process.
pub(super) fn hold(store: Store) -> Result<Store, CliError> {
    let url = store.url().clone();
    store.hold().map_err(|error| match error {
        StorageError::InUse => CliError::refused(
            format!("a running `sipas` holds {url}"),
            "stop it first, or name another database with --database-url",
        ),
        other => other.into(),
    })
}

/// The key that belongs to the database; makes both ends where neither is there yet.
pub(super) fn keys(store: &Store, settings: &Settings) -> Result<SecretKeys, CliError> {
    let needed = store.with(|db| meta::get(db, Fact::KeyId))?;
    let keys = SecretKeys::open(&settings.key_file, needed.as_deref())?;
    let kept = store.with(|db| meta::keep(db, Fact::KeyId, keys.id()))?;
    if kept == keys.id() {
        return Ok(keys);
    }
    // Another node was first; the file must be the one that it made.
    Ok(SecretKeys::open(&settings.key_file, Some(&kept))?)
}

/// Publishes the shipped forms and those of the folder.
pub(super) fn publish_forms(
    store: &Store,
    settings: &Settings,
    actor: Actor,
) -> Result<Publishing, CliError> {
    let files = files_of(settings)?;
    let by = By { actor, at: Clock::System.unix_seconds() };
    Ok(store.with(|db| publish::publish(db, &files, &by))?)
}

fn files_of(settings: &Settings) -> Result<Vec<(String, String)>, CliError> {
    let folder = settings.forms.as_deref();
    publish::form_files(folder)
        .map_err(|source| CliError::File { path: folder.map(Into::into).unwrap_or_default(), source })
}

/// `sipas migrate`
pub(super) fn migrate(settings: &Settings, out: &mut Output) -> Result<(), CliError> {
    let store = hold(Store::open(&settings.database_url, 2)?)?;
    keep_before_migrating(&store, settings, out)?;
    let applied = store.with(Db::migrate)?;
    for migration in &applied {
        out.data(migration)?;
    }
    out.say(format_args!("{} migrations applied", applied.len()));
    Ok(())
}
