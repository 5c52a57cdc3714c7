//! Lambda's events from a table's stream, or from a Kinesis data stream of a table's changes.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;

use super::error::{EventError, RecordError};
use super::json;
use super::keys::PartitionKey;
use super::problem::Problem;
use super::raw::Raw;
use super::record::StreamRecord;
use super::table_change::TableChange;
use crate::client::Client;

/// An event of changes, as a Lambda function receives it. Its records are read one by one, straight from its bytes.
///
/// ```
/// # use dynamorm::changes::{EventError, LambdaEvent};
/// # use example_models::shop::ShopChange;
/// # fn main() -> Result<(), EventError> {
/// # let body = br#"{ "Records": [] }"#;
/// let event = LambdaEvent::<ShopChange>::read(body)?;
/// for change in event.changes() {
///     match change {
///         Ok(ShopChange::Order(order)) => println!("{:?}", order.new_image()),
///         Ok(_) => {}
///         Err(error) => eprintln!("{error}"), // this record alone
///     }
/// }
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct LambdaEvent<'a, C> {
    records: Vec<Entry<'a>>,
    table: String,
    marker: PhantomData<fn() -> C>,
}

/// A record of an event.
#[derive(Clone)]
#[expect(
    clippy::large_enum_variant,
    reason = "all entries of an event are of one kind, and a box would be one allocation for each"
)]
enum Entry<'a> {
    /// From the table's own stream, whose records contain their positions.
    Table { text: &'a str, raw: Raw<'a> },
    /// From a Kinesis data stream, which tells each record's position around it; with the problem, if there is no record.
    Kinesis { text: Cow<'a, str>, sequence_number: Option<Cow<'a, str>>, problem: Option<Problem> },
}

/// A record that was read: its name for Lambda, its partition, and its change.
pub(super) struct Delivered<C> {
    /// Lambda's name for the record.
    pub identifier: Option<String>,
    pub partition: Option<PartitionKey>,
    pub change: Result<C, RecordError>,
}

impl<'a, C: TableChange> LambdaEvent<'a, C> {
    /// Finds the records of an event from the table's own stream. The table has its declared name.
    ///
    /// # Errors
    /// The body is not JSON, or has no records. A problem with one record is an error of that record alone.
    pub fn read(body: &'a [u8]) -> Result<Self, EventError> {
        Self::of_table(body, C::TABLE.name.to_owned())
    }

    /// As [`read`](Self::read), for the table's name in this client.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_for(db: &Client, body: &'a [u8]) -> Result<Self, EventError> {
        Self::of_table(body, db.table_name(C::TABLE))
    }

    /// Finds the records of an event from a Kinesis data stream that receives the table's changes. The table has its declared
    /// name.
    ///
    /// Such a stream may repeat records and change their order. Within one event, this function drops repeated records, and
    /// orders the records of each partition key by time. Across events, a [`Ledger`](super::Ledger) tells what has been handled.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_kinesis(body: &'a [u8]) -> Result<Self, EventError> {
        Self::of_kinesis(body, C::TABLE.name.to_owned())
    }

    /// As [`read_kinesis`](Self::read_kinesis), for the table's name in this client.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_kinesis_for(db: &Client, body: &'a [u8]) -> Result<Self, EventError> {
        Self::of_kinesis(body, db.table_name(C::TABLE))
    }

    fn of_table(body: &'a [u8], table: String) -> Result<Self, EventError> {
        let records = json::records(body, json::read_record)?.into_iter();
        let records = records.map(|(text, raw)| Entry::Table { text, raw });
        Ok(LambdaEvent { records: records.collect(), table, marker: PhantomData })
    }

    fn of_kinesis(body: &'a [u8], table: String) -> Result<Self, EventError> {
        let records = json::records(body, json::read_kinesis_record)?.into_iter().map(|(text, record)| {
            let json::KinesisRecord { data, sequence_number } = record;
            let (text, problem) = match data {
                Ok(data) => (Cow::Owned(data), None),
                Err(problem) => (Cow::Borrowed(text), Some(problem)),
            };
            Entry::Kinesis { text, sequence_number, problem }
        });
        let mut event = LambdaEvent { records: records.collect(), table, marker: PhantomData };
        event.put_right();
        Ok(event)
    }

    /// Drops repeated records, and orders those of each partition by time.
    fn put_right(&mut self) {
        let mut seen = HashSet::new();
        let mut places: BTreeMap<PartitionKey, Vec<(usize, Option<Timestamp>)>> = BTreeMap::new();
        let entries = std::mem::take(&mut self.records);
        let mut kept: Vec<Option<Entry<'a>>> = Vec::with_capacity(entries.len());
        for entry in entries {
            let (partition, record) = StreamRecord::new(entry.raw(), C::TABLE, &self.table);
            let (id, moment) = match &record {
                Ok(record) => (Some(record.info.event_id().to_owned()), record.info.moment()),
                Err(_) => (None, None),
            };
            if id.is_some_and(|id| !seen.insert(id)) {
                continue;
            }
            if let Some(partition) = partition {
                places.entry(partition).or_default().push((kept.len(), moment));
            }
            kept.push(Some(entry));
        }
        for of_partition in places.values() {
            let mut ordered = of_partition.clone();
            // The sort is stable, so a record without a time stays in place among equals.
            ordered.sort_by_key(|(_, moment)| *moment);
            let mut entries: Vec<_> = ordered.iter().map(|(from, _)| kept[*from].take()).collect();
            for ((to, _), entry) in of_partition.iter().zip(entries.drain(..)) {
                kept[*to] = entry;
            }
        }
        self.records = kept.into_iter().flatten().collect();
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is no record.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The changes, in the order of the records, each with an error of its own.
    pub fn changes(&self) -> impl Iterator<Item = Result<C, RecordError>> + '_ {
        self.records.iter().map(|entry| {
            let (_, record) = StreamRecord::new(entry.raw(), C::TABLE, &self.table);
            record.and_then(C::read)
        })
    }

    /// The text of the record at a position, as JSON.
    pub fn record(&self, position: usize) -> Option<&str> {
        self.records.get(position).map(Entry::text)
    }

    pub(super) fn delivered(&self) -> impl Iterator<Item = Delivered<C>> + '_ {
        self.records.iter().map(|entry| {
            let raw = entry.raw();
            let identifier = match entry {
                Entry::Table { raw, .. } => raw.sequence_number.as_deref().map(str::to_owned),
                Entry::Kinesis { sequence_number, .. } => sequence_number.as_deref().map(str::to_owned),
            };
            let (partition, record) = StreamRecord::new(raw, C::TABLE, &self.table);
            Delivered { identifier, partition, change: record.and_then(C::read) }
        })
    }
}

/// Reads a record from a Kinesis data stream that receives the table's changes, given the record's `data`. The table has its
/// declared name.
///
/// # Errors
/// The record, or its item, is not what it should be.
pub fn from_kinesis_data<C: TableChange>(data: &[u8]) -> Result<C, RecordError> {
    let raw = match std::str::from_utf8(data) {
        Ok(text) => Raw { has_both: true, ..json::record(text) },
        Err(_) => Raw { problem: Some(Problem::Malformed("it is no UTF-8".to_owned())), ..Raw::default() },
    };
    let (_, record) = StreamRecord::new(raw, C::TABLE, C::TABLE.name);
    record.and_then(C::read)
}

impl Entry<'_> {
    fn text(&self) -> &str {
        match self {
            Entry::Table { text, .. } => text,
            Entry::Kinesis { text, .. } => text,
        }
    }

    fn raw(&self) -> Raw<'_> {
        match self {
            Entry::Table { raw, .. } => raw.clone(),
            Entry::Kinesis { problem: Some(problem), .. } => {
                Raw { problem: Some(problem.clone()), ..Raw::default() }
            }
            Entry::Kinesis { text, problem: None, .. } => Raw { has_both: true, ..json::record(text) },
        }
    }
}

/// Shows how many records there are, and not their contents.
impl<C> fmt::Debug for LambdaEvent<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LambdaEvent")
            .field("table", &self.table)
            .field("records", &self.records.len())
            .finish_non_exhaustive()
    }
}
