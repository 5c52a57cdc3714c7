//! What can be wrong while a stream is read.

use std::fmt;

use crate::changes::error::RecordError;
use crate::error::Error;

/// A problem with a record, or with reading a stream. Asking for the next change again continues behind it.
#[derive(Debug)]
#[non_exhaustive]
pub enum ChangesError {
    /// A record cannot be read as a change. The next change comes from the record behind it.
    Record(RecordError),
    /// Unread records are gone, because DynamoDB keeps them for 24 hours. The next change comes from the oldest record that is
    /// left.
    Trimmed {
        /// The shard that has lost them.
        shard: String,
    },
    /// A request failed. Asking for the next change sends it again.
    Request(Error),
}

impl fmt::Display for ChangesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChangesError::Record(error) => error.fmt(f),
            ChangesError::Trimmed { shard } => {
                write!(f, "records of the shard {shard} were gone before they were read")
            }
            ChangesError::Request(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for ChangesError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ChangesError::Record(error) => Some(error),
            ChangesError::Request(error) => Some(error),
            ChangesError::Trimmed { .. } => None,
        }
    }
}

impl From<RecordError> for ChangesError {
    fn from(error: RecordError) -> Self {
        ChangesError::Record(error)
    }
}

impl From<Error> for ChangesError {
    fn from(error: Error) -> Self {
        ChangesError::Request(error)
    }
}
