//! The queues of tablets: an entry is sealed on the tablet to a public key, so that who holds the tablet cannot read it.
//!
//! An entry begins with the public half of a key pair that the tablet made for it alone (65 bytes); ECDH on P-256 gives a
//! secret of both, HKDF-SHA-256 a key from it, AES-256-GCM seals with it. All three are in every browser's `WebCrypto`. The
//! key opens one entry only, so its nonce is zeros.

use p256::{PublicKey, SecretKey, ecdh::diffie_hellman};
use ring::{aead, hkdf};

use super::{SecretKeys, UnsealError, opened, sealed};

/// Bytes of a public key: an uncompressed point.
const POINT: usize = 65;
/// What the key of an entry is derived for.
const PURPOSE: &[u8] = b"sipas queue 1";

/// A key pair, the private half sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuePair {
    /// The public half, which tablets get.
    pub public: Vec<u8>,
    /// The private half, sealed with the key that is not in the database, bound to the public half.
    pub private: Vec<u8>,
}

/// What an entry is bound to: it cannot be sent under another number, key or tablet.
#[must_use]
pub fn bound(device: &str, sequence: u32, key: &str) -> Vec<u8> {
    format!("sipas queue 1\n{device}\n{sequence}\n{key}").into_bytes()
}

impl SecretKeys {
    /// A new key pair for queues.
    ///
    /// # Errors
    /// Never in practice: a random number is nearly always a private key, and is drawn again where not.
    pub fn new_queue_pair(&self) -> Result<QueuePair, UnsealError> {
        let mut drawn = (0..4).filter_map(|_again| SecretKey::from_slice(&rand::random::<[u8; 32]>()).ok());
        let secret = drawn.next().ok_or(UnsealError)?;
        let public = secret.public_key().to_sec1_bytes().to_vec();
        let private = sealed(&self.queue, secret.to_bytes().as_slice(), &public)?;
        Ok(QueuePair { public, private })
    }

    /// Opens an entry that a tablet sealed to this pair; `bound` is what it was bound to.
    ///
    /// # Errors
    /// Where it was sealed to another pair, bound to something else, or changed.
    pub fn open_entry(&self, pair: &QueuePair, entry: &[u8], bound: &[u8]) -> Result<Vec<u8>, UnsealError> {
        let private = opened(&self.queue, &pair.private, &pair.public)?;
        let secret = SecretKey::from_slice(&private).map_err(|_opaque| UnsealError)?;
        let (point, text) = entry.split_first_chunk::<POINT>().ok_or(UnsealError)?;
        let theirs = PublicKey::from_sec1_bytes(point).map_err(|_opaque| UnsealError)?;
        let shared = diffie_hellman(secret.to_nonzero_scalar(), theirs.as_affine());
        let key = key_of(shared.raw_secret_bytes().as_slice(), point, &pair.public)?;
        let mut text = text.to_vec();
        let nonce = aead::Nonce::assume_unique_for_key([0; 12]);
        let plain =
            key.open_in_place(nonce, aead::Aad::from(bound), &mut text).map_err(|_opaque| UnsealError)?;
        Ok(plain.to_vec())
    }
}

/// The key of one entry.
fn key_of(shared: &[u8], theirs: &[u8], ours: &[u8]) -> Result<aead::LessSafeKey, UnsealError> {
    let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(shared);
    let info = [PURPOSE, theirs, ours];
    let key = secret.expand(&info, &aead::AES_256_GCM).map_err(|_opaque| UnsealError)?;
    Ok(aead::LessSafeKey::new(aead::UnboundKey::from(key)))
}

/// Seals as a tablet does: for tests of what opens it.
///
/// # Errors
/// Where the public key is none.
pub fn seal_entry(public: &[u8], text: &[u8], bound: &[u8]) -> Result<Vec<u8>, UnsealError> {
    let ours = PublicKey::from_sec1_bytes(public).map_err(|_opaque| UnsealError)?;
    let mut drawn = (0..4).filter_map(|_again| SecretKey::from_slice(&rand::random::<[u8; 32]>()).ok());
    let secret = drawn.next().ok_or(UnsealError)?;
    let point = secret.public_key().to_sec1_bytes().to_vec();
    let shared = diffie_hellman(secret.to_nonzero_scalar(), ours.as_affine());
    let key = key_of(shared.raw_secret_bytes().as_slice(), &point, public)?;
    let mut sealed = text.to_vec();
    let nonce = aead::Nonce::assume_unique_for_key([0; 12]);
    key.seal_in_place_append_tag(nonce, aead::Aad::from(bound), &mut sealed)
        .map_err(|_opaque| UnsealError)?;
    Ok([point, sealed].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_opens_only_with_its_pair_the_key_file_and_what_it_is_bound_to() {
        let keys = SecretKeys::of(&[7; 32]);
        let (pair, other) = (keys.new_queue_pair().unwrap(), keys.new_queue_pair().unwrap());
        assert_eq!((pair.public.len(), pair.public[0]), (POINT, 4));
        let to = bound("ab", 7, "k");
        let entry = seal_entry(&pair.public, b"answers", &to).unwrap();
        assert_eq!(keys.open_entry(&pair, &entry, &to).unwrap(), b"answers");
        assert_eq!(keys.open_entry(&other, &entry, &to), Err(UnsealError));
        assert_eq!(keys.open_entry(&pair, &entry, &bound("ab", 8, "k")), Err(UnsealError));
        assert_eq!(SecretKeys::of(&[8; 32]).open_entry(&pair, &entry, &to), Err(UnsealError));
        for cut in [0, 64, 65, 80, entry.len() - 1] {
            assert_eq!(keys.open_entry(&pair, &entry[..cut], &to), Err(UnsealError), "{cut}");
        }
        let mut changed = entry;
        changed[70] ^= 1;
        assert_eq!(keys.open_entry(&pair, &changed, &to), Err(UnsealError));
    }
}
