//! A model as one end of a relation, and the keys by which its items are read.

use super::Checked;
use crate::catalog::{Field, Index, KeyAttribute, ModelIndex, Table};
use crate::check::declared::Declared;
use crate::check::fields::CheckedField;
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean, listed, quoted};
use crate::manifest::{ModelDeclaration, Spanned};

/// A model as one end of a relation.
#[derive(Clone, Copy)]
pub(super) struct Side<'s> {
    pub number: usize,
    pub model: &'s ModelDeclaration,
    declared: &'s Declared<'s>,
    pub fields: &'s [CheckedField<'s>],
    pub table: &'s Table,
    indexes: &'s [ModelIndex],
}

impl<'s> Side<'s> {
    /// Nothing where something was found wrong with the model or its table.
    pub(super) fn new(checked: &'s Checked<'_>, number: usize) -> Option<Self> {
        let used = checked.uses.get(number)?.as_ref()?;
        Some(Side {
            number,
            model: checked.manifest.models.get(number)?,
            declared: checked.declared,
            fields: checked.schemas.get(number)?,
            table: checked.tables.get(used.table)?,
            indexes: &used.indexes,
        })
    }

    /// The model's name in backticks.
    pub(super) fn name(&self) -> String {
        quoted(&self.model.name.value)
    }

    pub(super) fn rust_name(&self) -> String {
        self.declared.model(&self.model.name.value).rust.clone()
    }

    pub(super) fn is_text_enum(&self, rust_name: &str) -> bool {
        self.declared.enumeration_by_rust_name(rust_name).is_some_and(|known| known.is_text)
    }

    fn field_of(&self, attribute: &str) -> Option<&'s Field> {
        self.fields
            .iter()
            .filter_map(|checked| checked.field.as_ref())
            .find(|field| field.attribute == attribute)
    }

    /// The fields that make up the primary key.
    pub(super) fn primary_key(&self) -> Vec<&'s Field> {
        let (mut key, sort) = self.key(None);
        key.extend(sort);
        key
    }

    /// The fields of the partition key and of the sort key, of the table or of one of its indexes.
    pub(super) fn key(&self, index: Option<usize>) -> (Vec<&'s Field>, Vec<&'s Field>) {
        let fields = |attributes: &[&str]| attributes.iter().filter_map(|name| self.field_of(name)).collect();
        match index.and_then(|index| self.table.indexes.get(index)) {
            None => {
                let sort: Vec<_> = self.table.sort_key.iter().map(|key| key.name.as_str()).collect();
                (fields(&[&self.table.partition_key.name]), fields(&sort))
            }
            Some(Index { partition_key, sort_key, .. }) => {
                let names = |key: &'s [KeyAttribute]| -> Vec<&'s str> {
                    key.iter().map(|attribute| attribute.name.as_str()).collect()
                };
                (fields(&names(partition_key)), fields(&names(sort_key)))
            }
        }
    }

    /// The index of a declared name.
    pub(super) fn index(&self, name: &Spanned<String>, findings: &mut Findings) -> Option<usize> {
        let known = || self.indexes.iter().filter_map(|used| self.table.indexes.get(used.index));
        let position = self.table.indexes.iter().position(|index| index.name == name.value);
        if position.is_none() {
            let names = || known().map(|index| index.name.as_str());
            let help = match names().next() {
                None => format!("the table of {} has no index: leave `index` out", self.name()),
                Some(_) => did_you_mean(&name.value, names())
                    .unwrap_or_else(|| format!("the table of {} has {}", self.name(), listed(names()))),
            };
            findings.push(
                Diagnostic::new(
                    Code::RelationIndex,
                    format!("the table of {} has no index {}", self.name(), quoted(&name.value)),
                )
                .at(name.span, "not an index of the table that is read")
                .help(help),
            );
        }
        position
    }
}
