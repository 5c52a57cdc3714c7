//! From the written declarations to their meaning: models and types with the fields of their mixins and contexts.
//!
//! The manifest stays as it was read. Everything here refers to it, and only what mixins or contexts change is new.

mod contexts;
mod counters;
mod cycles;
mod mixins;

pub(in crate::check) use cycles::cycles;

use super::ExpandCheck;
use crate::catalog::StoredShape;
use crate::catalog::ValidationLibrary;
use crate::diagnostic::{FileId, Span};
use crate::manifest::{
    CollectionDeclaration, ComposedKey, CounterDeclaration, EnumDeclaration, FieldDeclaration,
    GenerateSettings, MixinDeclaration, ModelDeclaration, ModelIndexDeclaration, RelationDeclaration,
    Spanned, TableDeclaration, TypeSettings,
};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The declarations of a run, expanded.
pub(in crate::check) struct Expanded<'m> {
    pub generate: &'m GenerateSettings,
    pub tables: &'m [TableDeclaration],
    pub models: Vec<ExpandedModel<'m>>,
    pub mixins: &'m [MixinDeclaration],
    pub types: Vec<ExpandedType<'m>>,
    pub enums: &'m [EnumDeclaration],
    pub collections: &'m [CollectionDeclaration],
    libraries: &'m BTreeMap<FileId, ValidationLibrary>,
}

/// `[model.*]` with all its fields.
pub(in crate::check) struct ExpandedModel<'m> {
    pub name: &'m Spanned<String>,
    pub place: &'m str,
    pub doc: Option<&'m String>,
    pub table: Option<&'m Spanned<String>>,
    pub context: Option<&'m Spanned<String>>,
    /// The values of its table's type attribute: the first is written, and all are read. The model's name if none is declared.
    pub type_values: &'m [Spanned<String>],
    /// Its mixins, including those that its mixins name.
    pub mixins: Vec<&'m Spanned<String>>,
    /// Begins with the context, if the model has one; so do the keys of indexes.
    pub key: Option<ComposedKey>,
    pub indexes: Vec<ModelIndexDeclaration>,
    pub settings: &'m TypeSettings,
    pub unique: &'m [Spanned<Vec<Spanned<String>>>],
    /// The field of its context, its own fields, those of its mixins, and those that count items of other models. Absent where the schema could not be read.
    pub fields: Option<Vec<Cow<'m, FieldDeclaration>>>,
    pub relations: &'m [RelationDeclaration],
    pub counters: &'m [CounterDeclaration],
    pub on_build: Option<&'m Spanned<String>>,
    pub shape: Option<&'m Spanned<u64>>,
    pub shape_attribute: Option<&'m Spanned<String>>,
    pub writes: Option<&'m Spanned<u64>>,
    pub upgrade: &'m [(Spanned<String>, Spanned<String>)],
    pub downgrade: &'m [(Spanned<String>, Spanned<String>)],
}

/// `[type.*]` with all its fields.
pub(in crate::check) struct ExpandedType<'m> {
    pub name: &'m Spanned<String>,
    pub place: &'m str,
    pub doc: Option<&'m String>,
    /// Its mixins, including those that its mixins name.
    pub mixins: Vec<&'m Spanned<String>>,
    pub settings: &'m TypeSettings,
    /// Its own fields, and those of its mixins. `None` if they could not be read.
    pub fields: Option<Vec<Cow<'m, FieldDeclaration>>>,
}

impl<'m> Expanded<'m> {
    /// Expands the manifest. Reports mixins and contexts that are undeclared, cyclic, or bring a field twice.
    pub(in crate::check) fn new(cx: &mut ExpandCheck<'_, 'm>) -> Self {
        let manifest = cx.known;
        let mixins = mixins::Mixins::new(cx);
        let contexts = contexts::Contexts::new(manifest);
        let models = manifest.models.iter().map(|one| model(cx, one, &mixins, &contexts));
        let mut models: Vec<_> = models.collect();
        counters::include(&mut models);
        let types = manifest.types.iter().map(|one| {
            let (mixins, fields) = mixins.expand(cx, &one.name, &one.mixins, one.fields.as_deref());
            ExpandedType {
                name: &one.name,
                place: &one.place,
                doc: one.doc.as_ref(),
                mixins,
                settings: &one.settings,
                fields,
            }
        });
        Expanded {
            generate: &manifest.generate,
            tables: &manifest.tables,
            models,
            types: types.collect(),
            mixins: &manifest.mixins,
            enums: &manifest.enums,
            collections: &manifest.collections,
            libraries: &manifest.libraries,
        }
    }

    /// The library that carries out the rules of a declaration.
    pub(in crate::check) fn library(&self, place: Span) -> ValidationLibrary {
        self.libraries.get(&place.file).copied().unwrap_or_default()
    }

    /// The models of a table, with their numbers among all models.
    pub(in crate::check) fn models_of(
        &self,
        table: &TableDeclaration,
    ) -> impl Iterator<Item = (usize, &ExpandedModel<'m>)> {
        let is_of =
            |model: &ExpandedModel<'_>| model.table.is_some_and(|name| name.value == table.declared.value);
        self.models.iter().enumerate().filter(move |(_, model)| is_of(model))
    }
}

impl ExpandedModel<'_> {
    /// The number of the field that is its context.
    pub(in crate::check) fn context_field(&self) -> Option<usize> {
        let name = self.context?;
        self.fields.as_ref()?.iter().position(|field| field.name.value == name.value)
    }

    /// Whether an attribute holds the number of an item's shape.
    pub(in crate::check) fn holds_shape(&self, attribute: &str) -> bool {
        let own = self.shape_attribute.map_or(StoredShape::ATTRIBUTE, |given| given.value.as_str());
        self.shape.is_some() && own == attribute
    }

    /// The model's declaration of an index.
    pub(in crate::check) fn index(&self, name: &str) -> Option<&ModelIndexDeclaration> {
        self.entries_of(name).next()
    }

    /// The entries by which the model is in an index, the first that holds of an item first.
    pub(in crate::check) fn entries_of(&self, name: &str) -> impl Iterator<Item = &ModelIndexDeclaration> {
        self.indexes.iter().filter(move |index| index.name.value == name)
    }
}

fn model<'m>(
    cx: &mut ExpandCheck<'_, '_>,
    declaration: &'m ModelDeclaration,
    mixins: &mixins::Mixins<'m>,
    contexts: &contexts::Contexts<'m>,
) -> ExpandedModel<'m> {
    let own = declaration.fields.as_deref();
    let (mixins, fields) = mixins.expand(cx, &declaration.name, &declaration.mixins, own);
    let mut model = ExpandedModel {
        name: &declaration.name,
        place: &declaration.place,
        doc: declaration.doc.as_ref(),
        table: declaration.table.as_ref(),
        context: declaration.context.as_ref(),
        type_values: &declaration.type_values,
        mixins,
        key: declaration.key.clone(),
        indexes: declaration.indexes.clone(),
        settings: &declaration.settings,
        unique: &declaration.unique,
        fields,
        relations: &declaration.relations,
        counters: &declaration.counters,
        on_build: declaration.on_build.as_ref(),
        shape: declaration.shape.as_ref(),
        shape_attribute: declaration.shape_attribute.as_ref(),
        writes: declaration.writes.as_ref(),
        upgrade: &declaration.upgrade,
        downgrade: &declaration.downgrade,
    };
    if let Some(name) = &declaration.context {
        contexts.include(cx, name, &mut model);
    }
    model
}
