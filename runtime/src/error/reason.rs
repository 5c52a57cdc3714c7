//! What happened.

use std::time::Duration;

use crate::decode::DecodeError;
use crate::validation::Violation;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reason {
    Validation(Vec<Violation>),
    Decode(DecodeError),
    AlreadyExists,
    NotFound,
    ConditionFailed,
    VersionConflict(i128),
    /// Newer code wrote the item.
    NewerShape(u32),
    /// Older code wrote the item, of which a part was to change.
    OlderShape(u32),
    NotUnique(String),
    /// The key is that of an item of this other model.
    OtherModel(String),
    Stale,
    Refused,
    OutOfRange(String),
    InvalidCursor(&'static str),
    Incomplete(usize),
    Cancelled,
    Throttled,
    LimitExceeded,
    Conflict,
    Timeout(Duration),
    OutcomeUnknown,
    TableNotFound,
    TableInUse,
    IndexNotFound,
    TableMismatch(String),
    /// Live tables are not as declared: what differs.
    TablesDiffer(String),
    DeletionNotAllowed(String),
    ManagedElsewhere,
    ItemTooLarge,
    ItemCollectionTooLarge,
    AccessDenied,
    Connection,
    Rejected,
    /// A path of an update leads through what is not stored.
    PathNotStored,
    Service,
    Protocol(&'static str),
    Construction,
}
