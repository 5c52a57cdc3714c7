//! Several models as one: the items of a table, and collections.

use super::key::{KeyPartView, Keys};
use super::kind::{Kinds, Prelude};
use super::model::read_type;
use super::tables::{index_path, table_path};
use crate::catalog::{Catalog, Collection, Index, IndexScope, KeySource, Model, Table, Template};
use crate::emit::text::{doc_lines, literal};
use crate::names;

/// An enum over models, and the struct that groups its values.
pub(in crate::emit) struct ItemsView {
    pub name: String,
    pub name_literal: String,
    pub group: String,
    pub docs: Vec<String>,
    pub group_docs: Vec<String>,
    pub table_path: String,
    /// The context that all its models have, as an `Option` of a string literal.
    pub context: String,
    pub models: Vec<ItemView>,
    /// Every item of the table.
    pub scans: bool,
    /// Whether a scan reads the guards of unique fields.
    pub is_guarded: bool,
    pub query: Option<CollectionQueryView>,
    /// The functions that compose the keys of its query.
    pub composers: Vec<super::key::ComposerView>,
    /// What functions call the type of an iterator.
    pub parameter: &'static str,
    pub boxed: &'static str,
    pub vec: &'static str,
}

pub(in crate::emit) struct ItemView {
    pub name: String,
    /// The field of the group.
    pub plural: String,
}

pub(in crate::emit) struct CollectionQueryView {
    /// Its documentation, and the attributes below.
    pub docs: Vec<String>,
    pub partition: Vec<KeyPartView>,
    pub calls: Vec<String>,
    pub returns: String,
    pub index_path: Option<String>,
}

impl ItemsView {
    /// The items of a table that has several models.
    pub fn of_table(catalog: &Catalog, table_number: usize, table: &Table) -> Option<(String, Self)> {
        let (name, module) = table.item.as_ref()?;
        let models: Vec<_> = catalog.models.iter().filter(|model| model.table == table_number).collect();
        let group = names::plural(name);
        let prelude = Prelude::beside(&[name, &group]);
        let view = ItemsView {
            name: name.clone(),
            name_literal: literal(name),
            group,
            docs: vec![format!("/// An item of table `{}`: of one of its models.", table.name)],
            group_docs: vec![format!("/// Items of table `{}`, by their models.", table.name)],
            table_path: table_path(table),
            context: context(&models),
            models: models.iter().map(|model| item(model)).collect(),
            scans: true,
            is_guarded: models.iter().any(|model| !model.unique.is_empty()),
            query: None,
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
        let keys = Keys { model: first, kinds: Kinds { catalog, prelude } };
        let index = collection.index.and_then(|number| Some((number, table.indexes.get(number)?)));
        let sources: Vec<&KeySource> = match index {
            None => first.key.iter().take(1).collect(),
            Some((number, _)) => {
                let used = first.indexes.iter().find(|used| used.index == number)?;
                used.partition_key.iter().collect()
            }
        };
        let mut docs = doc_lines(collection.doc.as_deref());
        if docs.is_empty() {
            docs.push(format!("/// Items of the collection `{}`, by their models.", collection.name));
        }
        Some(ItemsView {
            name_literal: literal(&collection.name),
            group: collection.name.clone(),
            docs: vec![format!("/// An item of the collection `{}`: of one of its models.", collection.name)],
            group_docs: docs,
            table_path: table_path(table),
            context: context(&models),
            scans: false,
            is_guarded: false,
            query: Some(query(catalog, collection, &keys, &sources, index, table, &name)),
            composers: keys
                .composers(&sources.iter().filter_map(|source| template(source)).collect::<Vec<_>>()),
            models: models.iter().map(|model| item(model)).collect(),
            parameter: parameter(&name),
            name,
            boxed: prelude.boxed,
            vec: prelude.vec,
        })
    }
}

fn query(
    catalog: &Catalog,
    collection: &Collection,
    keys: &Keys<'_>,
    sources: &[&KeySource],
    index: Option<(usize, &Index)>,
    table: &Table,
    name: &str,
) -> CollectionQueryView {
    let mut calls = keys.source_calls(sources);
    let of_table = |model: &&Model| model.table == keys.model.table;
    let is_in = |model: &&Model| match index {
        None => true,
        Some((number, _)) => model.indexes.iter().any(|used| used.index == number),
    };
    if catalog.models.iter().filter(of_table).filter(is_in).count() > collection.models.len() {
        calls.push(".among_others()".to_owned());
    }
    let is_global = index.is_some_and(|(_, index)| index.scope == IndexScope::Global);
    let fields: Vec<_> = keys.fields(sources).iter().map(|field| format!("`{}`", field.name)).collect();
    let mut docs = vec![format!(
        "/// The items of one {}, of every model at once, in the order of their keys.",
        fields.join(" and ")
    )];
    docs.extend(super::shape::of_parameters(fields.len()));
    CollectionQueryView {
        docs,
        partition: keys.parts(sources),
        calls,
        returns: read_type("Query", name, is_global),
        index_path: index.map(|(number, _)| index_path(table, number)),
    }
}

fn template(source: &KeySource) -> Option<&Template> {
    match source {
        KeySource::Field(_) => None,
        KeySource::Template(template) => Some(template),
    }
}

/// The context of any of these models: what reads them all must stay within it.
fn context(models: &[&Model]) -> String {
    let name = |model: &&Model| Some(literal(&model.fields.get(model.context?)?.name));
    models.iter().find_map(name).map_or("None".to_owned(), |name| format!("Some({name})"))
}

/// What functions call a type of theirs, beside the enum's own.
fn parameter(name: &str) -> &'static str {
    if name == "T" { "I" } else { "T" }
}

fn item(model: &Model) -> ItemView {
    ItemView {
        name: model.name.clone(),
        plural: names::identifier(&names::plural(&names::module_name(&model.name))),
    }
}
