//! What is true: the declarations after every rule has been checked, without a trace of TOML.
//!
//! A [`Catalog`] is the only thing that later stages see. Every name in it is already fit for its place (Rust
//! identifiers are valid and free of collisions, DynamoDB names are within their limits), every reference
//! resolves, and every list is in an order that does not depend on the order of unrelated declarations.
//!
//! It has two halves. What is [stored] is what programs have to agree on that share a table; what is [Rust](rust) is what one
//! program makes of it. A table, a model, a field and a model's part of an index hold their stored half, and refer to each other
//! by index.

mod composition;
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
    free_fields, group_function, index_templates, is_primary, key_groups, of_context, templates,
};
pub use facts::{
    DAY, DECIMAL_DIGITS, Enumerations, HOUR, IntegerFacts, KEY_KINDS, KeyPart, MONTH, SET_KINDS,
    StoredVariants, TextForm,
};
pub use form::{FORMED_KINDS, Form};
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
    /// The directory of checked-in code, from that of the declarations.
    pub output: Option<String>,
    /// The path of the runtime in the crate that the code is for, where it is not `dynamorm`.
    pub runtime: Option<UserRust>,
}
