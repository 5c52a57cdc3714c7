//! Reading: named values wherever they come from, and what can go wrong with one of them.

mod error;
mod source;

pub use error::DecodeError;
pub use source::{Fields, List, Value};

pub(crate) use source::ReadAs;
