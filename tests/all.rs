//! The one integration binary: behaviour through the public door.

#![expect(
    unreachable_pub,
    reason = "modules of a test binary share with each other, never with another crate"
)]

mod api;
mod architecture;
mod cli;
mod durability;
mod forms_on_disk;
mod pages;
mod properties;
mod scoring_vectors;
mod storage;
mod support;
