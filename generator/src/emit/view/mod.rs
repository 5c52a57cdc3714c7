//! What templates may say: every fact precomputed, and already Rust text.

mod enumeration;
mod feeds;
mod field;
mod float;
mod generated_values;
mod items;
mod key;
mod kind;
mod mixin;
pub(super) mod model;
mod relation;
mod rule;
mod samples;
mod shape;
mod structure;
mod tables;

pub(super) use enumeration::EnumerationView;
pub(super) use items::ItemsView;
pub(super) use mixin::MixinView;
pub(super) use structure::StructureView;
pub(super) use tables::TablesView;

use model::ModelView;

use crate::catalog::{Catalog, Derives, SerdeNames, UserRust, ValidationLibrary};

/// The modules of a catalog, in order, and what they make public.
pub(super) struct Modules {
    pub modules: Vec<ModuleView>,
}

pub(super) struct ModuleView {
    pub name: String,
    /// The types that are public beside their module.
    pub types: Vec<String>,
}

impl Modules {
    pub fn new(catalog: &Catalog, views: &[ModelView]) -> Self {
        let models = catalog
            .models
            .iter()
            .zip(views)
            .map(|(model, view)| ModuleView { name: model.module.clone(), types: model::public_types(view) });
        let mixins = catalog
            .mixins
            .iter()
            .map(|mixin| ModuleView { name: mixin.module.clone(), types: vec![mixin.name.clone()] });
        let structures = catalog.structures.iter().map(|structure| ModuleView {
            name: structure.module.clone(),
            types: vec![structure.name.clone(), format!("{}Builder", structure.name)],
        });
        let enumerations = catalog.enumerations.iter().map(|enumeration| ModuleView {
            name: enumeration.module.clone(),
            types: vec![enumeration.name.clone()],
        });
        let items = catalog.tables.iter().filter_map(|table| table.item.as_ref()).map(|(name, module)| {
            ModuleView { name: module.clone(), types: vec![name.clone(), crate::names::plural(name)] }
        });
        let collections = catalog.collections.iter().map(|collection| ModuleView {
            name: collection.module.clone(),
            types: vec![collection.name.clone(), format!("{}Item", collection.name)],
        });
        let mut modules: Vec<_> = models
            .chain(mixins)
            .chain(structures)
            .chain(enumerations)
            .chain(items)
            .chain(collections)
            .collect();
        for name in ["required", "tables"] {
            modules.push(ModuleView { name: name.to_owned(), types: Vec::new() });
        }
        modules.sort_by(|left, right| left.name.cmp(&right.name));
        modules.iter_mut().for_each(|module| module.types.sort());
        Modules { modules }
    }
}

/// The attributes above a generated type: derives, serde's settings, and what the declarations ask for.
fn type_attributes(always: &[&str], derives: &Derives) -> Vec<String> {
    let mut traits: Vec<String> = always.iter().map(ToString::to_string).collect();
    let mut attributes = Vec::new();
    if derives.serde.is_some() {
        traits.extend(["dynamorm::serde::Serialize", "dynamorm::serde::Deserialize"].map(String::from));
        attributes.push("#[serde(crate = \"dynamorm::serde\")]".to_owned());
    }
    attributes.insert(0, format!("#[derive({})]", traits.join(", ")));
    for UserRust { code, place } in &derives.derives {
        let name = code.rsplit("::").next().unwrap_or(code).trim();
        if !always.contains(&name) {
            attributes.push(format!("//@ {place}"));
            attributes.push(format!("#[derive({code})]"));
        }
    }
    for UserRust { code, place } in &derives.attributes {
        attributes.push(format!("//@ {place}"));
        attributes.push(code.clone());
    }
    attributes
}

/// The macro that implements the validation library's trait for a type.
fn validation_macro(library: ValidationLibrary) -> &'static str {
    match library {
        ValidationLibrary::Garde => "dynamorm::validated_by_garde!",
        ValidationLibrary::Validator => "dynamorm::validated_by_validator!",
    }
}

/// serde's attribute of a field or variant whose stored name is to be used.
fn serde_rename(derives: &Derives, rust: &str, stored: &str) -> Option<String> {
    let renamed = derives.serde == Some(SerdeNames::Attributes) && rust != stored;
    renamed.then(|| format!("rename = {}", super::text::literal(stored)))
}
