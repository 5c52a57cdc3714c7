//! Changes as types: stream records of every source and view, and how they are handled.

pub use end_to_end::changes as models;

mod bad_input;
mod captured;
mod engine;
mod fake_stream;
mod filters;
mod handling;
mod lambda;
mod ledgers;
mod live;
mod sources;
mod synthetic;
mod values;
mod views;
