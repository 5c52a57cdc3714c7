//! Reads, which are not generic over the model, so that the SDK's machinery is compiled once.

pub(crate) mod batch_get;
pub(crate) mod count;
pub(crate) mod cursor;
pub(crate) mod digest;
pub(crate) mod filter;
pub(crate) mod get;
pub(crate) mod items;
pub(crate) mod merge;
pub(crate) mod of_partition;
pub(crate) mod page;
pub(crate) mod partitions;
pub(crate) mod position;
pub(crate) mod received;
pub(crate) mod request;
pub(crate) mod select;
pub(crate) mod source;
pub(crate) mod transact;
