//! Why a record, or an event as a whole, cannot be read.

use std::fmt;

use super::info::SequenceNumber;
use super::problem::Problem;

/// Why one record cannot be read as a change. The other records of its event are unaffected.
///
/// Predicates tell what is wrong. [`event_id`](Self::event_id) and [`sequence_number`](Self::sequence_number) tell which record
/// it is. The error names the item's key, and no other value.
#[derive(Clone, PartialEq)]
pub struct RecordError(Box<Inner>);

#[derive(Clone, PartialEq)]
struct Inner {
    problem: Problem,
    event_id: Option<String>,
    sequence_number: Option<SequenceNumber>,
    key: Option<String>,
}

impl RecordError {
    #[cold]
    pub(super) fn new(
        problem: Problem,
        event_id: Option<String>,
        sequence_number: Option<SequenceNumber>,
        key: Option<String>,
    ) -> Self {
        RecordError(Box::new(Inner { problem, event_id, sequence_number, key }))
    }

    /// The item is not what the declarations say.
    pub fn is_item_error(&self) -> bool {
        matches!(self.0.problem, Problem::Item(_))
    }

    /// The record is not in the format of records: a part has another type, is missing, or breaks off.
    pub fn is_malformed(&self) -> bool {
        matches!(self.0.problem, Problem::Malformed(_))
    }

    /// The record does not say which item it is about.
    pub fn is_without_key(&self) -> bool {
        matches!(self.0.problem, Problem::NoKeys)
    }

    /// DynamoDB has no event of this name, as far as this version knows.
    pub fn is_unknown_event(&self) -> bool {
        matches!(self.0.problem, Problem::UnknownEvent(_))
    }

    /// The record lacks an image that the declared `stream` promises, or has one that it excludes: the live table's stream has
    /// another view.
    pub fn is_of_another_view(&self) -> bool {
        matches!(self.0.problem, Problem::NoImage(_) | Problem::Image(_))
    }

    /// The record is of another table.
    pub fn is_of_another_table(&self) -> bool {
        matches!(self.0.problem, Problem::Table { .. })
    }

    /// The record's event id, if it has one.
    pub fn event_id(&self) -> Option<&str> {
        self.0.event_id.as_deref()
    }

    /// The record's sequence number, if it has one.
    pub fn sequence_number(&self) -> Option<&SequenceNumber> {
        self.0.sequence_number.as_ref()
    }

    /// The primary key of the item, as `name = "value"`.
    pub fn key(&self) -> Option<&str> {
        self.0.key.as_deref()
    }

    /// The path of the attribute that could not be read.
    pub fn attribute(&self) -> Option<&str> {
        match &self.0.problem {
            Problem::Item(error) => Some(error.path()).filter(|path| !path.is_empty()),
            _ => None,
        }
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.problem)?;
        let parts = [
            ("event id ", self.event_id()),
            ("sequence number ", self.sequence_number().map(SequenceNumber::as_str)),
            ("key ", self.key()),
        ];
        let parts = parts.into_iter().filter_map(|(what, value)| Some(format!("{what}{}", value?)));
        let parts: Vec<_> = parts.collect();
        if parts.is_empty() { Ok(()) } else { write!(f, " ({})", parts.join(", ")) }
    }
}

impl std::error::Error for RecordError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.problem {
            Problem::Item(error) => Some(error),
            _ => None,
        }
    }
}

/// Why an event as a whole cannot be read: it is not complete JSON, or it has no records. None of it can be handled.
#[derive(Clone, PartialEq, Eq)]
pub struct EventError(pub(super) String);

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the event cannot be read: {}", self.0)
    }
}

impl std::error::Error for EventError {}

/// Shows the message, because `main` prints an error that it returns by `Debug`.
impl fmt::Debug for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Shows the message, because `main` prints an error that it returns by `Debug`.
impl fmt::Debug for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
