//! Values and Rust that declarations write: literals, what rules refuse of them, and what cannot be stored.

mod decimals;
mod instants;
pub(in crate::check) mod literals;
pub(in crate::check) mod rust;
pub(in crate::check) mod satisfaction;
pub(in crate::check) mod storable;
