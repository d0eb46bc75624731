//! The forms that are published.
