//! A model as one end of a relation, and the keys by which its items are read.

use super::Checked;
use crate::catalog::{Field, KeySource, ModelIndex, Table};
use crate::check::declared::Declared;
use crate::check::fields::CheckedField;
use crate::diagnostic::{Code, Diagnostic, Findings, did_you_mean, listed, quoted};
use crate::manifest::{ModelDeclaration, Spanned};

/// A model as one end of a relation.
#[derive(Clone, Copy)]
pub(super) struct Side<'s> {
    pub number: usize,
    pub model: &'s ModelDeclaration,
    pub declared: &'s Declared<'s>,
    pub fields: &'s [CheckedField<'s>],
    pub table: &'s Table,
    own_key: &'s [KeySource],
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
            own_key: &used.key,
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

    /// The fields that make up the primary key, each once.
    pub(super) fn primary_key(&self) -> Vec<&'s Field> {
        let (mut key, sort) = self.key(None);
        for field in sort {
            if key.iter().all(|known| known.name != field.name) {
                key.push(field);
            }
        }
        key
    }

    /// The fields of the partition key and of the sort key, of the table or of one of its indexes.
    pub(super) fn key(&self, index: Option<usize>) -> (Vec<&'s Field>, Vec<&'s Field>) {
        match index {
            None => {
                let (partition, sort) = self.own_key.split_at(self.own_key.len().min(1));
                (self.fields_of(partition), self.fields_of(sort))
            }
            Some(index) => match self.indexes.iter().find(|used| used.index == index) {
                Some(used) => (self.fields_of(&used.partition_key), self.fields_of(&used.sort_key)),
                None => (Vec::new(), Vec::new()),
            },
        }
    }

    /// The fields that attributes of a key are made of, in the order in which a query asks for them.
    fn fields_of(&self, sources: &[KeySource]) -> Vec<&'s Field> {
        let numbers = sources.iter().flat_map(|source| match source {
            KeySource::Field(number) => vec![*number],
            KeySource::Template(template) => template.parts.iter().map(|part| part.field).collect(),
        });
        numbers.filter_map(|number| self.fields.get(number)?.field.as_ref()).collect()
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
