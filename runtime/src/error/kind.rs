//! What kind of error it is.

use crate::error::reason::Reason;
use crate::error::value::Error;

/// What kind of error it is, for a `match`: see [`Error::kind`]. The predicates of [`Error`] say what to do about each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Rules or limits refuse a value: [`Error::is_validation`].
    Validation,
    /// An item is not what the declarations say: [`Error::is_item_error`].
    Item,
    /// The item is already there: [`Error::is_already_exists`].
    AlreadyExists,
    /// The item is not there: [`Error::is_not_found`].
    NotFound,
    /// A condition did not hold: [`Error::is_condition_failed`].
    ConditionFailed,
    /// The item has another version: [`Error::is_version_conflict`].
    VersionConflict,
    /// Newer code wrote the item: [`Error::is_newer_shape`].
    NewerShape,
    /// Older code wrote the item, and the request cannot bring it up to date: [`Error::is_older_shape`].
    OlderShape,
    /// Another item has a unique value: [`Error::is_not_unique`].
    NotUnique,
    /// The key is that of another model's item: [`Error::is_of_another_model`].
    OtherModel,
    /// The application refused to go on: [`Error::is_refused`].
    Refused,
    /// An addition would leave the range of its type: [`Error::is_out_of_range`].
    OutOfRange,
    /// A cursor cannot be used: [`Error::is_invalid_cursor`].
    InvalidCursor,
    /// Parts of a batch are left over: [`Error::is_incomplete`].
    Incomplete,
    /// A transaction was cancelled, for several reasons or for one without a kind of its own: [`Error::is_cancelled`].
    Cancelled,
    /// DynamoDB refused the rate: [`Error::is_throttled`].
    Throttled,
    /// A quota of the account is used up: [`Error::is_limit_exceeded`].
    LimitExceeded,
    /// Another client was at work on the same: [`Error::is_conflict`].
    Conflict,
    /// The deadline passed, and nothing was written: [`Error::is_timeout`].
    Timeout,
    /// Nobody knows whether the write was carried out: [`Error::is_outcome_unknown`].
    OutcomeUnknown,
    /// There is no such table: [`Error::is_table_not_found`].
    TableNotFound,
    /// The table exists already, or is being changed: [`Error::is_table_in_use`].
    TableInUse,
    /// There is no such index: [`Error::is_index_not_found`].
    IndexNotFound,
    /// The table cannot become what is declared: [`Error::is_table_mismatch`].
    TableMismatch,
    /// A change would delete something, which was not allowed: [`Error::is_deletion_not_allowed`].
    DeletionNotAllowed,
    /// Others manage the table: [`Error::is_managed_elsewhere`].
    ManagedElsewhere,
    /// The item would be too large: [`Error::is_item_too_large`].
    ItemTooLarge,
    /// The items of a partition would be too large: [`Error::is_item_collection_too_large`].
    ItemCollectionTooLarge,
    /// The credentials do not do: [`Error::is_access_denied`].
    AccessDenied,
    /// DynamoDB was not reached: [`Error::is_connection`].
    Connection,
    /// DynamoDB refused the request as invalid: [`Error::is_rejected`].
    Rejected,
    /// DynamoDB failed: [`Error::is_service_error`].
    Service,
    /// There was no request to send: [`Error::is_construction`].
    Construction,
}

impl Error {
    /// What kind of error it is. Each has a predicate, which is true of it.
    ///
    /// More than one predicate may be true of an error, and the kind is the one to act on: a write that ran out of time while it
    /// had no answer is [`OutcomeUnknown`](ErrorKind::OutcomeUnknown), and a transaction that failed for one reason is of that
    /// reason's kind.
    ///
    /// ```
    /// use dynamorm::ErrorKind;
    ///
    /// fn status(error: &dynamorm::Error) -> u16 {
    ///     match error.kind() {
    ///         ErrorKind::Validation => 422,
    ///         ErrorKind::NotFound => 404,
    ///         ErrorKind::AlreadyExists | ErrorKind::ConditionFailed | ErrorKind::VersionConflict => 409,
    ///         ErrorKind::Throttled => 429,
    ///         _ => 500,
    ///     }
    /// }
    /// ```
    pub fn kind(&self) -> ErrorKind {
        if self.is_outcome_unknown() {
            return ErrorKind::OutcomeUnknown;
        }
        match &self.0.kind {
            Reason::Validation(_) => ErrorKind::Validation,
            Reason::Decode(_) => ErrorKind::Item,
            Reason::AlreadyExists => ErrorKind::AlreadyExists,
            Reason::NotFound => ErrorKind::NotFound,
            Reason::ConditionFailed => ErrorKind::ConditionFailed,
            Reason::VersionConflict(_) => ErrorKind::VersionConflict,
            Reason::NewerShape(_) => ErrorKind::NewerShape,
            Reason::OlderShape(_) => ErrorKind::OlderShape,
            Reason::NotUnique(_) => ErrorKind::NotUnique,
            Reason::OtherModel(_) => ErrorKind::OtherModel,
            Reason::Refused => ErrorKind::Refused,
            Reason::OutOfRange(_) => ErrorKind::OutOfRange,
            Reason::InvalidCursor(_) => ErrorKind::InvalidCursor,
            Reason::Incomplete(_) => ErrorKind::Incomplete,
            Reason::Cancelled => ErrorKind::Cancelled,
            Reason::Throttled => ErrorKind::Throttled,
            Reason::LimitExceeded => ErrorKind::LimitExceeded,
            Reason::Conflict | Reason::Stale => ErrorKind::Conflict,
            Reason::Timeout(_) => ErrorKind::Timeout,
            Reason::OutcomeUnknown => ErrorKind::OutcomeUnknown,
            Reason::TableNotFound => ErrorKind::TableNotFound,
            Reason::TableInUse => ErrorKind::TableInUse,
            Reason::IndexNotFound => ErrorKind::IndexNotFound,
            Reason::TableMismatch(_) | Reason::TablesDiffer(_) => ErrorKind::TableMismatch,
            Reason::DeletionNotAllowed(_) => ErrorKind::DeletionNotAllowed,
            Reason::ManagedElsewhere => ErrorKind::ManagedElsewhere,
            Reason::ItemTooLarge => ErrorKind::ItemTooLarge,
            Reason::ItemCollectionTooLarge => ErrorKind::ItemCollectionTooLarge,
            Reason::AccessDenied => ErrorKind::AccessDenied,
            Reason::Connection => ErrorKind::Connection,
            Reason::Rejected | Reason::PathNotStored => ErrorKind::Rejected,
            Reason::Service | Reason::Protocol(_) => ErrorKind::Service,
            Reason::Construction => ErrorKind::Construction,
        }
    }
}
