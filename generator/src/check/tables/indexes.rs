//! The secondary indexes of a table.

use super::index_keys::{check_count, check_distinct, global_key, local_key, throughput};
use super::settings::is_resource_name;
use super::{Members, Types, projections};
use crate::catalog::{
    Billing, Index, IndexScope, KeyAttribute, KeySource, ModelIndex, Scalar, StoredIndex, Template,
};
use crate::check::TableCheck;
use crate::check::keys::{self, Role};
use crate::check::names::index_function;
use crate::check::resolved::Schema;
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean, quoted};
use crate::manifest::{IndexDeclaration, ModelIndexDeclaration, Spanned, TemplateExpression};
use crate::names;
use std::collections::BTreeMap;

/// The indexes, ordered by name, and how each of the table's models uses them. `keys` is what the models make of the
/// table's own key.
pub(super) fn resolve(
    cx: &mut TableCheck<'_, '_>,
    keys: &[Vec<KeySource>],
    table_billing: Billing,
) -> (Vec<Index>, Vec<Vec<ModelIndex>>) {
    let Members { table, schemas } = cx.known;
    check_count(cx);
    let mut by_name: BTreeMap<&str, &IndexDeclaration> = BTreeMap::new();
    for declaration in &table.indexes {
        let name = &declaration.name;
        if !is_resource_name(&name.value) {
            cx.report(
                Diagnostic::new(
                    Code::InvalidIndexName,
                    format!("{} is not an index's name", quoted(&name.value)),
                )
                .at(name.span, "expected 3 to 255 of a-z, A-Z, 0-9, `_`, `.` and `-`")
                .help("rename it"),
            );
        }
        match by_name.get(name.value.as_str()) {
            Some(first) => cx.report(
                Diagnostic::new(
                    Code::IndexNameTwice,
                    format!("two indexes are called {}", quoted(&name.value)),
                )
                .at(name.span, "the same name")
                .and(first.name.span, "as this one")
                .help("the global and local indexes of a table share their names: rename one"),
            ),
            None => {
                by_name.insert(&name.value, declaration);
            }
        }
    }
    projections::check_size(cx);
    check_named(cx);
    let mut indexes = Vec::new();
    let mut uses = vec![Vec::new(); schemas.len()];
    for declaration in by_name.into_values() {
        let throughput = throughput(cx, declaration, table_billing);
        let (partition, sort) = match declaration.scope {
            IndexScope::Global => global_key(cx, declaration),
            IndexScope::Local => local_key(cx, declaration),
        };
        check_distinct(cx, partition.iter().chain(sort));
        let members: Vec<_> = members(declaration, schemas).collect();
        if members.is_empty() && schemas.len() > 1 {
            cx.report(
                Diagnostic::new(
                    Code::UnusedIndex,
                    format!("no model is in the index {}", quoted(&declaration.name.value)),
                )
                .at(declaration.name.span, "its key attributes have no types")
                .help(format!("name it in a model: `index.{} = {{ … }}`", declaration.name.value)),
            );
        }
        let mut sources = Vec::new();
        for (number, own) in &members {
            let own = own.and_then(|own| own.function.as_ref());
            let function = index_function(cx, schemas[*number].number, declaration, own);
            sources.push((*number, function, Vec::new(), Vec::new()));
        }
        let is_local = declaration.scope == IndexScope::Local;
        let partition_key = attributes_of(
            cx,
            &members,
            partition,
            Role::IndexPartition,
            (keys, is_local),
            &mut |at, source| {
                sources[at].2.push(source);
            },
        );
        let sort_key =
            attributes_of(cx, &members, sort, Role::IndexSort, (keys, false), &mut |at, source| {
                sources[at].3.push(source);
            });
        let of_members: Vec<_> = members.iter().map(|(number, _)| schemas[*number]).collect();
        if of_members.is_empty() {
            continue;
        }
        let projection = projections::check(cx, declaration, &of_members, &partition_key, &sort_key);
        let is_shared = members.len() > 1;
        if is_shared {
            projections::check_type(cx, declaration, &projection);
        }
        for (number, function, partition_key, sort_key) in sources {
            let Some(function) = function else { continue };
            uses[number].push(ModelIndex {
                stored: StoredIndex {
                    index: indexes.len(),
                    partition_key,
                    sort_key,
                    is_captured: false,
                    is_shared,
                },
                type_stem: names::type_stem(&function),
                function,
            });
        }
        indexes.push(Index {
            name: declaration.name.value.clone(),
            scope: declaration.scope,
            partition_key,
            sort_key,
            projection,
            throughput,
        });
    }
    check_templates(cx, keys, &indexes, &uses);
    (indexes, uses)
}

/// Reports attributes that a model composes in one way for one key, and in another for another.
fn check_templates(
    cx: &mut TableCheck<'_, '_>,
    keys: &[Vec<KeySource>],
    indexes: &[Index],
    uses: &[Vec<ModelIndex>],
) {
    for ((schema, key), uses) in cx.known.schemas.iter().zip(keys).zip(uses) {
        let own = schema.declaration.key.as_ref().map_or(schema.name().span, |key| key.span);
        let mut first: BTreeMap<&str, (&Template, Span)> = BTreeMap::new();
        for template in key.iter().filter_map(template_of) {
            first.entry(&template.attribute).or_insert((template, own));
        }
        for used in uses {
            let name = &indexes[used.index].name;
            let declaration = schema.declaration.index(name);
            let span = declaration.map_or(own, |own| own.name.span);
            for template in used.partition_key.iter().chain(&used.sort_key).filter_map(template_of) {
                let (known, place) = *first.entry(&template.attribute).or_insert((template, span));
                if known == template {
                    continue;
                }
                cx.report(
                    Diagnostic::new(
                        Code::TemplatesDiffer,
                        format!("{} is composed in two ways", quoted(&template.attribute)),
                    )
                    .at(span, "composed otherwise here")
                    .and(place, "composed here first")
                    .help("compose it alike, leave it out where it is part of the table's key, or give the index an attribute of its own"),
                );
            }
        }
    }
}

fn template_of(source: &KeySource) -> Option<&Template> {
    match source {
        KeySource::Field(_) => None,
        KeySource::Template(template) => Some(template),
    }
}

/// The models that are in an index, with what they say of it: the only model of a table is in all its indexes, models that
/// share one are in those that they name.
fn members<'s, 'm>(
    declaration: &'s IndexDeclaration,
    schemas: &'s [&'m Schema<'m>],
) -> impl Iterator<Item = (usize, Option<&'m ModelIndexDeclaration>)> + use<'s, 'm> {
    schemas.iter().enumerate().filter_map(move |(number, schema)| {
        let own = schema.declaration.index(&declaration.name.value);
        (schemas.len() == 1 || own.is_some()).then_some((number, own))
    })
}

/// Reports indexes that models name and the table does not have.
fn check_named(cx: &mut TableCheck<'_, '_>) {
    let Members { table, schemas } = cx.known;
    let known = || table.indexes.iter().map(|index| index.name.value.as_str());
    for own in schemas.iter().flat_map(|schema| &schema.declaration.indexes) {
        if known().any(|name| name == own.name.value) {
            continue;
        }
        let declared = quoted(&table.declared.value);
        cx.report(
            Diagnostic::new(
                Code::UnknownModelIndex,
                format!("the table {declared} has no index {}", quoted(&own.name.value)),
            )
            .at(own.name.span, "not declared")
            .and(table.declared.span, "the model's table")
            .help(did_you_mean(&own.name.value, known()).unwrap_or_else(|| {
                format!("declare it: `[table.{}.global_index.{}]`", table.declared.value, own.name.value)
            })),
        );
    }
}

/// The attributes of an index's key, of which `add` is told where each model, by its place among the members, takes them
/// from. `own` is what the models make of the table's own key, and whether this is that key's partition, as a local index
/// has it.
fn attributes_of(
    cx: &mut TableCheck<'_, '_>,
    members: &[(usize, Option<&ModelIndexDeclaration>)],
    names: &[Spanned<String>],
    role: Role,
    (keys, is_own): (&[Vec<KeySource>], bool),
    add: &mut dyn FnMut(usize, KeySource),
) -> Vec<KeyAttribute> {
    for template in members.iter().filter_map(|(_, own)| template(*own, role)) {
        let (message, help) = match names {
            _ if is_own => (
                "a local index has its table's partition key",
                "compose that: `key = { partition_key = \"…\" }`",
            ),
            [_] => continue,
            [] => ("the index has no such key", "declare it with the table's index, or remove this"),
            _ => (
                "the index has a key of several attributes, which are fields",
                "remove this: fields are stored under the names that the index has",
            ),
        };
        cx.report(
            Diagnostic::new(Code::TemplateMisplaced, message)
                .at(template.0.span, "composed for nothing")
                .help(help),
        );
    }
    let mut attributes = Vec::new();
    for name in names {
        keys::check_length(cx, name);
        let mut types = Types::default();
        for (at, (number, own)) in members.iter().enumerate() {
            let schema = cx.known.schemas[*number];
            let template = template(*own, role).filter(|_| names.len() == 1 && !is_own);
            let of_table = keys[*number].iter().find(|source| match source {
                KeySource::Template(template) => template.attribute == name.value,
                KeySource::Field(_) => false,
            });
            let source = match (template, of_table) {
                // The table's key is composed as this.
                (None, Some(source)) => Some((Scalar::Text, source.clone())),
                // It is checked there.
                _ if is_own => keys::stored_field(schema, name),
                _ => keys::source(cx, schema, name, template, role),
            };
            if let Some((scalar, source)) = source {
                if is_own {
                    types.scalar.get_or_insert(scalar);
                } else {
                    types.add(cx, schema, name, scalar);
                }
                add(at, source);
            }
        }
        if let Some(scalar) = types.scalar {
            attributes.push(KeyAttribute { name: name.value.clone(), scalar });
        }
    }
    attributes
}

/// What a model says of one of an index's keys, and whether text is escaped in it.
fn template(own: Option<&ModelIndexDeclaration>, role: Role) -> Option<(&TemplateExpression, bool)> {
    let key = &own?.key;
    let template = if role == Role::IndexPartition { &key.partition_key } else { &key.sort_key };
    Some((template.as_ref()?, key.escape))
}
