//! Shared fields of models and types: a trait, and handles for its implementors.

use askama::Template;

use super::feeds::{self, KeyRole};
use super::field::FieldView;
use super::functions::ModuleFunctions;
use super::handle::{handle_calls, handle_type};
use super::key::KeyWriter;
use super::kind::Kinds;
use super::layout::chain;
use super::shape;
use super::text::declared_doc_lines;
use crate::catalog::{Catalog, Derives, Field, Mixin};

/// The module of a mixin: a trait, and the types that implement it.
#[derive(Template)]
#[template(path = "rust/mixin.rs.jinja", escape = "none")]
pub(super) struct MixinModule {
    name: String,
    docs: Vec<String>,
    /// The traits that come with this one: `: super::Timestamps`, or nothing.
    supertraits: String,
    accessors: Vec<Accessor>,
    handles: Vec<MixinHandle>,
    owners: Vec<String>,
    functions: ModuleFunctions,
    /// The lints that are allowed where the fields' types are named.
    allowed: Option<String>,
}

/// The accessors of one field.
struct Accessor {
    docs: Vec<String>,
    identifier: String,
    rust_type: String,
    mutable: String,
}

/// The function that returns the handle of a field.
struct MixinHandle {
    identifier: String,
    returns: String,
    body: String,
}

impl MixinModule {
    pub fn new(catalog: &Catalog, mixin: &Mixin) -> Self {
        let kinds = Kinds::new(catalog, &mixin.name);
        let mut fields: Vec<_> =
            mixin.fields.iter().map(|field| view(catalog, mixin, &kinds, field)).collect();
        let accessors = mixin.fields.iter().zip(&fields).map(|(field, view)| Accessor {
            docs: view.docs.clone(),
            identifier: view.identifier.clone(),
            rust_type: view.rust_type.clone(),
            mutable: field.mutable_accessor(),
        });
        let stored = fields.iter().filter(|field| field.stored);
        let handles = stored.map(|field| MixinHandle {
            identifier: field.identifier.clone(),
            returns: handle_type("M", field, field.role.as_deref()),
            body: chain(
                4,
                &format!("dynamorm::Attribute::new({})", field.attribute),
                &handle_calls(field),
                "",
            ),
        });
        MixinModule {
            name: mixin.name.clone(),
            docs: declared_doc_lines(Some(mixin.doc.as_deref().unwrap_or("Fields that several types have."))),
            supertraits: supertraits(&mixin.mixins),
            accessors: accessors.collect(),
            handles: handles.collect(),
            owners: mixin.owners.clone(),
            allowed: shape::of_types(&fields),
            functions: ModuleFunctions::of(fields.iter_mut()),
        }
    }
}

/// A field, as its owners may use it.
fn view(catalog: &Catalog, mixin: &Mixin, kinds: &Kinds<'_>, field: &Field) -> FieldView {
    let mut view = FieldView::new(kinds, field, &Derives::default());
    let roles: Vec<KeyRole> = roles(catalog, mixin, field).collect();
    if roles.contains(&KeyRole::Primary) {
        view.role = Some("dynamorm::InPrimaryKey".to_owned());
    } else if roles.iter().any(|role| *role != KeyRole::None) {
        // Further changes are known only for one model.
        view.role = Some("dynamorm::InIndexKey".to_owned());
    }
    view.stored = !field.key_only;
    view
}

fn supertraits(mixins: &[String]) -> String {
    let traits: Vec<_> = mixins.iter().map(|name| format!("super::{name}")).collect();
    if traits.is_empty() { String::new() } else { format!(": {}", traits.join(" + ")) }
}

/// The roles of a field in the keys of each model that has it.
fn roles<'a>(catalog: &'a Catalog, mixin: &'a Mixin, field: &'a Field) -> impl Iterator<Item = KeyRole> + 'a {
    let models = catalog.models.iter().filter(|model| mixin.owners.contains(&model.name));
    models.filter_map(|model| {
        let keys = KeyWriter { model, kinds: Kinds::new(catalog, &model.name) };
        let own = model.fields.iter().find(|own| own.name == field.name)?;
        Some(feeds::role_of(&keys, own))
    })
}
