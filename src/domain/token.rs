//! What a token of another system may do.

use std::{collections::BTreeSet, fmt, str::FromStr};

/// One thing that a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Issue, void and reprint receipts.
    ReceiptsWrite,
    /// Send answers that came on paper, to an interviewer, or to another system.
    ResponsesWrite,
    /// Read scores, tallies and counts.
    ScoresRead,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 3] = [Self::ReceiptsWrite, Self::ResponsesWrite, Self::ScoresRead];

    /// As the command line and the API write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReceiptsWrite => "receipts:write",
            Self::ResponsesWrite => "responses:write",
            Self::ScoresRead => "scores:read",
        }
    }
}

/// No such scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a scope is receipts:write, responses:write or scores:read")]
pub struct ScopeError;

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        Self::ALL.into_iter().find(|s| s.as_str() == text).ok_or(ScopeError)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Several scopes; written with spaces between them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(BTreeSet<Scope>);

impl Scopes {
    /// Whether this scope is among them.
    #[must_use]
    pub fn has(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl FromStr for Scopes {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        text.split_whitespace().map(str::parse).collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.iter().map(|s| s.as_str()).collect();
        f.write_str(&names.join(" "))
    }
}
