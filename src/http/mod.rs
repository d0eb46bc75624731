//! The only room that knows actix.

pub mod pages;
