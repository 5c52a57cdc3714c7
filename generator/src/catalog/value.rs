//! Defaults and rules: values that declarations write, checked against the kinds of their fields.

use super::UserRust;

/// The default of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Default {
    /// A missing attribute is read as this, too.
    Literal(Literal),
    /// Evaluated when a value is built, and on read only if `on_read` is true.
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

/// The library that carries out rules, and whose trait generated types implement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ValidationLibrary {
    #[default]
    Garde,
    Validator,
}

impl ValidationLibrary {
    /// Its name in `[generate]`, which is also its crate's.
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
    /// A rule in the syntax of the library's own derive: `length(min = 1)`.
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
