//! Collections: several models that one query reads.

mod part;

use super::CollectionLink;
use crate::catalog::{KeySource, Projection, Template};
use crate::check::WholeCheck;
use crate::check::expand::ExpandedModel;
use crate::check::keys::{Language, language, witness};
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
        cx.report(report_at(
            declaration.name.span,
            String::from("a collection has two models at least"),
            format!("{} here", declaration.models.len()),
            String::from("name them: `models = [\"Customer\", \"Order\"]`; one model has queries of its own"),
        ));
        return None;
    }
    let mut members: Vec<Member<'_>> = Vec::new();
    for name in &declaration.models {
        if let Some(known) = members.iter().find(|known| known.name == name.value) {
            cx.report(
                report_at(
                    name.span,
                    format!("the collection names {} twice", quoted(&name.value)),
                    String::from("named again"),
                    String::from("remove it"),
                )
                .and(known.span, "named here first"),
            );
            continue;
        }
        let of_table =
            |model: &&ExpandedModel<'_>| model.table.is_some_and(|known| known.value == table.value);
        let models = &resolved.expanded.models;
        let number = models.iter().position(|model| model.name.value == name.value && of_table(&model));
        match number {
            Some(number) => members.push(Member { name: &name.value, span: name.span, number }),
            None => {
                let known = models.iter().filter(of_table).map(|model| model.name.value.as_str());
                cx.report(report_at(
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
    for member in &members {
        let used = resolved.models[member.number].used.as_ref()?;
        if let Some(wanted) = &declaration.index {
            let of_table = &resolved.table(used).indexes;
            let known = used.indexes.iter().find(|one| of_table[one.index].name == wanted.value);
            let Some(known) = known else {
                cx.report(
                    report_at(
                        wanted.span,
                        format!("{} is not in the index {}", quoted(member.name), quoted(&wanted.value)),
                        String::from("the collection's index"),
                        format!("name it in the model: `index.{} = {{ … }}`", wanted.value),
                    )
                    .and(member.span, "this model"),
                );
                return None;
            };
            if known.is_case {
                cx.report(
                    report_at(
                        wanted.span,
                        format!("{} is in the index {} by several entries", quoted(member.name), quoted(&wanted.value)),
                        String::from("a collection reads each model by one key"),
                        String::from("call the function of the entry that is meant, or give the model one entry in another index"),
                    )
                    .and(member.span, "this model"),
                );
                return None;
            }
            index = Some(known.index);
        }
        let sources = Partition::of(resolved, member.number, index)?.partition;
        partitions.push((member.span, member.number, sources));
    }
    let mut are_same = true;
    let ((first_span, first, sources), others) = partitions.split_first()?;
    for (span, number, theirs) in others {
        let same = sources.len() == theirs.len()
            && sources
                .iter()
                .zip(theirs)
                .all(|(own, other)| is_same(resolved, (*first, own), (*number, other)));
        if !same {
            are_same = false;
            cx.report(
                report_at(
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
            cx.report(report_at(
                wanted.span,
                String::from("the index of a collection must hold whole items"),
                String::from("its projection leaves attributes out"),
                String::from("declare `projection = \"all\"`, or leave the index out to query the table"),
            ));
        }
    }
    if !are_same {
        return None;
    }
    let part = part::resolve(cx, declaration, index, &members)?;
    let meets_others = check_strangers(cx, (declaration, index), &members, &part);
    let models = members.iter().map(|member| member.number).collect();
    Some(CollectionLink { declaration, models, index, part: part.part, meets_others })
}

/// A model of a collection.
struct Member<'m> {
    name: &'m str,
    span: Span,
    /// Its number among all models.
    number: usize,
}

/// The key of a model in what a collection reads.
struct Partition<'r> {
    partition: Vec<&'r KeySource>,
    /// The sort key, where it is one attribute.
    sort: Option<&'r KeySource>,
    /// The stored names of both.
    names: Vec<&'r str>,
}

impl<'r> Partition<'r> {
    fn of(resolved: &'r Resolved<'_>, number: usize, index: Option<usize>) -> Option<Self> {
        let used = resolved.models.get(number)?.used.as_ref()?;
        let table = resolved.table(used);
        let Some(index) = index else {
            let names = std::iter::once(&table.partition_key).chain(&table.sort_key);
            return Some(Partition {
                partition: used.key.iter().take(1).collect(),
                sort: used.key.get(1),
                names: names.map(|key| key.name.as_str()).collect(),
            });
        };
        let own = used.indexes.iter().find(|own| own.index == index)?;
        let of_table = &table.indexes[index];
        let sort = if let [sort] = own.sort_key.as_slice() { Some(sort) } else { None };
        let sorted_by = of_table.sort_key.iter().filter(|_| sort.is_some());
        Some(Partition {
            partition: own.partition_key.iter().collect(),
            sort,
            names: of_table.partition_key.iter().chain(sorted_by).map(|key| key.name.as_str()).collect(),
        })
    }

    fn sort_template(&self) -> Option<&'r Template> {
        match self.sort? {
            KeySource::Template(template) => Some(template),
            KeySource::Field(_) => None,
        }
    }

    fn sort_name(&self) -> &'r str {
        self.names.last().copied().unwrap_or_default()
    }

    /// The fields of the partition key, in the order in which they stand in it.
    fn fields(&self) -> Vec<usize> {
        let of_source = |source: &&KeySource| match source {
            KeySource::Field(field) => vec![*field],
            KeySource::Template(template) => template.parts.iter().map(|part| part.field).collect(),
        };
        self.partition.iter().flat_map(of_source).collect()
    }
}

fn report_at(span: Span, message: String, label: String, help: String) -> Diagnostic {
    Diagnostic::new(Code::CollectionModels, message).at(span, label).help(help)
}

/// Whether items of models outside the collection can stand in what it reads. Those that nothing tells apart in a query are reported.
fn check_strangers(
    cx: &mut WholeCheck<'_, '_>,
    (declaration, index): (&CollectionDeclaration, Option<usize>),
    members: &[Member<'_>],
    part: &part::Part,
) -> bool {
    let resolved = cx.known;
    let mut is_typed = false;
    let mut of_member = |used: &TableUse| match index {
        None => {
            is_typed |= resolved.table(used).type_attribute.is_some();
            used.neighbours.clone()
        }
        Some(index) => {
            let among = used.indexes.iter().zip(&used.neighbours_in);
            among.filter(|(used, _)| used.index == index).flat_map(|(_, found)| found.clone()).collect()
        }
    };
    let used = members.iter().filter_map(|member| resolved.models[member.number].used.as_ref());
    let neighbours: BTreeSet<usize> = used.flat_map(&mut of_member).collect();
    // In an index, what a filter tells apart is not among them.
    let mut meets_others = index.is_some();
    let Some(own) = members.first().and_then(|first| Partition::of(resolved, first.number, index)) else {
        return meets_others;
    };
    let own_schema = &resolved.models[members[0].number].schema;
    for number in neighbours {
        let schema = &resolved.models[number].schema;
        let Some(theirs) = Partition::of(resolved, number, index) else { continue };
        if members.iter().any(|member| member.number == number) {
            continue;
        }
        let partition = own.partition.iter().zip(&theirs.partition);
        let partition =
            partition.map(|(own, theirs)| language(own_schema, own).shared(&language(schema, theirs)));
        let sort = theirs.sort.map(|source| {
            let whole = language(schema, source);
            let all: Vec<&Language> = std::iter::once(&whole).chain(&part.within).collect();
            Language::shared_by(&all)
        });
        let Some(key) = partition.chain(sort).collect::<Option<Vec<_>>>() else { continue };
        let key = witness(own.names.iter().copied().zip(key.iter().map(String::as_str)));
        meets_others = true;
        if !is_typed {
            cx.report(part::stranger(declaration, part, schema.declaration.name, &key));
        }
    }
    meets_others
}

/// Whether the fields of two models are of the same type.
fn alike_kinds(resolved: &Resolved<'_>, own: (usize, usize), other: (usize, usize)) -> bool {
    let kind = |(model, field): (usize, usize)| {
        let fields = &resolved.models.get(model)?.schema.fields;
        fields.get(field)?.declaration.kind.as_ref()?.name()
    };
    kind(own).is_some_and(|own| kind(other) == Some(own))
}

/// Whether two models compose a key attribute alike, of fields of the same types.
fn is_same(resolved: &Resolved<'_>, own: (usize, &KeySource), other: (usize, &KeySource)) -> bool {
    let alike = |left: usize, right: usize| alike_kinds(resolved, (own.0, left), (other.0, right));
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
