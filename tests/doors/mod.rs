//! Doors: who gets in, where to, and that nobody else does.

mod browser;
mod callers;
mod matrix;
mod oidc;
mod provider;
mod rights;
mod structure;
