//! Scoring methods and scores. (to be written)

/// A named scoring method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method;
