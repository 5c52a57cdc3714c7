//! `models.lock`: the declarations as they were last locked, as a text beside them in git.
//!
//! The lock has two sections. One is about what is stored: a change of a line in it changes what running programs read. The other
//! has the Rust names that the structs of older shapes and the verdicts on the generated module need.
//!
//! [`of_catalog`] makes a lock from declarations, [`write`] and [`read`] convert it to text and back, and [`check`] compares a
//! lock with declarations.

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
#[cfg(feature = "breaking")]
pub(crate) use write::counter_facts;

use crate::catalog::{EnumerationForm, Generated, Index, KeyAttribute, Kind, StreamView, Untyped};
use std::collections::{BTreeMap, BTreeSet};

/// The version of the text. A tool reads locks up to its own version.
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

/// The content of a lock.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Lock {
    /// By DynamoDB's names.
    pub tables: BTreeMap<String, LockedTable>,
    /// By the names of their structs.
    pub models: BTreeMap<String, LockedModel>,
    /// The accepted breaking changes.
    pub accepted: BTreeSet<Accepted>,
}

/// A table, without settings that only its owner sees: billing, tags, class and protection.
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
    /// The functions that query its indexes, by the indexes' names: one for each entry.
    pub functions: BTreeMap<String, Vec<String>>,
    /// The shape that items are written with, where that is not the newest.
    pub written: Option<u32>,
    /// By their numbers. The last one is that of the declarations.
    pub shapes: BTreeMap<u32, Shape>,
}

impl LockedModel {
    /// The shape of the declarations, with its number.
    pub fn newest(&self) -> Option<(u32, &Shape)> {
        self.shapes.last_key_value().map(|(number, shape)| (*number, shape))
    }
}

/// One generation of a model's stored attributes, with everything in them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shape {
    /// The attribute that holds the shape's number, where the model declares its shape.
    pub attribute: Option<String>,
    pub told_apart: ToldApart,
    /// The value of the table's type attribute, if it has one.
    pub type_name: Option<String>,
    /// Further values that it may have in the model's items.
    pub also_types: Vec<String>,
    /// Which model owns items that lack it.
    pub untyped: Untyped,
    /// The stored name of the field that is part of every key.
    pub context: Option<String>,
    /// Whether other models of the table have the same keys on purpose.
    pub shares_key: bool,
    /// The indexes that its items are in.
    pub indexes: BTreeSet<String>,
    /// The attributes whose values no two items share.
    pub unique: BTreeSet<Vec<String>>,
    /// What counts its items, by model and attribute: `Project.members`.
    pub counters: BTreeMap<String, LockedCounter>,
    /// How key attributes are composed, by their stored names.
    pub templates: BTreeMap<String, Vec<LockedTemplate>>,
    pub attributes: Attributes,
    /// The attributes of nested maps, by the names of their structs.
    pub types: BTreeMap<String, Attributes>,
    /// By their Rust names.
    pub enums: BTreeMap<String, LockedEnum>,
}

/// A text that an attribute is composed as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LockedTemplate {
    /// The condition under which it is, unless that of a template before it holds.
    pub when: Option<String>,
    pub text: String,
}

/// An attribute of another model that counts items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LockedCounter {
    /// The fields of the other model's key, and the fields of this one that give them, by their Rust names.
    pub key: BTreeMap<String, String>,
    /// The stored name of the field that is added up.
    pub sum: Option<String>,
    pub max: Option<u64>,
}

/// Attributes by their stored names.
pub(crate) type Attributes = BTreeMap<String, Attribute>;

/// How items are distinguished from those of other models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ToldApart {
    /// There are no other models.
    #[default]
    Alone,
    /// By the table's type attribute.
    Type,
    /// By the beginnings of its composed keys.
    Keys,
    /// The same, and by the text after its context.
    KeysAndContext,
}

/// An attribute of an item, or of a map within it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Attribute {
    /// The user's Rust in it has no place.
    pub kind: Kind,
    pub optional: bool,
    /// The value of a missing attribute.
    pub missing: Missing,
    /// Further names under which it is read, in the order in which they count.
    pub also_read: Vec<String>,
    /// The value that every write gives it.
    pub managed: Option<Generated>,
    /// Whether it has no attribute of its own, because the key contains it.
    pub key_only: bool,
    pub rust: RustField,
}

/// The value of a missing attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// As its kind says: `None` for an optional one, an empty set for a set, and an error for any other.
    OfKind,
    /// This value, as TOML has it.
    Value(String),
    /// The value of an expression in Rust.
    Computed,
}

/// The Rust half of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RustField {
    pub name: String,
    /// Whether a builder requires it.
    pub required: bool,
    /// The expression for a missing attribute.
    pub default: Option<String>,
    /// Whether its values stay out of what people read.
    pub sensitive: bool,
}

/// An enum, and how its variants are stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LockedEnum {
    pub form: EnumerationForm,
    /// By their stored names or digits.
    pub variants: BTreeMap<String, LockedVariant>,
}

/// A variant of an enum.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LockedVariant {
    pub name: String,
    pub attributes: Attributes,
}

/// An accepted breaking change, and the reason.
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
    /// Whether an item without it can be read.
    pub fn may_be_missing(&self) -> bool {
        self.key_only
            || self.optional
            || self.missing != Missing::OfKind
            || matches!(self.kind.of_values(), Kind::Set(_))
            || self.managed.is_some_and(Generated::counts_from_zero)
    }
}
