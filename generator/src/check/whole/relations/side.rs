//! A model as one end of a relation, and the keys by which its items are read.

use crate::catalog::{Field, KeySource, Table};
use crate::check::WholeCheck;
use crate::check::resolved::{Resolved, Schema};
use crate::check::tables::TableUse;
use crate::diagnostic::{Code, Diagnostic, did_you_mean, listed, quoted};
use crate::manifest::Spanned;

/// A model as one end of a relation.
#[derive(Clone, Copy)]
pub(super) struct Side<'s> {
    pub number: usize,
    pub schema: &'s Schema<'s>,
    pub table: &'s Table,
    used: &'s TableUse,
}

impl<'s> Side<'s> {
    /// Nothing where something was found wrong with the model or its table.
    pub(super) fn new(resolved: &'s Resolved<'s>, number: usize) -> Option<Self> {
        let model = resolved.models.get(number)?;
        let used = model.used.as_ref()?;
        Some(Side { number, schema: &model.schema, table: resolved.table(used), used })
    }

    /// The model's name in backticks.
    pub(super) fn name(&self) -> String {
        quoted(&self.schema.name().value)
    }

    pub(super) fn rust_name(&self) -> String {
        self.schema.names.model(&self.schema.name().value).rust.clone()
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
                let (partition, sort) = self.used.key.split_at(self.used.key.len().min(1));
                (self.fields_of(partition), self.fields_of(sort))
            }
            Some(index) => match self.used.indexes.iter().find(|used| used.index == index) {
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
        numbers.filter_map(|number| self.schema.fields.get(number)?.field.as_ref()).collect()
    }

    /// The index of a declared name.
    pub(super) fn index(&self, cx: &mut WholeCheck<'_, '_>, name: &Spanned<String>) -> Option<usize> {
        let known = || self.used.indexes.iter().filter_map(|used| self.table.indexes.get(used.index));
        let position = self.table.indexes.iter().position(|index| index.name == name.value);
        if let Some(position) = position
            && self.used.indexes.iter().any(|used| used.index == position && used.is_case)
        {
            cx.report(
                Diagnostic::new(
                    Code::RelationIndex,
                    format!("{} is in the index {} by several entries", self.name(), quoted(&name.value)),
                )
                .at(name.span, "a relation reads by one key")
                .help("call the function of the entry that is meant, or give the related items an index of their own"),
            );
            return None;
        }
        if position.is_none() {
            let names = || known().map(|index| index.name.as_str());
            let help = match names().next() {
                None => format!("the table of {} has no index: leave `index` out", self.name()),
                Some(_) => did_you_mean(&name.value, names())
                    .unwrap_or_else(|| format!("the table of {} has {}", self.name(), listed(names()))),
            };
            cx.report(
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
