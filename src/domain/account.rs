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

/// Longest name that people call somebody by, in characters.
const LONGEST_DISPLAY: usize = 120;

/// What people call an account, without blanks around it; `None` where it is empty, too long, or holds characters that
/// terminals and logs obey (control characters, and those that turn the direction of what follows).
#[must_use]
pub fn display_name(text: &str) -> Option<String> {
    let text = text.trim();
    let obeyed = |c: char| c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let fits = (1..=LONGEST_DISPLAY).contains(&text.chars().count()) && !text.chars().any(obeyed);
    fits.then(|| text.to_owned())
}

/// Longest identity at a provider, in bytes: a subject has at most 255, and issuers are short.
const LONGEST_IDENTITY: usize = 600;

/// Somebody at an identity provider: the provider's issuer, a space, and their subject there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdentityKey(Box<str>);

/// Not an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "an identity is the provider's address, a space, and the subject: https://login.example.vn 248289761001"
)]
pub struct IdentityKeyError;

impl IdentityKey {
    /// As it is kept.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is somebody at this provider.
    #[must_use]
    pub fn is_at(&self, issuer: &str) -> bool {
        self.0.split_once(' ').is_some_and(|(own, _)| own == issuer)
    }
}

impl FromStr for IdentityKey {
    type Err = IdentityKeyError;

    fn from_str(text: &str) -> Result<Self, IdentityKeyError> {
        let text = text.trim();
        let (issuer, subject) = text.split_once(' ').ok_or(IdentityKeyError)?;
        let is_address = ["https://", "http://"].iter().any(|scheme| issuer.starts_with(scheme));
        let fits = is_address && !subject.trim().is_empty() && text.len() <= LONGEST_IDENTITY;
        if fits && !text.chars().any(char::is_control) {
            Ok(Self(text.into()))
        } else {
            Err(IdentityKeyError)
        }
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

    #[test]
    fn what_people_are_called_is_any_name_and_no_command() {
        assert_eq!(display_name(" Kim Sóc Bình "), Some("Kim Sóc Bình".to_owned()));
        assert_eq!(display_name("ឈុំ សុភា"), Some("ឈុំ សុភា".to_owned()));
        for bad in ["", "  ", "Lan\u{1b}[2J", "Lan\r\nHoa", "Lan\u{202e}", &"a".repeat(121)] {
            assert_eq!(display_name(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn an_identity_is_an_issuer_and_a_subject() {
        let key: IdentityKey = " https://login.example.vn/oidc 24828 \n".parse().unwrap();
        assert_eq!(key.as_str(), "https://login.example.vn/oidc 24828");
        assert!(key.is_at("https://login.example.vn/oidc"));
        assert!(!key.is_at("https://login.example.vn"));
        for bad in ["", "https://login.example.vn", "https://login.example.vn ", "24828 lan", "https://a b\0"]
        {
            assert!(bad.parse::<IdentityKey>().is_err(), "{bad}");
        }
    }
}
