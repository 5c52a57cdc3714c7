//! What generated code states about tables.

pub use crate::admin::{
    DifferenceKind, PlanTable, TableDifference, TablePart, TablePlan, TableReport, TableStep, UpdateTable,
};

/// A declared table. What is not declared of it is left as it is.
///
/// Generated modules have one for each table. By hand it is `Table { ttl: Setting::On("expires_at"), ..Table::new("books", key) }`.
#[derive(Debug)]
pub struct Table {
    /// What DynamoDB calls it, before a client's prefix, suffix or override.
    pub name: &'static str,
    /// The attribute that items are distributed by.
    pub partition_key: KeyAttribute,
    /// The attribute that items of one partition are ordered by.
    pub sort_key: Option<KeyAttribute>,
    /// Who creates and changes it.
    pub managed: Managed,
    /// How its capacity is paid for. A new table is on demand where nothing is declared.
    pub billing: Option<Billing>,
    /// The most that an on-demand table takes.
    pub on_demand_maximum: OnDemandMaximum,
    /// The attribute that holds the epoch second at which an item expires.
    pub ttl: Setting<&'static str>,
    /// What its stream shows of each change.
    pub stream: Setting<StreamView>,
    /// Whether `DeleteTable` is refused.
    pub deletion_protection: Option<bool>,
    /// Backups from which it can be restored as it was at any second.
    pub point_in_time_recovery: Setting<PointInTimeRecovery>,
    /// The key by which it is encrypted.
    pub encryption: Option<Encryption>,
    /// Its tags, which are set when it is created.
    pub tags: &'static [(&'static str, &'static str)],
    /// Its storage class.
    pub class: Option<TableClass>,
    /// Its global and local secondary indexes.
    pub indexes: &'static [&'static Index],
}

/// What is declared of something that a table can have or lack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Setting<T> {
    /// Nothing: it is left as it is.
    #[default]
    Undeclared,
    /// The table has none.
    Off,
    /// The table has it, like this.
    On(T),
}

/// Who creates and changes a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Managed {
    /// Whoever has its declaration.
    #[default]
    Here,
    /// Others, such as a CloudFormation stack. It is checked, and never created or changed.
    Elsewhere,
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
    /// Its own capacity, for a global index of a provisioned table. A new index has that of its table where none is declared.
    pub throughput: Option<Throughput>,
    /// The most that it takes, for a global index of an on-demand table.
    pub on_demand_maximum: OnDemandMaximum,
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

/// The most request units per second that DynamoDB carries out for an on-demand table or index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnDemandMaximum {
    /// Read request units.
    pub read: Setting<i64>,
    /// Write request units.
    pub write: Setting<i64>,
}

/// Continuous backups of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PointInTimeRecovery {
    /// How far back they reach, from 1 to 35 days. DynamoDB keeps 35 days where none are declared.
    pub days: Option<i32>,
}

/// The key by which a table is encrypted at rest. There is no table that is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// A key that AWS owns and shares among accounts, without cost. Tables have it unless something else is asked for.
    AwsOwned,
    /// The account's key for DynamoDB, `alias/aws/dynamodb`.
    AwsManaged,
    /// A key of the account's own: its ARN, its id, its alias, or the ARN of its alias.
    Key(&'static str),
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
    /// A table of which nothing is declared but its name and its partition key.
    pub const fn new(name: &'static str, partition_key: KeyAttribute) -> Self {
        Table { name, partition_key, ..Self::UNDECLARED }
    }

    /// Where generated code begins: nothing is declared, and name and key are to be filled in.
    #[doc(hidden)]
    pub const UNDECLARED: Self = Table {
        name: "",
        partition_key: KeyAttribute { name: "", scalar: Scalar::Text },
        sort_key: None,
        managed: Managed::Here,
        billing: None,
        on_demand_maximum: OnDemandMaximum::UNDECLARED,
        ttl: Setting::Undeclared,
        stream: Setting::Undeclared,
        deletion_protection: None,
        point_in_time_recovery: Setting::Undeclared,
        encryption: None,
        tags: &[],
        class: None,
        indexes: &[],
    };

    /// The index of that name.
    pub fn index(&self, name: &str) -> Option<&'static Index> {
        self.indexes.iter().copied().find(|index| index.name == name)
    }

    /// The attributes of the table's primary key.
    pub(crate) fn key(&self) -> impl Iterator<Item = &KeyAttribute> {
        std::iter::once(&self.partition_key).chain(&self.sort_key)
    }
}

impl Index {
    /// A global index of which nothing is declared but its name and its key: it keeps whole items.
    pub const fn global(
        name: &'static str,
        partition_key: &'static [KeyAttribute],
        sort_key: &'static [KeyAttribute],
    ) -> Self {
        Index { name, partition_key, sort_key, ..Self::UNDECLARED }
    }

    /// Where generated code begins: nothing is declared, and name and key are to be filled in.
    #[doc(hidden)]
    pub const UNDECLARED: Self = Index {
        name: "",
        scope: IndexScope::Global,
        partition_key: &[],
        sort_key: &[],
        projection: Projection::All,
        throughput: None,
        on_demand_maximum: OnDemandMaximum::UNDECLARED,
    };
}

impl OnDemandMaximum {
    /// Nothing is declared.
    pub const UNDECLARED: Self = OnDemandMaximum { read: Setting::Undeclared, write: Setting::Undeclared };
}

impl<T> Setting<T> {
    /// What the table has, if it is declared to have it.
    pub fn on(self) -> Option<T> {
        match self {
            Setting::On(value) => Some(value),
            Setting::Undeclared | Setting::Off => None,
        }
    }

    /// The same of what `to` makes of it.
    pub fn map<U>(self, to: impl FnOnce(T) -> U) -> Setting<U> {
        match self {
            Setting::Undeclared => Setting::Undeclared,
            Setting::Off => Setting::Off,
            Setting::On(value) => Setting::On(to(value)),
        }
    }
}
