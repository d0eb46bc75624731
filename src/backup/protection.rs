//! Encryption with age: to a passphrase, or to keys of which only the other half opens the file.

use std::{
    fmt,
    fs::{self, File},
    io::{self, BufReader, BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use age::{
    DecryptError, Decryptor, Encryptor, Identity, IdentityFile, scrypt,
    secrecy::SecretString,
    stream::{StreamReader, StreamWriter},
    x25519,
};

use super::BackupError;

/// How a backup is kept from those who should not read it. Its `Debug` shows no secret.
#[derive(Clone)]
pub enum Protection {
    /// Not at all: folded answers and comments can be read by who has the file.
    Open,
    /// By a passphrase.
    Passphrase(SecretString),
    /// By keys; whoever holds the other half of one of them opens it.
    Recipients(Vec<x25519::Recipient>),
}

impl fmt::Debug for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "Open",
            Self::Passphrase(_) => "Passphrase",
            Self::Recipients(_) => "Recipients",
        })
    }
}

impl Protection {
    /// By the first line of a file.
    ///
    /// # Errors
    /// Where it cannot be read or is empty.
    pub fn passphrase_of(path: &Path) -> Result<Self, BackupError> {
        passphrase(path).map(Self::Passphrase)
    }

    /// By keys as `age-keygen` prints them; [`Protection::Open`] without any.
    ///
    /// # Errors
    /// Where one is no such key.
    pub fn to<'a>(keys: impl IntoIterator<Item = &'a str>) -> Result<Self, BackupError> {
        let key = |text: &str| text.parse().map_err(|_age| BackupError::Recipient { text: text.to_owned() });
        let keys: Vec<x25519::Recipient> = keys.into_iter().map(key).collect::<Result<_, _>>()?;
        Ok(if keys.is_empty() { Self::Open } else { Self::Recipients(keys) })
    }

    /// Whether the file says nothing to who cannot open it.
    #[must_use]
    pub fn encrypts(&self) -> bool {
        !matches!(self, Self::Open)
    }

    /// What is written to the file goes through this.
    pub(super) fn writer(&self, file: File) -> io::Result<Outer> {
        let file = BufWriter::new(file);
        let encryptor = match self {
            Self::Open => return Ok(Outer::Open(file)),
            Self::Passphrase(passphrase) => Encryptor::with_user_passphrase(passphrase.clone()),
            Self::Recipients(keys) => {
                Encryptor::with_recipients(keys.iter().map(|key| -> &dyn age::Recipient { key }))
                    .map_err(io::Error::other)?
            }
        };
        Ok(Outer::Sealed(Box::new(encryptor.wrap_output(file)?)))
    }
}

fn passphrase(path: &Path) -> Result<SecretString, BackupError> {
    let text = fs::read_to_string(path).map_err(|source| BackupError::File { path: path.into(), source })?;
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        let what = "its first line must be the passphrase, and is empty".to_owned();
        return Err(BackupError::Secret { path: path.into(), what });
    }
    Ok(SecretString::from(line.to_owned()))
}

/// The file itself, or the encryption before it.
pub(super) enum Outer {
    Open(BufWriter<File>),
    Sealed(Box<StreamWriter<BufWriter<File>>>),
}

impl Outer {
    /// Writes what is left; the file.
    pub(super) fn finish(self) -> io::Result<File> {
        let file = match self {
            Self::Open(file) => file,
            Self::Sealed(sealed) => sealed.finish()?,
        };
        file.into_inner().map_err(io::IntoInnerError::into_error)
    }
}

impl Write for Outer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Open(file) => file.write(bytes),
            Self::Sealed(sealed) => sealed.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Open(file) => file.flush(),
            Self::Sealed(sealed) => sealed.flush(),
        }
    }
}

/// What opens a backup.
pub enum Unlock {
    /// Nothing was given.
    Nothing,
    /// A passphrase.
    Passphrase(SecretString),
    /// The secret halves of keys.
    Identities(Vec<Box<dyn Identity>>),
}

impl Unlock {
    /// The passphrase in the first line of a file.
    ///
    /// # Errors
    /// Where it cannot be read or is empty.
    pub fn passphrase_of(path: &Path) -> Result<Self, BackupError> {
        passphrase(path).map(Self::Passphrase)
    }

    /// The identities in a file that `age-keygen` made.
    ///
    /// # Errors
    /// Where it cannot be read or holds none.
    pub fn identities_of(path: &Path) -> Result<Self, BackupError> {
        let file = File::open(path).map_err(|source| BackupError::File { path: path.into(), source })?;
        let bad = |what: String| BackupError::Secret { path: path.into(), what };
        let read = IdentityFile::from_buffer(BufReader::new(file));
        let read =
            read.map_err(|_age| bad("it holds no identity; name a file that `age-keygen` made".to_owned()))?;
        let identities = read.into_identities().map_err(|error| bad(error.to_string()))?;
        Ok(Self::Identities(identities))
    }

    fn what(&self) -> &'static str {
        match self {
            Self::Nothing | Self::Passphrase(_) => "passphrase",
            Self::Identities(_) => "identity",
        }
    }

    /// What is read from an encrypted file comes through this.
    pub(super) fn reader(&self, file: File, path: &Path) -> Result<Inner, BackupError> {
        let path = PathBuf::from(path);
        let decryptor = match Decryptor::new_buffered(BufReader::new(file)) {
            Ok(decryptor) => decryptor,
            Err(DecryptError::Io(source)) if source.raw_os_error().is_some() => {
                return Err(BackupError::File { path, source });
            }
            Err(error) => return Err(BackupError::Damaged { path, what: error.to_string() }),
        };
        let opened = match (self, decryptor.is_scrypt()) {
            (Self::Passphrase(passphrase), true) => {
                let identity = scrypt::Identity::new(passphrase.clone());
                decryptor.decrypt(std::iter::once::<&dyn Identity>(&identity))
            }
            (Self::Identities(all), false) => {
                decryptor.decrypt(all.iter().map(|one| -> &dyn Identity { one.as_ref() }))
            }
            (_, true) => {
                return Err(BackupError::Sealed { path, option: "its passphrase with --passphrase-file" });
            }
            (_, false) => {
                return Err(BackupError::Sealed { path, option: "the identity it is for with --identity" });
            }
        };
        match opened {
            Ok(reader) => Ok(Inner::Sealed(Box::new(reader))),
            Err(DecryptError::InvalidMac | DecryptError::InvalidHeader) => Err(BackupError::Damaged {
                path,
                what: "its head is not the one that was written".to_owned(),
            }),
            Err(_locked) => Err(BackupError::Locked { path, what: self.what() }),
        }
    }
}

/// The file itself, or the decryption after it.
pub(super) enum Inner {
    Open(BufReader<File>),
    Sealed(Box<StreamReader<BufReader<File>>>),
}

impl Read for Inner {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Open(file) => file.read(bytes),
            Self::Sealed(sealed) => sealed.read(bytes),
        }
    }
}
