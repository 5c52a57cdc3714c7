//! Writing: values become the SDK's attribute values directly.

mod encoder;
mod error;

pub use encoder::Encoder;
pub use error::EncodeError;
