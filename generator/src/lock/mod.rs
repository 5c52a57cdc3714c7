//! `models.lock`: what the declarations said when they were last taken over, as a text that stands beside them in git.
//!
//! The lock has two sections. One is what is stored: whoever changes a line of it changes what programs read that run already.
//! The other is the Rust names that the structs of older shapes and the verdicts on the generated module need.
//!
//! [`of_catalog`] makes a lock of declarations, [`write`] and [`read`] are its text, and [`check`] compares the two.

mod check;
mod digest;
pub(crate) mod kind;
mod of_catalog;
mod older;
mod read;
mod template;
#[cfg(test)]
mod tests;
mod value;
mod write;

pub(crate) use check::{Found, check, load, path};
pub(crate) use older::{NoFields, OlderFields};

use crate::catalog::{EnumerationForm, Generated, Index, KeyAttribute, Kind, StreamView, Untyped};
use std::collections::{BTreeMap, BTreeSet};

/// The version of the text. A tool reads locks up to its own.
const VERSION: u64 = 1;

/// What is known of what the declarations said before.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Former<'l> {
    /// The lock beside them, if there is one.
    Lock(Option<&'l Lock>),
    /// Nobody asks, since they are only compared: they may have any shape.
    #[cfg(feature = "breaking")]
    Any,
}

/// Everything that a lock says.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lock {
    /// By the names that DynamoDB knows them by.
    pub tables: BTreeMap<String, LockedTable>,
    /// By the names of their structs.
    pub models: BTreeMap<String, LockedModel>,
    /// The breaking changes that were taken over nevertheless.
    pub accepted: BTreeSet<Accepted>,
}

/// A table, without what only its owner sees: billing, tags, its class and its protection.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LockedTable {
    pub partition_key: KeyAttribute,
    pub sort_key: Option<KeyAttribute>,
    pub ttl: Option<String>,
    pub stream: Option<StreamView>,
    /// The attribute that names the model of an item.
    pub type_attribute: Option<String>,
    /// By name, without their throughput.
    pub indexes: BTreeMap<String, Index>,
}

#[cfg(feature = "breaking")]
impl LockedTable {
    /// Whether the table itself says what an attribute of that name holds.
    pub fn has(&self, attribute: &str) -> bool {
        let of_indexes =
            self.indexes.values().flat_map(|index| index.partition_key.iter().chain(&index.sort_key));
        let mut keys = of_indexes.chain([&self.partition_key]).chain(&self.sort_key);
        let mut others = self.ttl.iter().chain(&self.type_attribute);
        keys.any(|key| key.name == attribute) || others.any(|name| name == attribute)
    }
}

/// A model with every shape that it still reads.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LockedModel {
    /// The stored name of its table.
    pub table: String,
    /// The functions that query its indexes, by the indexes' names.
    pub functions: BTreeMap<String, String>,
    /// The shape that items are written with, where that is not the newest.
    pub written: Option<u32>,
    /// The attributes that its items had once, by their stored names, and that it declares no more.
    pub former: BTreeSet<String>,
    /// By their numbers. The last one is what the declarations say.
    pub shapes: BTreeMap<u32, Shape>,
}

impl LockedModel {
    /// The shape that the declarations say, with its number.
    pub fn newest(&self) -> Option<(u32, &Shape)> {
        self.shapes.last_key_value().map(|(number, shape)| (*number, shape))
    }
}

/// One generation of a model's stored attributes, with all that they hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shape {
    /// The attribute that holds the shape's number, where the model declares its shape.
    pub attribute: Option<String>,
    pub told_apart: ToldApart,
    /// What the table's type attribute holds, if it has one.
    pub type_name: Option<String>,
    /// What it may hold besides in the model's items.
    pub also_types: Vec<String>,
    /// Whose the items are that lack it.
    pub untyped: Untyped,
    /// The stored name of the field that is part of every key.
    pub context: Option<String>,
    /// Whether other models of the table have the same keys on purpose.
    pub shares_key: bool,
    /// The indexes that its items are in.
    pub indexes: BTreeSet<String>,
    /// The attributes whose values no two items share.
    pub unique: BTreeSet<Vec<String>>,
    /// How key attributes are composed, by their stored names.
    pub templates: BTreeMap<String, String>,
    pub attributes: Attributes,
    /// What nested maps hold, by the names of their structs.
    pub types: BTreeMap<String, Attributes>,
    /// By their Rust names.
    pub enums: BTreeMap<String, LockedEnum>,
}

/// Attributes by their stored names.
pub(crate) type Attributes = BTreeMap<String, Attribute>;

/// What tells items from those of other models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ToldApart {
    /// Nothing: there are no others.
    #[default]
    Alone,
    /// The table's type attribute.
    Type,
    /// How its composed keys begin.
    Keys,
    /// The same, and the text behind its context.
    KeysAndContext,
}

/// An attribute of an item, or of a map within it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attribute {
    /// Rust of the user's has no place here.
    pub kind: Kind,
    pub optional: bool,
    /// What a missing attribute is read as.
    pub missing: Missing,
    /// Further names that it is read under, the first of them first.
    pub also_read: Vec<String>,
    /// What every write gives it.
    pub managed: Option<Generated>,
    /// Whether it has no attribute of its own, since the key tells it.
    pub key_only: bool,
    pub rust: RustField,
}

/// What a missing attribute is read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// What its kind says: nothing of an optional one, the empty set, an error of any other.
    OfKind,
    /// This value, as TOML has it.
    Value(String),
    /// What an expression in Rust gives.
    Computed,
}

/// What Rust makes of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RustField {
    pub name: String,
    /// Whether a builder must be given it.
    pub required: bool,
    /// The expression that a missing attribute is read as.
    pub default: Option<String>,
    /// Whether its values stay out of what people read.
    pub sensitive: bool,
}

/// An enum, and how its variants are stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LockedEnum {
    pub form: EnumerationForm,
    /// By what is stored of them: names, or digits.
    pub variants: BTreeMap<String, LockedVariant>,
}

/// A variant of an enum.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LockedVariant {
    pub name: String,
    pub attributes: Attributes,
}

/// A breaking change that was taken over, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Accepted {
    /// Such as `model.Order.total`.
    pub place: String,
    /// Such as `B0104`.
    pub change: String,
    pub reason: String,
}

#[cfg(feature = "breaking")]
impl Attribute {
    /// Whether an item can be read that does not have it.
    pub fn may_be_missing(&self) -> bool {
        self.key_only
            || self.optional
            || self.missing != Missing::OfKind
            || matches!(self.kind.of_values(), Kind::Set(_))
            || self.managed == Some(Generated::Version)
    }
}
