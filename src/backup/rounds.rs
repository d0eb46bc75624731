//! Backups that are made by themselves: when, under which names, and which of them go.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    BackupError, Made, Making, Protection, Watch, make,
    part::{Replace, is_part_of, remove_abandoned},
};
use crate::{
    config::Every,
    domain::{
        audit::{Actor, By, time_of},
        period::Day,
    },
    storage::{
        Store, jobs,
        meta::{self, Fact},
    },
};

/// Letters of the key's id in a name, so that two installations may share a folder.
const ID_LETTERS: usize = 8;
/// What names end with.
const PLAIN: &str = ".backup";
/// What names of encrypted files end with.
const ENCRYPTED: &str = ".backup.age";

/// What a service was told of its backups.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// The folder.
    pub folder: PathBuf,
    /// How often.
    pub every: Every,
    /// How many are kept.
    pub keep: usize,
    /// Encryption.
    pub protection: Protection,
    /// Who asked for them.
    pub actor: Actor,
}

/// What became of a look at the schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Nothing is due.
    NotDue {
        /// When the last one that was made began, on any node; in seconds since 1970.
        last: Option<i64>,
    },
    /// One was made.
    Made {
        /// The file.
        made: Made,
        /// Older ones that were removed.
        removed: usize,
    },
}

/// Makes a backup where one is due and no other node makes it, and removes the oldest beyond those that are kept.
///
/// # Errors
/// Where it could not be made; then it is due again.
pub fn turn(store: &Store, schedule: &Schedule, now: i64, watch: Watch<'_>) -> Result<Turn, BackupError> {
    let claimed = store.with(|db| jobs::claim_backup(db, now, schedule.every))?;
    if let jobs::Claim::NotDue { last } = claimed {
        return Ok(Turn::NotDue { last });
    }
    let done = round(store, schedule, now, watch);
    match &done {
        Ok(_made) => store.with(|db| jobs::record_backup(db, now))?,
        // Told by the caller; another node may have more luck.
        Err(_told) => store.with(jobs::unclaim_backup)?,
    }
    done
}

fn round(store: &Store, schedule: &Schedule, now: i64, watch: Watch<'_>) -> Result<Turn, BackupError> {
    let Schedule { folder, protection, .. } = schedule;
    let failed = |source| BackupError::File { path: folder.clone(), source };
    make_private_folder(folder).map_err(failed)?;
    remove_remains(folder).map_err(failed)?;
    let prefix = prefix(store)?;
    let today = Day::of_unix_seconds(now);
    let name = format!("{prefix}{today}T{}{}", time_of(now).replace(':', ""), ending(protection));
    let by = By { actor: schedule.actor.clone(), at: now };
    let wish = Making { protection, key: None, replace: Replace::No, by: &by };
    let made = make(store, &folder.join(name), &wish, watch)?;
    let removed = remove_oldest(folder, &prefix, schedule.keep).map_err(failed)?;
    Ok(Turn::Made { made, removed })
}

/// Keeps what is there before migrations change it; under its own name, which no schedule removes.
///
/// # Errors
/// Where it cannot be made.
pub fn before_migration(
    store: &Store,
    folder: &Path,
    protection: &Protection,
    migration: &str,
    by: &By,
) -> Result<Made, BackupError> {
    let failed = |source| BackupError::File { path: folder.into(), source };
    make_private_folder(folder).map_err(failed)?;
    let today = Day::of_unix_seconds(by.at);
    let name = format!("{}{today}-before-{migration}{}", prefix(store)?, ending(protection));
    // One of the same day and migration was made before a migration that failed and changed nothing.
    let wish = Making { protection, key: None, replace: Replace::Yes, by };
    make(store, &folder.join(name), &wish, &mut |_done, _total| super::Go::On)
}

fn make_private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn ending(protection: &Protection) -> &'static str {
    if protection.encrypts() { ENCRYPTED } else { PLAIN }
}

fn prefix(store: &Store) -> Result<String, BackupError> {
    let id = store.with(|db| meta::get(db, Fact::KeyId))?.unwrap_or_else(|| "nokey".to_owned());
    Ok(format!("sipas-{}-", id.chars().take(ID_LETTERS).collect::<String>()))
}

/// Whether a name is one that [`round`] gives: nothing else is ever removed.
fn is_ours(name: &str, prefix: &str) -> bool {
    let Some(rest) = name.strip_prefix(prefix) else { return false };
    let Some(moment) = rest.strip_suffix(ENCRYPTED).or_else(|| rest.strip_suffix(PLAIN)) else {
        return false;
    };
    let Some((day, time)) = moment.split_once('T') else { return false };
    day.parse::<Day>().is_ok() && time.len() == 6 && time.bytes().all(|digit| digit.is_ascii_digit())
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Names begin with the moment, so the oldest come first.
fn remove_oldest(folder: &Path, prefix: &str, keep: usize) -> io::Result<usize> {
    let ours: Vec<String> = names(folder)?.into_iter().filter(|name| is_ours(name, prefix)).collect();
    let surplus = ours.len().saturating_sub(keep.max(1));
    for name in ours.iter().take(surplus) {
        fs::remove_file(folder.join(name))?;
    }
    Ok(surplus)
}

/// Removes what a program left here that died while it wrote.
fn remove_remains(folder: &Path) -> io::Result<()> {
    let begun = |name: &String| is_part_of(name).is_some_and(|name| name.starts_with("sipas-"));
    names(folder)?.iter().filter(|name| begun(name)).try_for_each(|name| remove_abandoned(&folder.join(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_the_schedule_gives_are_its_own() {
        for ours in ["sipas-0a1b2c3d-2026-11-24T235959.backup", "sipas-0a1b2c3d-2026-11-24T000000.backup.age"]
        {
            assert!(is_ours(ours, "sipas-0a1b2c3d-"), "{ours}");
        }
        for other in [
            "sipas-ffffffff-2026-11-24T235959.backup",
            "sipas-0a1b2c3d-2026-11-24-before-20261124000000.backup",
            "sipas-0a1b2c3d-2026-11-24T235959.backup.old",
            "sipas-0a1b2c3d-2026-13-24T235959.backup",
            "before the move.backup",
            "sipas.db",
        ] {
            assert!(!is_ours(other, "sipas-0a1b2c3d-"), "{other}");
        }
    }
}
