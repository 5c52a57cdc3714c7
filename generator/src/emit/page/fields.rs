//! Fields and variants as rows: types, stored forms, and what else is declared of them.

use super::prose;
use crate::catalog::{
    Catalog, Computed, Default, EnumerationForm, Field, Form, Generated, IpVersion, Kind, LengthUnit, Literal, Model, Rule,
    Scalar, StoredInstant, Variant,
};

/// A field.
pub(super) struct FieldRow {
    pub name: String,
    /// The stored name, where it is another.
    pub attribute: Option<String>,
    /// The type as it is declared.
    pub kind: String,
    /// The form in which it is stored.
    pub form: String,
    /// What else holds for it: `unique`, `at most 200 characters`.
    pub notes: Vec<String>,
    pub docs: String,
}

/// A variant of an enum.
pub(super) struct VariantRow {
    pub name: String,
    pub stored: String,
    pub docs: String,
    pub fields: Vec<FieldRow>,
}

impl VariantRow {
    pub fn new(catalog: &Catalog, variant: &Variant) -> Self {
        VariantRow {
            name: variant.name.clone(),
            stored: variant.stored.clone(),
            docs: prose::html(variant.doc.as_deref()),
            fields: variant.fields.iter().map(|field| FieldRow::new(catalog, field)).collect(),
        }
    }
}

impl FieldRow {
    pub fn new(catalog: &Catalog, field: &Field) -> Self {
        let mut notes = Vec::new();
        notes.extend(field.sensitive.then(|| "sensitive: never shown".to_owned()));
        notes.extend(field.unique.then(|| "unique".to_owned()));
        notes.extend(field.key_only.then(|| "kept in the key alone".to_owned()));
        notes.extend(field.generated.map(generated));
        notes.extend(default(field));
        notes.extend(field.rules.iter().map(rule));
        FieldRow {
            name: field.name.clone(),
            attribute: (field.attribute != field.name).then(|| field.attribute.clone()),
            kind: format!("{}{}", field.kind.describe(), if field.optional { "?" } else { "" }),
            form: form(catalog, &field.kind),
            notes,
            docs: prose::html(field.doc.as_deref()),
        }
    }
}

impl FieldRow {
    /// A field that follows from another one.
    pub fn computed(catalog: &Catalog, model: &Model, field: &Computed) -> Self {
        let from = field.template.parts.iter().filter_map(|part| {
            let source = model.fields.get(part.field)?;
            Some(format!("computed: {}:{}", source.name, part.form.computed().unwrap_or_default()))
        });
        FieldRow {
            name: field.name.clone(),
            attribute: (field.template.attribute != field.name).then(|| field.template.attribute.clone()),
            kind: format!("{}{}", field.kind.describe(), if field.optional { "?" } else { "" }),
            form: form(catalog, &field.kind),
            notes: from.collect(),
            docs: prose::html(field.doc.as_deref()),
        }
    }
}

/// The type that DynamoDB has for a kind, and what its values look like.
fn form(catalog: &Catalog, kind: &Kind) -> String {
    match kind {
        Kind::Text => "S",
        Kind::Bool => "BOOL",
        Kind::Integer(_) | Kind::Float(_) | Kind::Decimal => "N",
        Kind::Bytes => "B",
        Kind::Timestamp(form) => return instant(form.stored),
        Kind::Date => "S: 2024-07-01",
        Kind::Uuid => "S: 36 characters",
        Kind::Ulid => "S: 26 characters",
        Kind::Json => "as the JSON value is",
        Kind::List(_) => "L",
        Kind::Map(_) | Kind::Structure(_) => "M",
        Kind::Set(element) => match element.facts(catalog).key {
            Ok(Scalar::Number) => "NS",
            Ok(Scalar::Binary) => "BS",
            Ok(Scalar::Text) | Err(_) => "SS",
        },
        Kind::Enumeration(name) => return variants(catalog, name),
        Kind::Foreign(_) => "as serde writes it",
        Kind::Coded(_, stored) => return format!("{}, as its type's codec writes it", form(catalog, stored)),
        Kind::Formed(kind, Form::Text) if **kind == Kind::Json => "S: the JSON text",
        Kind::Formed(kind, Form::Text) if **kind == Kind::Bool => "S: true or false",
        Kind::Formed(_, Form::Text) => "S: the digits",
        Kind::Formed(_, Form::Number) => "N: 0 or 1",
        Kind::Formed(_, Form::UpperCase) => "S: 36 characters in upper case",
        Kind::Formed(_, Form::Bytes) => "B: 16 bytes",
        Kind::Formed(_, Form::Base64) => "S: base64",
        Kind::Formed(kind, Form::NullIsEmpty) => {
            return format!("{}; NULL is read as the empty value", form(catalog, kind));
        }
        Kind::Formed(kind, Form::NullIsMissing) => {
            return format!("{}; NULL is read as the default", form(catalog, kind));
        }
    }
    .to_owned()
}

/// What the variants of an enum are stored as.
fn variants(catalog: &Catalog, name: &str) -> String {
    let declared = catalog.enumerations.iter().find(|declared| declared.name == name);
    match declared.map(|declared| &declared.form) {
        Some(EnumerationForm::Text) => "S".to_owned(),
        Some(EnumerationForm::Number) => "N".to_owned(),
        Some(EnumerationForm::Map) | None => "M of one entry".to_owned(),
        Some(EnumerationForm::Tagged { tag, content: None }) => format!("M with {tag} beside the fields"),
        Some(EnumerationForm::Tagged { tag, content: Some(content) }) => {
            format!("M of {tag}, and the fields in {content}")
        }
    }
}

fn instant(stored: StoredInstant) -> String {
    match stored {
        StoredInstant::Text(_) => format!("S: {}", stored.example()),
        StoredInstant::EpochSeconds => "N: seconds since 1970".to_owned(),
        StoredInstant::EpochMilliseconds => "N: milliseconds since 1970".to_owned(),
        StoredInstant::EpochMicroseconds => "N: microseconds since 1970".to_owned(),
    }
}

fn generated(generated: Generated) -> String {
    match generated {
        Generated::UuidV4 => "a new random UUID where none is given".to_owned(),
        Generated::UuidV7 => "a new UUID in the order of time where none is given".to_owned(),
        Generated::Ulid => "a new ULID where none is given".to_owned(),
        Generated::Created => "the moment at which the item is made".to_owned(),
        Generated::ExpiresIn(seconds) => format!("{seconds} seconds after the item is made"),
        Generated::Updated => "the moment of the last write".to_owned(),
        Generated::Version => "the number of writes".to_owned(),
        Generated::WriteId => "an id of the last write".to_owned(),
    }
}

fn default(field: &Field) -> Option<String> {
    match &field.default {
        Some(_) if field.sensitive => Some("has a default".to_owned()),
        Some(Default::Literal(value)) => Some(format!("default {}", literal(value))),
        Some(Default::Expression { rust, .. }) => Some(format!("default {}", rust.code)),
        None => None,
    }
}

fn literal(value: &Literal) -> String {
    let list = |texts: Vec<String>| texts.join(", ");
    match value {
        Literal::Text(text) => format!("{text:?}"),
        Literal::Bool(flag) => flag.to_string(),
        Literal::Integer(digits) | Literal::Float(digits) | Literal::Decimal(digits) => digits.clone(),
        Literal::Bytes(bytes) => format!("{} bytes", bytes.len()),
        Literal::Variant(name) => name.clone(),
        Literal::Json(text) => text.clone(),
        Literal::List(elements) => format!("[{}]", list(elements.iter().map(literal).collect())),
        Literal::Map(entries) => {
            let entries = entries.iter().map(|(name, value)| format!("{name:?}: {}", literal(value)));
            format!("{{{}}}", list(entries.collect()))
        }
    }
}

fn rule(rule: &Rule) -> String {
    match rule {
        Rule::Length { unit, min, max } => {
            let unit = match unit {
                LengthUnit::Characters => "characters",
                LengthUnit::Bytes => "bytes",
                LengthUnit::Elements => "elements",
            };
            format!("{} {unit}", bounds(min.map(|min| min.to_string()), max.map(|max| max.to_string())))
        }
        Rule::Range { min, max } => bounds(min.as_ref().map(literal), max.as_ref().map(literal)),
        Rule::Pattern(pattern) => format!("matches {pattern}"),
        Rule::Email => "an e-mail address".to_owned(),
        Rule::Url => "a URL".to_owned(),
        Rule::Ip(IpVersion::Any) => "an IP address".to_owned(),
        Rule::Ip(IpVersion::V4) => "an IPv4 address".to_owned(),
        Rule::Ip(IpVersion::V6) => "an IPv6 address".to_owned(),
        Rule::Ascii => "ASCII".to_owned(),
        Rule::Alphanumeric => "letters and digits".to_owned(),
        Rule::Prefix(text) => format!("begins with {text:?}"),
        Rule::Suffix(text) => format!("ends with {text:?}"),
        Rule::Contains(text) => format!("contains {text:?}"),
        Rule::OneOf(values) => {
            format!("one of {}", values.iter().map(literal).collect::<Vec<_>>().join(", "))
        }
        Rule::Custom(rust) => format!("passes {}", rust.code),
        Rule::Raw(rust) => rust.code.clone(),
        Rule::Each(rules) => {
            format!("each: {}", rules.iter().map(self::rule).collect::<Vec<_>>().join(", "))
        }
    }
}

fn bounds(min: Option<String>, max: Option<String>) -> String {
    match (min, max) {
        (Some(min), Some(max)) if min == max => format!("exactly {min}"),
        (Some(min), Some(max)) => format!("{min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => String::new(),
    }
}
