//! The API, through its door.

mod errors;
mod receipts;
mod responses;
mod scores;
pub mod town;
