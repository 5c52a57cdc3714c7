//! Names that the generated code gives itself, beside those that were declared: private ones too, which share a file with
//! others.

use super::declared::Declared;
use super::tables::Use;
use crate::catalog::{KeySource, Projection, Table};
use crate::diagnostic::{Code, Diagnostic, Findings, Span};
use crate::manifest::Manifest;
use crate::names;
use std::collections::BTreeMap;

/// Reports types of one name; declarations whose names were reported already are left out. `uses` stands in the
/// order of the manifest's models.
pub(super) fn check(
    declared: &Declared<'_>,
    manifest: &Manifest,
    tables: &[Table],
    uses: &[Option<Use>],
    findings: &mut Findings,
) {
    let places = index_places(manifest);
    let mut types = Types { taken: BTreeMap::new(), findings };
    for (model, used) in manifest.models.iter().zip(uses) {
        let (names, span) = (declared.model(&model.name.value), model.name.span);
        let name = &names.rust;
        if !names.are_clear {
            continue;
        }
        types.take_all(name, &["", "Key", "Builder", "Draft", "Query"], span);
        let Some(used) = used else { continue };
        for stage in 2..=stages(used.key.iter().skip(1)) {
            types.take_all(&format!("{name}Query{stage}"), &[""], span);
        }
        let table = &tables[used.table];
        for model_index in &used.indexes {
            let index = &table.indexes[model_index.index];
            let span = places.get(&(table.declared.as_str(), index.name.as_str())).copied().unwrap_or(span);
            let name = format!("{name}{}", model_index.type_stem);
            let suffixes: &[&str] = if index.projection == Projection::All {
                &["Key", "Query"]
            } else {
                &["", "Draft", "Key", "Query"]
            };
            types.take_all(&name, suffixes, span);
            // Each further part of a sort key brings another stage of the query.
            for stage in 2..=stages(model_index.sort_key.iter()) {
                types.take_all(&format!("{name}Query{stage}"), &[""], span);
            }
        }
    }
    let structures = manifest.types.iter().map(|one| (declared.structure(&one.name.value), one.name.span));
    for (names, span) in structures.filter(|(names, _)| names.are_clear) {
        types.take_all(&names.rust, &["", "Builder", "Draft"], span);
    }
    let mixins = manifest.mixins.iter().map(|one| (declared.mixin(&one.name.value), one.name.span));
    for (names, span) in mixins.filter(|(names, _)| names.are_clear) {
        types.take_all(&names.rust, &[""], span);
    }
    let enums =
        manifest.enums.iter().map(|one| (&declared.enumeration(&one.name.value).names, one.name.span));
    for (names, span) in enums.filter(|(names, _)| names.are_clear) {
        types.take_all(&names.rust, &[""], span);
    }
    for table in &manifest.tables {
        if let Some(names) = declared.item(&table.declared.value).filter(|names| names.are_clear) {
            let span = table.item.as_ref().map_or(table.declared.span, |name| name.span);
            types.take_all(&names.rust, &[""], span);
            types.take_all(&names::plural(&names.rust), &[""], span);
        }
    }
    for collection in &manifest.collections {
        let names = declared.collection(&collection.name.value);
        if names.are_clear {
            types.take_all(&names.rust, &["", "Item"], collection.name.span);
        }
    }
}

/// How many stages a query has: one for each attribute of its sort key, or for each field that it is composed of.
fn stages<'s>(sort_key: impl Iterator<Item = &'s KeySource>) -> usize {
    sort_key
        .map(|source| match source {
            KeySource::Field(_) => 1,
            KeySource::Template(template) => template.parts.len(),
        })
        .sum()
}

/// Where each index is declared, by its table's declared name and its own.
fn index_places(manifest: &Manifest) -> BTreeMap<(&str, &str), Span> {
    let mut places = BTreeMap::new();
    for table in &manifest.tables {
        for index in &table.indexes {
            places.insert((table.declared.value.as_str(), index.name.value.as_str()), index.name.span);
        }
    }
    places
}

/// The names of types so far, each with the place that declares it.
struct Types<'f> {
    taken: BTreeMap<String, Span>,
    findings: &'f mut Findings,
}

impl Types<'_> {
    fn take_all(&mut self, stem: &str, suffixes: &[&str], span: Span) {
        for suffix in suffixes {
            let name = format!("{stem}{suffix}");
            match self.taken.get(&name) {
                Some(first) => self.findings.push(
                    Diagnostic::new(
                        Code::TypeNamesConflict,
                        format!("two generated types would be called `{name}`"),
                    )
                    .at(span, format!("brings `{name}`"))
                    .and(*first, "so does this")
                    .help("rename one of the declarations"),
                ),
                None => {
                    self.taken.insert(name, span);
                }
            }
        }
    }
}
