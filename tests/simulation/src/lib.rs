//! The deterministic simulation of writes under faults: what the library says of a write must be true, whatever becomes of its
//! requests, and however clients interleave.
//!
//! A [`world::World`] has an embedded engine, a network that loses, delays and repeats requests, clients, and a clock of its
//! own; one seed decides everything that happens in it. Since nothing runs beside it, its [`history::History`] says what really
//! happened, and [`check`] holds what the library said against that.

pub mod arguments;
pub mod check;
pub mod executor;
pub mod explore;
pub mod fault;
pub mod finding;
pub mod history;
pub mod item;
pub mod mutations;

pub mod network;
pub mod operation;
pub mod operations;
pub mod world;

/// What is written in the simulation.
pub mod models {
    dynamorm::include_models!();
}
