//! What the declarations mean: names, fields, keys and tables, as every rule needs them.

use super::FieldsCheck;
use super::expand::{Expanded, ExpandedModel, ExpandedType};
use super::fields::{self, CheckedField, Unique};
use super::names::DeclaredNames;
use super::tables::{self, TableUse};
use crate::catalog::{Computed, Derives, Table, UserRust};
use crate::manifest::{EnumDeclaration, FieldDeclaration, MixinDeclaration, Spanned, VariantDeclaration};

/// What is known of each declaration once all of them are resolved. What could not be resolved was reported.
pub(in crate::check) struct Resolved<'m> {
    pub expanded: &'m Expanded<'m>,
    pub names: &'m DeclaredNames<'m>,
    /// In the order of the declarations, as the others.
    pub models: Vec<ResolvedModel<'m>>,
    pub mixins: Vec<ResolvedMixin<'m>>,
    pub types: Vec<ResolvedType<'m>>,
    pub enums: Vec<ResolvedEnum<'m>>,
    /// Ordered by their declared names.
    pub tables: Vec<Table>,
}

/// A model, and what it makes of its table.
pub(in crate::check) struct ResolvedModel<'m> {
    pub schema: Schema<'m>,
    /// Nothing where the table could not be resolved.
    pub used: Option<TableUse>,
}

/// A model's fields, before it is known what keys are made of them.
pub(in crate::check) struct Schema<'m> {
    /// The model's number among all models.
    pub number: usize,
    pub declaration: &'m ExpandedModel<'m>,
    pub names: &'m DeclaredNames<'m>,
    pub fields: Vec<CheckedField<'m>>,
    pub unique: Vec<Unique>,
    /// The fields that follow from others.
    pub computed: Vec<Computed>,
    pub derives: Derives,
    pub on_build: Option<UserRust>,
}

/// A mixin with its own fields.
pub(in crate::check) struct ResolvedMixin<'m> {
    pub declaration: &'m MixinDeclaration,
    pub fields: Vec<CheckedField<'m>>,
}

pub(in crate::check) struct ResolvedType<'m> {
    pub declaration: &'m ExpandedType<'m>,
    pub fields: Vec<CheckedField<'m>>,
    pub derives: Derives,
}

pub(in crate::check) struct ResolvedEnum<'m> {
    pub declaration: &'m EnumDeclaration,
    pub variants: Vec<ResolvedVariant<'m>>,
    pub derives: Derives,
}

pub(in crate::check) struct ResolvedVariant<'m> {
    pub declaration: &'m VariantDeclaration,
    /// Its Rust name.
    pub rust: &'m str,
    pub fields: Vec<CheckedField<'m>>,
}

impl<'m> Resolved<'m> {
    pub(in crate::check) fn new(expanded: &'m Expanded<'m>, cx: &mut FieldsCheck<'_, 'm>) -> Self {
        let names = cx.known;
        let models = expanded.models.iter().enumerate();
        let schemas: Vec<_> = models.map(|(number, model)| fields::schema(cx, number, model)).collect();
        let mixins = expanded.mixins.iter().map(|mixin| fields::mixin(cx, mixin)).collect();
        let types = expanded.types.iter().map(|one| fields::structure(cx, one)).collect();
        let enums = expanded.enums.iter().map(|one| fields::enumeration(cx, one)).collect();
        let (tables, uses) = tables::resolve(cx, expanded, &schemas);
        let models = schemas.into_iter().zip(uses).map(|(schema, used)| ResolvedModel { schema, used });
        Resolved { expanded, names, models: models.collect(), mixins, types, enums, tables }
    }

    /// The number of a model of this name.
    pub(in crate::check) fn model(&self, name: &str) -> Option<usize> {
        self.models.iter().position(|model| model.schema.declaration.name.value == name)
    }

    /// The table that a model uses.
    pub(in crate::check) fn table(&self, used: &TableUse) -> &Table {
        &self.tables[used.table]
    }
}

impl<'m> Schema<'m> {
    pub(in crate::check) fn name(&self) -> &'m Spanned<String> {
        self.declaration.name
    }

    /// Whether the fields could be read at all.
    pub(in crate::check) fn is_readable(&self) -> bool {
        self.declaration.fields.is_some()
    }

    /// The field that is stored under a name.
    pub(in crate::check) fn find(&self, stored: &str) -> Option<&CheckedField<'m>> {
        self.fields.iter().find(|field| field.declaration.stored().0 == stored)
    }

    /// The computed field that is stored under a name.
    pub(in crate::check) fn computed(&self, stored: &str) -> Option<&Computed> {
        self.computed.iter().find(|field| field.template.attribute == stored)
    }

    /// Whether a field is stored or read under a name.
    pub(in crate::check) fn reads(&self, name: &str) -> bool {
        let is_also_read =
            |field: &CheckedField<'_>| field.declaration.also_read.iter().any(|also| also.value == name);
        self.find(name).is_some() || self.fields.iter().any(is_also_read)
    }

    pub(in crate::check) fn declarations(&self) -> impl Iterator<Item = &'m FieldDeclaration> {
        self.fields.iter().map(|field| field.declaration)
    }
}
