//! Doors: who may do what, and what stands around the service.

mod edges;
