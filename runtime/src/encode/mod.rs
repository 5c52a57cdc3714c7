//! Writing: values become the SDK's attribute values directly, or the JSON of a request.

mod encoded_item;
mod encoder;
mod error;
mod json;
mod wire_size;

pub(crate) use encoded_item::{EncodedItem, json_of};
pub use encoder::Encoder;
pub use error::EncodeError;
pub use json::JsonWriter;
pub(crate) use wire_size::wire_size;
