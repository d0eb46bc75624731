//! The office's own words on printed receipts.

use super::{ConfigError, table::Values};

/// What the office says on whole receipts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Printing {
    /// What it calls them; empty: as they are mostly called.
    pub title: String,
    /// What else it says, in a sentence or some; may be empty.
    pub words: String,
}

/// Longest title, in letters: two lines of a thermal print.
const TITLE: usize = 60;
/// Longest words, in letters: what fits above the invitation on A5.
const WORDS: usize = 400;

impl Printing {
    pub(super) fn read(values: &Values) -> Result<Self, ConfigError> {
        let text = |name: &'static str, most: usize| -> Result<String, ConfigError> {
            let text: String = values.read(name)?;
            if text.chars().count() > most {
                return Err(values.bad(name, format!("must have at most {most} letters")));
            }
            Ok(text)
        };
        Ok(Self { title: text("receipt-title", TITLE)?, words: text("receipt-words", WORDS)? })
    }
}
