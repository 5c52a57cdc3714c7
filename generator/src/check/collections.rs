//! Collections: several models that one query reads.

use super::declared::Declared;
use super::tables::Use;
use crate::catalog::{Collection, KeySource, Model, Projection, Table, Template};
use crate::diagnostic::{Code, Diagnostic, Findings, Span, did_you_mean, quoted};
use crate::manifest::{CollectionDeclaration, Manifest};
use std::collections::BTreeSet;

/// Checks every collection. `models` are the catalog's, which stand in the order of their Rust names.
pub(super) fn check(
    declared: &Declared<'_>,
    manifest: &Manifest,
    tables: &[Table],
    uses: &[Option<Use>],
    findings: &mut Findings,
) -> Vec<Declaration> {
    let collections = manifest.collections.iter();
    collections.filter_map(|one| collection(declared, manifest, tables, uses, one, findings)).collect()
}

/// A collection whose models are still named, since their order is not known yet.
pub(super) struct Declaration {
    collection: Collection,
    models: Vec<String>,
}

impl Declaration {
    /// The collection among these models.
    pub(super) fn complete(mut self, models: &[Model]) -> Collection {
        let find = |name: &String| models.iter().position(|model| model.name == *name);
        self.collection.models = self.models.iter().filter_map(find).collect();
        self.collection
    }
}

fn collection(
    declared: &Declared<'_>,
    manifest: &Manifest,
    tables: &[Table],
    uses: &[Option<Use>],
    declaration: &CollectionDeclaration,
    findings: &mut Findings,
) -> Option<Declaration> {
    let table = declaration.table.as_ref()?;
    let report = |span: Span, message: String, label: String, help: String| {
        Diagnostic::new(Code::CollectionModels, message).at(span, label).help(help)
    };
    if !manifest.tables.iter().any(|known| known.declared.value == table.value) {
        let known = manifest.tables.iter().map(|known| known.declared.value.as_str());
        findings.push(
            Diagnostic::new(Code::UnknownTable, format!("unknown table {}", quoted(&table.value)))
                .at(table.span, "not declared")
                .help(
                    did_you_mean(&table.value, known)
                        .unwrap_or_else(|| String::from("name a table that is declared")),
                ),
        );
        return None;
    }
    if declaration.models.len() < 2 {
        findings.push(report(
            declaration.name.span,
            String::from("a collection has two models at least"),
            format!("{} here", declaration.models.len()),
            String::from("name them: `models = [\"Customer\", \"Order\"]`; one model has queries of its own"),
        ));
        return None;
    }
    let mut members: Vec<(&str, Span, usize)> = Vec::new();
    for name in &declaration.models {
        if let Some((_, first, _)) = members.iter().find(|(known, ..)| *known == name.value) {
            findings.push(
                report(
                    name.span,
                    format!("the collection names {} twice", quoted(&name.value)),
                    String::from("named again"),
                    String::from("remove it"),
                )
                .and(*first, "named here first"),
            );
            continue;
        }
        let of_table = |model: &&crate::manifest::ModelDeclaration| {
            model.table.as_ref().is_some_and(|known| known.value == table.value)
        };
        let number =
            manifest.models.iter().position(|model| model.name.value == name.value && of_table(&model));
        match number {
            Some(number) => members.push((&name.value, name.span, number)),
            None => {
                let known = manifest.models.iter().filter(of_table).map(|model| model.name.value.as_str());
                findings.push(report(
                    name.span,
                    format!("{} is not a model of table {}", quoted(&name.value), quoted(&table.value)),
                    String::from("not in that table"),
                    did_you_mean(&name.value, known)
                        .unwrap_or_else(|| String::from("name models of this table")),
                ));
            }
        }
    }
    let mut index = None;
    let mut partitions: Vec<(Span, usize, Vec<&KeySource>)> = Vec::new();
    for (name, span, number) in &members {
        let used = uses[*number].as_ref()?;
        let sources = match &declaration.index {
            None => used.key.iter().take(1).collect(),
            Some(wanted) => {
                let of_table = &tables[used.table].indexes;
                let known = used.indexes.iter().find(|one| of_table[one.index].name == wanted.value);
                let Some(known) = known else {
                    findings.push(
                        report(
                            wanted.span,
                            format!("{} is not in the index {}", quoted(name), quoted(&wanted.value)),
                            String::from("the collection's index"),
                            format!("name it in the model: `index.{} = {{ … }}`", wanted.value),
                        )
                        .and(*span, "this model"),
                    );
                    return None;
                };
                index = Some(known.index);
                known.partition_key.iter().collect()
            }
        };
        partitions.push((*span, *number, sources));
    }
    let ((first_span, first, sources), others) = partitions.split_first()?;
    for (span, number, theirs) in others {
        let same = sources.len() == theirs.len()
            && sources
                .iter()
                .zip(theirs)
                .all(|(own, other)| is_same(manifest, (*first, own), (*number, other)));
        if !same {
            findings.push(
                report(
                    *span,
                    String::from("the models of a collection must have the same partition key"),
                    String::from("its partition key differs"),
                    String::from("compose both alike, of fields of the same types: `partition_key = \"CUSTOMER#{customer_id}\"`"),
                )
                .and(*first_span, "from that of this model"),
            );
        }
    }
    if let (Some(index), Some(wanted)) = (index, &declaration.index) {
        let of_table = uses[*first].as_ref().map(|used| &tables[used.table].indexes[index]);
        if of_table.is_some_and(|index| index.projection != Projection::All) {
            findings.push(report(
                wanted.span,
                String::from("the index of a collection must hold whole items"),
                String::from("its projection leaves attributes out"),
                String::from("declare `projection = \"all\"`, or leave the index out to query the table"),
            ));
        }
    }
    check_strangers(manifest, tables, uses, (declaration, index), &members, findings);
    let names = declared.collection(&declaration.name.value);
    Some(Declaration {
        models: members.iter().map(|(name, ..)| declared.model(name).rust.clone()).collect(),
        collection: Collection {
            name: names.rust.clone(),
            module: names.module.clone(),
            place: declaration.place.clone(),
            doc: declaration.doc.clone(),
            models: Vec::new(),
            index,
        },
    })
}

/// Reports models outside the collection whose items stand in its partitions and which nothing tells apart in a query.
fn check_strangers(
    manifest: &Manifest,
    tables: &[Table],
    uses: &[Option<Use>],
    (declaration, index): (&CollectionDeclaration, Option<usize>),
    members: &[(&str, Span, usize)],
    findings: &mut Findings,
) {
    let of_member = |used: &Use| match index {
        _ if tables[used.table].type_attribute.is_some() => Vec::new(),
        None => used.neighbours.clone(),
        Some(index) => {
            let among = used.indexes.iter().zip(&used.neighbours_in);
            among.filter(|(used, _)| used.index == index).flat_map(|(_, found)| found.clone()).collect()
        }
    };
    let used = members.iter().filter_map(|(.., member)| uses[*member].as_ref());
    let neighbours: BTreeSet<usize> = used.flat_map(of_member).collect();
    for number in neighbours {
        let model = &manifest.models[number];
        if members.iter().all(|(.., member)| *member != number) {
            findings.push(
                Diagnostic::new(
                    Code::CollectionModels,
                    format!("items of {} can stand among those of the collection", quoted(&model.name.value)),
                )
                .at(declaration.name.span, "reads whole partitions")
                .and(model.name.span, "may have items in them")
                .help("name the model too, or let an attribute name the models: `type_attribute = \"_type\"` on the table"),
            );
        }
    }
}

/// Whether two models compose a key attribute alike, of fields of the same types.
fn is_same(manifest: &Manifest, own: (usize, &KeySource), other: (usize, &KeySource)) -> bool {
    let kind = |(model, field): (usize, usize)| {
        let fields = manifest.models.get(model)?.fields.as_ref()?;
        fields.get(field)?.kind.as_ref()?.name()
    };
    let alike = |left: usize, right: usize| {
        kind((own.0, left)).is_some_and(|left| kind((other.0, right)) == Some(left))
    };
    match (own.1, other.1) {
        (KeySource::Field(left), KeySource::Field(right)) => alike(*left, *right),
        (KeySource::Template(left), KeySource::Template(right)) => {
            let shape = |template: &Template| {
                let parts = template.parts.iter().map(|part| (part.form, part.literal.clone()));
                (template.begin.clone(), parts.collect::<Vec<_>>())
            };
            shape(left) == shape(right)
                && left.parts.iter().zip(&right.parts).all(|(left, right)| alike(left.field, right.field))
        }
        _ => false,
    }
}
