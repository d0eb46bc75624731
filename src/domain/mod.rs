//! The domain: forms, answers, tallies, scores. Pure: no clock, no files, no SQL, no HTTP, no async.

pub mod answers;
pub mod form;
mod form_rules;
pub mod ids;
pub mod period;
pub mod response;
pub mod score;
pub mod tally;
