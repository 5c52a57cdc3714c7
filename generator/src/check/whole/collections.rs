//! Collections: several models that one query reads.

use super::CollectionLink;
use crate::catalog::{KeySource, Projection, Template};
use crate::check::WholeCheck;
use crate::check::expand::ExpandedModel;
use crate::check::resolved::Resolved;
use crate::check::tables::TableUse;
use crate::diagnostic::{Code, Diagnostic, Span, did_you_mean, quoted};
use crate::manifest::CollectionDeclaration;
use std::collections::BTreeSet;

/// Resolves the models and the index of every collection.
pub(super) fn resolve<'m>(cx: &mut WholeCheck<'_, 'm>) -> Vec<CollectionLink<'m>> {
    cx.known.expanded.collections.iter().filter_map(|one| collection(cx, one)).collect()
}

fn collection<'m>(
    cx: &mut WholeCheck<'_, 'm>,
    declaration: &'m CollectionDeclaration,
) -> Option<CollectionLink<'m>> {
    let resolved = cx.known;
    let table = declaration.table.as_ref()?;
    let report = |span: Span, message: String, label: String, help: String| {
        Diagnostic::new(Code::CollectionModels, message).at(span, label).help(help)
    };
    if !resolved.expanded.tables.iter().any(|known| known.declared.value == table.value) {
        let known = resolved.expanded.tables.iter().map(|known| known.declared.value.as_str());
        cx.report(
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
        cx.report(report(
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
            cx.report(
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
        let of_table =
            |model: &&ExpandedModel<'_>| model.table.is_some_and(|known| known.value == table.value);
        let models = &resolved.expanded.models;
        let number = models.iter().position(|model| model.name.value == name.value && of_table(&model));
        match number {
            Some(number) => members.push((&name.value, name.span, number)),
            None => {
                let known = models.iter().filter(of_table).map(|model| model.name.value.as_str());
                cx.report(report(
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
        let used = resolved.models[*number].used.as_ref()?;
        let sources = match &declaration.index {
            None => used.key.iter().take(1).collect(),
            Some(wanted) => {
                let of_table = &resolved.table(used).indexes;
                let known = used.indexes.iter().find(|one| of_table[one.index].name == wanted.value);
                let Some(known) = known else {
                    cx.report(
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
                .all(|(own, other)| is_same(resolved, (*first, own), (*number, other)));
        if !same {
            cx.report(
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
        let of_table = resolved.models[*first].used.as_ref().map(|used| &resolved.table(used).indexes[index]);
        if of_table.is_some_and(|index| index.projection != Projection::All) {
            cx.report(report(
                wanted.span,
                String::from("the index of a collection must hold whole items"),
                String::from("its projection leaves attributes out"),
                String::from("declare `projection = \"all\"`, or leave the index out to query the table"),
            ));
        }
    }
    check_strangers(cx, (declaration, index), &members);
    Some(CollectionLink { declaration, models: members.iter().map(|(.., number)| *number).collect(), index })
}

/// Reports models outside the collection whose items stand in its partitions and which nothing tells apart in a query.
fn check_strangers(
    cx: &mut WholeCheck<'_, '_>,
    (declaration, index): (&CollectionDeclaration, Option<usize>),
    members: &[(&str, Span, usize)],
) {
    let resolved = cx.known;
    let of_member = |used: &TableUse| match index {
        _ if resolved.table(used).type_attribute.is_some() => Vec::new(),
        None => used.neighbours.clone(),
        Some(index) => {
            let among = used.indexes.iter().zip(&used.neighbours_in);
            among.filter(|(used, _)| used.index == index).flat_map(|(_, found)| found.clone()).collect()
        }
    };
    let used = members.iter().filter_map(|(.., member)| resolved.models[*member].used.as_ref());
    let neighbours: BTreeSet<usize> = used.flat_map(of_member).collect();
    for number in neighbours {
        let model = resolved.models[number].schema.declaration;
        if members.iter().all(|(.., member)| *member != number) {
            cx.report(
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
fn is_same(resolved: &Resolved<'_>, own: (usize, &KeySource), other: (usize, &KeySource)) -> bool {
    let kind = |(model, field): (usize, usize)| {
        let fields = &resolved.models.get(model)?.schema.fields;
        fields.get(field)?.declaration.kind.as_ref()?.name()
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
