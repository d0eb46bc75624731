//! Scoring methods and scores. (to be written)

use std::str::FromStr;

/// A named scoring method.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Method;

impl Method {
    /// The id, as printed beside every score.
    #[must_use]
    pub fn id(&self) -> String {
        "top2-pooled".to_owned()
    }
}

/// No such method.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is no scoring method; allowed: {allowed}")]
pub struct MethodError {
    /// What was given.
    pub given: String,
    /// The ids that are allowed.
    pub allowed: String,
}

impl FromStr for Method {
    type Err = MethodError;

    fn from_str(text: &str) -> Result<Self, MethodError> {
        if text == "top2-pooled" {
            Ok(Self)
        } else {
            Err(MethodError { given: text.to_owned(), allowed: "top2-pooled".to_owned() })
        }
    }
}
