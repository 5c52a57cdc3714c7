//! The module of a nested structure.

use askama::Template;

use super::builder::{Builder, RequiredField, required_fields};
use super::field::FieldView;
use super::functions::ModuleFunctions;
use super::handle::Handles;
use super::item_struct::ItemStruct;
use super::kind::Kinds;
use super::operations;
use super::query::Function;
use super::stored::StoredTable;
use super::text::declared_doc_lines;
use super::{samples, shape, struct_attributes, validation_macro};
use crate::catalog::{Catalog, Structure};

/// The module of a nested structure.
#[derive(Template)]
#[template(path = "rust/structure.rs.jinja", escape = "none")]
pub(super) struct StructureModule {
    name: String,
    item_struct: ItemStruct,
    handles: Handles,
    begin: Function,
    builder: Builder,
    stored: StoredTable,
    /// The implementation of its validation library's trait.
    validation: &'static str,
    functions: ModuleFunctions,
    /// The required fields of its builder.
    pub required: Vec<RequiredField>,
}

impl StructureModule {
    pub fn new(catalog: &Catalog, structure: &Structure) -> Self {
        let kinds = Kinds::new(catalog, &structure.name);
        let name = &structure.name;
        let fields = structure.fields.iter().map(|field| {
            let mut view = FieldView::new(&kinds, field, &structure.derives);
            view.samples = samples::of_field(field, &field.name, Vec::new());
            view
        });
        let mut fields: Vec<_> = fields.collect();
        let allowed = shape::of_types(&fields);
        let mut attributes = struct_attributes(&fields, &structure.derives);
        attributes.extend(allowed.clone());
        StructureModule {
            item_struct: ItemStruct::new(
                name,
                declared_doc_lines(structure.doc.as_deref()),
                attributes,
                &fields,
            ),
            handles: Handles::new(name, "conditions, updates and selections", allowed, &fields),
            begin: operations::builder(name),
            builder: Builder::new(name, &fields, None, "built_value"),
            stored: StoredTable::of_structure(format!("kind {name}, as {name}Draft"), &fields),
            validation: validation_macro(structure.validation),
            required: required_fields(&fields),
            functions: ModuleFunctions::of(fields.iter_mut()),
            name: name.clone(),
        }
    }
}
