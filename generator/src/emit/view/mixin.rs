//! Fields that models and types share, as a trait.

use super::field::{Alias, FieldView};
use super::kind::Kinds;
use crate::catalog::{Catalog, Derives, Mixin};
use crate::emit::text::doc_lines;

/// A trait, and the types that implement it.
pub(in crate::emit) struct MixinView {
    pub name: String,
    pub docs: Vec<String>,
    pub accessors: Vec<AccessorView>,
    pub owners: Vec<String>,
    pub foreign: Vec<Alias>,
}

/// The functions that give one field.
pub(in crate::emit) struct AccessorView {
    pub docs: Vec<String>,
    pub identifier: String,
    pub mutable: String,
    pub rust_type: String,
}

impl MixinView {
    pub fn new(catalog: &Catalog, mixin: &Mixin) -> Self {
        let kinds = Kinds::new(catalog, &mixin.name);
        let mut foreign = Vec::new();
        let accessors = mixin.fields.iter().map(|field| {
            let view = FieldView::new(&kinds, field, &Derives::default());
            foreign.extend(view.foreign);
            AccessorView {
                docs: view.docs,
                identifier: view.identifier,
                mutable: field.mutable_accessor(),
                rust_type: view.rust_type,
            }
        });
        MixinView {
            name: mixin.name.clone(),
            docs: doc_lines(Some(mixin.doc.as_deref().unwrap_or("Fields that several types have."))),
            accessors: accessors.collect(),
            owners: mixin.owners.clone(),
            foreign,
        }
    }
}
