//! Second factors: the secret that a telephone shares with the service, sealed for its account, and the codes that
//! stand in for a telephone that was lost.

use std::fmt;

use totp_rs::{Algorithm, Builder, Totp};

use super::{SecretKeys, UnsealError, opened, sealed};
use crate::domain::account::AccountId;

/// Bytes of a secret (RFC 4226 recommends 160 bits).
const SECRET: usize = 20;
/// Digits of a code.
pub const DIGITS: u8 = 6;
/// Seconds that a code is shown for.
const STEP: u64 = 30;
/// Steps before and after the present one that are taken too, because clocks differ.
const SKEW: u16 = 1;
/// Recovery codes that an account gets at once.
pub const RECOVERY_CODES: usize = 10;
/// Characters of a recovery code, five random bits each.
const RECOVERY_LENGTH: usize = 10;
/// Letters and digits that nobody takes for each other when they copy them from paper.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What a telephone and the service both know. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct FactorSecret([u8; SECRET]);

impl fmt::Debug for FactorSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FactorSecret")
    }
}

impl FactorSecret {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }

    fn totp(&self) -> Option<Totp> {
        Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(DIGITS)
            .with_skew(SKEW)
            .with_step_duration(STEP)
            .with_secret(self.0)
            .build()
            .ok()
    }

    /// As people type it into a telephone: groups of four in base 32.
    #[must_use]
    pub fn typed(&self) -> String {
        let text = self.base32();
        let letters: Vec<char> = text.chars().collect();
        let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
        groups.join(" ")
    }

    fn base32(&self) -> String {
        totp_rs::Secret::new(Box::from(self.0)).to_base32()
    }

    /// As a QR symbol tells it to a telephone. An account's name has no character that an address could not hold but
    /// `+`, which stands for itself in a path.
    #[must_use]
    pub fn address(&self, account: &str) -> String {
        format!("otpauth://totp/SIPAS:{account}?secret={}&issuer=SIPAS", self.base32())
    }

    /// The step whose code this is, now or a step off.
    #[must_use]
    pub fn step_of(&self, code: &str, unix_seconds: i64) -> Option<i64> {
        let now = u64::try_from(unix_seconds).ok()?;
        let step = self.totp()?.check(code, now)?;
        i64::try_from(step).ok()
    }
}

/// What a sealed secret is for: one that is kept does not open as one that a page offers, nor the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It is the account's.
    Kept,
    /// A page offers it, and it is not yet the account's.
    Offered,
}

impl Use {
    fn bound(self, account: AccountId) -> Vec<u8> {
        let mut bound = match self {
            Self::Kept => b"kept ".to_vec(),
            Self::Offered => b"offered ".to_vec(),
        };
        bound.extend(account.0);
        bound
    }
}

impl SecretKeys {
    /// Seals the secret of an account's second factor.
    ///
    /// # Errors
    /// Never in practice.
    pub fn seal_factor(
        &self,
        of: AccountId,
        secret: &FactorSecret,
        r#use: Use,
    ) -> Result<Vec<u8>, UnsealError> {
        sealed(&self.factor, &secret.0, &r#use.bound(of))
    }

    /// Opens what [`SecretKeys::seal_factor`] sealed for the same account and the same use.
    ///
    /// # Errors
    /// Where it was sealed with another key, for something else, or changed.
    pub fn open_factor(&self, of: AccountId, text: &[u8], r#use: Use) -> Result<FactorSecret, UnsealError> {
        let bytes = opened(&self.factor, text, &r#use.bound(of))?;
        bytes.try_into().map(FactorSecret).map_err(|_length| UnsealError)
    }

    /// The hash under which a recovery code is kept; `None` where nobody can have been given such a code.
    #[must_use]
    pub fn recovery_hash(&self, of: AccountId, typed: &str) -> Option<[u8; 32]> {
        let code = canonical(typed)?;
        let mut hasher = blake3::Hasher::new_keyed(&self.recovery);
        hasher.update(&of.0);
        hasher.update(code.as_bytes());
        Some(*hasher.finalize().as_bytes())
    }
}

/// A new recovery code, as people copy it.
#[must_use]
pub fn recovery_code() -> String {
    let mut bits: u64 = rand::random();
    let mut code = String::new();
    for place in 0..RECOVERY_LENGTH {
        if place == RECOVERY_LENGTH / 2 {
            code.push('-');
        }
        let letter = usize::try_from(bits % 32).ok().and_then(|at| ALPHABET.get(at)).copied();
        code.push(char::from(letter.unwrap_or(b'0')));
        bits /= 32;
    }
    code
}

/// A code without what people add, and with the letters that they may have meant.
fn canonical(typed: &str) -> Option<String> {
    let meant = |c: char| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let code: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').map(meant).collect();
    let fits = code.len() == RECOVERY_LENGTH && code.bytes().all(|byte| ALPHABET.contains(&byte));
    fits.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_those_of_the_standard_one_step_off_and_no_further() {
        // RFC 6238, appendix B, the last six digits.
        let secret = FactorSecret(*b"12345678901234567890");
        assert_eq!(secret.typed(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(secret.step_of("287082", 59), Some(1));
        assert_eq!(secret.step_of("081804", 1_111_111_109), Some(37_037_036));
        assert_eq!(secret.step_of("287082", 89), Some(1));
        assert_eq!(secret.step_of("287082", 29), Some(1));
        assert_eq!(secret.step_of("287082", 90), None);
        for bad in ["", "28708", "2870820", "28708a", "２８７０８２"] {
            assert_eq!(secret.step_of(bad, 59), None, "{bad}");
        }
    }

    #[test]
    fn a_secret_opens_for_its_account_and_its_use_alone() {
        let keys = SecretKeys::of(&[7; 32]);
        let (lan, tam) = (AccountId([1; 16]), AccountId([2; 16]));
        let secret = FactorSecret::random();
        let kept = keys.seal_factor(lan, &secret, Use::Kept).unwrap();
        assert_eq!(keys.open_factor(lan, &kept, Use::Kept), Ok(secret));
        assert_eq!(keys.open_factor(tam, &kept, Use::Kept), Err(UnsealError));
        assert_eq!(keys.open_factor(lan, &kept, Use::Offered), Err(UnsealError));
        assert_eq!(SecretKeys::of(&[8; 32]).open_factor(lan, &kept, Use::Kept), Err(UnsealError));
    }

    #[test]
    fn a_recovery_code_is_known_however_it_is_copied() {
        let keys = SecretKeys::of(&[7; 32]);
        let lan = AccountId([1; 16]);
        let code = recovery_code();
        assert_eq!(code.len(), RECOVERY_LENGTH + 1);
        let hash = keys.recovery_hash(lan, &code);
        assert!(hash.is_some());
        let copied = code.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert_eq!(keys.recovery_hash(lan, &copied), hash);
        assert_ne!(keys.recovery_hash(AccountId([2; 16]), &code), hash);
        assert_eq!(keys.recovery_hash(lan, "123456"), None);
    }
}
