//! What handlers take: checked bodies, queries with all their faults, the caller, the reader.

pub mod body;
pub mod caller;
pub mod fields;
pub mod query;
pub mod reader;
pub mod shape;

/// Bytes of a JSON body or a form: the longest instrument with all its texts fits several times.
pub const BODY_LIMIT: usize = 256 * 1024;
