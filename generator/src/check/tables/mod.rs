//! Tables: names, keys and settings, and which model each holds.

mod capacity;
mod changes;
mod conditions;
mod index_keys;
mod indexes;
mod lossy;
mod projections;
mod settings;

pub(in crate::check) use settings::is_resource_name;

use super::expand::Expanded;
use super::keys::{self, Role};
use super::names::TypeNames;
use super::resolved::Schema;
use super::{FieldsCheck, TableCheck};
use crate::catalog::{Discriminator, KeyAttribute, KeySource, ModelIndex, Scalar, StoredTable, Table};
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean, quoted};
use crate::manifest::{KeyDeclaration, Spanned, TableDeclaration};
use std::collections::BTreeSet;

/// A table, and the fields of the models in it.
pub(in crate::check) struct Members<'m> {
    pub table: &'m TableDeclaration,
    /// In the order of the declarations.
    pub schemas: Vec<&'m Schema<'m>>,
}

/// How a model uses its table.
pub(in crate::check) struct TableUse {
    /// An index into the catalog's tables.
    pub table: usize,
    pub key: Vec<KeySource>,
    pub indexes: Vec<ModelIndex>,
    pub discriminator: Discriminator,
    pub is_captured: bool,
    pub shares_key: bool,
    /// The models whose items its reads can meet, and that whole keys alone tell apart, by their numbers among all models.
    pub alike: Vec<usize>,
    pub query_meets_alike: bool,
    /// The models whose items can stand in the same partitions of the table, by their numbers among all models.
    pub neighbours: Vec<usize>,
    /// For each of `indexes`: the models whose items can stand among this one's there, and that nothing tells apart. They are
    /// given by their numbers among all models.
    pub neighbours_in: Vec<Vec<usize>>,
}

/// The tables, and each model's use of its table. A table that no model uses is left out.
pub(in crate::check) fn resolve<'m>(
    cx: &mut FieldsCheck<'_, 'm>,
    expanded: &'m Expanded<'m>,
    schemas: &[Schema<'m>],
) -> (Vec<Table>, Vec<Option<TableUse>>) {
    check_references(cx, expanded);
    let names = cx.known;
    let mut declarations: Vec<&TableDeclaration> = expanded.tables.iter().collect();
    declarations.sort_by(|a, b| a.declared.value.cmp(&b.declared.value));
    let mut tables = Vec::new();
    let mut uses: Vec<Option<TableUse>> = schemas.iter().map(|_| None).collect();
    for declaration in declarations {
        let of_table = expanded.models_of(declaration).map(|(number, _)| &schemas[number]).collect();
        let members = Members { table: declaration, schemas: of_table };
        let enums = TableEnums {
            item: names.item(&declaration.declared.value),
            change: names.change(&declaration.declared.value),
        };
        let Some((table, of_models)) = table(&mut cx.knowing(&members), tables.len(), enums) else {
            continue;
        };
        tables.push(table);
        for (schema, used) in members.schemas.iter().zip(of_models) {
            uses[schema.number] = Some(used);
        }
    }
    (tables, uses)
}

/// The enums over what a table holds.
#[derive(Clone, Copy)]
struct TableEnums<'n> {
    item: Option<&'n TypeNames>,
    change: Option<&'n TypeNames>,
}

/// Reports models whose table is unknown.
fn check_references(cx: &mut FieldsCheck<'_, '_>, expanded: &Expanded<'_>) {
    let declared = || expanded.tables.iter().map(|table| table.declared.value.as_str());
    for table in expanded.models.iter().filter_map(|model| model.table) {
        if !declared().any(|name| name == table.value) {
            cx.report(
                Diagnostic::new(Code::UnknownTable, format!("unknown table {}", quoted(&table.value)))
                    .at(table.span, "not declared")
                    .help(did_you_mean(&table.value, declared().collect::<BTreeSet<_>>()).unwrap_or_else(
                        || String::from("declare it: `[table.<name>]` with its `partition_key`"),
                    )),
            );
        }
    }
}

/// The table, and how each of its models uses it; nothing where its name or its key is wrong. `number` is the table's number in
/// the catalog.
fn table(
    cx: &mut TableCheck<'_, '_>,
    number: usize,
    enums: TableEnums<'_>,
) -> Option<(Table, Vec<TableUse>)> {
    let Members { table: declaration, schemas } = cx.known;
    let name = settings::check_name(cx, declaration);
    let constant = settings::check_constant(cx, declaration);
    let (billing, on_demand_maximum) = capacity::billing(cx, declaration.billing.as_ref());
    let point_in_time_recovery = settings::recovery(cx, &declaration.point_in_time_recovery);
    let encryption = declaration.encryption.as_ref().map(|encryption| settings::encryption(cx, encryption));
    settings::check_tags(cx, declaration);
    let mut sources = vec![Vec::new(); schemas.len()];
    let partition_key = key(cx, declaration.partition_key.as_ref(), Role::TablePartition, &mut sources);
    let sort_key = key(cx, declaration.sort_key.as_ref(), Role::TableSort, &mut sources);
    check_templates(cx);
    check_repeated(cx);
    if let Some(ttl) = declaration.ttl.on() {
        settings::check_ttl(cx, ttl);
    }
    settings::check_type_attribute(cx);
    check_key_only(cx, &sources);
    changes::check(cx);
    lossy::check_keys(cx, &sources);
    let pair = |names: &TypeNames| (names.rust.clone(), names.module.clone());
    let (indexes, mut uses) = indexes::resolve(cx, &sources, billing);
    lossy::check_index_keys(cx, &sources, &uses);
    lossy::check_projections(cx, &sources, &uses, &indexes);
    let table = Table {
        stored: StoredTable {
            name: name.to_owned(),
            partition_key: partition_key?,
            sort_key,
            managed: declaration.managed,
            billing,
            on_demand_maximum,
            ttl: declaration.ttl.as_ref().map(|ttl| ttl.value.clone()),
            stream: declaration.stream,
            deletion_protection: declaration.deletion_protection,
            point_in_time_recovery,
            encryption,
            tags: settings::tags(declaration),
            class: declaration.class,
            indexes,
            type_attribute: declaration.type_attribute.as_ref().map(|name| name.value.clone()),
        },
        declared: declaration.declared.value.clone(),
        constant: constant?,
        doc: declaration.doc.clone(),
        item: enums.item.map(pair),
        change: enums.change.map(pair),
    };
    let found = keys::discriminate(cx, &sources, &mut uses);
    let of_models = sources.into_iter().zip(uses).zip(found);
    let of_all = |places: &Vec<usize>| places.iter().map(|place| schemas[*place].number).collect::<Vec<_>>();
    let uses = of_models.map(|((key, indexes), found)| TableUse {
        table: number,
        key,
        indexes,
        discriminator: found.discriminator,
        is_captured: found.is_captured,
        shares_key: found.shares_key,
        alike: of_all(&found.alike),
        query_meets_alike: found.query_meets_alike,
        neighbours: of_all(&found.neighbours),
        neighbours_in: found.neighbours_in.iter().map(of_all).collect(),
    });
    Some((table, uses.collect()))
}

/// A table's own key of one attribute. What each model makes of it is added to `sources`.
fn key(
    cx: &mut TableCheck<'_, '_>,
    declaration: Option<&KeyDeclaration>,
    role: Role,
    sources: &mut [Vec<KeySource>],
) -> Option<KeyAttribute> {
    let declaration = declaration?;
    if declaration.is_array && declaration.attributes.len() != 1 {
        cx.report(
            Diagnostic::new(Code::KeyAttributeCount, "a key of a table is one attribute")
                .at(declaration.span, format!("{} attributes", declaration.attributes.len()))
                .help("name one attribute; only global indexes may have up to four"),
        );
        return None;
    }
    let name = declaration.attributes.first()?;
    keys::check_length(cx, name);
    let mut types = Types::default();
    for (schema, sources) in cx.known.schemas.iter().zip(sources) {
        let composed = schema.declaration.key.as_ref();
        let template = composed.and_then(|key| {
            let template = if role == Role::TablePartition { &key.partition_key } else { &key.sort_key };
            Some((template.as_ref()?, key.escape))
        });
        if let Some((scalar, source)) = keys::source(cx, schema, name, template, role) {
            types.add(cx, schema, name, scalar);
            sources.push(source);
        }
    }
    Some(KeyAttribute { name: name.value.clone(), scalar: types.scalar? })
}

/// The type of a key attribute, which all models of a table must agree on.
#[derive(Default)]
pub(super) struct Types {
    pub scalar: Option<Scalar>,
    first: Option<Span>,
}

impl Types {
    pub(super) fn add(
        &mut self,
        cx: &mut TableCheck<'_, '_>,
        schema: &Schema<'_>,
        name: &Spanned<String>,
        scalar: Scalar,
    ) {
        let place = schema.name().span;
        match (self.scalar, self.first) {
            (Some(known), Some(first)) if known != scalar => cx.report(
                Diagnostic::new(
                    Code::KeyTypesDiffer,
                    format!(
                        "{} is {} of one model and {} of another",
                        quoted(&name.value),
                        words(known),
                        words(scalar)
                    ),
                )
                .at(place, format!("{} of this model", words(scalar)))
                .and(first, format!("{} of this model", words(known)))
                .and(name.span, "a key attribute has one type")
                .help(
                    "give the fields types that are stored alike, or compose the key of both: `key = { … }`",
                ),
            ),
            (None, _) => {
                self.scalar = Some(scalar);
                self.first = Some(place);
            }
            _ => {}
        }
    }
}

fn words(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text => "text",
        Scalar::Number => "a number",
        Scalar::Binary => "bytes",
    }
}

/// Reports templates for a sort key that the table does not have.
fn check_templates(cx: &mut TableCheck<'_, '_>) {
    let Members { table: declaration, schemas } = cx.known;
    for schema in schemas {
        let template = schema.declaration.key.as_ref().and_then(|key| key.sort_key.as_ref());
        if let Some(template) = template.filter(|_| declaration.sort_key.is_none()) {
            cx.report(
                Diagnostic::new(
                    Code::TemplateMisplaced,
                    format!("the table {} has no sort key", quoted(&declaration.declared.value)),
                )
                .at(template.span, "composed for nothing")
                .and(declaration.declared.span, "declared here")
                .help("give the table one: `sort_key = \"sk\"`"),
            );
        }
    }
}

/// Reports fields that are declared to be kept in the key alone, and are not part of it.
fn check_key_only(cx: &mut TableCheck<'_, '_>, sources: &[Vec<KeySource>]) {
    for (schema, sources) in cx.known.schemas.iter().zip(sources) {
        for (number, checked) in schema.fields.iter().enumerate() {
            let Some(flag) = checked.declaration.key_only.as_ref().filter(|flag| flag.value) else {
                continue;
            };
            let is_held = sources.iter().any(|source| match source {
                KeySource::Field(_) => false,
                KeySource::Template(template) => {
                    template.parts.iter().any(|part| part.field == number && !part.form.is_lossy())
                }
            });
            if !is_held {
                cx.report(
                    Diagnostic::new(
                        Code::KeyOnly,
                        format!("{} is not part of its table's key", quoted(&checked.declaration.name.value)),
                    )
                    .at(flag.span, "would be stored nowhere")
                    .help(
                        "compose the key of it, `key = { sort_key = \"ORDER#{order_id}\" }`, or remove this",
                    ),
                );
            }
        }
    }
}

fn check_repeated(cx: &mut TableCheck<'_, '_>) {
    let declaration = cx.known.table;
    let partition = declaration.partition_key.iter().flat_map(|key| &key.attributes);
    let sort = declaration.sort_key.iter().flat_map(|key| &key.attributes);
    index_keys::check_distinct(cx, partition.chain(sort));
}
