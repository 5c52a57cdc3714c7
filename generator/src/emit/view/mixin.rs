//! Fields that models and types share: a trait, and handles for whatever implements it.

use super::feeds::{self, Part};
use super::field::{Alias, FieldView, Handle};
use super::key::Keys;
use super::kind::Kinds;
use crate::catalog::{Catalog, Derives, Field, Mixin};
use crate::emit::text::doc_lines;

/// A trait, and the types that implement it.
pub(in crate::emit) struct MixinView {
    pub name: String,
    pub docs: Vec<String>,
    /// The traits that come with this one: `: super::Timestamps`, or nothing.
    pub supertraits: String,
    pub accessors: Vec<AccessorView>,
    pub owners: Vec<String>,
    pub foreign: Vec<Alias>,
    /// What is allowed where the fields' types are named.
    pub allowed: Option<String>,
}

/// The functions that give one field.
pub(in crate::emit) struct AccessorView {
    pub field: FieldView,
    pub mutable: String,
}

impl MixinView {
    pub fn new(catalog: &Catalog, mixin: &Mixin) -> Self {
        let kinds = Kinds::new(catalog, &mixin.name);
        let accessor = |field: &Field| {
            let mut view = FieldView::new(&kinds, field, &Derives::default());
            let parts: Vec<Part> = parts(catalog, mixin, field).collect();
            if parts.contains(&Part::Primary) {
                view.role = ", dynamorm::InPrimaryKey".to_owned();
            } else if parts.iter().any(|part| *part != Part::None) {
                // What else must change is known for one model alone.
                view.role = ", dynamorm::InIndexKey".to_owned();
            }
            if field.key_only {
                view.handle = Handle::None;
            }
            AccessorView { field: view, mutable: field.mutable_accessor() }
        };
        let mut accessors: Vec<_> = mixin.fields.iter().map(accessor).collect();
        MixinView {
            name: mixin.name.clone(),
            docs: doc_lines(Some(mixin.doc.as_deref().unwrap_or("Fields that several types have."))),
            foreign: accessors.iter_mut().filter_map(|accessor| accessor.field.foreign.take()).collect(),
            allowed: super::shape::of_types(accessors.iter().map(|accessor| &accessor.field)),
            supertraits: supertraits(&mixin.mixins),
            accessors,
            owners: mixin.owners.clone(),
        }
    }
}

fn supertraits(mixins: &[String]) -> String {
    let traits: Vec<_> = mixins.iter().map(|name| format!("super::{name}")).collect();
    if traits.is_empty() { String::new() } else { format!(": {}", traits.join(" + ")) }
}

/// The part that a field has in the keys of each model that has it.
fn parts<'a>(catalog: &'a Catalog, mixin: &'a Mixin, field: &'a Field) -> impl Iterator<Item = Part> + 'a {
    let models = catalog.models.iter().filter(|model| mixin.owners.contains(&model.name));
    models.filter_map(|model| {
        let keys = Keys { model, kinds: Kinds::new(catalog, &model.name) };
        let own = model.fields.iter().find(|own| own.name == field.name)?;
        Some(feeds::part(&keys, own))
    })
}
