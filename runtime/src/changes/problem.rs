//! What can be wrong with a record.

use std::fmt;

use crate::decode::DecodeError;

/// What is wrong with a record.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq)]
pub enum Problem {
    Item(DecodeError),
    Malformed(String),
    NoKeys,
    UnknownEvent(String),
    /// The view promises this image, and the record lacks it.
    NoImage(&'static str),
    /// The record has this image, and the view does not promise it.
    Image(&'static str),
    Table {
        found: String,
        expected: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Item(error) => write!(f, "the item cannot be read: {error}"),
            Problem::Malformed(how) => write!(f, "the record cannot be read: {how}"),
            Problem::NoKeys => {
                f.write_str("the record has no `Keys`, so nobody knows which item it is about")
            }
            Problem::UnknownEvent(name) => {
                write!(f, "the event {name:?} is none of `INSERT`, `MODIFY` and `REMOVE`")
            }
            Problem::NoImage(image) => write!(
                f,
                "the record lacks the {image} that the table's declared stream promises: does the live stream have another view?"
            ),
            Problem::Image(image) => write!(
                f,
                "the record has {image} that it cannot have by the table's declared stream: does the live stream have another \
                 view?"
            ),
            Problem::Table { found, expected } => {
                write!(f, "the record is of table {found:?}, and {expected:?} was expected")
            }
        }
    }
}

impl From<DecodeError> for Problem {
    fn from(error: DecodeError) -> Self {
        Problem::Item(error)
    }
}
