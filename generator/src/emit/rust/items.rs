//! Several models as one: the items of a table, and collections.

use askama::Template;

use super::facts::template;
use super::key::{KeyComposer, KeyPartView, KeyWriter};
use super::kind::{Kinds, Prelude};
use super::layout::{chain, list};
use super::query::{Function, QueryWriter, SortKey, SortStage, read_type};
use super::tables::{index_path, table_path};
use super::text::{declared_doc_lines, doc_lines, literal};
use crate::catalog::{
    Catalog, Collection, CollectionPart, Index, IndexScope, KeySource, Model, Table, Template as KeyTemplate,
    UpTo,
};
use crate::names;

/// The module of an enum over models, and of the struct that groups its values.
#[derive(Template)]
#[template(path = "rust/items.rs.jinja", escape = "none")]
pub(super) struct ItemsModule {
    pub name: String,
    pub group: String,
    /// What errors call it, as a string literal.
    called: String,
    docs: Vec<String>,
    group_docs: Vec<String>,
    table_path: String,
    /// What the facts say besides: the models, and the context that all of them have.
    facts: Vec<String>,
    models: Vec<ItemVariant>,
    /// What reads every item of the table, and what brings each into its form.
    of_table: Vec<Function>,
    query: Option<Function>,
    /// The stages in which the sort key of the query is given.
    stages: Vec<SortStage>,
    /// The functions that compose the keys of its query.
    composers: Vec<KeyComposer>,
    /// What functions call the type of an iterator.
    parameter: &'static str,
    boxed: &'static str,
    vec: &'static str,
}

/// A model among the items.
struct ItemVariant {
    name: String,
    /// The field of the group.
    plural: String,
}

impl ItemsModule {
    /// The items of a table that has several models.
    pub fn of_table(catalog: &Catalog, table_number: usize, table: &Table) -> Option<(String, Self)> {
        let (name, module) = table.item.as_ref()?;
        let models: Vec<_> = catalog.models.iter().filter(|model| model.table == table_number).collect();
        let group = names::plural(name);
        let prelude = Prelude::beside(&[name, &group]);
        // A scan meets what guards unique fields.
        let is_guarded = models.iter().any(|model| !model.unique.is_empty());
        let others = if is_guarded { ".among_others()" } else { "" };
        let view = ItemsModule {
            name: name.clone(),
            called: literal(name),
            group,
            docs: vec![format!("/// An item of table `{}`: of one of its models.", table.name)],
            group_docs: vec![format!("/// Items of table `{}`, by their models.", table.name)],
            table_path: table_path(table),
            facts: facts(&models),
            models: models.iter().map(|model| item(model)).collect(),
            of_table: vec![
                Function {
                    docs: doc_lines("Scans the table: items of whichever model."),
                    signature: "pub fn scan() -> dynamorm::Scan<Self> {".to_owned(),
                    body: vec![format!("dynamorm::generated::scan::<Self>(){others}.into()")],
                },
                sweep(&models),
            ],
            query: None,
            stages: Vec::new(),
            composers: Vec::new(),
            parameter: parameter(name),
            boxed: prelude.boxed,
            vec: prelude.vec,
        };
        Some((module.clone(), view))
    }

    pub fn of_collection(catalog: &Catalog, collection: &Collection) -> Option<Self> {
        let models: Vec<_> =
            collection.models.iter().filter_map(|number| catalog.models.get(*number)).collect();
        let first = *models.first()?;
        let table = &catalog.tables[first.table];
        let name = format!("{}Item", collection.name);
        let prelude = Prelude::beside(&[&name, &collection.name]);
        let keys = KeyWriter { model: first, kinds: Kinds { catalog, prelude } };
        let index = collection.index.and_then(|number| Some((number, table.indexes.get(number)?)));
        let sources: Vec<&KeySource> = match index {
            None => first.key.iter().take(1).collect(),
            Some((number, _)) => {
                let used = first.indexes.iter().find(|used| used.index == number)?;
                used.partition_key.iter().collect()
            }
        };
        let mut docs = declared_doc_lines(collection.doc.as_deref());
        if docs.is_empty() {
            docs.push(format!("/// Items of the collection `{}`, by their models.", collection.name));
        }
        let templates: Vec<_> = sources.iter().filter_map(|source| template(source)).collect();
        let (query, stages) = query(catalog, collection, &keys, &sources, index, table, &name);
        Some(ItemsModule {
            group: collection.name.clone(),
            called: literal(&collection.name),
            docs: vec![format!("/// An item of the collection `{}`: of one of its models.", collection.name)],
            group_docs: docs,
            table_path: table_path(table),
            facts: facts(&models),
            of_table: Vec::new(),
            query: Some(query),
            stages,
            composers: keys.composers(&templates),
            models: models.iter().map(|model| item(model)).collect(),
            parameter: parameter(&name),
            name,
            boxed: prelude.boxed,
            vec: prelude.vec,
        })
    }
}

/// What brings every item of a table into the form in which writes store it.
fn sweep(models: &[&Model]) -> Function {
    let models: Vec<_> = models
        .iter()
        .map(|model| format!("dynamorm::sweep::SweptModel::of::<super::{}>()", model.name))
        .collect();
    let docs = "Brings every item of the table into the form in which its model's writes store it: see\n\
                [`Sweep`](dynamorm::sweep::Sweep).";
    Function {
        docs: doc_lines(docs),
        signature: "pub fn sweep() -> dynamorm::sweep::Sweep {".to_owned(),
        body: vec![list(8, "dynamorm::sweep::Sweep::of_table([", &models, "])")],
    }
}

fn query(
    catalog: &Catalog,
    collection: &Collection,
    keys: &KeyWriter<'_>,
    sources: &[&KeySource],
    index: Option<(usize, &Index)>,
    table: &Table,
    name: &str,
) -> (Function, Vec<SortStage>) {
    let mut calls: Vec<_> =
        index.iter().map(|(number, _)| format!(".index(&{})", index_path(table, *number))).collect();
    let part = part(keys, &collection.part);
    // Values that stand in both attributes of the key are made once.
    match part.is_of_values {
        true => calls.extend(keys.source_calls_by(sources, &|field| format!("&{}", field.identifier))),
        false => calls.extend(keys.source_calls(sources)),
    }
    calls.extend(part.calls);
    let of_table = |model: &&Model| model.table == keys.model.table;
    let is_in = |model: &&Model| match index {
        None => true,
        Some((number, _)) => model.indexes.iter().any(|used| used.index == number),
    };
    let count = catalog.models.iter().filter(of_table).filter(is_in).count();
    if collection.meets_others && count > collection.models.len() {
        calls.push(".among_others()".to_owned());
    }
    let is_global = index.is_some_and(|(_, index)| index.scope == IndexScope::Global);
    let source = if is_global { "FromGlobalIndex" } else { "FromTable" };
    let stages = match &collection.part {
        CollectionPart::Beginning(template) => {
            let sort = SortKey {
                sources: vec![template],
                of: format!("the collection `{}`", collection.name),
                stage: format!("{}Query", collection.name),
                is_beginning: true,
            };
            QueryWriter::new(keys.model, table, keys.kinds).stages(&sort, name, source)
        }
        CollectionPart::Whole | CollectionPart::Between { .. } => Vec::new(),
    };
    let fields: Vec<_> = keys.fields(sources).iter().map(|field| format!("`{}`", field.name)).collect();
    let mut docs = vec![format!(
        "/// The items of one {}, of every model at once, in the order of their keys.",
        fields.join(" and ")
    )];
    docs.extend(super::shape::of_parameters(fields.len()));
    calls.push(".into()".to_owned());
    let parameters: Vec<_> = keys.parts(sources).iter().map(KeyPartView::parameter).collect();
    let complete = read_type("Query", name, is_global);
    let returns = stages.first().map_or(&complete, |stage| &stage.query);
    let values = keys.fields(sources).into_iter().filter(|_| part.is_of_values).map(|field| {
        let rust_type = keys.kinds.value_type(&field.kind, &field.name);
        let identifier = &field.identifier;
        format!("let {identifier}: {rust_type} = {identifier}.into_argument();")
    });
    let read = chain(8, &format!("dynamorm::generated::query::<{name}>()"), &calls, "");
    let function = Function {
        docs,
        signature: list(4, "pub fn query(", &parameters, &format!(") -> {returns} {{")),
        body: values.chain([read]).collect(),
    };
    (function, stages)
}

/// What a source is told of the part of a partition that it reads.
struct PartCalls {
    calls: Vec<String>,
    /// Whether they take the values of the partition's fields.
    is_of_values: bool,
}

fn part(keys: &KeyWriter<'_>, part: &CollectionPart) -> PartCalls {
    match part {
        CollectionPart::Whole => PartCalls { calls: Vec::new(), is_of_values: false },
        CollectionPart::Beginning(source) => {
            let calls = template(source).map(|template| {
                format!(".sorted({}, {})", literal(&template.attribute), literal(&template.begin))
            });
            PartCalls { calls: calls.into_iter().collect(), is_of_values: false }
        }
        CollectionPart::Between { from, up_to } => {
            let call = |name: &str, text: &KeyTemplate| {
                format!(".{name}({}, {})", literal(&text.attribute), keys.text_of_values(text))
            };
            let up_to_name = |up_to: &UpTo| if up_to.is_whole { "sorted_up_to" } else { "sorted_through" };
            let from_call = from.as_ref().map(|text| call("sorted_from", text));
            let up_to_call = up_to.as_ref().map(|up_to| call(up_to_name(up_to), &up_to.text));
            let mut texts = from.iter().chain(up_to.as_ref().map(|up_to| &up_to.text));
            PartCalls {
                is_of_values: texts.any(|text| !text.parts.is_empty()),
                calls: from_call.into_iter().chain(up_to_call).collect(),
            }
        }
    }
}

/// What the facts of several models say: whose items they are, and the context of any of them, since what reads them all must
/// stay within it.
fn facts(models: &[&Model]) -> Vec<String> {
    let all = models.iter().map(|model| format!("<super::{} as dynamorm::Record>::FACTS", model.name));
    let all: Vec<_> = all.collect();
    let context = |model: &&Model| Some(literal(&model.fields.get(model.context?)?.name));
    let context = models.iter().find_map(context).map(|name| format!("context: Some({name})"));
    let discriminator = list(8, "discriminator: dynamorm::Discriminator::AnyOf(&[", &all, "])");
    [discriminator].into_iter().chain(context).collect()
}

/// What functions call a type of theirs, beside the enum's own.
fn parameter(name: &str) -> &'static str {
    if name == "T" { "I" } else { "T" }
}

fn item(model: &Model) -> ItemVariant {
    ItemVariant {
        name: model.name.clone(),
        plural: names::identifier(&names::plural(&names::module_name(&model.name))),
    }
}
