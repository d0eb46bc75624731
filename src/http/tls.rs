//! TLS: the certificate that connections begin with, and its renewal while the service runs. Connections that are there
//! keep what they began with; only new ones see another certificate.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use rustls::{
    InconsistentKeys, ServerConfig,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
};

use crate::config::TlsFiles;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{path}: cannot be read: {source}; check the name, and that this program's user may read it")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is no certificate in it.
    #[error("{0}: holds no certificate in PEM (-----BEGIN CERTIFICATE-----)")]
    NoCertificate(PathBuf),
    /// There is no key in it.
    #[error("{0}: holds no private key in PEM (-----BEGIN PRIVATE KEY-----) without a passphrase")]
    NoKey(PathBuf),
    /// They are not a pair.
    #[error("{key} is not the private key of the first certificate in {cert}; the service's own comes first")]
    NotAPair {
        /// The chain.
        cert: PathBuf,
        /// The key.
        key: PathBuf,
    },
    /// Anything else that is wrong with them.
    #[error("{cert} and {key} cannot be used: {what}")]
    Unfit {
        /// The chain.
        cert: PathBuf,
        /// The key.
        key: PathBuf,
        /// What is wrong.
        what: rustls::Error,
    },
}

/// The bytes of both files, and their hash: it tells whether they changed.
struct Read {
    cert: Vec<u8>,
    key: Vec<u8>,
    hash: blake3::Hash,
}

fn read(files: &TlsFiles) -> Result<Read, TlsError> {
    let bytes =
        |path: &Path| fs::read(path).map_err(|source| TlsError::File { path: path.to_owned(), source });
    let (cert, key) = (bytes(&files.cert)?, bytes(&files.key)?);
    let mut hasher = blake3::Hasher::new();
    for part in [&cert, &key] {
        hasher.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(part);
    }
    let hash = hasher.finalize();
    Ok(Read { cert, key, hash })
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn pair(files: &TlsFiles, read: &Read) -> Result<Arc<CertifiedKey>, TlsError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&read.cert).collect();
    let chain = chain.ok().filter(|chain: &Vec<CertificateDer<'_>>| !chain.is_empty());
    let chain = chain.ok_or_else(|| TlsError::NoCertificate(files.cert.clone()))?;
    let key = PrivateKeyDer::from_pem_slice(&read.key);
    let key = key.map_err(|_pem| TlsError::NoKey(files.key.clone()))?;
    let (cert, file) = (files.cert.clone(), files.key.clone());
    match CertifiedKey::from_der(chain, key, &provider()) {
        Ok(pair) => Ok(Arc::new(pair)),
        Err(rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
            Err(TlsError::NotAPair { cert, key: file })
        }
        Err(what) => Err(TlsError::Unfit { cert, key: file, what }),
    }
}

/// The certificate that new connections begin with.
#[derive(Debug)]
pub struct Certificate {
    files: TlsFiles,
    served: RwLock<Arc<CertifiedKey>>,
    hash: blake3::Hash,
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.served.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl Certificate {
    /// Reads both files.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn open(files: &TlsFiles) -> Result<Arc<Self>, TlsError> {
        let read = read(files)?;
        let served = RwLock::new(pair(files, &read)?);
        Ok(Arc::new(Self { files: files.clone(), served, hash: read.hash }))
    }

    /// TLS 1.2 and 1.3 with this certificate.
    ///
    /// # Errors
    /// Where the library knows no such versions; never in practice.
    pub fn config(self: &Arc<Self>) -> Result<ServerConfig, TlsError> {
        let made = ServerConfig::builder_with_provider(provider()).with_safe_default_protocol_versions();
        let made = made.map_err(|what| TlsError::Unfit {
            cert: self.files.cert.clone(),
            key: self.files.key.clone(),
            what,
        })?;
        Ok(made.with_no_client_auth().with_cert_resolver(Arc::<Self>::clone(self)))
    }

    /// Looks at the files as long as the service runs. A change is taken up when it is seen twice in the same state: who
    /// replaces two files is between them for a moment.
    pub async fn keep_fresh(self: Arc<Self>) {
        let (mut taken, mut seen) = (Some(self.hash), Some(self.hash));
        loop {
            tokio::time::sleep(LOOK).await;
            let looked = read(&self.files);
            let now = looked.as_ref().ok().map(|read| read.hash);
            if now == seen && now != taken {
                taken = now;
                self.take_up(looked);
            }
            seen = now;
        }
    }

    fn take_up(&self, looked: Result<Read, TlsError>) {
        match looked.and_then(|read| pair(&self.files, &read)) {
            Ok(fresh) => {
                *self.served.write().unwrap_or_else(PoisonError::into_inner) = fresh;
                tracing::info!("the certificate was read again; new connections begin with it");
            }
            Err(error) => {
                tracing::error!(
                    "the certificate files changed and the old certificate is served on: {error}"
                );
            }
        }
    }
}
