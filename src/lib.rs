//! SIPAS: collects and computes the index of citizens' satisfaction with public administration.

pub mod domain;
