//! People who work with the service: ids, names for signing in, and what is written of them in the audit log.

use std::{fmt, str::FromStr};

/// The id of an account: random, so that it says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub [u8; 16]);

/// Longest name, in characters.
const LONGEST: usize = 64;

/// What an account signs in with: small letters, digits and `.`, `_`, `-`, `@`, `+`; an e-mail address is one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountName(Box<str>);

/// Not a name of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a name to sign in with has 2 to 64 of a-z, 0-9 and . _ - @ +, and begins with a letter or a digit")]
pub struct AccountNameError;

impl AccountName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountName {
    type Err = AccountNameError;

    /// Capitals are taken for small letters: people write their name either way.
    fn from_str(text: &str) -> Result<Self, AccountNameError> {
        let name = text.trim().to_ascii_lowercase();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-@+".contains(c);
        let begins = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        if begins && (2..=LONGEST).contains(&name.len()) && name.chars().all(fits) {
            Ok(Self(name.into()))
        } else {
            Err(AccountNameError)
        }
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_small_letters_and_addresses_are_names() {
        let name = |text: &str| text.parse::<AccountName>().map(|name| name.to_string());
        assert_eq!(name(" Lan.Nguyen@TraCu.gov.vn ").as_deref(), Ok("lan.nguyen@tracu.gov.vn"));
        assert_eq!(name("ab").as_deref(), Ok("ab"));
        for bad in ["", "a", ".ab", "a b", "lan<script>", "nguyễn", &"a".repeat(65)] {
            assert!(name(bad).is_err(), "{bad}");
        }
    }
}
