//! What differs between two texts of one published version.
