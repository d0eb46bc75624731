//! What tests share.

pub mod database;
pub mod harm;
pub mod people;
pub mod proxy;
pub mod server;
pub mod service;
