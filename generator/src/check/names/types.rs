//! The types of generated code, including private ones, because those of a model share a file.

use super::{Scope, functions};
use crate::catalog::{self, KeySource, Projection};
use crate::check::WholeCheck;
use crate::check::resolved::Schema;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::manifest::Spanned;
use crate::names;

/// Claims the names of all types, except for declarations whose names were already reported.
pub(in crate::check) fn claim_types(cx: &mut WholeCheck<'_, '_>) {
    let (resolved, names) = (cx.known, cx.known.names);
    for model in &resolved.models {
        let declaration = model.schema.declaration;
        let (names, span) = (names.model(&declaration.name.value), declaration.name.span);
        let name = &names.rust;
        if !names.are_clear {
            continue;
        }
        claim(cx, name, &["", "Key", "Builder", "Draft", "Query"], span);
        let Some(used) = &model.used else { continue };
        let of_table = used.key.get(1).map(|_| used.key.get(..1).unwrap_or_default());
        if let Some(partition) = of_table {
            claim_buckets(cx, &model.schema, name, partition, stages(used.key.iter().skip(1)));
        }
        for stage in 2..=stages(used.key.iter().skip(1)) {
            claim(cx, &format!("{name}Query{stage}"), &[""], span);
        }
        let table = &resolved.tables[used.table];
        let declared = resolved.expanded.tables.iter().find(|one| one.declared.value == table.declared);
        for model_index in &used.indexes {
            let index = &table.indexes[model_index.index];
            let place =
                declared.and_then(|table| table.indexes.iter().rfind(|one| one.name.value == index.name));
            let span = place.map_or(span, |place| place.name.span);
            let name = format!("{name}{}", model_index.type_stem);
            let of_buckets = stages(model_index.sort_key.iter());
            claim_buckets(cx, &model.schema, &name, &model_index.partition_key, of_buckets);
            let suffixes: &[&str] = if index.projection == Projection::All {
                &["Key", "Query"]
            } else {
                &["", "Draft", "Key", "Query"]
            };
            claim(cx, &name, suffixes, span);
            // Each further part of a sort key adds a stage to the query.
            for stage in 2..=stages(model_index.sort_key.iter()) {
                claim(cx, &format!("{name}Query{stage}"), &[""], span);
            }
        }
    }
    let expanded = resolved.expanded;
    let structures = expanded.types.iter().map(|one| (names.structure(&one.name.value), one.name.span));
    for (names, span) in structures.filter(|(names, _)| names.are_clear) {
        claim(cx, &names.rust, &["", "Builder", "Draft"], span);
    }
    let mixins = expanded.mixins.iter().map(|one| (names.mixin(&one.name.value), one.name.span));
    for (names, span) in mixins.filter(|(names, _)| names.are_clear) {
        claim(cx, &names.rust, &[""], span);
    }
    let enums = expanded.enums.iter().map(|one| (&names.enumeration(&one.name.value).names, one.name.span));
    for (names, span) in enums.filter(|(names, _)| names.are_clear) {
        claim(cx, &names.rust, &[""], span);
    }
    for table in expanded.tables {
        if let Some(names) = names.item(&table.declared.value).filter(|names| names.are_clear) {
            let span = table.item.as_ref().map_or(table.declared.span, |name| name.span);
            claim(cx, &names.rust, &[""], span);
            claim(cx, &names::plural(&names.rust), &[""], span);
        }
    }
    for table in expanded.tables {
        if let Some(names) = names.change(&table.declared.value).filter(|names| names.are_clear) {
            claim(cx, &names.rust, &[""], table.declared.span);
        }
    }
    for collection in expanded.collections {
        let names = names.collection(&collection.name.value);
        if names.are_clear {
            claim(cx, &names.rust, &["", "Item"], collection.name.span);
        }
    }
}

/// Claims the names of the stages of a query of buckets. Those that are spread over shards have the stages of the one bucket.
fn claim_buckets(
    cx: &mut WholeCheck<'_, '_>,
    schema: &Schema<'_>,
    name: &str,
    partition: &[KeySource],
    count: usize,
) {
    let Some((periods, place, false)) = functions::buckets(schema, partition) else { return };
    for stage in 1..=count {
        claim(cx, &catalog::bucket_stage(name, periods, stage), &[""], place);
    }
}

/// Claims the names of the stages of a collection's query.
pub(in crate::check) fn claim_stages(
    cx: &mut WholeCheck<'_, '_>,
    collection: &Spanned<String>,
    count: usize,
) {
    let names = cx.known.names.collection(&collection.value);
    if names.are_clear {
        for stage in 1..=count {
            let number = if stage == 1 { String::new() } else { stage.to_string() };
            claim(cx, &format!("{}Query{number}", names.rust), &[""], collection.span);
        }
    }
}

/// How many stages a query has: one for each attribute of its sort key, or for each field of a composed one.
fn stages<'s>(sort_key: impl Iterator<Item = &'s KeySource>) -> usize {
    sort_key
        .map(|source| match source {
            KeySource::Field(_) => 1,
            KeySource::Template(template) => template.parts.len(),
        })
        .sum()
}

fn claim(cx: &mut WholeCheck<'_, '_>, stem: &str, suffixes: &[&str], span: Span) {
    for suffix in suffixes {
        let name = format!("{stem}{suffix}");
        if let Some(first) = cx.claim(Scope::Type, &name, span) {
            cx.report(
                Diagnostic::new(
                    Code::TypeNamesConflict,
                    format!("two generated types would be called `{name}`"),
                )
                .at(span, format!("brings `{name}`"))
                .and(first.place, "so does this")
                .help("rename one of the declarations"),
            );
        }
    }
}
