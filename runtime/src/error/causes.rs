//! What the runtime asks of an error, to decide how to go on.

use crate::error::reason::Reason;
use crate::error::value::Error;

impl Error {
    /// Whether a transaction was in the way of others, or throttled, and of nothing else.
    pub(crate) fn may_be_repeated(&self) -> bool {
        let passes = |kind: &Reason| matches!(kind, Reason::Conflict | Reason::Throttled);
        match self.0.cancellations.as_slice() {
            [] => self.0.kind == Reason::Conflict,
            all => all.iter().all(|(_, error)| passes(&error.0.kind)),
        }
    }

    /// Whether a path of an update leads through what is not stored.
    pub(crate) fn is_path_not_stored(&self) -> bool {
        self.0.kind == Reason::PathNotStored
            || !self.is_unclear() && self.0.cancellations.iter().any(|(_, cause)| cause.is_path_not_stored())
    }

    /// Whether a transaction was cancelled since items have older shapes, and for nothing else.
    pub(crate) fn is_of_shapes(&self) -> bool {
        !self.is_unclear()
            && !self.0.cancellations.is_empty()
            && self.0.cancellations.iter().all(|(_, cause)| cause.is_older_shape())
    }

    /// Whether a save was refused for what a value's defaults would explain: a path that is not stored, or a premise that does
    /// not hold.
    pub(crate) fn may_be_of_defaults(&self) -> bool {
        self.is_path_not_stored() || self.is_stale()
    }

    /// Whether the item changed between being read and written, and nothing was written.
    pub(crate) fn is_stale(&self) -> bool {
        self.0.kind == Reason::Stale
            || !self.is_unclear() && self.0.cancellations.iter().any(|(_, cause)| cause.is_stale())
    }

    /// Whether conditions of a transaction did not hold, and nothing else stood in its way.
    pub(crate) fn is_of_conditions(&self) -> bool {
        let is_of_condition = |(_, cause): &(usize, Error)| {
            !matches!(cause.0.kind, Reason::Conflict | Reason::Throttled | Reason::Rejected)
        };
        !self.is_unclear()
            && !self.0.cancellations.is_empty()
            && self.0.cancellations.iter().all(is_of_condition)
    }

    /// Whether nothing but guards of other items stood in a transaction's way.
    pub(crate) fn may_be_resolved(&self) -> bool {
        !self.is_unclear()
            && !self.0.cancellations.is_empty()
            && self.0.cancellations.iter().all(|(_, cause)| cause.is_not_unique())
    }

    /// Whether a transaction was cancelled because items had changed since they were read to prepare it, and for nothing that
    /// would stand in its way again. `is_read` says which operations depend on what is read.
    pub(crate) fn may_be_prepared_again(&self, is_read: impl Fn(usize) -> bool) -> bool {
        let passes = |(position, cause): &(usize, Error)| match cause.0.kind {
            Reason::Stale => is_read(*position),
            // Of a value that the item has not given up, or by what is known no more.
            Reason::NotUnique(_) | Reason::Conflict | Reason::Throttled => true,
            _ => false,
        };
        self.is_stale() && self.0.cancellations.iter().all(passes)
    }

    /// Whether the last answer was a refusal, or none, and an earlier attempt may have been carried out.
    pub(crate) fn is_unclear(&self) -> bool {
        self.0.kind == Reason::OutcomeUnknown
    }
}
