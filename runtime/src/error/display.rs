//! What an error says.

use std::fmt;

use crate::error::kind::ErrorKind;
use crate::error::value::Error;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            ErrorKind::Validation(violations) => {
                f.write_str("invalid: ")?;
                for (index, violation) in violations.iter().enumerate() {
                    if index > 0 {
                        f.write_str("; ")?;
                    }
                    write!(f, "{violation}")?;
                }
            }
            ErrorKind::Decode(error) => write!(f, "the stored item cannot be read: {error}")?,
            ErrorKind::AlreadyExists => f.write_str("the item already exists")?,
            ErrorKind::NotFound => f.write_str("the item does not exist")?,
            ErrorKind::ConditionFailed => f.write_str("a condition did not hold")?,
            ErrorKind::VersionConflict(expected) => {
                write!(f, "the item is not the one of version {expected} any more")?;
            }
            ErrorKind::NotUnique(names) => write!(f, "another item has this `{names}`, which is unique")?,
            ErrorKind::Stale => f.write_str("what the write depends on has changed since it was read")?,
            ErrorKind::Refused => f.write_str("refused")?,
            ErrorKind::OutOfRange(path) => {
                write!(f, "the addition would leave the range of attribute `{path}`")?;
            }
            ErrorKind::InvalidCursor(why) => write!(f, "invalid cursor: {why}")?,
            ErrorKind::Incomplete(left) => {
                write!(f, "DynamoDB did not carry out {left} requests of a batch")?
            }
            ErrorKind::Cancelled => f.write_str("the transaction was cancelled")?,
            ErrorKind::Throttled => f.write_str("throttled")?,
            ErrorKind::LimitExceeded => f.write_str("a quota of the account is used up")?,
            ErrorKind::Conflict => f.write_str("a transaction is at work on the item")?,
            ErrorKind::Timeout(deadline) => write!(f, "no answer within {deadline:?}")?,
            ErrorKind::OutcomeUnknown => {
                f.write_str(
                    "a response was lost: it is unknown whether the write was carried out, and how often",
                )?;
            }
            ErrorKind::TableNotFound => f.write_str("the table does not exist")?,
            ErrorKind::TableInUse => f.write_str("the table exists already or is being changed")?,
            ErrorKind::IndexNotFound => f.write_str("the index does not exist, or is still being created")?,
            ErrorKind::TableMismatch(how) => write!(f, "the table cannot become what is declared: {how}")?,
            ErrorKind::TablesDiffer(how) => write!(f, "tables are not as declared: {how}")?,
            ErrorKind::DeletionNotAllowed(what) => {
                write!(f, "a declared change deletes something, which takes `allow_deletions()`: {what}")?;
            }
            ErrorKind::ManagedElsewhere => {
                f.write_str(
                    "others create and change the table, by its declaration: it can only be checked",
                )?;
            }
            ErrorKind::ItemTooLarge => f.write_str("the item would be larger than 400 KB")?,
            ErrorKind::ItemCollectionTooLarge => {
                f.write_str("the item collection would be larger than 10 GB")?
            }
            ErrorKind::AccessDenied => f.write_str("access denied")?,
            ErrorKind::Connection => f.write_str("DynamoDB could not be reached")?,
            ErrorKind::Rejected => f.write_str("DynamoDB refused the request")?,
            ErrorKind::PathNotStored => {
                f.write_str("a path of the update leads through what is not stored")?
            }
            ErrorKind::Service => f.write_str("DynamoDB failed")?,
            ErrorKind::Protocol(what) => write!(f, "unexpected response: {what}")?,
            ErrorKind::Construction => f.write_str("the request could not be built")?,
        }
        self.fmt_context(f)?;
        for (position, error) in &self.0.cancellations {
            write!(f, "; operation {position}: {error}")?;
        }
        match (&self.0.kind, &self.0.source) {
            (ErrorKind::Decode(_), _) | (_, None) => Ok(()),
            (_, Some(source)) => write!(f, ": {}", Innermost(source.as_ref())),
        }
    }
}

/// The SDK nests its errors, and only the innermost says what happened.
struct Innermost<'a>(&'a (dyn std::error::Error + 'static));

impl fmt::Display for Innermost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut error = self.0;
        while let Some(source) = error.source() {
            error = source;
        }
        write!(f, "{error}")
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("context", &self.0.context)
            .field("attempts", &self.0.attempts)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

impl Error {
    fn fmt_context(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let context = &self.0.context;
        let attempts = self.0.attempts.to_string();
        let parts = [
            ("", context.operation),
            ("model ", context.model),
            ("table ", context.table.as_deref()),
            ("index ", context.index),
            ("key ", context.key.as_deref()),
            ("attempts ", (self.0.attempts > 1).then_some(attempts.as_str())),
        ];
        let parts: Vec<_> =
            parts.into_iter().filter_map(|(what, value)| Some(format!("{what}{}", value?))).collect();
        if parts.is_empty() { Ok(()) } else { write!(f, " ({})", parts.join(", ")) }
    }
}
