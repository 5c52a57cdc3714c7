//! What is stored: tables, the attributes of items and their keys, and what tells items apart.
//!
//! This is one half of the catalog. Programs that read what others wrote have to agree on it, whatever they call it in Rust.

use super::settings::{
    Billing, Encryption, Managed, OnDemandMaximum, PointInTimeRecovery, Setting, StreamView, TableClass,
    Throughput,
};
use super::{Kind, StoredInstant};

/// A table, as DynamoDB has it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredTable {
    /// What DynamoDB calls it, before a client adds its prefix.
    pub name: String,
    pub partition_key: KeyAttribute,
    pub sort_key: Option<KeyAttribute>,
    pub managed: Managed,
    /// A new table is on demand where nothing is declared.
    pub billing: Option<Billing>,
    pub on_demand_maximum: OnDemandMaximum,
    /// The attribute that holds the time at which an item expires.
    pub ttl: Setting<String>,
    pub stream: Setting<StreamView>,
    pub deletion_protection: Option<bool>,
    pub point_in_time_recovery: Setting<PointInTimeRecovery>,
    pub encryption: Option<Encryption>,
    /// Ordered by key.
    pub tags: Vec<(String, String)>,
    pub class: Option<TableClass>,
    /// Global and local indexes, ordered by name.
    pub indexes: Vec<Index>,
    /// The attribute that names the model of an item.
    pub type_attribute: Option<String>,
}

/// A secondary index of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    pub name: String,
    pub scope: IndexScope,
    /// One attribute, or up to four in a global index.
    pub partition_key: Vec<KeyAttribute>,
    /// No attribute, one, or up to four in a global index.
    pub sort_key: Vec<KeyAttribute>,
    pub projection: Projection,
    /// A global index's own throughput, where its table is provisioned. A new one has its table's where nothing is declared.
    pub throughput: Option<Throughput>,
    /// A global index's own maximum, where its table is on demand.
    pub on_demand_maximum: OnDemandMaximum,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexScope {
    Global,
    Local,
}

/// What an index keeps of an item.
#[derive(Clone, Debug, PartialEq)]
pub enum Projection {
    All,
    KeysOnly,
    /// The attributes kept besides the keys, in the declared order.
    Include(Vec<String>),
}

/// An attribute that is part of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyAttribute {
    /// Its stored name.
    pub name: String,
    pub scalar: Scalar,
}

/// The types that DynamoDB allows in keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    Text,
    Number,
    Binary,
}

/// Whose the items are that lack their table's type attribute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Untyped {
    /// Nobody knows.
    #[default]
    Unknown,
    /// The model's own.
    Own,
    /// Another model's.
    Others,
}

/// A model's items, as its table has them.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredModel {
    /// An index into [`Catalog::tables`](super::Catalog::tables).
    pub table: usize,
    /// The table's partition key, and its sort key if it has one.
    pub key: Vec<KeySource>,
    pub discriminator: Discriminator,
    /// What the table's type attribute holds, if it has one: the first is written, and all are read.
    pub type_values: Vec<String>,
    /// Whose items are without it.
    pub untyped: Untyped,
    /// The field that is its context: an index into [`Model::fields`](super::Model::fields).
    pub context: Option<usize>,
    /// Whether a query of the table can read items of other models.
    pub is_captured: bool,
    /// Whether other models of the table have the same keys on purpose.
    pub shares_key: bool,
    /// The stored names of fields whose values no two items share: those of single fields first.
    pub unique: Vec<Vec<String>>,
    /// The generation of its attributes, where that is declared.
    pub shape: Option<StoredShape>,
    /// The attributes that its items had once, as the lock knows them.
    pub former: Vec<String>,
}

/// A generation of a model's stored attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredShape {
    /// Its number. An item without one has shape 1.
    pub number: u32,
    /// The number of the shape that items are written with: an older one, while older code runs.
    pub written: u32,
    /// The attribute that holds the number.
    pub attribute: String,
    /// Whether the declarations number it: else it is the first, of a model that is in the lock.
    pub is_declared: bool,
}

impl StoredShape {
    /// The attribute that holds the number where no other is declared.
    pub const ATTRIBUTE: &str = "shape";
}

/// A model's part of an index.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredIndex {
    /// An index into [`StoredTable::indexes`].
    pub index: usize,
    pub partition_key: Vec<KeySource>,
    pub sort_key: Vec<KeySource>,
    /// Whether a query of the index can read items of other models.
    pub is_captured: bool,
    /// Whether other models are in the index.
    pub is_shared: bool,
}

/// Where the value of a key attribute comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum KeySource {
    /// A field that is stored under the attribute's name: an index into [`Model::fields`](super::Model::fields).
    Field(usize),
    Template(Template),
}

/// A key attribute that is composed from fields.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Its stored name.
    pub attribute: String,
    /// The text before the first field; the whole text where there is none.
    pub begin: String,
    pub parts: Vec<TemplatePart>,
}

/// A field of a template, and the text that follows it.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplatePart {
    /// An index into [`Model::fields`](super::Model::fields).
    pub field: usize,
    pub form: KeyForm,
    pub literal: String,
}

/// The form that a value takes in a composed key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyForm {
    /// The text that the attribute would have: of text, enums, uuids, ulids and dates.
    Stored,
    /// Text at the end, where nothing marks its own end.
    LastText,
    /// Text whose delimiter is escaped.
    Escaped,
    /// An unsigned integer of so many digits.
    Digits(usize),
    /// A signed integer of so many digits.
    Signed(usize),
    Decimal,
    Instant(StoredInstant),
    /// The day of a timestamp, in UTC.
    Day,
    Month,
    Hour,
    /// So many characters of a text.
    Prefix(usize),
    /// A text in lower case.
    Lower,
    Upper,
    /// The digits of an integer without padding, which have no order.
    Plain,
    /// The digits of another form, each taken from nine: the greatest comes first.
    DescendingDigits(usize),
    DescendingInstant(StoredInstant),
}

impl KeyForm {
    /// Whether several values have one text, so that it does not tell which one it is of.
    pub fn is_lossy(self) -> bool {
        self.computed().is_some()
    }

    /// Whether its text tells what another form of the same value is.
    pub fn tells(self, other: KeyForm) -> bool {
        let is_period = |form| matches!(form, KeyForm::Day | KeyForm::Month | KeyForm::Hour);
        match (self, other) {
            _ if !self.is_lossy() || self == other => true,
            (KeyForm::Prefix(length), KeyForm::Prefix(shorter)) => length >= shorter,
            _ => is_period(self) && is_period(other) && self.fineness() >= other.fineness(),
        }
    }

    /// How much of a value its text tells: of two forms of one field, the greater tells all that the other does.
    pub fn fineness(self) -> usize {
        match self {
            KeyForm::Month => 1,
            KeyForm::Day => 2,
            KeyForm::Hour => 3,
            KeyForm::Prefix(length) => length,
            // No key that is read has another part of the same field beside it.
            KeyForm::Lower | KeyForm::Upper => 1,
            KeyForm::Stored
            | KeyForm::LastText
            | KeyForm::Escaped
            | KeyForm::Digits(_)
            | KeyForm::Signed(_)
            | KeyForm::Decimal
            | KeyForm::Instant(_)
            | KeyForm::Plain
            | KeyForm::DescendingDigits(_)
            | KeyForm::DescendingInstant(_) => usize::MAX,
        }
    }

    /// What is computed of a value, as templates say it; nothing where the text tells the value.
    pub fn computed(self) -> Option<String> {
        match self {
            KeyForm::Day => Some("date".to_owned()),
            KeyForm::Month => Some("month".to_owned()),
            KeyForm::Hour => Some("hour".to_owned()),
            KeyForm::Prefix(length) => Some(format!("prefix({length})")),
            KeyForm::Lower => Some("lower".to_owned()),
            KeyForm::Upper => Some("upper".to_owned()),
            KeyForm::Stored
            | KeyForm::LastText
            | KeyForm::Escaped
            | KeyForm::Digits(_)
            | KeyForm::Signed(_)
            | KeyForm::Decimal
            | KeyForm::Instant(_)
            | KeyForm::Plain
            | KeyForm::DescendingDigits(_)
            | KeyForm::DescendingInstant(_) => None,
        }
    }
}

/// What tells a model's items from others in their table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discriminator {
    /// There are no others.
    Alone,
    /// The table's type attribute, which holds the model's name.
    Type,
    /// How its composed keys begin.
    Key,
    /// As `Key`, and the text behind its context, which whatever reads its items knows.
    KeyWithContext,
}

/// An attribute of an item, or of a map within it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredField {
    /// The stored name.
    pub attribute: String,
    /// Further names that it is read under where it has none of its own, the first of them first.
    pub also_read: Vec<String>,
    pub kind: Kind,
    pub optional: bool,
    /// Whether it is stored in the table's key alone.
    pub key_only: bool,
    /// What gives it a value that was not given.
    pub generated: Option<Generated>,
    /// Whether it is among the fields of a [`StoredModel::unique`].
    pub unique: bool,
}

/// What generates a value that was not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generated {
    UuidV4,
    UuidV7,
    Ulid,
    /// The moment at which a value is built.
    Created,
    /// So many seconds after that moment.
    ExpiresIn(u64),
    /// The moment of every write.
    Updated,
    /// The number of writes.
    Version,
    /// An id that is new with every write.
    WriteId,
}

impl Generated {
    /// Whether the runtime writes it with every write, so that updates cannot.
    pub fn is_managed(self) -> bool {
        matches!(self, Generated::Updated | Generated::Version | Generated::WriteId)
    }
}
