//! Past the SDK's maps: items are read from the bytes of a response, and written into those of a request.
//!
//! The SDK parses each response into maps of attribute values, which decoding takes apart again, and encoding makes maps that it
//! takes apart. So the SDK signs, sends, retries and classifies as ever, and leaves items alone:
//!
//! - [`exchange`] brings the body of a success past the SDK's deserializer, after its [`checksum`] has been compared, and items
//!   past its serializer;
//! - [`splice`] puts those items into the request that the SDK has serialized without them;
//! - [`answer`] walks over it and shows its items, one by one;
//! - [`value`] and [`reader`] are the places that decoders read from, as they read from the SDK's maps.
//!
//! Decoders do not see the difference: both are [`Fields`](crate::decode::Fields) and [`Value`](crate::decode::Value)s.

mod answer;
mod checksum;
mod exchange;
mod fields;
mod operation;
mod reader;
mod splice;
mod text;
mod value;

pub(crate) use answer::{PageEnd, batch, one_item, page, transaction};
pub(crate) use exchange::{Slot, before_serialization, before_transmit};
pub(crate) use operation::Operation;
pub(crate) use reader::{Broken, Failure, Mark, Reader};
pub(crate) use splice::{Large, Part, TableRequest};
pub(crate) use text::{end_of_plain, is_plain};
pub(crate) use value::Tag;

#[cfg(test)]
mod differential;
