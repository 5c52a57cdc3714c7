//! Kinds, each a type together with its stored form.

use super::{Form, TimestampForm, UserRust};

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
    Set(Box<Kind>),
    /// The Rust name of a [`Structure`](super::Structure).
    Structure(String),
    /// The Rust name of an [`Enumeration`](super::Enumeration).
    Enumeration(String),
    /// A type of the user that implements serde's traits.
    Foreign(UserRust),
    /// A type of the user with a codec, which stores it as a value of this kind.
    Coded(UserRust, Box<Kind>),
    /// A kind in a form that is not its own.
    Formed(Box<Kind>, Form),
}

/// The element of a list or a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    pub kind: Kind,
    /// An absent element is stored as NULL.
    pub optional: bool,
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

impl Kind {
    /// The kinds that need no declaration, without lists, maps, sets and Rust of the user.
    pub const BUILT_IN: [Kind; 21] = [
        Kind::Text,
        Kind::Bool,
        Kind::Integer(Integer::U8),
        Kind::Integer(Integer::U16),
        Kind::Integer(Integer::U32),
        Kind::Integer(Integer::U64),
        Kind::Integer(Integer::U128),
        Kind::Integer(Integer::I8),
        Kind::Integer(Integer::I16),
        Kind::Integer(Integer::I32),
        Kind::Integer(Integer::I64),
        Kind::Integer(Integer::I128),
        Kind::Float(Float::F32),
        Kind::Float(Float::F64),
        Kind::Decimal,
        Kind::Bytes,
        Kind::Timestamp(TimestampForm::DEFAULT),
        Kind::Date,
        Kind::Uuid,
        Kind::Ulid,
        Kind::Json,
    ];

    /// The built-in kind that a word names.
    pub fn built_in(word: &str) -> Option<Kind> {
        Kind::BUILT_IN.iter().find(|kind| kind.describe() == word).cloned()
    }

    /// The element of a list, a map or a set.
    pub fn element(&self) -> Option<Kind> {
        match self {
            Kind::List(element) | Kind::Map(element) => Some(element.kind.clone()),
            Kind::Set(element) => Some((**element).clone()),
            Kind::Formed(kind, _) => kind.element(),
            Kind::Text
            | Kind::Bool
            | Kind::Integer(_)
            | Kind::Float(_)
            | Kind::Decimal
            | Kind::Bytes
            | Kind::Timestamp(_)
            | Kind::Date
            | Kind::Uuid
            | Kind::Ulid
            | Kind::Json
            | Kind::Structure(_)
            | Kind::Enumeration(_)
            | Kind::Foreign(_)
            | Kind::Coded(..) => None,
        }
    }

    /// The kind of the same values, in its own form.
    pub fn of_values(&self) -> &Kind {
        match self {
            Kind::Formed(kind, _) => kind.of_values(),
            own => own,
        }
    }

    /// How declarations write the kind; its stored form is not part of it.
    pub fn describe(&self) -> String {
        let name = match self {
            Kind::Text => "string",
            Kind::Bool => "bool",
            Kind::Integer(integer) => integer.facts().name,
            Kind::Float(Float::F32) => "f32",
            Kind::Float(Float::F64) => "f64",
            Kind::Decimal => "decimal",
            Kind::Bytes => "bytes",
            Kind::Timestamp(_) => "timestamp",
            Kind::Date => "date",
            Kind::Uuid => "uuid",
            Kind::Ulid => "ulid",
            Kind::Json => "json",
            Kind::Structure(name) | Kind::Enumeration(name) => name,
            Kind::List(element) => return format!("list<{}>", element.kind.describe()),
            Kind::Map(element) => return format!("map<{}>", element.kind.describe()),
            Kind::Set(element) => return format!("set<{}>", element.describe()),
            Kind::Foreign(rust) | Kind::Coded(rust, _) => return format!("rust:{}", rust.code),
            Kind::Formed(kind, _) => return kind.describe(),
        };
        name.to_owned()
    }
}
