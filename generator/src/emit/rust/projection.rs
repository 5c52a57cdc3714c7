//! Projections: what an index keeps of an item, as a struct of its own.

use askama::Template;

use super::facts::{constant, is_key, template};
use super::feeds::{self, KeyRole};
use super::field::{FieldView, Handle};
use super::handle::Handles;
use super::item_struct::ItemStruct;
use super::key::KeyWriter;
use super::rule::FieldRules;
use super::stored::{ComposedAttributes, StoredTable};
use super::text::literal;
use super::{shape, struct_attributes};
use crate::catalog::{Field, Index, ModelIndex, Projection, Table, Template as KeyTemplate};

/// The public part of a projection.
#[derive(Template)]
#[template(path = "rust/projection.rs.jinja", escape = "none")]
pub(super) struct ProjectionType {
    pub name: String,
    item_struct: ItemStruct,
    handles: Handles,
    model: String,
    key: String,
    /// The body of the function that gives the item's key.
    key_body: String,
}

/// A projection, as the parts of its model's module.
pub(super) struct ProjectionParts {
    pub declared: ProjectionType,
    pub stored: StoredTable,
    /// The name, where its items have the attribute by which they expire.
    pub expires: Option<String>,
}

/// What an index keeps of a model's items, unless it keeps everything. `key_body` gives the primary key, of `self`.
pub(super) fn projection(
    keys: &KeyWriter<'_>,
    table: &Table,
    index: &Index,
    used: &ModelIndex,
    key_body: &str,
) -> Option<ProjectionParts> {
    if index.projection == Projection::All {
        return None;
    }
    let model = keys.model;
    let name = format!("{}{}", model.name, used.type_stem);
    let is_projected = |attribute: &str| projects(table, index, attribute);
    let (told, reads, compared) = told_by_keys(keys, used, &is_projected);
    let is_told = |field: &Field| told.iter().any(|known| known.name == field.name);
    let fields = model.fields.iter().filter(|field| is_told(field) || is_projected(&field.attribute));
    let fields = fields.map(|field| {
        let mut view = FieldView::of_model(keys, table, field);
        // What an index holds is read only: nothing would ask for the rules.
        view.rules = FieldRules::default();
        if feeds::role_of(keys, field) == KeyRole::Primary {
            view.role = Some("dynamorm::InPrimaryKey".to_owned());
        }
        if is_told(field) {
            view.stored = false;
            view.handle = Handle::None;
        }
        view
    });
    let fields: Vec<_> = fields.collect();
    let allowed = shape::of_types(&fields);
    let mut attributes = struct_attributes(&fields, &model.derives);
    attributes.extend(allowed.clone());
    let docs = vec![format!("/// What index `{}` holds of each `{}`.", index.name, model.name)];
    let constant =
        constant(model, table).filter(|_| table.type_attribute.as_deref().is_some_and(is_projected));
    let head = format!("projection {name} of {}, as {name}Draft", model.name);
    let shape = model.stored.shape.as_ref();
    let shape = shape.map(|shape| format!("{} = {}", literal(&shape.attribute), shape.number));
    Some(ProjectionParts {
        stored: StoredTable::of_projection(
            head,
            &fields,
            constant,
            shape,
            &reads,
            ComposedAttributes::new(keys, &compared),
        ),
        expires: expires(keys, table, &is_projected).then(|| name.clone()),
        declared: ProjectionType {
            item_struct: ItemStruct::new(&name, docs, attributes, &fields),
            handles: Handles::new(&name, "conditions and selections", allowed, &fields),
            model: model.name.clone(),
            key: format!("{}Key", model.name),
            key_body: key_body.to_owned(),
            name,
        },
    })
}

/// The fields that composed keys tell, since no attribute of their own does; what reads those keys, which are always projected;
/// and those of them that do not tell all that they are composed of.
fn told_by_keys<'a>(
    keys: &KeyWriter<'a>,
    used: &'a ModelIndex,
    is_projected: &dyn Fn(&str) -> bool,
) -> (Vec<&'a Field>, Vec<String>, Vec<&'a KeyTemplate>) {
    let of_index = used.partition_key.iter().chain(&used.sort_key);
    let mut templates: Vec<&KeyTemplate> = Vec::new();
    for template in keys.model.key.iter().chain(of_index).filter_map(template) {
        if templates.iter().all(|known| known.attribute != template.attribute) {
            templates.push(template);
        }
    }
    let mut told: Vec<&Field> = Vec::new();
    let (mut reads, mut compared) = (Vec::new(), Vec::new());
    for template in &templates {
        let parts = template.parts.iter().filter(|part| !part.form.is_lossy());
        let wanted: Vec<_> = parts
            .filter_map(|part| keys.field(part.field))
            .filter(|field| field.key_only || !is_projected(&field.attribute))
            .filter(|field| told.iter().all(|known| known.name != field.name))
            .collect();
        reads.extend(keys.read(template, &wanted));
        if !keys.tells_all(template, &wanted) {
            compared.push(*template);
        }
        told.extend(wanted);
    }
    // What is computed of a field that nothing tells in whole is compared with nothing.
    let is_known = |field: &Field| {
        is_projected(&field.attribute) && !field.key_only || told.iter().any(|known| known.name == field.name)
    };
    compared.retain(|template| template.parts.iter().filter_map(|part| keys.field(part.field)).all(is_known));
    (told, reads, compared)
}

/// Whether an index keeps an attribute.
fn projects(table: &Table, index: &Index, attribute: &str) -> bool {
    let included: &[String] = match &index.projection {
        Projection::All => return true,
        Projection::KeysOnly => &[],
        Projection::Include(attributes) => attributes,
    };
    is_key(table, attribute)
        || index.partition_key.iter().chain(&index.sort_key).any(|key| key.name == attribute)
        || included.iter().any(|name| name == attribute)
}

/// Whether what is read has the attribute by which items expire.
pub(super) fn expires(keys: &KeyWriter<'_>, table: &Table, is_read: &dyn Fn(&str) -> bool) -> bool {
    let ttl = table.ttl.on().map(String::as_str);
    let fields = keys.model.fields.iter();
    fields.map(|field| field.attribute.as_str()).any(|attribute| Some(attribute) == ttl && is_read(attribute))
}
