//! Reads, which are not generic over the model, so that the SDK's machinery is compiled once.

pub(crate) mod batch_get;
pub(crate) mod cursor;
pub(crate) mod digest;
pub(crate) mod filter;
pub(crate) mod get;
pub(crate) mod page;
pub(crate) mod position;
pub(crate) mod received;
pub(crate) mod request;
pub(crate) mod select;
pub(crate) mod source;
pub(crate) mod transact;
