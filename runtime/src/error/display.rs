//! What an error says.

use std::fmt;

use crate::error::reason::Reason;
use crate::error::value::Error;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.kind {
            Reason::Validation(violations) => {
                f.write_str("invalid: ")?;
                for (index, violation) in violations.iter().enumerate() {
                    if index > 0 {
                        f.write_str("; ")?;
                    }
                    write!(f, "{violation}")?;
                }
            }
            Reason::Decode(error) => write!(f, "the stored item cannot be read: {error}")?,
            Reason::AlreadyExists => f.write_str("the item already exists")?,
            Reason::NotFound => f.write_str("the item does not exist")?,
            Reason::ConditionFailed => f.write_str("a condition did not hold")?,
            Reason::VersionConflict(expected) => {
                write!(f, "the item is not the one of version {expected} any more")?;
            }
            Reason::OtherModel(model) => write!(f, "the key is that of an item of `{model}`")?,
            Reason::NotUnique(names) => write!(f, "another item has this `{names}`, which is unique")?,
            Reason::Stale => f.write_str("what the write depends on has changed since it was read")?,
            Reason::Refused => f.write_str("refused")?,
            Reason::OutOfRange(path) => {
                write!(f, "the addition would leave the range of attribute `{path}`")?;
            }
            Reason::InvalidCursor(why) => write!(f, "invalid cursor: {why}")?,
            Reason::Incomplete(left) => write!(f, "DynamoDB did not carry out {left} requests of a batch")?,
            Reason::Cancelled => f.write_str("the transaction was cancelled")?,
            Reason::Throttled => f.write_str("throttled")?,
            Reason::LimitExceeded => f.write_str("a quota of the account is used up")?,
            Reason::Conflict => f.write_str("a transaction is at work on the item")?,
            Reason::Timeout(deadline) => write!(f, "no answer within {deadline:?}")?,
            Reason::OutcomeUnknown => {
                f.write_str(
                    "a response was lost: it is unknown whether the write was carried out, and how often",
                )?;
            }
            Reason::TableNotFound => f.write_str("the table does not exist")?,
            Reason::TableInUse => f.write_str("the table exists already or is being changed")?,
            Reason::IndexNotFound => f.write_str("the index does not exist, or is still being created")?,
            Reason::TableMismatch(how) => write!(f, "the table cannot become what is declared: {how}")?,
            Reason::TablesDiffer(how) => write!(f, "tables are not as declared: {how}")?,
            Reason::DeletionNotAllowed(what) => {
                write!(f, "a declared change deletes something, which takes `allow_deletions()`: {what}")?;
            }
            Reason::ManagedElsewhere => {
                f.write_str(
                    "others create and change the table, by its declaration: it can only be checked",
                )?;
            }
            Reason::NewerShape(shape) => {
                write!(f, "the item has shape {shape}, which this code does not know")?;
            }
            Reason::OlderShape(0) => {
                f.write_str("items are written with an older shape, which needs a request of its own here")?;
            }
            Reason::OlderShape(shape) => {
                write!(f, "the item still has shape {shape}: put it, or update it by a request of its own")?;
            }
            Reason::ItemTooLarge => f.write_str("the item would be larger than 400 KB")?,
            Reason::ItemCollectionTooLarge => {
                f.write_str("the item collection would be larger than 10 GB")?
            }
            Reason::AccessDenied => f.write_str("access denied")?,
            Reason::Connection => f.write_str("DynamoDB could not be reached")?,
            Reason::Rejected => f.write_str("DynamoDB refused the request")?,
            Reason::PathNotStored => f.write_str("a path of the update leads through what is not stored")?,
            Reason::Service => f.write_str("DynamoDB failed")?,
            Reason::Protocol(what) => write!(f, "unexpected response: {what}")?,
            Reason::Construction => f.write_str("the request could not be built")?,
        }
        self.fmt_context(f)?;
        for (position, error) in &self.0.cancellations {
            write!(f, "; operation {position}: {error}")?;
        }
        match (&self.0.kind, &self.0.source) {
            (Reason::Decode(_), _) | (_, None) => Ok(()),
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

/// What [`Display`](fmt::Display) says: it is what a `main` that returns the error prints.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
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
