//! The rules: everything that a manifest may get wrong, found at once. What passes them all is a [`Catalog`].

mod automaton;
mod collections;
mod collisions;
mod contexts;
mod cycles;
mod decimals;
mod declared;
mod defaults;
mod derives;
mod fields;
mod functions;
mod generated_values;
mod identity;
mod indexes;
mod instants;
mod keys;
mod kinds;
mod literals;
mod mixins;
mod projections;
mod recursion;
mod relations;
mod rules;
mod rust;
mod satisfaction;
mod settings;
mod storable;
mod tables;
mod templates;
mod unique;
mod unused;

use crate::catalog::{Catalog, Enumeration, Field, Mixin, Model, Relation, Structure, Variant};
use crate::diagnostic::{Code, Diagnostic, Findings, Span, quoted};
use crate::manifest::{FieldDeclaration, Manifest, Spanned};
use crate::names;
use crate::source::SourceFile;
use declared::Declared;
use fields::{CheckedField, Owner};
use std::collections::BTreeMap;
use unique::Unique;

/// Checks a manifest. Returns nothing if there is an error among the findings.
pub(crate) fn check(
    manifest: &mut Manifest,
    source: &SourceFile,
    findings: &mut Findings,
) -> Option<Catalog> {
    mixins::include(manifest, findings);
    contexts::include(manifest, findings);
    let manifest = &*manifest;
    let declared = Declared::new(manifest, findings);
    settings::check_output(manifest, findings);
    recursion::check(manifest, findings);

    let mut schemas: Vec<Vec<CheckedField<'_>>> = manifest
        .models
        .iter()
        .map(|model| {
            at_least_one_field(&model.name.value, model.fields.as_deref(), model.name.span, findings);
            let fields = model.fields.as_deref().unwrap_or_default();
            let checked = fields::check(&declared, fields, Owner::Model, findings);
            generated_values::check_model(&checked, findings);
            checked
        })
        .collect();
    let mixins = mixins(&declared, manifest, findings);
    let structures = structures(&declared, manifest, findings);
    let enumerations = enumerations(&declared, manifest, findings);
    let unique: Vec<Vec<Unique>> = manifest
        .models
        .iter()
        .zip(&mut schemas)
        .map(|(model, fields)| unique::check(&declared, model, fields, findings))
        .collect();
    let (tables, uses) = tables::check(&declared, manifest, &schemas, findings);
    for ((model, unique), used) in manifest.models.iter().zip(&unique).zip(&uses) {
        if let Some(used) = used {
            unique::check_table(model, unique, &tables[used.table], findings);
        }
    }
    contexts::check(manifest, &tables, &uses, findings);
    functions::check_groups(manifest, &schemas, &tables, &uses, findings);
    let checked =
        relations::Checked { declared: &declared, manifest, schemas: &schemas, tables: &tables, uses: &uses };
    let relations = relations::check(&checked, findings);
    let models = models(&declared, manifest, schemas, unique, &uses, relations, findings);
    let collections = collections::check(&declared, manifest, &tables, &uses, findings);
    collisions::check(&declared, manifest, &tables, &uses, findings);

    // Something half read would be called unused for no fault of its own.
    if !findings.has_errors() {
        unused::check(manifest, source, findings);
    }
    if findings.has_errors() {
        return None;
    }
    let mut catalog = Catalog { tables, models, mixins, structures, enumerations, collections: Vec::new() };
    catalog.models.sort_by(|a, b| a.name.cmp(&b.name));
    catalog.mixins.sort_by(|a, b| a.name.cmp(&b.name));
    catalog.collections = collections.into_iter().map(|one| one.complete(&catalog.models)).collect();
    catalog.collections.sort_by(|a, b| a.name.cmp(&b.name));
    catalog.structures.sort_by(|a, b| a.name.cmp(&b.name));
    catalog.enumerations.sort_by(|a, b| a.name.cmp(&b.name));
    Some(catalog)
}

fn models(
    declared: &Declared<'_>,
    manifest: &Manifest,
    schemas: Vec<Vec<CheckedField<'_>>>,
    unique: Vec<Vec<Unique>>,
    uses: &[Option<tables::Use>],
    relations: Vec<Vec<Relation>>,
    findings: &mut Findings,
) -> Vec<Model> {
    let mut models = Vec::new();
    let models_with = manifest.models.iter().zip(schemas).zip(unique).zip(uses).zip(relations);
    for ((((model, fields), unique), table), relations) in models_with {
        let derives = derives::check(&manifest.generate.common, &model.settings, findings);
        let name = declared.model(&model.name.value);
        let Some(table) = table else { continue };
        models.push(Model {
            name: name.rust.clone(),
            module: name.module.clone(),
            place: model.place.clone(),
            doc: model.doc.clone(),
            table: table.table,
            fields: complete(fields),
            key: table.key.clone(),
            indexes: table.indexes.clone(),
            relations,
            identity: table.identity,
            context: contexts::field(model),
            is_captured: table.is_captured,
            unique: unique.into_iter().map(|unique| unique.attributes).collect(),
            on_build: model
                .on_build
                .as_ref()
                .and_then(|function| rust::path(function, &format!("{}.on_build", model.place), findings)),
            derives,
            validation: manifest.library(model.name.span),
        });
    }
    models
}

fn mixins(declared: &Declared<'_>, manifest: &Manifest, findings: &mut Findings) -> Vec<Mixin> {
    let mut mixins = Vec::new();
    for declaration in &manifest.mixins {
        // Naming other mixins is enough.
        if declaration.mixins.is_empty() {
            at_least_one_field(
                &declaration.name.value,
                declaration.fields.as_deref(),
                declaration.name.span,
                findings,
            );
        }
        let fields = declaration.fields.as_deref().unwrap_or_default();
        let fields = fields::check(declared, fields, Owner::Model, findings);
        check_accessors(&fields, findings);
        let has = |names: &[Spanned<String>]| names.iter().any(|name| name.value == declaration.name.value);
        let models = manifest.models.iter().filter(|model| has(&model.mixins));
        let models = models.map(|model| declared.model(&model.name.value).rust.clone());
        let types = manifest.types.iter().filter(|one| has(&one.mixins));
        let types = types.map(|one| declared.structure(&one.name.value).rust.clone());
        let mut owners: Vec<_> = models.chain(types).collect();
        owners.sort();
        let name = declared.mixin(&declaration.name.value);
        let known = declaration.mixins.iter().filter(|name| declared.has_mixin(&name.value));
        // What nothing names is a warning, and generates nothing.
        if !owners.is_empty() {
            mixins.push(Mixin {
                name: name.rust.clone(),
                module: name.module.clone(),
                place: declaration.place.clone(),
                doc: declaration.doc.clone(),
                fields: complete(fields),
                mixins: known.map(|name| declared.mixin(&name.value).rust.clone()).collect(),
                owners,
            });
        }
    }
    mixins
}

/// Reports a field that is called as what gives another field to be changed.
fn check_accessors(fields: &[CheckedField<'_>], findings: &mut Findings) {
    for checked in fields {
        let Some(field) = &checked.field else { continue };
        let function = field.mutable_accessor();
        let is_meant = |other: &&CheckedField<'_>| other.field.as_ref().is_some_and(|it| it.name == function);
        if let Some(other) = fields.iter().find(is_meant) {
            findings.push(
                Diagnostic::new(
                    Code::FieldsConflict,
                    format!("two functions of the mixin's trait would be called `{function}`"),
                )
                .at(other.declaration.name.span, "the one that gives this field")
                .and(checked.declaration.name.span, "the one that gives this field to be changed")
                .help("give one of them another `rust_name`; its stored name stays"),
            );
        }
    }
}

fn structures(declared: &Declared<'_>, manifest: &Manifest, findings: &mut Findings) -> Vec<Structure> {
    let mut structures = Vec::new();
    for declaration in &manifest.types {
        at_least_one_field(
            &declaration.name.value,
            declaration.fields.as_deref(),
            declaration.name.span,
            findings,
        );
        let fields = declaration.fields.as_deref().unwrap_or_default();
        let name = declared.structure(&declaration.name.value);
        structures.push(Structure {
            name: name.rust.clone(),
            module: name.module.clone(),
            place: declaration.place.clone(),
            doc: declaration.doc.clone(),
            fields: complete(fields::check(declared, fields, Owner::Type, findings)),
            derives: derives::check(&manifest.generate.common, &declaration.settings, findings),
            validation: manifest.library(declaration.name.span),
        });
    }
    structures
}

fn enumerations(declared: &Declared<'_>, manifest: &Manifest, findings: &mut Findings) -> Vec<Enumeration> {
    let mut enumerations = Vec::new();
    for declaration in &manifest.enums {
        if declaration.variants.as_ref().is_some_and(Vec::is_empty) {
            findings.push(
                Diagnostic::new(Code::EmptyEnum, "an enum without a variant has no value")
                    .at(declaration.name.span, "no variant")
                    .help("list them: `variants = [\"pending\", \"shipped\"]`"),
            );
        }
        let name = declared.enumeration(&declaration.name.value);
        let variants = declaration.variants.as_deref().unwrap_or_default();
        let mut handles = BTreeMap::new();
        enumerations.push(Enumeration {
            name: name.names.rust.clone(),
            module: name.names.module.clone(),
            place: declaration.place.clone(),
            doc: declaration.doc.clone(),
            variants: variants
                .iter()
                .zip(&name.variants)
                .map(|(variant, known)| {
                    let fields = fields::check(declared, &variant.fields, Owner::Variant, findings);
                    check_handles(&known.rust, &fields, &mut handles, findings);
                    Variant {
                        name: known.rust.clone(),
                        stored: variant.name.value.clone(),
                        doc: variant.doc.clone(),
                        fields: complete(fields),
                    }
                })
                .collect(),
            derives: derives::check(&manifest.generate.common, &declaration.settings, findings),
            validation: manifest.library(declaration.name.span),
        });
    }
    enumerations
}

/// Reports fields of different variants whose attribute handles would have one name.
fn check_handles(
    variant: &str,
    fields: &[CheckedField<'_>],
    handles: &mut BTreeMap<String, Span>,
    findings: &mut Findings,
) {
    for checked in fields {
        let Some(field) = &checked.field else { continue };
        let place = checked.declaration.name.span;
        let handle = names::handle_name(variant, &field.name);
        if let Some(first) = handles.insert(handle.clone(), place) {
            findings.push(
                Diagnostic::new(Code::FieldsConflict, format!("two fields would have the handle `{handle}`"))
                    .at(place, format!("in the variant `{variant}`"))
                    .and(first, "so has this")
                    .help("give one of them another `rust_name`; its stored name stays"),
            );
        }
    }
}

/// The fields that passed; those that did not have been reported, and stop generation.
fn complete(fields: Vec<CheckedField<'_>>) -> Vec<Field> {
    fields.into_iter().filter_map(|checked| checked.field).collect()
}

fn at_least_one_field(name: &str, fields: Option<&[FieldDeclaration]>, span: Span, findings: &mut Findings) {
    if fields.is_some_and(<[_]>::is_empty) {
        findings.push(
            Diagnostic::new(Code::NoFields, format!("{} has no field", quoted(name)))
                .at(span, "no field")
                .help("declare one: `id = \"string\"`"),
        );
    }
}
