//! The command line.

pub mod form;
