//! What generated code states about tables.

pub use crate::admin::{
    DifferenceKind, PlanTable, TableDifference, TablePart, TablePlan, TableReport, TableStep, UpdateTable,
};

/// A declared table. Undeclared settings are left alone.
///
/// Generated modules have one for each table. By hand, write `Table { ttl: Setting::On("expires_at"), ..Table::new("books", key)
/// }`.
#[derive(Debug)]
pub struct Table {
    /// DynamoDB's name for it, before a client's prefix, suffix or override.
    pub name: &'static str,
    /// The attribute that distributes items among partitions.
    pub partition_key: KeyAttribute,
    /// The attribute that orders the items of one partition.
    pub sort_key: Option<KeyAttribute>,
    /// Who creates and changes it.
    pub managed: Managed,
    /// Its billing mode. Without a declaration, a new table is on demand.
    pub billing: Option<Billing>,
    /// The maximum throughput of an on-demand table.
    pub on_demand_maximum: OnDemandMaximum,
    /// The attribute that holds the epoch second at which an item expires.
    pub ttl: Setting<&'static str>,
    /// What its stream keeps of each change.
    pub stream: Setting<StreamView>,
    /// Whether DynamoDB refuses to delete it.
    pub deletion_protection: Option<bool>,
    /// Continuous backups, from which its state at any second can be restored.
    pub point_in_time_recovery: Setting<PointInTimeRecovery>,
    /// The key that encrypts it.
    pub encryption: Option<Encryption>,
    /// Its tags, which are set when it is created.
    pub tags: &'static [(&'static str, &'static str)],
    /// Its storage class.
    pub class: Option<TableClass>,
    /// Its global and local secondary indexes.
    pub indexes: &'static [&'static Index],
}

/// The declaration of something that a table can have or lack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Setting<T> {
    /// Nothing is declared, so it is left alone.
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
    /// The clients that have its declaration.
    #[default]
    Here,
    /// Others, such as a CloudFormation stack. Clients check the table, and never create or change it.
    Elsewhere,
}

/// A declared secondary index.
#[derive(Debug)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// Whether it is global or local.
    pub scope: IndexScope,
    /// The attributes that a query compares for equality.
    pub partition_key: &'static [KeyAttribute],
    /// The attributes that order the items of one partition.
    pub sort_key: &'static [KeyAttribute],
    /// What it keeps of an item.
    pub projection: Projection,
    /// Its own capacity, for a global index of a provisioned table. Without a declaration, a new index has its table's.
    pub throughput: Option<Throughput>,
    /// Its maximum throughput, for a global index of an on-demand table.
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
    /// A global secondary index: it has a key of its own, and reads are eventually consistent.
    Global,
    /// A local secondary index: it shares the table's partition key.
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

/// A table's billing mode.
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

/// The maximum throughput of an on-demand table or index, in request units per second.
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
    /// How far back they reach, from 1 to 35 days. Without a declaration, DynamoDB keeps 35 days.
    pub days: Option<i32>,
}

/// The key that encrypts a table at rest. DynamoDB encrypts every table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// A key that AWS owns and shares among accounts, free of charge. It is the default.
    AwsOwned,
    /// The account's key for DynamoDB, `alias/aws/dynamodb`.
    AwsManaged,
    /// A key of the account's own: its ARN, its id, its alias, or the ARN of its alias.
    Key(&'static str),
}

/// What a stream record contains of a change.
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
    /// A table with only its name and its partition key declared.
    pub const fn new(name: &'static str, partition_key: KeyAttribute) -> Self {
        Table { name, partition_key, ..Self::UNDECLARED }
    }

    /// The starting point of generated code, which fills in the name and the key. Nothing else is declared.
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
    /// A global index with only its name and its key declared. It keeps whole items.
    pub const fn global(
        name: &'static str,
        partition_key: &'static [KeyAttribute],
        sort_key: &'static [KeyAttribute],
    ) -> Self {
        Index { name, partition_key, sort_key, ..Self::UNDECLARED }
    }

    /// The starting point of generated code, which fills in the name and the key. Nothing else is declared.
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
    /// The declared value, if it is on.
    pub fn on(self) -> Option<T> {
        match self {
            Setting::On(value) => Some(value),
            Setting::Undeclared | Setting::Off => None,
        }
    }

    /// The same setting, with its value mapped by `to`.
    pub fn map<U>(self, to: impl FnOnce(T) -> U) -> Setting<U> {
        match self {
            Setting::Undeclared => Setting::Undeclared,
            Setting::Off => Setting::Off,
            Setting::On(value) => Setting::On(to(value)),
        }
    }
}
