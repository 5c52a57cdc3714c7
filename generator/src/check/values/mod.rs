//! Values and Rust in declarations: literals, those that rules refuse, and those that cannot be stored.

mod decimals;
mod instants;
pub(in crate::check) mod literals;
pub(in crate::check) mod rust;
pub(in crate::check) mod satisfaction;
pub(in crate::check) mod storable;
