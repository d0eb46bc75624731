//! The secret key: hashes of codes and retry keys, the seals of the inbox, of second factors and of the tablets' queues.
//!
//! It lies outside the database, so that a copy of the database tells nothing about open answers. Everything is
//! derived from one file of 32 random bytes, and the database keeps the key's id to notice another file.

pub mod password;
pub mod queue;
pub mod second_factor;
pub mod travel;

use std::{
    fmt, fs,
    io::{ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};

use crate::domain::{ids::SubmissionKey, receipt::CodeHash};

/// Bytes of a nonce before each sealed text.
const NONCE: usize = 24;
/// First line of a key file.
const HEADING: &str = "sipas key 1";

/// Why there is no key to work with. Every variant names the file and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The database was made with a key, and the file is not there.
    #[error(
        "the key file {} is missing, and the database was made with key {id}; \
         bring the file back from its copy, or name it with --key-file",
        path.display()
    )]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
        /// Id of the key that the database needs.
        id: String,
    },
    /// Another key's file.
    #[error(
        "the key file {} holds key {found}, and the database was made with key {id}; \
         name the right file with --key-file",
        path.display()
    )]
    Other {
        /// The file.
        path: PathBuf,
        /// Id of the key in the file.
        found: String,
        /// Id of the key that the database needs.
        id: String,
    },
    /// Not a key file at all.
    #[error("{} is not a key file of this service; name the right file with --key-file", path.display())]
    Shape {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or made.
    #[error("the key file {} cannot be read or made: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// A sealed text that this key does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an answer that waits was sealed with another key")]
pub struct UnsealError;

/// All keys derived from the key file. Its `Debug` shows the id alone.
#[derive(Clone)]
pub struct SecretKeys {
    id: String,
    code: [u8; 32],
    retry: [u8; 32],
    seal: XChaCha20Poly1305,
    factor: XChaCha20Poly1305,
    queue: XChaCha20Poly1305,
    recovery: [u8; 32],
}

impl fmt::Debug for SecretKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretKeys").field("id", &self.id).finish_non_exhaustive()
    }
}

impl SecretKeys {
    /// The keys that follow from these 32 bytes.
    #[must_use]
    pub fn of(secret: &[u8; 32]) -> Self {
        let derived = |purpose| blake3::derive_key(purpose, secret);
        let id = blake3::Hash::from_bytes(derived("sipas 2026 key id")).to_hex();
        Self {
            id: id.chars().take(16).collect(),
            code: derived("sipas 2026 receipt code hash"),
            retry: derived("sipas 2026 retry key hash"),
            seal: XChaCha20Poly1305::new(&derived("sipas 2026 inbox seal").into()),
            factor: XChaCha20Poly1305::new(&derived("sipas 2026 second factor seal").into()),
            queue: XChaCha20Poly1305::new(&derived("sipas 2026 queue key seal").into()),
            recovery: derived("sipas 2026 recovery code hash"),
        }
    }

    /// Opens the key file that belongs to a database, or makes one where the database knows no key yet.
    ///
    /// A file that exists is used and never overwritten.
    ///
    /// # Errors
    /// Where the file is missing, is another key's, is no key file, or cannot be read or made.
    pub fn open(path: &Path, needed: Option<&str>) -> Result<Self, KeyError> {
        let keys = match (read(path)?, needed) {
            (Some(secret), _) => Self::of(&secret),
            (None, Some(id)) => return Err(KeyError::Missing { path: path.into(), id: id.to_owned() }),
            (None, None) => Self::of(&make(path)?),
        };
        match needed {
            Some(id) if id != keys.id => {
                Err(KeyError::Other { path: path.into(), found: keys.id, id: id.to_owned() })
            }
            _ => Ok(keys),
        }
    }

    /// The id that the database keeps; tells nothing of the key.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The hash under which a receipt's code (canonical, without dashes) is stored.
    #[must_use]
    pub fn code_hash(&self, canonical: &str) -> CodeHash {
        CodeHash(*blake3::keyed_hash(&self.code, canonical.as_bytes()).as_bytes())
    }

    /// The hash under which a submission key is stored.
    #[must_use]
    pub fn retry_hash(&self, key: &SubmissionKey) -> [u8; 32] {
        *blake3::keyed_hash(&self.retry, &key.0).as_bytes()
    }

    /// Seals a text; `bound` must be given again to open it.
    ///
    /// # Errors
    /// Where the text is longer than the cipher can take (never in practice: bodies are limited).
    pub fn seal(&self, text: &[u8], bound: &[u8]) -> Result<Vec<u8>, UnsealError> {
        sealed(&self.seal, text, bound)
    }

    /// Opens what [`SecretKeys::seal`] sealed.
    ///
    /// # Errors
    /// Where it was sealed with another key, bound to something else, or changed.
    pub fn unseal(&self, sealed: &[u8], bound: &[u8]) -> Result<Vec<u8>, UnsealError> {
        opened(&self.seal, sealed, bound)
    }
}

fn sealed(seal: &XChaCha20Poly1305, text: &[u8], bound: &[u8]) -> Result<Vec<u8>, UnsealError> {
    let nonce: [u8; NONCE] = rand::random();
    let payload = Payload { msg: text, aad: bound };
    let sealed = seal.encrypt(&XNonce::from(nonce), payload).map_err(|_opaque| UnsealError)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn opened(seal: &XChaCha20Poly1305, sealed: &[u8], bound: &[u8]) -> Result<Vec<u8>, UnsealError> {
    let (nonce, text) = sealed.split_first_chunk::<NONCE>().ok_or(UnsealError)?;
    let payload = Payload { msg: text, aad: bound };
    seal.decrypt(&XNonce::from(*nonce), payload).map_err(|_opaque| UnsealError)
}

fn read(path: &Path) -> Result<Option<[u8; 32]>, KeyError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(KeyError::File { path: path.into(), source }),
    };
    parsed(&text).map(Some).ok_or_else(|| KeyError::Shape { path: path.into() })
}

/// The secret in the text of a key file.
fn parsed(text: &str) -> Option<[u8; 32]> {
    let mut lines = text.lines();
    let heading = lines.next().map(str::trim);
    let secret = lines.next().and_then(|l| blake3::Hash::from_hex(l.trim()).ok());
    secret.filter(|_hash| heading == Some(HEADING)).map(|hash| *hash.as_bytes())
}

fn text_of(secret: &[u8; 32]) -> String {
    format!("{HEADING}\n{}\n", blake3::Hash::from_bytes(*secret).to_hex())
}

/// Makes a key file, on disk before it is used: answers sealed with a key that is lost would be lost. Where another
/// process made one at the same moment, that one holds.
fn make(path: &Path) -> Result<[u8; 32], KeyError> {
    let failed = |source| KeyError::File { path: path.into(), source };
    let secret: [u8; 32] = rand::random();
    match write_new(path, &secret) {
        Ok(()) => Ok(secret),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(path)?.ok_or_else(|| failed(error)),
        Err(error) => Err(failed(error)),
    }
}

/// Whole or not at all: written under a name of its own and then given its name, so that a kill in between leaves no
/// file that is no key.
fn write_new(path: &Path, secret: &[u8; 32]) -> std::io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder)?;
    }
    let new = path.with_extension(format!("new-{:08x}", rand::random::<u32>()));
    let named = write_whole(&new, secret).and_then(|()| fs::hard_link(&new, path));
    let _swept = fs::remove_file(&new);
    named?;
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn write_whole(path: &Path, secret: &[u8; 32]) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text_of(secret).as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_opens_only_with_its_key_and_what_it_is_bound_to() {
        let keys = SecretKeys::of(&[7; 32]);
        let sealed = keys.seal(b"levels", b"unit").unwrap();
        assert_eq!(keys.unseal(&sealed, b"unit").unwrap(), b"levels");
        assert_eq!(keys.unseal(&sealed, b"other"), Err(UnsealError));
        assert_eq!(SecretKeys::of(&[8; 32]).unseal(&sealed, b"unit"), Err(UnsealError));
        assert_eq!(keys.unseal(&sealed[..10], b"unit"), Err(UnsealError));
    }

    #[test]
    fn a_key_file_is_made_once_private_and_never_overwritten() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/sipas.key");
        let made = SecretKeys::open(&path, None).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(SecretKeys::open(&path, Some(made.id())).unwrap().id(), made.id());
        assert!(matches!(SecretKeys::open(&path, Some("other")), Err(KeyError::Other { .. })));
        fs::remove_file(&path).unwrap();
        assert!(matches!(SecretKeys::open(&path, Some(made.id())), Err(KeyError::Missing { .. })));
        fs::write(&path, "something else").unwrap();
        assert!(matches!(SecretKeys::open(&path, None), Err(KeyError::Shape { .. })));
    }
}
