//! Pages for people, rendered on the server: values in, a document out. They work without scripts; the form has one
//! that keeps answers where the network fails.

pub mod assets;
pub mod form;
pub mod kiosk;
pub mod office;
pub mod plain;
pub mod print;
pub mod scores;
mod shell;
pub mod words;

pub use super::state::Origin;
