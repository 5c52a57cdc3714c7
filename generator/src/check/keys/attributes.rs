//! Key attributes: each a field of the model, of a type that DynamoDB allows in keys.

use super::templates;
use crate::catalog::{Default, Field, Generated, KEY_KINDS, KeyPart, KeySource, Scalar};
use crate::check::TableCheck;
use crate::check::fields;
use crate::check::names::is_query_method;
use crate::check::resolved::Schema;
use crate::check::values::storable;
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean, quoted};
use crate::manifest::{ComposedKey, FieldDeclaration, KeyDeclaration, Spanned, TemplateExpression};
use crate::names;

/// DynamoDB's limit for the name of an attribute in a key, a projection or the TTL setting, in bytes.
const LONGEST_NAME: usize = 255;

/// What a key attribute is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::check) enum Role {
    TablePartition,
    TableSort,
    IndexPartition,
    IndexSort,
}

impl Schema<'_> {
    /// The finding that no field is stored under a name.
    pub(in crate::check) fn missing(
        &self,
        code: Code,
        what: &str,
        name: &Spanned<String>,
    ) -> Option<Diagnostic> {
        if !self.is_readable() {
            return None;
        }
        let declarations = || self.declarations();
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
                let model = quoted(&self.name().value);
                diagnostic.and(self.name().span, format!("in the model {model}")).help(
                    did_you_mean(&name.value, declarations().map(|field| field.stored().0))
                        .unwrap_or_else(|| format!("declare the field in the schema of {model}")),
                )
            }
        })
    }
}

/// Where a model takes the value of a key attribute from, if that is fit for it; what is not is reported.
pub(in crate::check) fn source(
    cx: &mut TableCheck<'_, '_>,
    schema: &Schema<'_>,
    name: &Spanned<String>,
    template: Option<(&TemplateExpression, bool)>,
    role: Role,
) -> Option<(Scalar, KeySource)> {
    match template {
        Some((template, escape)) => {
            let template = templates::check(cx, schema, template, name, role, escape)?;
            Some((Scalar::Text, KeySource::Template(template)))
        }
        None => attribute(cx, schema, name, role),
    }
}

/// The field that is stored under the name of a key attribute, if its type is one of keys.
pub(in crate::check) fn stored_field(
    schema: &Schema<'_>,
    name: &Spanned<String>,
) -> Option<(Scalar, KeySource)> {
    let number = schema.fields.iter().position(|field| field.declaration.stored().0 == name.value)?;
    let scalar = schema.fields[number].field.as_ref()?.kind.facts(schema.names).key.ok()?;
    Some((scalar, KeySource::Field(number)))
}

/// Reports a name that is longer than names in keys, projections and settings may be.
pub(in crate::check) fn check_length(cx: &mut TableCheck<'_, '_>, name: &Spanned<String>) {
    let length = name.value.len();
    if length > LONGEST_NAME {
        cx.report(
            Diagnostic::new(Code::StoredNameLength, format!("an attribute's name has {length} bytes"))
                .at(name.span, format!("the limit for this purpose is {LONGEST_NAME}"))
                .help("store it under a shorter name"),
        );
    }
}

fn attribute(
    cx: &mut TableCheck<'_, '_>,
    schema: &Schema<'_>,
    name: &Spanned<String>,
    role: Role,
) -> Option<(Scalar, KeySource)> {
    if let Some(computed) = schema.computed(&name.value) {
        if matches!(role, Role::TablePartition | Role::TableSort) {
            cx.report(
                Diagnostic::new(
                    Code::ComputedField,
                    format!("{} is computed, and no key of its own table", quoted(&name.value)),
                )
                .at(name.span, "a key here")
                .help("compose the key of it: `key = { partition_key = \"{created_at:date}\" }`"),
            );
            return None;
        }
        return Some((Scalar::Text, KeySource::Template(computed.template.clone())));
    }
    let Some(checked) = schema.find(&name.value) else {
        let finding = match composed_by_another(cx, role) {
            Some(other) => not_composed(cx, schema, name, role, other),
            None => schema.missing(Code::MissingKeyField, "the key attribute", name),
        };
        cx.report_all(finding);
        return None;
    };
    let field = checked.field.as_ref()?;
    let declaration = checked.declaration;
    if matches!(role, Role::TablePartition | Role::TableSort) {
        check_table_key(cx, field, declaration, name);
    } else {
        check_index_key(cx, field, declaration, name);
    }
    if matches!(role, Role::TableSort | Role::IndexSort) {
        check_method(cx, field, declaration, name.span);
    }
    if let Err(reason) = field.kind.facts(schema.names).key {
        let kind = quoted(&field.kind.describe());
        cx.report(
            Diagnostic::new(
                Code::KeyType,
                format!("{} cannot be a key: its type is {kind}", quoted(&name.value)),
            )
            .at(name.span, "a key here")
            .and(declaration.name.span, "declared here")
            .help(format!("{reason}; a key's type is {KEY_KINDS}")),
        );
    }
    stored_field(schema, name)
}

/// Where another model of the table composes this part of the table's key.
fn composed_by_another(cx: &TableCheck<'_, '_>, role: Role) -> Option<Span> {
    let mut keys = cx.known.schemas.iter().filter_map(|schema| schema.declaration.key.as_ref());
    let part = |key: &ComposedKey| match role {
        Role::TablePartition => key.partition_key.as_ref().map(|template| template.span),
        Role::TableSort => key.sort_key.as_ref().map(|template| template.span),
        Role::IndexPartition | Role::IndexSort => None,
    };
    keys.find_map(part)
}

/// The finding that a model composes no key, as others of its table do, and has no field that would be it.
fn not_composed(
    cx: &TableCheck<'_, '_>,
    schema: &Schema<'_>,
    name: &Spanned<String>,
    role: Role,
    other: Span,
) -> Option<Diagnostic> {
    if !schema.is_readable() {
        return None;
    }
    let table = cx.known.table;
    let of_table = |key: &Option<KeyDeclaration>| key.as_ref()?.attributes.first().cloned();
    let is_field = |name: Option<Spanned<String>>| name.is_none_or(|name| schema.find(&name.value).is_some());
    let composes = schema.declaration.key.as_ref();
    // One finding advises to compose both.
    if role == Role::TableSort && composes.is_none() && !is_field(of_table(&table.partition_key)) {
        return None;
    }
    let label = names::constant_name(&schema.name().value).unwrap_or_else(|| "MODEL".to_owned());
    let is_part =
        |field: &&Field| !field.optional && !matches!(field.kind.facts(schema.names).part, KeyPart::Never(_));
    let mut fields = schema.fields.iter().filter_map(|checked| checked.field.as_ref()).filter(is_part);
    let mut part = |setting: &str, attribute: Option<Spanned<String>>, is_composed: bool| {
        if is_composed || is_field(attribute) {
            return None;
        }
        let template = match fields.next() {
            Some(field) => format!("{label}#{{{}}}", field.name),
            None => label.clone(),
        };
        Some(format!("{setting} = \"{template}\""))
    };
    let composes_partition = composes.is_some_and(|key| key.partition_key.is_some());
    let composes_sort = composes.is_some_and(|key| key.sort_key.is_some());
    let parts = [
        part("partition_key", of_table(&table.partition_key), composes_partition),
        part("sort_key", of_table(&table.sort_key), composes_sort),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let model = quoted(&schema.name().value);
    let diagnostic = Diagnostic::new(
        Code::MissingKeyField,
        format!("the model {model} says nothing of the key attribute {}", quoted(&name.value)),
    )
    .at(schema.name().span, "no field is stored under this name, and no template composes it")
    .and(name.span, "a key of its table")
    .and(other, "composed by another model");
    let help = match composes {
        Some(_) => format!("compose it too: `{}`", parts.join(", ")),
        None => format!("compose the model's key: `key = {{ {} }}`", parts.join(", ")),
    };
    Some(diagnostic.help(help))
}

/// Reports a field of a sort key that is called like a method of the query builders.
pub(in crate::check) fn check_method(
    cx: &mut TableCheck<'_, '_>,
    field: &Field,
    declaration: &FieldDeclaration,
    key: Span,
) {
    if is_query_method(&field.name) {
        let place = declaration.rust_name.as_ref().unwrap_or(&declaration.name).span;
        cx.report(
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
    cx: &mut TableCheck<'_, '_>,
    field: &Field,
    declaration: &FieldDeclaration,
    name: &Spanned<String>,
) {
    fields::check_key(cx, field, declaration, name);
    let place = declaration.kind.as_ref().map_or(declaration.name.span, |kind| kind.span);
    // A write id has to be optional, and is no key in any case.
    if field.optional && field.generated != Some(Generated::WriteId) {
        cx.report(
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
        cx.report(
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

/// An item without an index key is not in the index. A default that is read from a missing attribute would change that: `None`
/// is then stored as `NULL`, which no index key can be.
fn check_index_key(
    cx: &mut TableCheck<'_, '_>,
    field: &Field,
    declaration: &FieldDeclaration,
    name: &Spanned<String>,
) {
    fields::check_index_key(cx, field, declaration, name);
    if let (true, Some(default)) = (storable::is_empty_key(field), &declaration.default) {
        cx.report(
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
        cx.report(
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
