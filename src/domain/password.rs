//! Which passwords are taken: long ones that nobody would try first. No rules about kinds of characters
//! (NIST SP 800-63B-4, 3.1.1.2).

use super::account::AccountName;

/// Shortest, in characters, where the password alone opens the door.
pub const SHORTEST: usize = 15;
/// Longest, in characters.
pub const LONGEST: usize = 256;
/// Guesses, as a power of ten, that a password must stand.
const GUESSES_LOG10: f64 = 9.0;

/// A password that is taken. Its `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPassword")
    }
}

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too few characters; how many there are.
    #[error(
        "a password has at least 15 characters, this has {0}; four or five words that belong to nobody are good"
    )]
    Short(usize),
    /// Too many characters.
    #[error("a password has at most 256 characters")]
    Long,
    /// One that is tried early: a common one, a row of keys, the name of the account or of the service.
    #[error(
        "this password would be guessed early; take four or five words that have nothing to do with each other"
    )]
    Guessable,
}

impl NewPassword {
    /// Takes a password for an account, exactly as it was typed.
    ///
    /// # Errors
    /// Where it is too short, too long or easily guessed.
    pub fn take(typed: &str, account: &AccountName) -> Result<Self, PasswordError> {
        let length = typed.chars().count();
        if length < SHORTEST {
            return Err(PasswordError::Short(length));
        }
        if length > LONGEST {
            return Err(PasswordError::Long);
        }
        let own =
            account.as_str().split(['@', '.', '-', '_', '+']).chain([account.as_str(), "sipas", "matkhau"]);
        let own: Vec<&str> = own.filter(|word| word.len() > 2).collect();
        // The estimate's work grows with the square of the length, and worse with digits that stand for letters; its
        // first thirty characters tell enough.
        let head: String = typed.chars().take(30).collect();
        if zxcvbn::zxcvbn(&head, &own).guesses_log10() < GUESSES_LOG10 {
            return Err(PasswordError::Guessable);
        }
        Ok(Self(typed.to_owned()))
    }

    /// The password.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn take(typed: &str) -> Result<(), PasswordError> {
        let account = "lan.nguyen@tracu.gov.vn".parse().unwrap();
        NewPassword::take(typed, &account).map(|_| ())
    }

    #[test]
    fn words_are_taken_in_any_script_without_rules_for_characters() {
        for good in [
            "correct horse battery",
            "lúa chín vàng trên sông",
            "ផ្ទះ ទឹក មេឃ ដើមឈើ ផ្លូវ",
            "  xanh  cây cau  kia ",
        ] {
            assert_eq!(take(good), Ok(()), "{good}");
        }
        assert_eq!(take(&"ab c".repeat(70)), Err(PasswordError::Long));
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        assert_eq!(take("Ab1!Ab1!"), Err(PasswordError::Short(8)));
        for bad in [
            "aaaaaaaaaaaaaaaa",
            "123456789012345",
            "passwordpassword",
            "qwertyuiopasdfgh",
            "sipassipassipas",
            "lan.nguyenlan.nguyen",
        ] {
            assert_eq!(take(bad), Err(PasswordError::Guessable), "{bad}");
        }
    }
}
