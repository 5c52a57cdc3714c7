//! The error of every operation: opaque, with predicates, and the SDK's own error as its source.

mod causes;
mod context;
mod display;
mod kind;
mod predicates;
mod reason;
mod value;

pub(crate) use context::Context;
pub use kind::ErrorKind;
pub(crate) use reason::Reason;
pub(crate) use value::BoxError;
pub use value::{Error, Result};
