//! What "thank you" promises: killed in the middle of everything, nothing that was acknowledged is lost, and
//! nothing is counted twice.

mod clock;
mod crash;
mod disk;
mod dying;
mod failover;
mod retries;
mod server;
mod stopping;
