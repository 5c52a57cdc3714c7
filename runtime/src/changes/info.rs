//! What a stream record says about itself.

use std::cmp::Ordering;
use std::fmt;

use jiff::Timestamp;

/// What happened to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// The item was created.
    Insert,
    /// The item existed and was changed.
    Modify,
    /// The item was deleted.
    Remove,
}

impl EventKind {
    /// DynamoDB's name for it: `INSERT`, `MODIFY` or `REMOVE`.
    pub fn name(self) -> &'static str {
        match self {
            EventKind::Insert => "INSERT",
            EventKind::Modify => "MODIFY",
            EventKind::Remove => "REMOVE",
        }
    }

    /// The kind with this name of DynamoDB's.
    pub fn named(name: &str) -> Option<Self> {
        [EventKind::Insert, EventKind::Modify, EventKind::Remove].into_iter().find(|kind| kind.name() == name)
    }
}

/// Who deleted an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RemovedBy {
    /// A request.
    Writer,
    /// DynamoDB, some time after the item had expired (the table's `ttl`).
    Expiry,
}

/// Which record of a stream a change was read from, and when it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordInfo {
    pub(super) event_id: String,
    pub(super) kind: EventKind,
    pub(super) sequence_number: Option<SequenceNumber>,
    pub(super) moment: Option<Timestamp>,
}

impl RecordInfo {
    /// The record's unique name, which stays the same when the record is delivered again.
    pub fn event_id(&self) -> &str {
        &self.event_id
    }

    /// What happened to the item.
    pub fn kind(&self) -> EventKind {
        self.kind
    }

    /// The record's position in its shard. Records of a Kinesis data stream have none.
    pub fn sequence_number(&self) -> Option<&SequenceNumber> {
        self.sequence_number.as_ref()
    }

    /// When the item was written, approximately: to the second in a table's own stream, to the millisecond or microsecond in a
    /// Kinesis data stream.
    pub fn moment(&self) -> Option<Timestamp> {
        self.moment
    }
}

/// A record's position in its shard: a number of up to 40 digits. Later records of a shard have greater numbers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SequenceNumber(Box<str>);

impl SequenceNumber {
    /// The number with these digits; `None` for an empty text or other characters.
    pub fn new(digits: impl Into<String>) -> Option<Self> {
        let digits: String = digits.into();
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| SequenceNumber(digits.into()))
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Ord for SequenceNumber {
    fn cmp(&self, other: &Self) -> Ordering {
        let (own, theirs) = (self.0.trim_start_matches('0'), other.0.trim_start_matches('0'));
        // `00` and `0` are one number but two texts. `Eq` and `Ord` must agree that they differ.
        own.len().cmp(&theirs.len()).then_with(|| own.cmp(theirs)).then_with(|| self.0.cmp(&other.0))
    }
}

impl PartialOrd for SequenceNumber {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequence_numbers_are_ordered_as_numbers() {
        let number = |digits: &str| SequenceNumber::new(digits).expect("digits");
        assert!(number("9") < number("10"));
        assert!(number("0009") < number("10"));
        assert!(number("4421584500000000017450439091") < number("4421584500000000017450439092"));
        assert_eq!(SequenceNumber::new(""), None);
        assert_eq!(SequenceNumber::new("1e3"), None);
    }
}
