//! From what is resolved to the catalog. Lowering reports nothing: whatever could be wrong was found before.

use super::expand::ExpandedModel;
use super::fields::CheckedField;
use super::names::TypeNames;
use super::resolved::{Resolved, ResolvedEnum, ResolvedMixin, ResolvedModel, ResolvedType};
use super::whole::{CollectionLink, Links, Shapes};
use crate::catalog::{
    Catalog, Collection, Enumeration, EnumerationForm, Field, Mixin, Model, Relation, StoredModel, Structure,
    Untyped, Variant,
};
use crate::manifest::Spanned;

/// The catalog. What could not be resolved is not in it.
pub(super) fn lower(resolved: &Resolved<'_>, links: Links<'_>) -> Catalog {
    let models = resolved.models.iter().zip(links.relations).zip(links.shapes);
    let models = models.filter_map(|((one, relations), shapes)| model(resolved, one, relations, shapes));
    let mut models: Vec<_> = models.collect();
    models.sort_by(|a, b| a.name.cmp(&b.name));
    for one in &resolved.models {
        let alike = one.used.iter().flat_map(|used| &used.alike);
        let mut alike: Vec<_> = alike.filter_map(|number| place(resolved, *number, &models)).collect();
        alike.sort_unstable();
        let number = one.schema.number;
        if let Some(place) = place(resolved, number, &models) {
            models[place].alike = alike;
        }
    }
    let mut mixins: Vec<_> = resolved.mixins.iter().filter_map(|one| mixin(resolved, one)).collect();
    mixins.sort_by(|a, b| a.name.cmp(&b.name));
    let mut structures: Vec<_> = resolved.types.iter().map(|one| structure(resolved, one)).collect();
    let older = || models.iter().flat_map(|model| &model.older);
    structures.extend(older().flat_map(|shape| shape.structures.iter().cloned()));
    structures.sort_by(|a, b| a.name.cmp(&b.name));
    let mut enumerations: Vec<_> = resolved.enums.iter().map(|one| enumeration(resolved, one)).collect();
    enumerations.extend(older().flat_map(|shape| shape.enumerations.iter().cloned()));
    enumerations.sort_by(|a, b| a.name.cmp(&b.name));
    let collections = links.collections.iter().map(|one| collection(resolved, one, &models));
    let mut collections: Vec<_> = collections.collect();
    collections.sort_by(|a, b| a.name.cmp(&b.name));
    let output = resolved.expanded.generate.output.as_ref().map(|output| output.value.clone());
    let runtime = links.runtime;
    let tables = resolved.tables.clone();
    Catalog { tables, models, mixins, structures, enumerations, collections, output, runtime }
}

fn model(
    resolved: &Resolved<'_>,
    one: &ResolvedModel<'_>,
    relations: Vec<Relation>,
    Shapes { newest, older, downgrade }: Shapes,
) -> Option<Model> {
    let (schema, used) = (&one.schema, one.used.as_ref()?);
    let declaration = schema.declaration;
    let TypeNames { rust, module, .. } = resolved.names.model(&declaration.name.value);
    Some(Model {
        stored: StoredModel {
            table: used.table,
            key: used.key.clone(),
            discriminator: used.discriminator,
            type_values: match declaration.type_values {
                [] => vec![rust.clone()],
                values => values.iter().map(|value| value.value.clone()).collect(),
            },
            untyped: untyped(resolved, declaration),
            context: declaration.context_field(),
            is_captured: used.is_captured,
            shares_key: used.shares_key,
            unique: schema.unique.iter().map(|unique| unique.attributes.clone()).collect(),
            shape: newest,
            // It is the lock that knows them.
            former: Vec::new(),
        },
        name: rust.clone(),
        module: module.clone(),
        place: declaration.place.to_owned(),
        doc: declaration.doc.cloned(),
        fields: fields(&schema.fields),
        indexes: used.indexes.clone(),
        relations,
        // Their places are known once all models are in order.
        alike: Vec::new(),
        query_meets_alike: used.query_meets_alike,
        on_build: schema.on_build.clone(),
        derives: schema.derives.clone(),
        validation: resolved.expanded.library(declaration.name.span),
        older,
        downgrade,
    })
}

/// Whose the items of the model's table are that lack its type attribute.
fn untyped(resolved: &Resolved<'_>, model: &ExpandedModel<'_>) -> Untyped {
    let mut tables = resolved.expanded.tables.iter();
    let table = tables.find(|table| model.table.is_some_and(|name| name.value == table.declared.value));
    match table.and_then(|table| table.untyped.as_ref()) {
        None => Untyped::Unknown,
        Some(name) if name.value == model.name.value => Untyped::Own,
        Some(_) => Untyped::Others,
    }
}

/// The mixin, if something has it. One that nothing has was reported as a warning.
fn mixin(resolved: &Resolved<'_>, one: &ResolvedMixin<'_>) -> Option<Mixin> {
    let (declaration, names) = (one.declaration, resolved.names);
    let has = |names: &[&Spanned<String>]| names.iter().any(|name| name.value == declaration.name.value);
    let models = resolved.expanded.models.iter().filter(|model| has(&model.mixins));
    let models = models.map(|model| names.model(&model.name.value).rust.clone());
    let types = resolved.expanded.types.iter().filter(|one| has(&one.mixins));
    let types = types.map(|one| names.structure(&one.name.value).rust.clone());
    let mut owners: Vec<_> = models.chain(types).collect();
    owners.sort();
    let TypeNames { rust, module, .. } = names.mixin(&declaration.name.value);
    let known = declaration.mixins.iter().filter(|name| names.has_mixin(&name.value));
    (!owners.is_empty()).then(|| Mixin {
        name: rust.clone(),
        module: module.clone(),
        place: declaration.place.clone(),
        doc: declaration.doc.clone(),
        fields: fields(&one.fields),
        mixins: known.map(|name| names.mixin(&name.value).rust.clone()).collect(),
        owners,
    })
}

fn structure(resolved: &Resolved<'_>, one: &ResolvedType<'_>) -> Structure {
    let declaration = one.declaration;
    let TypeNames { rust, module, .. } = resolved.names.structure(&declaration.name.value);
    Structure {
        name: rust.clone(),
        module: module.clone(),
        place: declaration.place.to_owned(),
        doc: declaration.doc.cloned(),
        fields: fields(&one.fields),
        derives: one.derives.clone(),
        validation: resolved.expanded.library(declaration.name.span),
    }
}

fn enumeration(resolved: &Resolved<'_>, one: &ResolvedEnum<'_>) -> Enumeration {
    let declaration = one.declaration;
    let known = resolved.names.enumeration(&declaration.name.value);
    let TypeNames { rust, module, .. } = &known.names;
    let variants = one.variants.iter().map(|variant| Variant {
        name: variant.rust.to_owned(),
        stored: match variant.declaration.number {
            Some(ref number) if known.form == EnumerationForm::Number => number.value.to_string(),
            _ => variant.declaration.name.value.clone(),
        },
        doc: variant.declaration.doc.clone(),
        fields: fields(&variant.fields),
    });
    Enumeration {
        name: rust.clone(),
        module: module.clone(),
        place: declaration.place.clone(),
        doc: declaration.doc.clone(),
        variants: variants.collect(),
        form: known.form.clone(),
        derives: one.derives.clone(),
        validation: resolved.expanded.library(declaration.name.span),
    }
}

/// Where a model stands among those of the catalog.
fn place(resolved: &Resolved<'_>, number: usize, models: &[Model]) -> Option<usize> {
    let rust = &resolved.names.model(&resolved.models[number].schema.name().value).rust;
    models.iter().position(|model| model.name == *rust)
}

/// A collection among the models of the catalog, which stand in the order of their Rust names.
fn collection(resolved: &Resolved<'_>, one: &CollectionLink<'_>, models: &[Model]) -> Collection {
    let declaration = one.declaration;
    let TypeNames { rust, module, .. } = resolved.names.collection(&declaration.name.value);
    Collection {
        name: rust.clone(),
        module: module.clone(),
        place: declaration.place.clone(),
        doc: declaration.doc.clone(),
        models: one.models.iter().filter_map(|number| place(resolved, *number, models)).collect(),
        index: one.index,
        part: one.part.clone(),
        meets_others: one.meets_others,
    }
}

/// The fields that passed.
fn fields(checked: &[CheckedField<'_>]) -> Vec<Field> {
    checked.iter().filter_map(|checked| checked.field.clone()).collect()
}
