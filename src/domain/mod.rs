//! The domain: forms, answers, tallies, scores. Pure: no clock, no files, no SQL, no HTTP, no async.

pub mod answers;
pub mod block;
pub mod catalogue;
pub mod disclosure;
pub mod form;
pub mod form_change;
pub mod form_file;
mod form_rules;
pub mod grouping;
pub mod ids;
pub mod interval;
pub mod marks;
pub mod origin;
pub mod period;
pub mod receipt;
pub mod recount;
pub mod response;
pub mod response_bytes;
pub mod score;
pub mod tally;
pub mod token;
pub mod unit;
pub mod unit_import;
pub mod wording;
