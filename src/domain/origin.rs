//! Whose answers a database holds: people's, or made up for a demonstration.

/// Whether the figures are real.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Origin {
    /// Answers of people.
    #[default]
    People,
    /// Made up: every page and export says so.
    Demo,
}

impl Origin {
    /// As files and the API write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::People => "people",
            Self::Demo => "demo",
        }
    }
}
