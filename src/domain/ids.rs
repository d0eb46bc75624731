//! Names of things, as types: whoever holds one holds a checked name.
//!
//! All are short ASCII, so that they survive a URL, a CSV and a file name unchanged.

use std::{fmt, str::FromStr};

/// Why a text is not a name of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} must be {allowed}")]
pub struct NameError {
    /// What was to be named: `unit code`, `form id`, ...
    pub kind: &'static str,
    /// What is allowed, in words.
    pub allowed: &'static str,
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $max:literal, $extra:literal, $allowed:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The name as written in files, tables and URLs.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || $extra.contains(c);
                let starts = text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
                if starts && text.len() <= $max && text.chars().all(plain) {
                    Ok(Self(text.into()))
                } else {
                    Err(NameError { kind: $kind, allowed: $allowed })
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name_type!(
    /// The stable code of a unit, for example `tra-cu` or `29461`. It outlives every renaming.
    UnitCode, "unit code", 40, "-_.", "1 to 40 of a-z 0-9 - _ . and begin with a letter or digit"
);
name_type!(
    /// The id of an instrument, for example `one-stop-short`.
    FormId, "form id", 40, "-", "1 to 40 of a-z 0-9 - and begin with a letter or digit"
);
name_type!(
    /// The stable name of a question, a factor, a part or a matrix row, for example `access.seating`.
    Slug, "slug", 60, "_.", "1 to 60 of a-z 0-9 _ . and begin with a letter or digit"
);
name_type!(
    /// The stable code of an option of a choice, for example `yes`.
    OptionCode, "option code", 40, "_-", "1 to 40 of a-z 0-9 _ - and begin with a letter or digit"
);
name_type!(
    /// A service field (lĩnh vực) or a procedure, as the dossier system names it, for example `land`.
    FieldCode, "service field", 40, "-_.", "1 to 40 of a-z 0-9 - _ . and begin with a letter or digit"
);

/// A language by its ISO 639 code: `vi`, `km`, `en`, or another that a form declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Language([u8; 3]);

impl Language {
    /// Vietnamese: the language that every text has.
    pub const VI: Self = Self(*b"vi\0");
    /// Khmer.
    pub const KM: Self = Self(*b"km\0");
    /// English.
    pub const EN: Self = Self(*b"en\0");

    /// The code, for `lang` attributes and columns.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let end = if self.0[2] == 0 { 2 } else { 3 };
        self.0.get(..end).and_then(|b| std::str::from_utf8(b).ok()).unwrap_or("vi")
    }
}

impl FromStr for Language {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let fault = NameError { kind: "language", allowed: "an ISO 639 code of two or three letters a-z" };
        match *text.as_bytes() {
            [a, b] if text.bytes().all(|c| c.is_ascii_lowercase()) => Ok(Self([a, b, 0])),
            [a, b, c] if text.bytes().all(|c| c.is_ascii_lowercase()) => Ok(Self([a, b, c])),
            _ => Err(fault),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The random key that a client makes for one submission; sending it again is harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SubmissionKey(pub [u8; 16]);
