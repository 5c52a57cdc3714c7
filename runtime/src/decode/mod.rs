//! Reading: named values from any source, and their errors.

mod error;
mod read_names;
mod source;

pub use error::DecodeError;
pub use read_names::ReadNames;
pub use source::{Fields, List, Value};

pub(crate) use source::{Compares, ReadAs};
