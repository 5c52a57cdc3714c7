//! Nested structures.

use super::field::{FieldView, FieldsView};
use super::kind::Kinds;
use super::{samples, type_attributes, validation_macro};
use crate::catalog::{Catalog, Structure};
use crate::emit::text::doc_lines;

/// A structure and its builder.
pub(in crate::emit) struct StructureView {
    pub name: String,
    pub docs: Vec<String>,
    pub attributes: Vec<String>,
    pub body: FieldsView,
    /// What validates it as its library does.
    pub validation: &'static str,
}

impl StructureView {
    pub fn new(catalog: &Catalog, structure: &Structure) -> Self {
        let kinds = Kinds::new(catalog, &structure.name);
        let fields = structure.fields.iter().map(|field| {
            let mut view = FieldView::new(&kinds, field, &structure.derives);
            let handle = format!("{}::{}", structure.name, field.constant);
            view.samples = samples::field(&view, field, &handle, &field.name, Vec::new());
            view
        });
        let body = FieldsView::new(&kinds, fields.collect());
        let mut attributes = type_attributes(&["Clone", "Debug", "PartialEq"], &structure.derives);
        attributes.extend(body.allowed.clone());
        StructureView {
            name: structure.name.clone(),
            docs: doc_lines(structure.doc.as_deref()),
            attributes,
            validation: validation_macro(structure.validation),
            body,
        }
    }
}
