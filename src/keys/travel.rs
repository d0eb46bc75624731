//! The key file on its way with an encrypted backup.

use std::path::Path;

use super::{KeyError, SecretKeys, parsed, read, text_of, write_new};

/// What became of a key file that a backup brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Brought {
    /// It is written.
    Written,
    /// The same key was there.
    Same,
}

/// The text of the key file that goes along with a backup of the database that needs it.
///
/// # Errors
/// Where the file is missing or is another key's.
pub fn taken_along(path: &Path, needed: &str) -> Result<String, KeyError> {
    let missing = || KeyError::Missing { path: path.into(), id: needed.to_owned() };
    let secret = read(path)?.ok_or_else(missing)?;
    match SecretKeys::of(&secret).id {
        id if id == needed => Ok(text_of(&secret)),
        found => Err(KeyError::Other { path: path.into(), found, id: needed.to_owned() }),
    }
}

/// Writes a key file that came along, mode 0600; a file that is there is never overwritten.
///
/// # Errors
/// Where another key's file is there, or the file cannot be made.
pub fn bring(path: &Path, taken: &str) -> Result<Brought, KeyError> {
    let secret = secret_of(path, taken)?;
    if is_there(path, taken)? {
        return Ok(Brought::Same);
    }
    write_new(path, &secret).map_err(|source| KeyError::File { path: path.into(), source })?;
    Ok(Brought::Written)
}

/// Whether the same key is there already; writes nothing.
///
/// # Errors
/// Where another key's file is there.
pub fn is_there(path: &Path, taken: &str) -> Result<bool, KeyError> {
    let id = SecretKeys::of(&secret_of(path, taken)?).id;
    match read(path)?.map(|there| SecretKeys::of(&there).id) {
        None => Ok(false),
        Some(there) if there == id => Ok(true),
        Some(found) => Err(KeyError::Other { path: path.into(), found, id }),
    }
}

/// Whether the key with this id is there.
#[must_use]
pub fn holds(path: &Path, id: &str) -> bool {
    matches!(read(path), Ok(Some(secret)) if SecretKeys::of(&secret).id == id)
}

fn secret_of(path: &Path, taken: &str) -> Result<[u8; 32], KeyError> {
    parsed(taken).ok_or_else(|| KeyError::Shape { path: path.into() })
}
