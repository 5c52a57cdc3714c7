//! From what is written to what is meant: models and types with the fields of their mixins and contexts.
//!
//! The manifest stays as it was read. What stands here refers to it, and only what a mixin or a context changes is new.

mod contexts;
mod cycles;
mod mixins;

pub(in crate::check) use cycles::cycles;

use super::ExpandCheck;
use crate::catalog::StoredShape;
use crate::catalog::ValidationLibrary;
use crate::diagnostic::{FileId, Span};
use crate::manifest::{
    CollectionDeclaration, ComposedKey, EnumDeclaration, FieldDeclaration, GenerateSettings,
    MixinDeclaration, ModelDeclaration, ModelIndexDeclaration, RelationDeclaration, Spanned,
    TableDeclaration, TypeSettings,
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
    /// What its table's type attribute holds: the first is written, and all are read. Its name where there is none.
    pub type_values: &'m [Spanned<String>],
    /// The mixins that it has, also those that its mixins name.
    pub mixins: Vec<&'m Spanned<String>>,
    /// Begins with the context, if the model has one; so do the keys of indexes.
    pub key: Option<ComposedKey>,
    pub indexes: Vec<ModelIndexDeclaration>,
    pub settings: &'m TypeSettings,
    pub unique: &'m [Spanned<Vec<Spanned<String>>>],
    /// The field of its context, its own fields, and those of its mixins. Absent where the schema could not be read.
    pub fields: Option<Vec<Cow<'m, FieldDeclaration>>>,
    pub relations: &'m [RelationDeclaration],
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
    /// The mixins that it has, also those that its mixins name.
    pub mixins: Vec<&'m Spanned<String>>,
    pub settings: &'m TypeSettings,
    /// Its own fields, and those of its mixins. Absent where they could not be read.
    pub fields: Option<Vec<Cow<'m, FieldDeclaration>>>,
}

impl<'m> Expanded<'m> {
    /// Expands what was read. Reports mixins and contexts that are not declared, that lead back to themselves, or that bring a
    /// field twice.
    pub(in crate::check) fn new(cx: &mut ExpandCheck<'_, 'm>) -> Self {
        let manifest = cx.known;
        let mixins = mixins::Mixins::new(cx);
        let contexts = contexts::Contexts::new(manifest);
        let models = manifest.models.iter().map(|one| model(cx, one, &mixins, &contexts)).collect();
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

    /// What carries out the rules that are declared at a place.
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

    /// What the model says of an index.
    pub(in crate::check) fn index(&self, name: &str) -> Option<&ModelIndexDeclaration> {
        self.indexes.iter().find(|index| index.name.value == name)
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
