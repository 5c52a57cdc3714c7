//! What is true: the declarations after every rule has been checked, without a trace of TOML.
//!
//! A [`Catalog`] is the only thing that later stages see. Every name in it is already fit for its place (Rust
//! identifiers are valid and free of collisions, DynamoDB names are within their limits), every reference
//! resolves, and every list is in an order that does not depend on the order of unrelated declarations.

mod composition;
mod instant;
mod relation;

pub use composition::{
    free_fields, group_function, index_templates, is_primary, key_groups, of_context, templates,
};
pub use instant::{StoredInstant, TimestampForm, UtcOffset};
pub use relation::{Given, GivenValue, Reach, Relation, RelationKind};

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
}

/// A DynamoDB table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The declaration's name: `books` of `[table.books]`.
    pub declared: String,
    /// The name of its constant in the generated code: `BOOKS`.
    pub constant: String,
    /// What DynamoDB calls it, before a client adds its prefix.
    pub name: String,
    pub doc: Option<String>,
    pub partition_key: KeyAttribute,
    pub sort_key: Option<KeyAttribute>,
    pub billing: Billing,
    /// The attribute that holds the time at which an item expires.
    pub ttl: Option<String>,
    pub stream: Option<StreamView>,
    pub deletion_protection: bool,
    /// Ordered by key.
    pub tags: Vec<(String, String)>,
    pub class: TableClass,
    /// Global and local indexes, ordered by name.
    pub indexes: Vec<Index>,
    /// The attribute that names the model of an item.
    pub type_attribute: Option<String>,
    /// The enum over its models, where there are several: its name and its module.
    pub item: Option<(String, String)>,
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
    /// A global index's own throughput, where its table is provisioned.
    pub throughput: Option<Throughput>,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    OnDemand,
    Provisioned(Throughput),
}

/// Provisioned capacity units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throughput {
    pub read: u64,
    pub write: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamView {
    KeysOnly,
    NewImage,
    OldImage,
    NewAndOldImages,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableClass {
    Standard,
    StandardInfrequentAccess,
}

/// A declared item type.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The struct's name.
    pub name: String,
    /// The module's name, and the stem of its file.
    pub module: String,
    /// Where it stands in the declarations: `models.toml: model.Book`.
    pub place: String,
    pub doc: Option<String>,
    /// An index into [`Catalog::tables`].
    pub table: usize,
    /// In the declared order.
    pub fields: Vec<Field>,
    /// The table's partition key, and its sort key if it has one.
    pub key: Vec<KeySource>,
    /// Those that the model is in, in the order of the table's indexes.
    pub indexes: Vec<ModelIndex>,
    pub identity: Identity,
    /// The field that is its context: an index into `fields`.
    pub context: Option<usize>,
    /// Whether a query of the table can meet items of other models.
    pub is_captured: bool,
    /// How its items lead to those of other models, ordered by name; also where the other model declares it.
    pub relations: Vec<Relation>,
    /// The stored names of fields whose values no two items share: those of single fields first.
    pub unique: Vec<Vec<String>>,
    /// A function that every built value passes before its rules are checked.
    pub on_build: Option<UserRust>,
    pub derives: Derives,
    /// Whose trait it implements.
    pub validation: ValidationLibrary,
}

/// How a model uses one of its table's indexes.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelIndex {
    /// An index into [`Table::indexes`].
    pub index: usize,
    /// The function that queries it: `by_author`.
    pub function: String,
    /// The same in upper camel case, for the types that belong to it: `ByAuthor`.
    pub type_stem: String,
    pub partition_key: Vec<KeySource>,
    pub sort_key: Vec<KeySource>,
    /// Whether a query of the index can meet items of other models.
    pub is_captured: bool,
    /// Whether other models are in the index.
    pub is_shared: bool,
}

/// Where the value of a key attribute comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum KeySource {
    /// A field that is stored under the attribute's name: an index into [`Model::fields`].
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
    /// An index into [`Model::fields`].
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
}

/// What tells a model's items from others in their table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// There are no others.
    Alone,
    /// The table's type attribute, which holds the model's name.
    Type,
    /// How its composed keys begin.
    Key,
    /// As `Key`, and the text behind its context, which whatever reads its items knows.
    KeyWithContext,
}

/// Several models that one query reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Collection {
    pub name: String,
    pub module: String,
    pub place: String,
    pub doc: Option<String>,
    /// Indexes into [`Catalog::models`], in the declared order.
    pub models: Vec<usize>,
    /// The index that is queried, as an index into [`Table::indexes`].
    pub index: Option<usize>,
}

/// Fields that several models and structures have, as a trait that gives them. Each of these has the fields among its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixin {
    /// The trait's name.
    pub name: String,
    pub module: String,
    pub place: String,
    pub doc: Option<String>,
    /// In the declared order.
    pub fields: Vec<Field>,
    /// The Rust names of the mixins that it names, whose fields whatever has its own has as well.
    pub mixins: Vec<String>,
    /// The Rust names of the models and structures that have the fields, in order.
    pub owners: Vec<String>,
}

/// A structure nested in items.
#[derive(Clone, Debug, PartialEq)]
pub struct Structure {
    pub name: String,
    pub module: String,
    pub place: String,
    pub doc: Option<String>,
    pub fields: Vec<Field>,
    pub derives: Derives,
    /// Whose trait it implements.
    pub validation: ValidationLibrary,
}

/// A set of variants.
#[derive(Clone, Debug, PartialEq)]
pub struct Enumeration {
    pub name: String,
    pub module: String,
    pub place: String,
    pub doc: Option<String>,
    /// In the declared order. An enumeration any of whose variants has fields is stored as a map.
    pub variants: Vec<Variant>,
    pub derives: Derives,
    /// Whose trait it implements.
    pub validation: ValidationLibrary,
}

impl Enumeration {
    /// Whether it is stored as text, and so fit for a key.
    pub fn is_text(&self) -> bool {
        self.variants.iter().all(|variant| variant.fields.is_empty())
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The Rust variant.
    pub name: String,
    /// What is stored.
    pub stored: String,
    pub doc: Option<String>,
    pub fields: Vec<Field>,
}

/// What generated types derive beyond what the generator always gives them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Derives {
    pub serde: Option<SerdeNames>,
    /// Paths of further derive macros, and where models.toml names them.
    pub derives: Vec<UserRust>,
    /// Further attributes, such as `#[non_exhaustive]`.
    pub attributes: Vec<UserRust>,
}

/// Which names serde's derives use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SerdeNames {
    Fields,
    Attributes,
}

/// Rust that the user wrote: checked for syntax, and resolved by rustc alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRust {
    pub code: String,
    /// Where it stands in the declarations: `models.toml: model.Book.schema.isbn.validate.custom`.
    pub place: String,
}

/// A field of a model, a structure or a variant.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The Rust name in snake case, without `r#`.
    pub name: String,
    /// The name as Rust text, with `r#` where it is a keyword.
    pub identifier: String,
    /// The name of its attribute handle: `ISBN`.
    pub constant: String,
    /// The stored name.
    pub attribute: String,
    pub doc: Option<String>,
    pub kind: Kind,
    pub optional: bool,
    /// Whether it is stored in the table's key alone.
    pub key_only: bool,
    pub default: Option<Default>,
    /// What gives it a value that was not given.
    pub generated: Option<Generated>,
    /// Whether it is among the fields of a [`Model::unique`].
    pub unique: bool,
    /// Rules on the value (on the value within, where the field is optional).
    pub rules: Vec<Rule>,
    /// What carries the rules out.
    pub validation: ValidationLibrary,
    /// Where it stands in the declarations: `models.toml: model.Book.schema.isbn`.
    pub place: String,
}

/// A value that need not be given.
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
    /// The identity of every write.
    WriteId,
}

impl Generated {
    /// Whether the runtime writes it with every write, so that updates cannot.
    pub fn is_managed(self) -> bool {
        matches!(self, Generated::Updated | Generated::Version | Generated::WriteId)
    }
}

impl Field {
    /// What a mixin's trait calls the function that gives the field to be changed.
    pub(crate) fn mutable_accessor(&self) -> String {
        format!("{}_mut", self.name.trim_end_matches('_'))
    }

    /// Whether a missing attribute is read as the declared default. That of a set never is: an empty set is stored as no
    /// attribute, and must be read back as empty.
    pub fn reads_default(&self) -> bool {
        match &self.default {
            Some(Default::Literal(_)) => !matches!(self.kind, Kind::Set(_)),
            Some(Default::Expression { on_read, .. }) => *on_read,
            None => false,
        }
    }

    /// Whether a value cannot be built without it.
    pub fn is_required(&self) -> bool {
        self.generated.is_none()
            && self.default.is_none()
            && !self.optional
            && !matches!(self.kind, Kind::Set(_))
    }
}

/// A type together with its stored form.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Text,
    Bool,
    Integer(Integer),
    Float(Float),
    Decimal,
    Bytes,
    Timestamp(TimestampForm),
    Date,
    Uuid,
    Ulid,
    Json,
    List(Box<Element>),
    Map(Box<Element>),
    Set(SetElement),
    /// The Rust name of a [`Structure`].
    Structure(String),
    /// The Rust name of an [`Enumeration`].
    Enumeration(String),
    /// A type of the user's that implements serde's traits.
    Foreign(UserRust),
}

/// What a list or a map holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    pub kind: Kind,
    /// An absent element is stored as NULL.
    pub optional: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetElement {
    Text,
    Integer(Integer),
    Decimal,
    Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Integer {
    U8,
    U16,
    U32,
    U64,
    U128,
    I8,
    I16,
    I32,
    I64,
    I128,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Float {
    F32,
    F64,
}

/// What stands for a field that was not given.
#[derive(Clone, Debug, PartialEq)]
pub enum Default {
    /// Also given to an attribute that is missing on read.
    Literal(Literal),
    /// Evaluated when a value is built, and on read only where `on_read` is true.
    Expression { rust: UserRust, on_read: bool },
}

/// A value checked against its field's kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// Text, and the text form of a date, timestamp, uuid or ulid.
    Text(String),
    Bool(bool),
    /// Decimal digits with an optional `-`: for integers.
    Integer(String),
    /// A finite number that parses as an `f64`.
    Float(String),
    /// Canonical digits of a decimal.
    Decimal(String),
    Bytes(Vec<u8>),
    /// The Rust name of a variant without fields.
    Variant(String),
    /// JSON text.
    Json(String),
    /// Elements of a list or set.
    List(Vec<Literal>),
    /// Entries of a map, ordered by key.
    Map(Vec<(String, Literal)>),
}

/// The library that carries rules out, and whose trait generated types implement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValidationLibrary {
    #[default]
    Garde,
    Validator,
}

impl ValidationLibrary {
    /// What `[generate]` calls it, and its crate.
    pub fn name(self) -> &'static str {
        match self {
            ValidationLibrary::Garde => "garde",
            ValidationLibrary::Validator => "validator",
        }
    }
}

/// A validation rule, checked to fit its field's kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    Length {
        unit: LengthUnit,
        min: Option<u64>,
        max: Option<u64>,
    },
    /// Bounds are literals of the field's kind.
    Range {
        min: Option<Literal>,
        max: Option<Literal>,
    },
    /// A regular expression of the `regex` crate's syntax.
    Pattern(String),
    Email,
    Url,
    Ip(IpVersion),
    Ascii,
    Alphanumeric,
    Prefix(String),
    Suffix(String),
    Contains(String),
    OneOf(Vec<Literal>),
    /// A function `fn(&T) -> Result<(), E>` with `E: Display`.
    Custom(UserRust),
    /// What the library's own derive has in its attribute: `length(min = 1)`.
    Raw(UserRust),
    /// Rules for every element of a list, set or map.
    Each(Vec<Rule>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LengthUnit {
    /// Unicode scalar values of a text.
    Characters,
    /// UTF-8 bytes of a text, or bytes of a buffer.
    Bytes,
    /// Elements of a list, set or map.
    Elements,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IpVersion {
    Any,
    V4,
    V6,
}
