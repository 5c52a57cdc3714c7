//! Key attributes: each a field of the model, of a type that DynamoDB allows in keys.

use super::fields::CheckedField;
use super::{generated_values, kinds, storable, templates};
use crate::catalog::{Default, Field, Generated, KeySource, Kind, Scalar, StoredInstant};
use crate::diagnostic::{Code, Diagnostic, Findings, Span, did_you_mean, quoted};
use crate::manifest::{FieldDeclaration, ModelDeclaration, Spanned, TemplateExpression};

/// DynamoDB's limit for the name of an attribute in a key, a projection or the TTL setting, in bytes.
const LONGEST_NAME: usize = 255;

/// What the query builders call their own methods, beside which those of sort keys stand; and what every type has of traits
/// that need no import, which the compiler finds before the methods of a sort key.
const QUERY_METHODS: [&str; 22] = [
    "send",
    "items",
    "count",
    "filter",
    "live_only",
    "limit",
    "page_size",
    "descending",
    "ascending",
    "start_at",
    "consistent",
    "projection",
    "select",
    "into_sdk",
    "deadline",
    "all",
    "next",
    "segment",
    "parallel",
    "clone",
    "into",
    "try_into",
];

/// The fields that a table's items have, by the model that declares them.
pub(super) struct Schema<'m> {
    pub model: &'m Spanned<String>,
    pub fields: &'m [CheckedField<'m>],
    /// Whether the fields could be read at all.
    pub is_readable: bool,
    pub declaration: &'m ModelDeclaration,
    pub is_text: &'m dyn Fn(&str) -> bool,
    /// What the variants of an enum without fields are stored as, by its Rust name.
    pub variants: &'m dyn Fn(&str) -> Option<Vec<String>>,
}

/// What a key attribute is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    TablePartition,
    TableSort,
    IndexPartition,
    IndexSort,
}

impl<'m> Schema<'m> {
    pub(super) fn find(&self, stored: &str) -> Option<&CheckedField<'m>> {
        self.fields.iter().find(|field| field.declaration.stored().0 == stored)
    }

    /// The finding that no field is stored under a name.
    pub(super) fn missing(&self, code: Code, what: &str, name: &Spanned<String>) -> Option<Diagnostic> {
        if !self.is_readable {
            return None;
        }
        let declarations = || self.fields.iter().map(|field| field.declaration);
        let renamed = declarations().find(|field: &&FieldDeclaration| field.name.value == name.value);
        let diagnostic =
            Diagnostic::new(code, format!("{what} {} is not in the model's schema", quoted(&name.value)))
                .at(name.span, "no field is stored under this name");
        Some(match renamed {
            Some(field) => {
                let (stored, place) = field.stored();
                diagnostic
                    .and(place, format!("the field {} is stored as {}", quoted(&name.value), quoted(stored)))
                    .help(format!("write the stored name: {}", quoted(stored)))
            }
            None => {
                let model = quoted(&self.model.value);
                diagnostic.and(self.model.span, format!("in the model {model}")).help(
                    did_you_mean(&name.value, declarations().map(|field| field.stored().0))
                        .unwrap_or_else(|| format!("declare the field in the schema of {model}")),
                )
            }
        })
    }
}

/// Where a model takes the value of a key attribute from, if that is fit for it; what is not is reported.
pub(super) fn source(
    schema: &Schema<'_>,
    name: &Spanned<String>,
    template: Option<(&TemplateExpression, bool)>,
    role: Role,
    findings: &mut Findings,
) -> Option<(Scalar, KeySource)> {
    match template {
        Some((template, escape)) => {
            let template = templates::check(schema, template, name, role, escape, findings)?;
            Some((Scalar::Text, KeySource::Template(template)))
        }
        None => attribute(schema, name, role, findings),
    }
}

/// Reports a name that is longer than names in keys, projections and settings may be.
pub(super) fn check_length(name: &Spanned<String>, findings: &mut Findings) {
    let length = name.value.len();
    if length > LONGEST_NAME {
        findings.push(
            Diagnostic::new(Code::StoredNameLength, format!("an attribute's name has {length} bytes"))
                .at(name.span, format!("the limit for this purpose is {LONGEST_NAME}"))
                .help("store it under a shorter name"),
        );
    }
}

fn attribute(
    schema: &Schema<'_>,
    name: &Spanned<String>,
    role: Role,
    findings: &mut Findings,
) -> Option<(Scalar, KeySource)> {
    let Some(number) = schema.fields.iter().position(|field| field.declaration.stored().0 == name.value)
    else {
        findings.extend(schema.missing(Code::MissingKeyField, "the key attribute", name));
        return None;
    };
    let checked = &schema.fields[number];
    let field = checked.field.as_ref()?;
    let declaration = checked.declaration;
    if matches!(role, Role::TablePartition | Role::TableSort) {
        check_table_key(field, declaration, name, findings);
    } else {
        check_index_key(field, declaration, name, findings);
    }
    if matches!(role, Role::TableSort | Role::IndexSort) {
        check_method(field, declaration, name.span, findings);
    }
    let Some(scalar) = scalar(schema, &field.kind) else {
        let kind = quoted(&kinds::describe(&field.kind));
        let reason = match field.kind {
            Kind::Float(_) => "floats are not exact: use `decimal` or an integer type",
            Kind::Enumeration(_) => "an enum whose variants have fields is stored as a map",
            _ => "keys are text, exact numbers or bytes",
        };
        findings.push(
            Diagnostic::new(Code::KeyType, format!("{} cannot be a key: its type is {kind}", quoted(&name.value)))
                .at(name.span, "a key here")
                .and(declaration.name.span, "declared here")
                .help(format!(
                    "{reason}; a key's type is `string`, an integer type, `decimal`, `bytes`, `timestamp`, `date`, \
                     `uuid`, `ulid` or an enum without fields"
                )),
        );
        return None;
    };
    Some((scalar, KeySource::Field(number)))
}

/// Reports a field of a sort key that is called like a method of the query builders.
pub(super) fn check_method(
    field: &Field,
    declaration: &FieldDeclaration,
    key: Span,
    findings: &mut Findings,
) {
    if QUERY_METHODS.contains(&field.name.as_str()) {
        let place = declaration.rust_name.as_ref().unwrap_or(&declaration.name).span;
        findings.push(
            Diagnostic::new(
                Code::ReservedField,
                format!("a sort key's field cannot be called `{}`", field.name),
            )
            .at(place, "a method of the query builder has this name")
            .and(key, "a sort key here")
            .help(format!("set another `rust_name`, such as `{}_key`; the stored name stays", field.name)),
        );
    }
}

fn check_table_key(
    field: &Field,
    declaration: &FieldDeclaration,
    name: &Spanned<String>,
    findings: &mut Findings,
) {
    generated_values::check_key(field, declaration, name, findings);
    let place = declaration.kind.as_ref().map_or(declaration.name.span, |kind| kind.span);
    // A write id has to be optional, and is no key in any case.
    if field.optional && field.generated != Some(Generated::WriteId) {
        findings.push(
            Diagnostic::new(
                Code::OptionalKey,
                format!("{} is a key of its table, and cannot be absent", quoted(&name.value)),
            )
            .at(place, "optional here")
            .and(name.span, "a key here")
            .help("remove the `?`: only the keys of indexes may be optional"),
        );
    }
    if let Some(place) = given_on_read(field, declaration) {
        findings.push(
            Diagnostic::new(
                Code::KeyDefault,
                format!("{} is a key of its table, and never missing", quoted(&name.value)),
            )
            .at(place, "would be given to items that lack it")
            .and(name.span, "a key here")
            .help("remove it; a `default_expression` alone, evaluated when a value is built, is fine"),
        );
    }
}

/// An item without an index key is not in the index, and so that it stays without one nothing else may stand for it: where a
/// default is read from a missing attribute, `None` is stored as `NULL`, which no index key can be.
fn check_index_key(
    field: &Field,
    declaration: &FieldDeclaration,
    name: &Spanned<String>,
    findings: &mut Findings,
) {
    generated_values::check_index_key(field, declaration, name, findings);
    if let (true, Some(default)) = (storable::is_empty_key(field), &declaration.default) {
        findings.push(
            Diagnostic::new(Code::DefaultRefused, "a default is refused by every write")
                .at(default.span, "DynamoDB has no empty keys")
                .and(name.span, "a key here")
                .help("choose a default that is not empty, or make the field optional: an item without it is not in the index"),
        );
    }
    if !field.optional {
        return;
    }
    if let Some(place) = given_on_read(field, declaration) {
        findings.push(
            Diagnostic::new(
                Code::KeyDefault,
                format!("{} is a key of an index, which an item without it is not in", quoted(&name.value)),
            )
            .at(place, "would be given to items that lack it")
            .and(name.span, "a key here")
            .help(
                "remove the `?` or the default; a `default_expression` alone, evaluated when a value is built, is fine",
            ),
        );
    }
}

/// Where a default is declared that a missing attribute is read as.
fn given_on_read(field: &Field, declaration: &FieldDeclaration) -> Option<Span> {
    match field.default.as_ref()? {
        Default::Literal(_) => declaration.default.as_ref().map(|default| default.span),
        Default::Expression { .. } => {
            declaration.on_read.as_ref().filter(|flag| flag.value).map(|flag| flag.span)
        }
    }
}

fn scalar(schema: &Schema<'_>, kind: &Kind) -> Option<Scalar> {
    match kind {
        Kind::Text | Kind::Date | Kind::Uuid | Kind::Ulid => Some(Scalar::Text),
        Kind::Timestamp(form) => Some(match form.stored {
            StoredInstant::Text(_) => Scalar::Text,
            StoredInstant::EpochSeconds
            | StoredInstant::EpochMilliseconds
            | StoredInstant::EpochMicroseconds => Scalar::Number,
        }),
        Kind::Integer(_) | Kind::Decimal => Some(Scalar::Number),
        Kind::Bytes => Some(Scalar::Binary),
        Kind::Enumeration(name) => (schema.is_text)(name).then_some(Scalar::Text),
        Kind::Bool
        | Kind::Float(_)
        | Kind::Json
        | Kind::List(_)
        | Kind::Map(_)
        | Kind::Set(_)
        | Kind::Structure(_)
        | Kind::Foreign(_) => None,
    }
}
