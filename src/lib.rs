//! SIPAS: collects and computes the index of citizens' satisfaction with public administration.
//!
//! The arrows between the rooms: `cli` -> `http` -> `intake` -> `backup` -> `storage` -> `domain`, `report` -> `domain`,
//! `demo` -> `domain`. Nothing points back; `cli` and `http` also call what lies further right.
//!
//! - [`domain`]: forms, answers, tallies, scores, disclosure, units, periods. Pure; its words come first.
//! - [`storage`]: the only room that knows SQL: accept, fold, close, verify.
//! - [`intake`]: the bounded queue before the one writer, and the threads that fold and close.
//! - [`backup`]: the whole database as one file, and back; copies; backups that are made by themselves.
//! - [`report`]: one table of scores, many outputs.
//! - [`http`]: the only room that knows actix: pages, API, problems.
//! - [`identity`]: talks to an identity provider, so that people may sign in by it.
//! - [`cli`]: the command line, one file a command.
//! - [`demo`]: a made-up district, as values.
//!
//! Beside them stand [`config`] (settings, read once), [`keys`] (the secret key and what is derived from it)
//! and [`telemetry`] (the log). `docs/architecture.md` has a picture and two walks.

pub mod backup;
pub mod cli;
pub mod config;
pub mod demo;
pub mod domain;
pub mod http;
pub mod identity;
pub mod intake;
pub mod keys;
pub mod report;
pub mod storage;
pub mod telemetry;
