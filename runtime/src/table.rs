//! What generated code states about tables.

pub use crate::admin::TableStep;

/// A declared table.
#[derive(Debug)]
pub struct Table {
    /// What DynamoDB calls it, before a client's prefix, suffix or override.
    pub name: &'static str,
    /// The attribute that items are distributed by.
    pub partition_key: KeyAttribute,
    /// The attribute that items of one partition are ordered by.
    pub sort_key: Option<KeyAttribute>,
    /// How its capacity is paid for.
    pub billing: Billing,
    /// The attribute that holds the epoch second at which an item expires.
    pub ttl: Option<&'static str>,
    /// What its stream shows of each change.
    pub stream: Option<StreamView>,
    /// Whether `DeleteTable` is refused.
    pub deletion_protection: bool,
    /// Its tags.
    pub tags: &'static [(&'static str, &'static str)],
    /// Its storage class.
    pub class: TableClass,
    /// Its global and local secondary indexes.
    pub indexes: &'static [&'static Index],
}

/// A declared secondary index.
#[derive(Debug)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// Whether it is global or local.
    pub scope: IndexScope,
    /// The attributes that are given by equality.
    pub partition_key: &'static [KeyAttribute],
    /// The attributes that order what one partition holds.
    pub sort_key: &'static [KeyAttribute],
    /// What it keeps of an item.
    pub projection: Projection,
    /// Its own capacity, for a global index of a provisioned table.
    pub throughput: Option<Throughput>,
}

/// An attribute of a key, and its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyAttribute {
    /// The stored name.
    pub name: &'static str,
    /// The stored type.
    pub scalar: Scalar,
}

/// The types that keys can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// `S`
    Text,
    /// `N`
    Number,
    /// `B`
    Bytes,
}

/// Whether an index spans all partitions of its table, or lives within each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexScope {
    /// A global secondary index: read eventually consistent, with a key of its own.
    Global,
    /// A local secondary index: shares the table's partition key.
    Local,
}

/// What an index keeps of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Projection {
    /// Every attribute.
    All,
    /// The keys of the table and of the index.
    KeysOnly,
    /// The keys and these attributes.
    Include(&'static [&'static str]),
}

/// How a table's capacity is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    /// By request.
    OnDemand,
    /// By provisioned capacity units.
    Provisioned(Throughput),
}

/// Provisioned capacity units per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throughput {
    /// Read capacity units.
    pub read: i64,
    /// Write capacity units.
    pub write: i64,
}

/// What a stream record shows of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamView {
    /// The key alone.
    KeysOnly,
    /// The item after the change.
    NewImage,
    /// The item before the change.
    OldImage,
    /// Both.
    NewAndOldImages,
}

/// A table's storage class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableClass {
    /// `STANDARD`
    Standard,
    /// `STANDARD_INFREQUENT_ACCESS`
    StandardInfrequentAccess,
}

impl Index {
    /// The attributes of the index's key.
    pub(crate) fn key(&self) -> impl Iterator<Item = &'static KeyAttribute> + use<> {
        self.partition_key.iter().chain(self.sort_key)
    }
}

impl Table {
    /// The index of that name.
    pub fn index(&self, name: &str) -> Option<&'static Index> {
        self.indexes.iter().copied().find(|index| index.name == name)
    }

    /// The attributes of the table's primary key.
    pub(crate) fn key(&self) -> impl Iterator<Item = &KeyAttribute> {
        std::iter::once(&self.partition_key).chain(&self.sort_key)
    }
}
