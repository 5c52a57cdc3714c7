//! Rust: a module for each declared type, one for the tables, and the one that holds them all.

mod builder;
mod changes;
mod default;
mod enumeration;
mod facts;
mod feeds;
mod field;
mod float;
mod functions;
mod generated_values;
mod handle;
mod item_struct;
mod items;
mod key;
mod kind;
mod layout;
mod markdown;
mod mixin;
mod model;
mod modules;
mod older;
mod operations;
mod place;
mod projection;
mod query;
mod related;
mod relation;
mod rule;
mod samples;
mod shape;
mod stored;
mod structure;
mod tables;
mod text;
mod upgrades;

use askama::Template;

use super::{Destination, EmittedFile};
use crate::catalog::{Catalog, Derives, SerdeNames, UserRust, ValidationLibrary};
use crate::file_kind::FileKind;
use builder::RequiredModule;
use changes::ChangesModule;
use enumeration::EnumerationModule;
use field::FieldView;
use items::ItemsModule;
use mixin::MixinModule;
use model::ModelModule;
use modules::ModuleTree;
use older::OlderModule;
use structure::StructureModule;
use tables::TablesModule;

/// Every module of a catalog.
pub(super) fn emit(catalog: &Catalog, destination: Destination<'_>) -> Vec<EmittedFile> {
    let models: Vec<ModelModule> =
        catalog.models.iter().map(|model| ModelModule::new(catalog, model)).collect();
    let structures: Vec<_> =
        catalog.structures.iter().map(|structure| StructureModule::new(catalog, structure)).collect();
    let required = models.iter().map(|model| &model.required);
    let required = required.chain(structures.iter().map(|structure| &structure.required));
    let required = RequiredModule { markers: required.flatten().map(|field| field.marker.clone()).collect() };
    let modules = ModuleTree::new(catalog, &models, destination);
    let mut files =
        vec![file("mod", &modules), file("tables", &TablesModule::new(catalog)), file("required", &required)];
    let names = catalog.models.iter().map(|model| &model.module);
    files.extend(names.zip(&models).map(|(name, module)| file(name, module)));
    for model in &catalog.models {
        let older = model.older.iter();
        files.extend(older.map(|older| file(&older.module, &OlderModule::new(catalog, model, older))));
    }
    let mixins = catalog.mixins.iter();
    files.extend(mixins.map(|mixin| file(&mixin.module, &MixinModule::new(catalog, mixin))));
    let names = catalog.structures.iter().map(|structure| &structure.module);
    files.extend(names.zip(&structures).map(|(name, module)| file(name, module)));
    let enumerations = catalog.enumerations.iter();
    files.extend(
        enumerations.map(|declared| file(&declared.module, &EnumerationModule::new(catalog, declared))),
    );
    let tables = catalog.tables.iter().enumerate();
    let of_tables = tables.filter_map(|(number, table)| ItemsModule::of_table(catalog, number, table));
    files.extend(of_tables.map(|(name, module)| file(&name, &module)));
    let tables = catalog.tables.iter().enumerate();
    let of_streams = tables.filter_map(|(number, table)| ChangesModule::of_table(catalog, number, table));
    files.extend(of_streams.map(|(name, module)| file(&name, &module)));
    let collections = catalog.collections.iter();
    files.extend(collections.filter_map(|collection| {
        Some(file(&collection.module, &ItemsModule::of_collection(catalog, collection)?))
    }));
    if let Some(runtime) = &catalog.runtime {
        let renamed = format!("\n#[allow(unused_imports)]\nuse {} as dynamorm;\n", runtime.code);
        files.iter_mut().for_each(|file| file.text.insert_str(0, &renamed));
    }
    files
}

fn file(module: &str, template: &impl Template) -> EmittedFile {
    // Rendering into a string fails only if a value's `Display` does, and templates hold nothing but text.
    let rendered = template.render().unwrap_or_default();
    EmittedFile {
        kind: FileKind::Rust,
        name: module.to_owned(),
        text: format!("\n{}", place::finished(&rendered)),
    }
}

/// The attributes above a generated struct with these fields.
fn struct_attributes(fields: &[FieldView], derives: &Derives) -> Vec<String> {
    let always =
        item_struct::derived(&["Clone", "Debug", "PartialEq"], fields.iter().map(|field| field.sensitive));
    type_attributes(&always, derives)
}

/// The attributes above a generated type: derives, serde's settings, and what the declarations ask for.
fn type_attributes(always: &[&str], derives: &Derives) -> Vec<String> {
    let mut attributes = Vec::new();
    if derives.serde.is_some() {
        attributes.push("#[derive(dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]".to_owned());
        attributes.push("#[serde(crate = \"dynamorm::serde\")]".to_owned());
    }
    attributes.insert(0, format!("#[derive({})]", always.join(", ")));
    for UserRust { code, place } in &derives.derives {
        let name = code.rsplit("::").next().unwrap_or(code).trim();
        if !always.contains(&name) {
            attributes.push(format!("//@ {place}"));
            attributes.push(format!("#[derive({code})]"));
        }
    }
    attributes.extend(user_attributes(&derives.attributes));
    attributes
}

/// Attributes that the user asks for, each behind the line that names its place.
fn user_attributes(attributes: &[UserRust]) -> impl Iterator<Item = String> {
    attributes.iter().flat_map(|UserRust { code, place }| [format!("//@ {place}"), code.clone()])
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
    renamed.then(|| format!("rename = {}", text::literal(stored)))
}
