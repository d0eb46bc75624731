//! Doors: who gets in, where to, and that nobody else does.

mod callers;
mod matrix;
mod rights;
