//! The facts: the declarations after all rules were checked, without a trace of TOML.
//!
//! A [`Catalog`] is all that later stages see. Every name in it is fit for its place: Rust identifiers are valid and free of
//! collisions, and DynamoDB names are within their limits. Every reference resolves. The order of every list is independent of
//! the order of unrelated declarations.
//!
//! It has two halves. Programs that share a table have to agree on the [stored] half. The [Rust](rust) half is one program's own
//! affair. A table, a model, a field and a model's part of an index contain their stored half, and refer to each other by index.

mod composition;
mod condition;
mod counter;
mod facts;
mod form;
mod instant;
mod kind;
mod relation;
mod rust;
mod settings;
#[cfg(test)]
mod snapshots;
mod stored;
mod value;

pub use composition::{
    bucket_stage, buckets, compositions, excluded, free_fields, group_function, index_compositions,
    is_primary, key_groups, of_context, open_shard, templates,
};
pub use condition::{Composition, Condition, Test, quoted};
pub use counter::{Counter, CounterReach, recount_function};
pub use facts::{
    DAY, DECIMAL_DIGITS, Enumerations, HOUR, IntegerFacts, KEY_KINDS, KeyPart, MONTH, SET_KINDS,
    StoredVariants, TextForm, shard_text,
};
pub use form::{FORMED_KINDS, Form};
#[cfg(feature = "import")]
pub use instant::InstantText;
pub use instant::{StoredInstant, TimestampForm, UtcOffset};
pub use kind::{Element, Float, Integer, Kind};
pub use relation::{Given, GivenValue, Reach, Relation, RelationKind};
pub use rust::{
    Collection, CollectionPart, Derives, Enumeration, EnumerationForm, Field, IndexFunctions, Mixin, Model,
    ModelIndex, OlderShape, SerdeNames, Structure, Table, UpTo, UserRust, Variant,
};
pub use settings::{
    Billing, Encryption, Managed, OnDemandMaximum, PointInTimeRecovery, Setting, StreamView, TableClass,
    Throughput,
};
pub use stored::{
    Discriminator, Generated, Index, IndexScope, KeyAttribute, KeyForm, KeySource, Projection, Scalar,
    StoredField, StoredIndex, StoredModel, StoredShape, StoredTable, Template, TemplatePart, Untyped,
};
pub use value::{Default, IpVersion, LengthUnit, Literal, Rule, ValidationLibrary};

/// Everything that a set of declarations says.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalog {
    /// Tables, ordered by their declaration's name.
    pub tables: Vec<Table>,
    /// Models, ordered by their Rust name.
    pub models: Vec<Model>,
    /// Fields that models and structures share (`[mixin.*]`), ordered by their Rust name.
    pub mixins: Vec<Mixin>,
    /// Nested structures (`[type.*]`), ordered by their Rust name.
    pub structures: Vec<Structure>,
    /// Enumerations (`[enum.*]`), ordered by their Rust name.
    pub enumerations: Vec<Enumeration>,
    /// Collections (`[collection.*]`), ordered by their Rust name.
    pub collections: Vec<Collection>,
    /// The directory of checked-in code, relative to that of the declarations.
    pub output: Option<String>,
    /// The path of the runtime in the crate that the code is for, if it is not `dynamorm`.
    pub runtime: Option<UserRust>,
}
