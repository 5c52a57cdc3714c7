//! Questions that the runtime asks about an error, to decide how to go on.

use crate::error::reason::Reason;
use crate::error::value::Error;

impl Error {
    /// Whether a transaction failed only because of other transactions or throttling.
    pub(crate) fn may_be_repeated(&self) -> bool {
        let passes = |kind: &Reason| matches!(kind, Reason::Conflict | Reason::Throttled);
        match self.0.cancellations.as_slice() {
            [] => self.0.kind == Reason::Conflict,
            all => all.iter().all(|(_, error)| passes(&error.0.kind)),
        }
    }

    /// Whether a path of an update leads through something that is not stored.
    pub(crate) fn is_path_not_stored(&self) -> bool {
        self.0.kind == Reason::PathNotStored
            || !self.is_unclear() && self.0.cancellations.iter().any(|(_, cause)| cause.is_path_not_stored())
    }

    /// Whether a transaction was cancelled for such causes alone, each of the operation at a position.
    pub(crate) fn is_cancelled_by(&self, is_such: &dyn Fn(usize, &Error) -> bool) -> bool {
        !self.is_unclear()
            && !self.0.cancellations.is_empty()
            && self.0.cancellations.iter().all(|(position, cause)| is_such(*position, cause))
    }

    /// Whether a value's defaults may explain why a save was refused: a path is not stored, or a premise does not hold.
    pub(crate) fn may_be_of_defaults(&self) -> bool {
        self.is_path_not_stored() || self.is_stale()
    }

    /// Whether the item changed between the read and the write, and nothing was written.
    pub(crate) fn is_stale(&self) -> bool {
        self.0.kind == Reason::Stale
            || !self.is_unclear() && self.0.cancellations.iter().any(|(_, cause)| cause.is_stale())
    }

    /// Whether a transaction failed only because its conditions did not hold.
    pub(crate) fn is_of_conditions(&self) -> bool {
        let is_of_condition = |(_, cause): &(usize, Error)| {
            !matches!(cause.0.kind, Reason::Conflict | Reason::Throttled | Reason::Rejected)
        };
        !self.is_unclear()
            && !self.0.cancellations.is_empty()
            && self.0.cancellations.iter().all(is_of_condition)
    }

    /// Whether nothing but guards of other items, or the absence of what counts, stood in a transaction's way.
    pub(crate) fn may_be_resolved(&self) -> bool {
        !self.is_unclear()
            && !self.0.cancellations.is_empty()
            && self.0.cancellations.iter().all(|(_, cause)| cause.is_not_unique() || cause.is_owner_missing())
    }

    /// Whether a transaction was cancelled only because items had changed since they were read to prepare it, so a new attempt
    /// may succeed. `is_read` tells which operations depend on what was read.
    pub(crate) fn may_be_prepared_again(&self, is_read: impl Fn(usize) -> bool) -> bool {
        let passes = |(position, cause): &(usize, Error)| match cause.0.kind {
            Reason::Stale => is_read(*position),
            // Of a value that the item has not given up, or by what is known no more.
            Reason::NotUnique(_) | Reason::Conflict | Reason::Throttled => true,
            _ => false,
        };
        self.is_stale() && self.0.cancellations.iter().all(passes)
    }

    /// Whether the last answer was a refusal or missing, and an earlier attempt may have been carried out.
    pub(crate) fn is_unclear(&self) -> bool {
        self.0.kind == Reason::OutcomeUnknown
    }
}
