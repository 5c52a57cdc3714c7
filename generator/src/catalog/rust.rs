//! What Rust makes of what is stored: the names of types, functions and fields, and what generated code does besides storing.

use super::{
    Default, KeySource, Kind, Relation, Rule, StoredField, StoredIndex, StoredModel, StoredTable, Template,
    ValidationLibrary,
};
use std::ops::Deref;

/// A DynamoDB table, and what Rust calls it.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub stored: StoredTable,
    /// The declaration's name: `books` of `[table.books]`.
    pub declared: String,
    /// The name of its constant in the generated code: `BOOKS`.
    pub constant: String,
    pub doc: Option<String>,
    /// The enum over its models, where there are several: its name and its module.
    pub item: Option<(String, String)>,
    /// The enum over its changes, where it has a stream: its name and its module.
    pub change: Option<(String, String)>,
}

/// A declared item type.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    pub stored: StoredModel,
    /// The struct's name.
    pub name: String,
    /// The module's name, and the stem of its file.
    pub module: String,
    /// Where it stands in the declarations: `models.toml: model.Book`.
    pub place: String,
    pub doc: Option<String>,
    /// In the declared order.
    pub fields: Vec<Field>,
    /// Those that the model is in, in the order of the table's indexes.
    pub indexes: Vec<ModelIndex>,
    /// How its items lead to those of other models, ordered by name; also where the other model declares it.
    pub relations: Vec<Relation>,
    /// The models, as indexes into [`Catalog::models`](super::Catalog::models), whose items this one's reads can meet, and
    /// that whole keys alone tell apart.
    pub alike: Vec<usize>,
    /// Whether a query of the table is one of those reads.
    pub query_meets_alike: bool,
    /// A function that every built value passes before its rules are checked.
    pub on_build: Option<UserRust>,
    pub derives: Derives,
    /// Whose trait it implements.
    pub validation: ValidationLibrary,
    /// The shapes that items may still have, from the lowest number up.
    pub older: Vec<OlderShape>,
    /// The function that makes what is written, where that has an older shape.
    pub downgrade: Option<UserRust>,
}

/// A shape that items of a model may still have, as the lock knows it.
#[derive(Clone, Debug, PartialEq)]
pub struct OlderShape {
    pub number: u32,
    /// The struct's name.
    pub name: String,
    /// The module's name, and the stem of its file.
    pub module: String,
    /// Ordered by their stored names.
    pub fields: Vec<Field>,
    /// The table's key.
    pub key: Vec<KeySource>,
    /// Every composed attribute: those of the table's key first.
    pub templates: Vec<Template>,
    /// What the table's type attribute held, if it had one: the first was written, and all are read.
    pub type_values: Vec<String>,
    /// What nested attributes held.
    pub structures: Vec<Structure>,
    pub enumerations: Vec<Enumeration>,
    /// The function that makes the next shape of it.
    pub upgrade: UserRust,
}

/// How a model uses one of its table's indexes.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelIndex {
    pub stored: StoredIndex,
    /// The function that queries it: `by_author`.
    pub function: String,
    /// The same in upper camel case, for the types that belong to it: `ByAuthor`.
    pub type_stem: String,
    /// Whether the query can read items of [`Model::alike`].
    pub meets_alike: bool,
}

/// The functions that an index brings to a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexFunctions {
    /// Queries it: `by_author`.
    pub query: String,
    /// Scans it: `scan_by_author`.
    pub scan: String,
    /// Returns an item's key in it: `by_author_key`.
    pub key: String,
}

impl IndexFunctions {
    /// The functions of an index that `query` queries.
    pub fn of(query: &str) -> Self {
        IndexFunctions { query: query.to_owned(), scan: format!("scan_{query}"), key: format!("{query}_key") }
    }
}

/// Lets what is stored be read as if it were a part of the whole.
macro_rules! stored_half {
    ($($whole:ident: $half:ident),*) => { $(
        impl Deref for $whole {
            type Target = $half;

            fn deref(&self) -> &$half {
                &self.stored
            }
        }
    )* };
}

stored_half! { Table: StoredTable, Model: StoredModel, ModelIndex: StoredIndex, Field: StoredField }

/// Several models that one query reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Collection {
    pub name: String,
    pub module: String,
    pub place: String,
    pub doc: Option<String>,
    /// Indexes into [`Catalog::models`](super::Catalog::models), in the declared order.
    pub models: Vec<usize>,
    /// The index that is queried, as an index into [`StoredTable::indexes`].
    pub index: Option<usize>,
    pub part: CollectionPart,
    /// Whether items of other models can stand in what it reads, which a filter then leaves out.
    pub meets_others: bool,
}

/// What of a partition a collection reads, told by the fields of its first model.
#[derive(Clone, Debug, PartialEq)]
pub enum CollectionPart {
    Whole,
    /// The sort keys that begin as those of all its models do.
    Beginning(KeySource),
    /// The sort keys from one to another.
    Between {
        from: Option<Template>,
        up_to: Option<UpTo>,
    },
}

/// Where a part of a partition ends.
#[derive(Clone, Debug, PartialEq)]
pub struct UpTo {
    pub text: Template,
    /// Whether that is the last sort key, and not the beginning of the last ones.
    pub is_whole: bool,
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
    /// The Rust names of the mixins that it names. Their fields come with its own.
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
    /// In the declared order.
    pub variants: Vec<Variant>,
    pub form: EnumerationForm,
    pub derives: Derives,
    /// Whose trait it implements.
    pub validation: ValidationLibrary,
}

/// How the variants of an enumeration are stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnumerationForm {
    /// As text: their stored names.
    Text,
    /// As numbers.
    Number,
    /// As a map of one entry: the stored name, and a map of the fields.
    Map,
    /// As a map that has the stored name in the attribute `tag`, and the fields beside it, or in a map of their own under `content`.
    Tagged { tag: String, content: Option<String> },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The Rust variant.
    pub name: String,
    /// What is stored: a name, or digits.
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
    pub stored: StoredField,
    /// The Rust name in snake case, without `r#`.
    pub name: String,
    /// The name as Rust text, with `r#` where it is a keyword.
    pub identifier: String,
    /// The name of its attribute handle: `ISBN`.
    pub constant: String,
    pub doc: Option<String>,
    pub default: Option<Default>,
    /// Whether its values stay out of what people read: `Debug`, errors and documentation.
    pub sensitive: bool,
    /// Rust attributes of the struct's field, such as `#[serde(rename = "x")]`.
    pub attributes: Vec<UserRust>,
    /// Rules on the value (on the value within, where the field is optional).
    pub rules: Vec<Rule>,
    /// What carries the rules out.
    pub validation: ValidationLibrary,
    /// Where it stands in the declarations: `models.toml: model.Book.schema.isbn`.
    pub place: String,
}

impl Field {
    /// The name of the field's mutable accessor in the trait of a mixin.
    pub(crate) fn mutable_accessor(&self) -> String {
        format!("{}_mut", self.name.trim_end_matches('_'))
    }

    /// Whether a missing attribute is read as the declared default. That of a set never is: an empty set is stored as no
    /// attribute, and must be read back as empty.
    pub fn reads_default(&self) -> bool {
        match &self.default {
            Some(Default::Literal(_)) => !matches!(self.kind.of_values(), Kind::Set(_)),
            Some(Default::Expression { on_read, .. }) => *on_read,
            None => false,
        }
    }

    /// Whether it is a list or a map, which is empty in values that are built without it.
    pub fn is_collection(&self) -> bool {
        !self.optional && matches!(self.kind.of_values(), Kind::List(_) | Kind::Map(_))
    }

    /// Whether a value cannot be built without it.
    pub fn is_required(&self) -> bool {
        self.generated.is_none()
            && self.default.is_none()
            && !self.optional
            && !matches!(self.kind.of_values(), Kind::Set(_))
            && !self.is_collection()
    }
}
