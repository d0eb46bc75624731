//! SIPAS: collects and computes the index of citizens' satisfaction with public administration.
//!
//! The arrows between the rooms: `cli` -> `http` -> `intake` -> `storage` -> `domain`, `report` -> `domain`,
//! `demo` -> `domain`. Nothing points back.

pub mod cli;
pub mod config;
pub mod demo;
pub mod domain;
pub mod http;
pub mod intake;
pub mod keys;
pub mod report;
pub mod storage;
pub mod telemetry;
