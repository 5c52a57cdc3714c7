//! Past the SDK's maps: items are read from the bytes of a response.
//!
//! The SDK parses each response into maps of attribute values, which decoding takes apart again. So the SDK signs, sends, retries and classifies as ever, and leaves the body of a success alone:
//!
//! - [`exchange`] brings the body past the SDK's deserializer, after its [`checksum`] has been compared;
//! - [`answer`] walks over it and shows its items, one by one;
//! - [`value`] and [`reader`] are the places that decoders read from, as they read from the SDK's maps.
//!
//! Decoders do not see the difference: both are [`Fields`](crate::decode::Fields) and [`Value`](crate::decode::Value)s.

mod answer;
mod checksum;
mod exchange;
mod operation;
mod reader;
mod value;

pub(crate) use answer::{PageEnd, batch, one_item, page, transaction};
pub(crate) use exchange::{Slot, before_serialization};
pub(crate) use operation::Operation;
pub(crate) use reader::{Broken, Failure, Mark, Reader};
pub(crate) use value::Tag;

#[cfg(test)]
mod differential;
