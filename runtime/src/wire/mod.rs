//! Bypassing the SDK's maps: items are read from the bytes of responses, and written into those of requests.
//!
//! The SDK parses each response into maps of attribute values, which decoding takes apart again; and it serializes maps that
//! encoding would have to make. So the SDK signs, sends, retries and classifies as usual, but does not touch items:
//!
//! - [`exchange`] passes the body of a success around the SDK's deserializer, after comparing its [`checksum`], and items around
//!   its serializer;
//! - [`splice`] puts those items into the request that the SDK has serialized without them;
//! - [`answer`] walks through a body and passes on its items, one by one;
//! - [`value`] and [`reader`] are what decoders read from, instead of the SDK's maps.
//!
//! Decoders do not see the difference, because both are [`Fields`](crate::decode::Fields) and [`Value`](crate::decode::Value)s.

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
