//! A table's own stream, read by the SDK's client for streams.

mod checkpoint;
mod error;
mod live;
mod record;
mod requests;
mod shards;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use error::ChangesError;
pub use live::Changes;
pub use record::from_sdk_record;
