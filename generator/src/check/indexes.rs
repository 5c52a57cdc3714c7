//! The secondary indexes of a table.

use super::functions::Functions;
use super::keys::{self, Role, Schema};
use super::projections;
use super::tables::{Types, billing, is_resource_name};
use crate::catalog::{
    Billing, Index, IndexScope, KeyAttribute, KeySource, ModelIndex, Scalar, Template, Throughput,
};
use crate::diagnostic::{Code, Diagnostic, Findings, Span, did_you_mean, quoted};
use crate::manifest::{
    IndexDeclaration, KeyDeclaration, ModelIndexDeclaration, Spanned, TableDeclaration, TemplateExpression,
};
use crate::names;
use std::collections::BTreeMap;

/// The quota of global indexes unless it was raised.
const GLOBAL_QUOTA: u64 = 20;
const MOST_LOCAL: usize = 5;
/// How many attributes a global index's partition key may have, and its sort key too.
const MOST_KEY_ATTRIBUTES: usize = 4;

/// The indexes, ordered by name, and how each of the table's models uses them. `keys` is what the models make of the
/// table's own key.
pub(super) fn check(
    table: &TableDeclaration,
    schemas: &[Schema<'_>],
    keys: &[Vec<KeySource>],
    table_billing: Billing,
    findings: &mut Findings,
) -> (Vec<Index>, Vec<Vec<ModelIndex>>) {
    check_count(table, findings);
    let mut by_name: BTreeMap<&str, &IndexDeclaration> = BTreeMap::new();
    for declaration in &table.indexes {
        let name = &declaration.name;
        if !is_resource_name(&name.value) {
            findings.push(
                Diagnostic::new(
                    Code::InvalidIndexName,
                    format!("{} is not an index's name", quoted(&name.value)),
                )
                .at(name.span, "expected 3 to 255 of a-z, A-Z, 0-9, `_`, `.` and `-`")
                .help("rename it"),
            );
        }
        match by_name.get(name.value.as_str()) {
            Some(first) => findings.push(
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
    projections::check_size(table, findings);
    check_named(table, schemas, findings);
    let mut functions: Vec<_> = schemas.iter().map(|_| Functions::default()).collect();
    let mut indexes = Vec::new();
    let mut uses = vec![Vec::new(); schemas.len()];
    for declaration in by_name.into_values() {
        let throughput = throughput(declaration, table_billing, findings);
        let (partition, sort) = match declaration.scope {
            IndexScope::Global => global_key(declaration, findings),
            IndexScope::Local => local_key(table, declaration, findings),
        };
        check_distinct(partition.iter().chain(sort), findings);
        let members: Vec<_> = members(declaration, schemas).collect();
        if members.is_empty() && schemas.len() > 1 {
            findings.push(
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
            let function =
                functions[*number].function(declaration, own.and_then(|own| own.function.as_ref()), findings);
            sources.push((*number, function, Vec::new(), Vec::new()));
        }
        let is_local = declaration.scope == IndexScope::Local;
        let partition_key = attributes_of(
            schemas,
            &members,
            partition,
            Role::IndexPartition,
            (keys, is_local),
            findings,
            &mut |at, source| {
                sources[at].2.push(source);
            },
        );
        let sort_key = attributes_of(
            schemas,
            &members,
            sort,
            Role::IndexSort,
            (keys, false),
            findings,
            &mut |at, source| {
                sources[at].3.push(source);
            },
        );
        let of_members: Vec<_> = members.iter().map(|(number, _)| &schemas[*number]).collect();
        if of_members.is_empty() {
            continue;
        }
        let projection =
            projections::check(table, declaration, &of_members, &partition_key, &sort_key, findings);
        let is_shared = members.len() > 1;
        if is_shared {
            projections::check_type(table, declaration, &projection, findings);
        }
        for (number, function, partition_key, sort_key) in sources {
            let Some(function) = function else { continue };
            uses[number].push(ModelIndex {
                index: indexes.len(),
                type_stem: names::type_stem(&function),
                function,
                partition_key,
                sort_key,
                is_captured: false,
                is_shared,
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
    check_templates(schemas, keys, &indexes, &uses, findings);
    (indexes, uses)
}

/// Reports attributes that a model composes in one way for one key, and in another for another.
fn check_templates(
    schemas: &[Schema<'_>],
    keys: &[Vec<KeySource>],
    indexes: &[Index],
    uses: &[Vec<ModelIndex>],
    findings: &mut Findings,
) {
    for ((schema, key), uses) in schemas.iter().zip(keys).zip(uses) {
        let own = schema.declaration.key.as_ref().map_or(schema.model.span, |key| key.span);
        let mut first: BTreeMap<&str, (&Template, Span)> = BTreeMap::new();
        for template in key.iter().filter_map(template_of) {
            first.entry(&template.attribute).or_insert((template, own));
        }
        for used in uses {
            let name = &indexes[used.index].name;
            let declaration = schema.declaration.indexes.iter().find(|own| own.name.value == *name);
            let span = declaration.map_or(own, |own| own.name.span);
            for template in used.partition_key.iter().chain(&used.sort_key).filter_map(template_of) {
                let (known, place) = *first.entry(&template.attribute).or_insert((template, span));
                if known == template {
                    continue;
                }
                findings.push(
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
    schemas: &'s [Schema<'m>],
) -> impl Iterator<Item = (usize, Option<&'m ModelIndexDeclaration>)> + use<'s, 'm> {
    schemas.iter().enumerate().filter_map(move |(number, schema)| {
        let own = schema.declaration.indexes.iter().find(|own| own.name.value == declaration.name.value);
        (schemas.len() == 1 || own.is_some()).then_some((number, own))
    })
}

/// Reports indexes that models name and the table does not have.
fn check_named(table: &TableDeclaration, schemas: &[Schema<'_>], findings: &mut Findings) {
    let known = || table.indexes.iter().map(|index| index.name.value.as_str());
    for own in schemas.iter().flat_map(|schema| &schema.declaration.indexes) {
        if known().any(|name| name == own.name.value) {
            continue;
        }
        let declared = quoted(&table.declared.value);
        findings.push(
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
    schemas: &[Schema<'_>],
    members: &[(usize, Option<&ModelIndexDeclaration>)],
    names: &[Spanned<String>],
    role: Role,
    (keys, is_own): (&[Vec<KeySource>], bool),
    findings: &mut Findings,
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
        findings.push(
            Diagnostic::new(Code::TemplateMisplaced, message)
                .at(template.0.span, "composed for nothing")
                .help(help),
        );
    }
    let mut attributes = Vec::new();
    for name in names {
        keys::check_length(name, findings);
        let mut types = Types::default();
        for (at, (number, own)) in members.iter().enumerate() {
            let schema = &schemas[*number];
            let template = template(*own, role).filter(|_| names.len() == 1 && !is_own);
            let of_table = keys[*number].iter().find(|source| match source {
                KeySource::Template(template) => template.attribute == name.value,
                KeySource::Field(_) => false,
            });
            let source = match (template, of_table) {
                // The table's key is composed as this.
                (None, Some(source)) => Some((Scalar::Text, source.clone())),
                // It is checked there.
                _ if is_own => keys::source(schema, name, None, role, &mut Findings::default()),
                _ => keys::source(schema, name, template, role, findings),
            };
            if let Some((scalar, source)) = source {
                let mut unseen = Findings::default();
                types.add(schema, name, scalar, if is_own { &mut unseen } else { findings });
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

/// Reports attributes that stand in one key twice.
pub(super) fn check_distinct<'m>(names: impl Iterator<Item = &'m Spanned<String>>, findings: &mut Findings) {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for name in names {
        match first.get(name.value.as_str()) {
            Some(first) => findings.push(
                Diagnostic::new(
                    Code::RepeatedKeyAttribute,
                    format!("the key names {} twice", quoted(&name.value)),
                )
                .at(name.span, "named again")
                .and(*first, "named here first")
                .help("name another attribute, or leave the sort key out"),
            ),
            None => {
                first.insert(&name.value, name.span);
            }
        }
    }
}

fn check_count(table: &TableDeclaration, findings: &mut Findings) {
    let quota = table.global_index_quota.as_ref();
    if let Some(quota) = quota.filter(|quota| quota.value <= GLOBAL_QUOTA) {
        findings.push(
            Diagnostic::new(Code::IndexQuota, format!("the quota is {GLOBAL_QUOTA} without a declaration"))
                .at(quota.span, "not above the default")
                .help("remove it, or give the quota to which AWS has raised it"),
        );
    }
    let most_global = quota.map_or(GLOBAL_QUOTA, |quota| quota.value.max(GLOBAL_QUOTA));
    let most_global = usize::try_from(most_global).unwrap_or(usize::MAX);
    for (scope, what, most, help) in [
        (
            IndexScope::Global,
            "global",
            most_global,
            "declare a quota that AWS has raised: `global_index_quota = 30`",
        ),
        (IndexScope::Local, "local", MOST_LOCAL, "make some of them global indexes"),
    ] {
        let mut over = table.indexes.iter().filter(|index| index.scope == scope).skip(most);
        if let Some(first) = over.next() {
            let count = most + 1 + over.count();
            findings.push(
                Diagnostic::new(Code::TooManyIndexes, format!("{count} {what} indexes: the limit is {most}"))
                    .at(first.name.span, format!("number {}", most + 1))
                    .help(help),
            );
        }
    }
}

/// The names of a key's attributes, none if there is no such key.
pub(super) fn attributes(key: Option<&KeyDeclaration>) -> &[Spanned<String>] {
    key.map_or(&[], |key| key.attributes.as_slice())
}

fn global_key<'m>(
    declaration: &'m IndexDeclaration,
    findings: &mut Findings,
) -> (&'m [Spanned<String>], &'m [Spanned<String>]) {
    for key in [&declaration.partition_key, &declaration.sort_key].into_iter().flatten() {
        let count = key.attributes.len();
        if !(1..=MOST_KEY_ATTRIBUTES).contains(&count) {
            findings.push(
                Diagnostic::new(
                    Code::KeyAttributeCount,
                    "a key of a global index has one to four attributes",
                )
                .at(key.span, format!("{count} attributes"))
                .help("name one to four attributes"),
            );
        }
    }
    (attributes(declaration.partition_key.as_ref()), attributes(declaration.sort_key.as_ref()))
}

fn local_key<'m>(
    table: &'m TableDeclaration,
    declaration: &'m IndexDeclaration,
    findings: &mut Findings,
) -> (&'m [Spanned<String>], &'m [Spanned<String>]) {
    let name = declaration.name.span;
    let mut report = |span: Span, message: &str, label: &str, help: &str| {
        findings.push(Diagnostic::new(Code::LocalIndexKey, message).at(span, label).help(help));
    };
    let partition = attributes(table.partition_key.as_ref());
    if table.sort_key.is_none() {
        let help = "give the table a sort key, or make this a global index";
        report(name, "a local index needs a table with a sort key", "this table has none", help);
    }
    if let (Some(own), [expected, ..]) = (&declaration.partition_key, partition) {
        let differs =
            own.attributes.iter().any(|name| name.value != expected.value) || own.attributes.len() != 1;
        if differs {
            let label = format!("the table's is {}", quoted(&expected.value));
            let help = "leave it out, or make this a global index";
            report(own.span, "a local index has its table's partition key", &label, help);
        }
    }
    if let Some(sort) = declaration.sort_key.as_ref().filter(|sort| sort.attributes.len() != 1) {
        let label = format!("{} attributes", sort.attributes.len());
        let help = "name one attribute, or make this a global index, which may have up to four";
        report(sort.span, "a local index's sort key is one attribute", &label, help);
    }
    (partition, attributes(declaration.sort_key.as_ref()))
}

fn throughput(
    declaration: &IndexDeclaration,
    table_billing: Billing,
    findings: &mut Findings,
) -> Option<Throughput> {
    let own = declaration.billing.as_ref().map(|own| (billing(own, findings), own.span));
    let mut report = |span: Span, message: &str, help: &str| {
        findings
            .push(Diagnostic::new(Code::IndexBilling, message).at(span, "differs from its table").help(help));
    };
    match (table_billing, own, declaration.scope) {
        (Billing::OnDemand, Some((Billing::Provisioned(_), span)), _) => {
            report(
                span,
                "an index of an on-demand table is on-demand too",
                "remove it, or provision the table too",
            );
            None
        }
        (Billing::Provisioned(_), Some((Billing::OnDemand, span)), _) => {
            let help = "give its capacity: `{ read = 25, write = 5 }`; without `billing` it has its table's";
            report(span, "an index of a provisioned table is provisioned too", help);
            None
        }
        (Billing::Provisioned(_), Some((Billing::Provisioned(own), _)), _) => Some(own),
        (Billing::Provisioned(table), None, IndexScope::Global) => Some(table),
        (Billing::Provisioned(_), None, IndexScope::Local) | (Billing::OnDemand, _, _) => None,
    }
}
