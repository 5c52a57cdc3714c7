//! The module of an older shape: a struct that items of it are read as, to be upgraded, and written from.

use askama::Template;

use super::facts::template;
use super::field::{FieldView, Handle};
use super::functions::ModuleFunctions;
use super::item_struct::ItemStruct;
use super::key::{KeyComposer, KeyWriter};
use super::kind::Kinds;
use super::rule::FieldRules;
use super::stored::{ComposedAttributes, StoredTable};
use super::text::literal;
use super::{shape, struct_attributes};
use crate::catalog::{
    Catalog, Derives, Field, KeySource, Model, ModelIndex, OlderShape, StoredIndex, Table,
    Template as KeyTemplate,
};

/// The module of an older shape.
#[derive(Template)]
#[template(path = "rust/older_shape.rs.jinja", escape = "none")]
pub(super) struct OlderModule {
    model: String,
    name: String,
    item_struct: ItemStruct,
    stored: StoredTable,
    composers: Vec<KeyComposer>,
    functions: ModuleFunctions,
}

impl OlderModule {
    pub fn new(catalog: &Catalog, model: &Model, older: &OlderShape) -> Self {
        let table = &catalog.tables[model.table];
        let name = &older.name;
        let as_then = as_then(model, older);
        let keys = KeyWriter { model: &as_then, kinds: Kinds::new(catalog, name) };
        let fields = older.fields.iter().map(|field| {
            let mut view = FieldView::of_model(&keys, table, field);
            view.handle = Handle::None;
            view.rules = FieldRules::default();
            view.stored = !field.key_only;
            view
        });
        let mut fields: Vec<_> = fields.collect();
        let mut attributes = struct_attributes(&fields, &Derives::default());
        attributes.extend(shape::of_types(&fields));
        let docs = vec![format!("/// Shape {} of [`{}`](super::{}).", older.number, model.name, model.name)];
        let templates: Vec<_> = older.templates.iter().collect();
        let attribute = model.stored.shape.as_ref().map(|shape| shape.attribute.as_str()).unwrap_or_default();
        let head = format!(
            "shape {} in {}, {name} of {}, as {name}Draft",
            older.number,
            literal(attribute),
            model.name
        );
        OlderModule {
            model: model.name.clone(),
            item_struct: ItemStruct::new(name, docs, attributes, &fields),
            stored: StoredTable::of_older_shape(
                head,
                &fields,
                constant(older, table),
                &reads(&keys),
                ComposedAttributes::new(&keys, &templates),
            ),
            composers: keys.composers(&templates),
            functions: ModuleFunctions::of(fields.iter_mut()),
            name: name.clone(),
        }
    }
}

/// The model with the fields and keys of its older shape.
fn as_then(model: &Model, older: &OlderShape) -> Model {
    let is_of_key = |template: &KeyTemplate| {
        older.key.iter().filter_map(self::template).any(|own| own.attribute == template.attribute)
    };
    let others = older.templates.iter().filter(|template| !is_of_key(template));
    let of_indexes = ModelIndex {
        stored: StoredIndex {
            index: 0,
            partition_key: others.cloned().map(KeySource::Template).collect(),
            sort_key: Vec::new(),
            is_captured: false,
            is_shared: false,
        },
        function: String::new(),
        type_stem: String::new(),
        meets_alike: false,
    };
    let mut as_then = Model {
        name: older.name.clone(),
        fields: older.fields.clone(),
        indexes: vec![of_indexes],
        derives: Derives::default(),
        ..model.clone()
    };
    as_then.stored.key.clone_from(&older.key);
    as_then
}

/// The attribute that names the model, and that name.
fn constant(older: &OlderShape, table: &Table) -> Option<String> {
    let attribute = table.type_attribute.as_deref().filter(|_| !older.type_values.is_empty())?;
    let values: Vec<_> = older.type_values.iter().map(|value| literal(value)).collect();
    Some(format!("{} = {}", literal(attribute), values.join(" | ")))
}

/// What reads the composed attributes of the key.
fn reads(keys: &KeyWriter<'_>) -> Vec<String> {
    let wanted: Vec<&Field> = keys.model.fields.iter().filter(|field| field.key_only).collect();
    keys.model.key.iter().filter_map(template).flat_map(|template| keys.read(template, &wanted)).collect()
}
