//! Kinds as Rust text: the kind itself, the type of its values, and literals of it.

use heck::ToUpperCamelCase;

use super::float::looks_like_a_constant;
use super::text::literal;
use crate::catalog::{
    Catalog, Element, Field, Float, Form, Integer, Kind, Literal, StoredInstant, TimestampForm, UtcOffset,
};

/// Names of the prelude as a file can write them, because a type of the file may hide one.
#[derive(Clone, Copy)]
pub(super) struct Prelude {
    pub string: &'static str,
    pub option: &'static str,
    pub vec: &'static str,
    pub boxed: &'static str,
}

impl Prelude {
    pub fn beside(own_types: &[&str]) -> Self {
        let unless = |name, short, long| if own_types.contains(&name) { long } else { short };
        Prelude {
            string: unless("String", "String", "::std::string::String"),
            option: unless("Option", "Option", "::std::option::Option"),
            vec: unless("Vec", "Vec", "::std::vec::Vec"),
            boxed: unless("Box", "Box", "::std::boxed::Box"),
        }
    }
}

/// Writes kinds and types for one file.
#[derive(Clone, Copy)]
pub(super) struct Kinds<'a> {
    pub catalog: &'a Catalog,
    pub prelude: Prelude,
}

/// A literal as a default value.
pub(super) enum DefaultValue {
    /// The value of `Default::default()`.
    Empty,
    /// An expression.
    Given(String),
}

impl<'a> Kinds<'a> {
    pub fn new(catalog: &'a Catalog, own_type: &str) -> Self {
        Kinds { catalog, prelude: Prelude::beside(&[own_type]) }
    }

    /// The kind of a field, `Option` included.
    pub fn field_kind(&self, field: &Field) -> String {
        self.kind_named(field, &field.name)
    }

    /// As [`field_kind`](Self::field_kind), with the name of the alias if the type is the user's.
    pub fn kind_named(&self, field: &Field, alias: &str) -> String {
        let hidden = |kind: &Kind| {
            let kind = self.kind(kind, alias);
            if field.sensitive { format!("dynamorm::kind::Sensitive<{kind}>") } else { kind }
        };
        let kind = match &field.kind {
            // A `NULL` is no value that an error could show.
            Kind::Formed(kind, form @ (Form::NullIsEmpty | Form::NullIsMissing)) => {
                format!("dynamorm::kind::{}<{}>", form_type(*form), hidden(kind))
            }
            kind => hidden(kind),
        };
        self.optional(field.optional, kind)
    }

    /// The Rust type of a field, `Option` included.
    pub fn field_type(&self, field: &Field) -> String {
        self.optional(field.optional, self.value_type(&field.kind, &field.name))
    }

    /// The kind of a value. `field` names the alias of a type of the user.
    pub fn kind(&self, kind: &Kind, field: &str) -> String {
        match kind {
            Kind::Bytes => "dynamorm::kind::Bytes".to_owned(),
            Kind::Timestamp(form) => timestamp_kind(*form),
            Kind::List(element) => format!("dynamorm::kind::List<{}>", self.element_kind(element, field)),
            Kind::Map(element) => format!("dynamorm::kind::Map<{}>", self.element_kind(element, field)),
            Kind::Set(element) => format!("dynamorm::kind::Set<{}>", self.kind(element, field)),
            Kind::Coded(_, stored) => {
                format!("dynamorm::kind::Coded<{}, {}>", foreign_alias(field), self.kind(stored, field))
            }
            Kind::Formed(_, Form::Base64) => "dynamorm::kind::Base64".to_owned(),
            Kind::Formed(kind, form) => {
                format!("dynamorm::kind::{}<{}>", form_type(*form), self.kind(kind, field))
            }
            Kind::Foreign(_) => format!("dynamorm::kind::Serde<{}>", foreign_alias(field)),
            other => self.value_type(other, field),
        }
    }

    /// The Rust type of a value.
    pub fn value_type(&self, kind: &Kind, field: &str) -> String {
        match kind {
            Kind::Text => self.prelude.string.to_owned(),
            Kind::Bool => "bool".to_owned(),
            Kind::Integer(integer) => integer_type(*integer).to_owned(),
            Kind::Float(Float::F32) => "f32".to_owned(),
            Kind::Float(Float::F64) => "f64".to_owned(),
            Kind::Decimal => "dynamorm::Decimal".to_owned(),
            Kind::Bytes => format!("{}<u8>", self.prelude.vec),
            Kind::Timestamp(_) => "dynamorm::Timestamp".to_owned(),
            Kind::Date => "dynamorm::Date".to_owned(),
            Kind::Uuid => "dynamorm::Uuid".to_owned(),
            Kind::Ulid => "dynamorm::Ulid".to_owned(),
            Kind::Json => "dynamorm::Json".to_owned(),
            Kind::List(element) => format!("{}<{}>", self.prelude.vec, self.element_type(element, field)),
            Kind::Map(element) => format!(
                "std::collections::BTreeMap<{}, {}>",
                self.prelude.string,
                self.element_type(element, field)
            ),
            Kind::Set(element) => format!("std::collections::BTreeSet<{}>", self.value_type(element, field)),
            Kind::Structure(name) | Kind::Enumeration(name) => format!("super::{name}"),
            Kind::Foreign(_) | Kind::Coded(..) => foreign_alias(field),
            Kind::Formed(kind, _) => self.value_type(kind, field),
        }
    }

    /// Whether values are copied rather than cloned.
    pub fn is_copy(&self, kind: &Kind) -> bool {
        kind.facts(self.catalog).is_copy
    }

    /// Whether a value has further texts besides the one that is written.
    pub fn has_notations(&self, kind: &Kind) -> bool {
        kind.facts(self.catalog).has_notations
    }

    /// Whether values of the kind have declared rules within them.
    pub fn has_rules_within(&self, kind: &Kind) -> bool {
        self.reaches_rules(kind, &mut Vec::new())
    }

    /// As [`has_rules_within`](Self::has_rules_within), without the types that were already entered, because types may contain
    /// themselves.
    fn reaches_rules<'k>(&'k self, kind: &'k Kind, seen: &mut Vec<&'k str>) -> bool {
        let fields: Vec<_> = match kind {
            Kind::List(element) | Kind::Map(element) => return self.reaches_rules(&element.kind, seen),
            Kind::Structure(name) | Kind::Enumeration(name) if seen.contains(&name.as_str()) => return false,
            Kind::Structure(name) => {
                seen.push(name);
                let own = self.catalog.structures.iter().filter(|structure| structure.name == *name);
                own.flat_map(|structure| &structure.fields).collect()
            }
            Kind::Enumeration(name) => {
                seen.push(name);
                let own = self.catalog.enumerations.iter().filter(|enumeration| enumeration.name == *name);
                own.flat_map(|own| &own.variants).flat_map(|variant| &variant.fields).collect()
            }
            Kind::Formed(kind, _) => return self.reaches_rules(kind, seen),
            _ => return false,
        };
        fields.into_iter().any(|field| !field.rules.is_empty() || self.reaches_rules(&field.kind, seen))
    }

    /// A literal as an expression of the kind.
    pub fn literal(&self, value: &Literal, kind: &Kind) -> DefaultValue {
        let kind = kind.of_values();
        let string = self.prelude.string;
        let parsed = |text: &str, of: &str| {
            DefaultValue::Given(format!("dynamorm::generated::literal::<{of}>({})", literal(text)))
        };
        match (value, kind) {
            (Literal::Text(text), Kind::Text) if text.is_empty() => DefaultValue::Empty,
            (Literal::Text(text), Kind::Text) => {
                DefaultValue::Given(format!("{string}::from({})", literal(text)))
            }
            (Literal::Text(text), kind) => parsed(text, &self.value_type(kind, "")),
            (Literal::Bool(false), _) => DefaultValue::Empty,
            (Literal::Bool(true), _) => DefaultValue::Given("true".to_owned()),
            (Literal::Integer(digits), Kind::Decimal) | (Literal::Decimal(digits), _) => {
                parsed(digits, "dynamorm::Decimal")
            }
            (Literal::Float(digits), Kind::Float(_)) if looks_like_a_constant(digits) => {
                parsed(digits, &self.value_type(kind, ""))
            }
            (Literal::Integer(digits), Kind::Float(_)) => DefaultValue::Given(float(digits)),
            (Literal::Integer(digits), _) if digits == "0" => DefaultValue::Empty,
            (Literal::Integer(digits), _) => DefaultValue::Given(digits.clone()),
            (Literal::Float(digits), _) => DefaultValue::Given(float(digits)),
            (Literal::Bytes(bytes), _) if bytes.is_empty() => DefaultValue::Empty,
            (Literal::Bytes(bytes), _) => DefaultValue::Given(format!("{bytes:?}.to_vec()")),
            (Literal::Variant(variant), kind) => {
                DefaultValue::Given(format!("{}::{variant}", self.value_type(kind, "")))
            }
            (Literal::List(elements), _) if elements.is_empty() => DefaultValue::Empty,
            (Literal::List(elements), kind) => DefaultValue::Given(self.list(elements, kind)),
            (Literal::Map(entries), _) if entries.is_empty() => DefaultValue::Empty,
            (Literal::Map(entries), kind) => DefaultValue::Given(self.map(entries, kind)),
            (Literal::Json(text), _) => parsed(text, "dynamorm::Json"),
        }
    }

    /// A literal as one expression.
    pub fn expression(&self, value: &Literal, kind: &Kind) -> String {
        match self.literal(value, kind) {
            DefaultValue::Empty => match value {
                Literal::Bool(_) => "false".to_owned(),
                Literal::Integer(_) => "0".to_owned(),
                _ => format!("{}::default()", turbofish(&self.value_type(kind, ""))),
            },
            DefaultValue::Given(expression) => expression,
        }
    }

    pub fn optional(&self, optional: bool, inner: String) -> String {
        if optional { format!("{}<{inner}>", self.prelude.option) } else { inner }
    }

    fn element_kind(&self, element: &Element, field: &str) -> String {
        self.optional(element.optional, self.kind(&element.kind, field))
    }

    fn element_type(&self, element: &Element, field: &str) -> String {
        self.optional(element.optional, self.value_type(&element.kind, field))
    }

    fn list(&self, elements: &[Literal], kind: &Kind) -> String {
        let element = |kind: &Kind, optional: bool, element: &Literal| {
            let expression = self.expression(element, kind);
            if optional { format!("Some({expression})") } else { expression }
        };
        match kind.of_values() {
            Kind::Set(member) => {
                let members: Vec<_> = elements.iter().map(|value| element(member, false, value)).collect();
                format!("std::collections::BTreeSet::from([{}])", members.join(", "))
            }
            Kind::List(of) => {
                let elements: Vec<_> =
                    elements.iter().map(|value| element(&of.kind, of.optional, value)).collect();
                format!("{}::from([{}])", self.prelude.vec, elements.join(", "))
            }
            _ => "Default::default()".to_owned(),
        }
    }

    fn map(&self, entries: &[(String, Literal)], kind: &Kind) -> String {
        let Kind::Map(of) = kind.of_values() else { return "Default::default()".to_owned() };
        let entries = entries.iter().map(|(name, value)| {
            let expression = self.expression(value, &of.kind);
            let expression = if of.optional { format!("Some({expression})") } else { expression };
            format!("({}::from({}), {expression})", self.prelude.string, literal(name))
        });
        format!("std::collections::BTreeMap::from([{}])", entries.collect::<Vec<_>>().join(", "))
    }
}

/// The alias of the user's type that a field has.
pub(super) fn foreign_alias(field: &str) -> String {
    let name = type_name(field);
    // An alias of that name would refer to itself: `type Vec = Vec<crate::Own>`.
    let hides = matches!(name.as_str(), "Box" | "Option" | "Result" | "String" | "Vec");
    format!("foreign::{name}{}", if hides { "_" } else { "" })
}

/// The name of a type that represents a field.
pub(super) fn type_name(field: &str) -> String {
    let camel = field.to_upper_camel_case();
    // The only type name in camel case that Rust reserves.
    if camel == "Self" { "Self_".to_owned() } else { camel }
}

/// The user's type within a kind, if it has one.
pub(super) fn foreign_type(kind: &Kind) -> Option<&crate::catalog::UserRust> {
    match kind {
        Kind::Foreign(rust) | Kind::Coded(rust, _) => Some(rust),
        Kind::List(element) | Kind::Map(element) => foreign_type(&element.kind),
        Kind::Set(kind) | Kind::Formed(kind, _) => foreign_type(kind),
        _ => None,
    }
}

pub(super) fn integer_type(integer: Integer) -> &'static str {
    integer.facts().name
}

/// A float literal that Rust reads as a float, whatever its notation in the declarations.
fn float(digits: &str) -> String {
    let digits = digits.trim_start_matches('+').replace('_', "");
    if digits.contains(['.', 'e', 'E']) { digits } else { format!("{digits}.0") }
}

/// A type as it is written before `::`.
fn turbofish(rust_type: &str) -> String {
    match rust_type.split_once('<') {
        Some((name, rest)) => format!("{name}::<{rest}"),
        None => rust_type.to_owned(),
    }
}

/// The kind of a timestamp with this stored form.
fn timestamp_kind(form: TimestampForm) -> String {
    let kind = stored_instant(form.stored);
    if form.truncates { format!("dynamorm::kind::Truncated<{kind}>") } else { kind }
}

/// The kind of instants that are written in this form, in an attribute or in a key.
pub(super) fn stored_instant(stored: StoredInstant) -> String {
    let text = match stored {
        StoredInstant::EpochSeconds => return "dynamorm::kind::EpochSeconds".to_owned(),
        StoredInstant::EpochMilliseconds => return "dynamorm::kind::EpochMilliseconds".to_owned(),
        StoredInstant::EpochMicroseconds => return "dynamorm::kind::EpochMicroseconds".to_owned(),
        StoredInstant::MICROSECONDS => return "dynamorm::Timestamp".to_owned(),
        StoredInstant::Text(text) => text,
    };
    let offset = match text.offset {
        UtcOffset::Zulu => "Zulu",
        UtcOffset::PlusZero => "PlusZero",
        UtcOffset::PlusColonZero => "PlusColonZero",
        UtcOffset::NoOffset => "NoOffset",
    };
    format!("dynamorm::kind::Rfc3339<{}, dynamorm::kind::{offset}>", text.digits)
}

/// The runtime's type of a form.
fn form_type(form: Form) -> &'static str {
    match form {
        Form::Text => "AsText",
        Form::Number => "AsNumber",
        Form::UpperCase => "UpperCase",
        Form::Bytes => "AsBytes",
        Form::Base64 => "Base64",
        Form::NullIsEmpty => "NullIsEmpty",
        Form::NullIsMissing => "NullIsMissing",
    }
}
