//! The one integration binary: behaviour through the public door.

mod architecture;
mod cli;
mod forms_on_disk;
mod scoring_vectors;
mod support;
