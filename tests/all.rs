//! The one integration binary: behaviour through the public door.

#![expect(
    unreachable_pub,
    reason = "modules of a test binary share with each other, never with another crate"
)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "what a test's helpers cannot do is a failed test, and should say where"
)]

mod api;
mod architecture;
mod backups;
mod cli;
mod doors;
mod durability;
mod forms_on_disk;
mod fuzz;
mod join;
mod journeys;
mod pages;
mod prints;
mod properties;
mod scoring_vectors;
mod storage;
mod support;
