//! The secondary indexes of a table.

use super::capacity::index_billing;
use super::conditions;
use super::index_keys::{check_count, check_distinct, global_key, local_key};
use super::settings::is_resource_name;
use super::{Members, Types, projections};
use crate::catalog::{
    Billing, Condition, Index, IndexScope, KeyAttribute, KeySource, ModelIndex, Scalar, StoredIndex, Template,
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
    table_billing: Option<Billing>,
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
        let (throughput, on_demand_maximum) = index_billing(cx, declaration, table_billing);
        let (partition, sort) = match declaration.scope {
            IndexScope::Global => global_key(cx, declaration),
            IndexScope::Local => local_key(cx, declaration),
        };
        check_distinct(cx, partition.iter().chain(sort));
        let mut members = members(declaration, schemas, keys);
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
        for member in &mut members {
            let own = member.own.and_then(|own| own.function.as_ref());
            member.function = index_function(cx, member.schema.number, declaration, own);
        }
        let is_local = declaration.scope == IndexScope::Local;
        let partition_key = key(cx, &mut members, partition, Role::IndexPartition, is_local);
        let sort_key = key(cx, &mut members, sort, Role::IndexSort, false);
        conditions::apply(cx, &mut members);
        conditions::check_cases(cx, &members);
        if members.is_empty() {
            continue;
        }
        let mut models: Vec<_> = members.iter().map(|member| member.number).collect();
        models.dedup();
        let of_members: Vec<_> = models.iter().map(|number| schemas[*number]).collect();
        let projection = projections::check(cx, declaration, &of_members, &partition_key, &sort_key);
        let is_shared = models.len() > 1;
        if is_shared {
            projections::check_type(cx, declaration, &projection);
        }
        let entries: Vec<_> = members.iter().map(|member| member.number).collect();
        let members_of = |number: usize| entries.iter().filter(|entry| **entry == number).count();
        for member in members {
            let Some(function) = member.function else { continue };
            uses[member.number].push(ModelIndex {
                stored: StoredIndex {
                    index: indexes.len(),
                    partition_key: member.partition_key,
                    sort_key: member.sort_key,
                    is_captured: false,
                    is_shared,
                    when: member.when,
                    is_case: members_of(member.number) > 1,
                },
                type_stem: names::type_stem(&function),
                meets_alike: false,
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
            on_demand_maximum,
        });
    }
    check_templates(cx, keys, &indexes, &uses);
    (indexes, uses)
}

/// Reports an attribute that is part of two keys and that a model composes differently for each.
fn check_templates(
    cx: &mut TableCheck<'_, '_>,
    keys: &[Vec<KeySource>],
    indexes: &[Index],
    uses: &[Vec<ModelIndex>],
) {
    for ((schema, key), uses) in cx.known.schemas.iter().zip(keys).zip(uses) {
        let own = schema.declaration.key.as_ref().map_or(schema.name().span, |key| key.span);
        let mut first: BTreeMap<&str, (Vec<&Template>, Span)> = BTreeMap::new();
        for template in key.iter().filter_map(template_of) {
            first.entry(&template.attribute).or_insert((vec![template], own));
        }
        for (number, index) in indexes.iter().enumerate() {
            let entries = || uses.iter().filter(move |used| used.index == number);
            let span = schema.declaration.index(&index.name).map_or(own, |own| own.name.span);
            for attribute in index.partition_key.iter().chain(&index.sort_key) {
                let sources = entries().flat_map(|used| used.partition_key.iter().chain(&used.sort_key));
                let templates = sources.filter_map(template_of);
                let templates: Vec<_> = templates.filter(|one| one.attribute == attribute.name).collect();
                if templates.is_empty() {
                    continue;
                }
                let (known, place) =
                    first.entry(&attribute.name).or_insert_with(|| (templates.clone(), span));
                if conditions::are_alike(known, &templates) {
                    continue;
                }
                cx.report(
                    Diagnostic::new(
                        Code::TemplatesDiffer,
                        format!("{} is composed in two ways", quoted(&attribute.name)),
                    )
                    .at(span, "composed otherwise here")
                    .and(*place, "composed here first")
                    .help("compose it alike, leave it out where it is part of the table's key, or give the index an attribute of its own"),
                );
            }
        }
    }
}

pub(super) fn template_of(source: &KeySource) -> Option<&Template> {
    match source {
        KeySource::Field(_) => None,
        KeySource::Template(template) => Some(template),
    }
}

/// A model that is in an index, by one of its entries.
pub(super) struct Member<'m> {
    /// Its place among the models of the table.
    pub number: usize,
    pub schema: &'m Schema<'m>,
    /// What it says of the index.
    pub own: Option<&'m ModelIndexDeclaration>,
    /// What it makes of the table's own key.
    pub table_key: &'m [KeySource],
    /// What must hold of an item that is in it by this entry.
    pub when: Option<Condition>,
    /// Nothing where something was found wrong with it.
    function: Option<String>,
    pub partition_key: Vec<KeySource>,
    pub sort_key: Vec<KeySource>,
}

/// The only model of a table is in all its indexes. Models that share one are in those that they name.
fn members<'m>(
    declaration: &IndexDeclaration,
    schemas: &[&'m Schema<'m>],
    keys: &'m [Vec<KeySource>],
) -> Vec<Member<'m>> {
    let mut members = Vec::new();
    for (number, (schema, table_key)) in schemas.iter().zip(keys).enumerate() {
        let own = schema.declaration.entries_of(&declaration.name.value).map(Some);
        let mut own: Vec<_> = own.collect();
        if own.is_empty() && schemas.len() == 1 {
            own.push(None);
        }
        members.extend(own.into_iter().map(|own| Member {
            number,
            schema,
            own,
            table_key,
            when: None,
            function: None,
            partition_key: Vec::new(),
            sort_key: Vec::new(),
        }));
    }
    members
}

impl<'m> Member<'m> {
    /// What the model says of one of the index's keys, and whether text is escaped in it.
    fn template(&self, role: Role) -> Option<(&'m TemplateExpression, bool)> {
        let key = &self.own?.key;
        let template = if role == Role::IndexPartition { &key.partition_key } else { &key.sort_key };
        Some((template.as_ref()?, key.escape))
    }

    /// How the model composes an attribute for the table's own key, if it does.
    fn of_table(&self, attribute: &str) -> Option<&'m KeySource> {
        self.table_key.iter().find(|source| match source {
            KeySource::Template(template) => template.attribute == attribute,
            KeySource::Field(_) => false,
        })
    }
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

/// The attributes of an index's key. Where each member takes them from is added to the member. `is_own` is true of the partition
/// key of a local index, which is that of its table and was checked with it.
fn key(
    cx: &mut TableCheck<'_, '_>,
    members: &mut [Member<'_>],
    names: &[Spanned<String>],
    role: Role,
    is_own: bool,
) -> Vec<KeyAttribute> {
    for (template, _) in members.iter().filter_map(|member| member.template(role)) {
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
                .at(template.span, "composed for nothing")
                .help(help),
        );
    }
    let mut attributes = Vec::new();
    for name in names {
        keys::check_length(cx, name);
        let mut types = Types::default();
        for member in &mut *members {
            let template = member.template(role).filter(|_| names.len() == 1 && !is_own);
            let source = match (template, member.of_table(&name.value)) {
                (None, Some(source)) => Some((Scalar::Text, source.clone())),
                _ if is_own => keys::stored_field(member.schema, name),
                _ => keys::source(cx, member.schema, name, template, role),
            };
            let Some((scalar, source)) = source else { continue };
            if names.len() > 1 && member.schema.computed(&name.value).is_some() {
                cx.report(
                    Diagnostic::new(
                        Code::ComputedField,
                        format!("{} is computed, and the key has several attributes", quoted(&name.value)),
                    )
                    .at(name.span, "one of them")
                    .help("give the index a key of this attribute alone"),
                );
                continue;
            }
            if is_own {
                types.scalar.get_or_insert(scalar);
            } else {
                types.add(cx, member.schema, name, scalar);
            }
            match role {
                Role::IndexPartition | Role::TablePartition => member.partition_key.push(source),
                Role::IndexSort | Role::TableSort => member.sort_key.push(source),
            }
        }
        if let Some(scalar) = types.scalar {
            attributes.push(KeyAttribute { name: name.value.clone(), scalar });
        }
    }
    attributes
}
