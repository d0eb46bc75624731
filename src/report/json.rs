//! The score table as JSON.
