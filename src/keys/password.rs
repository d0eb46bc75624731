//! Passwords as they are kept: argon2id with a salt of its own for each.

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};

/// KiB of memory for one hash; OWASP's first recommendation for argon2id.
const MEMORY: u32 = 19_456;
/// Passes over it.
const PASSES: u32 = 2;

/// A password could not be hashed; never in practice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a password could not be hashed")]
pub struct HashError;

fn hasher() -> Result<Argon2<'static>, HashError> {
    let params = Params::new(MEMORY, PASSES, 1, None).map_err(|_params| HashError)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// What is kept of a password. Takes tens of milliseconds on purpose.
///
/// # Errors
/// Never in practice.
pub fn hash(password: &str) -> Result<String, HashError> {
    let kept = hasher()?.hash_password(password.as_bytes()).map_err(|_opaque| HashError)?;
    Ok(kept.to_string())
}

/// Whether a password is the one that is kept. Takes as long where nothing is kept, so that nobody learns from the
/// time whether there is such an account.
#[must_use]
pub fn verify(password: &str, kept: Option<&str>) -> bool {
    let Some(kept) = kept.and_then(|kept| PasswordHash::new(kept).ok()) else {
        let _as_long = hash(password);
        return false;
    };
    Argon2::default().verify_password(password.as_bytes(), &kept).is_ok()
}

/// A secret with 256 random bits, in small hexadecimal digits.
#[must_use]
pub fn secret() -> String {
    blake3::Hash::from_bytes(rand::random()).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_opens_its_own_hash_alone() {
        let kept = hash("bốn từ bất kỳ").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert_ne!(kept, hash("bốn từ bất kỳ").unwrap());
        assert!(verify("bốn từ bất kỳ", Some(&kept)));
        assert!(!verify("bốn từ bất kì", Some(&kept)));
        assert!(!verify("bốn từ bất kỳ", None));
        assert!(!verify("", Some("no hash")));
    }
}
