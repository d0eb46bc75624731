//! The command line.

pub mod form;
pub mod publish;
