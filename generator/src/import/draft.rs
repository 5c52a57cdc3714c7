//! Declarations before they become text: tables, and the models found in them.

use super::description::TableDescription;
use super::infer::Guess;

/// A table with its models.
#[derive(Clone, Debug)]
pub(super) struct DraftTable {
    /// `orders` of `[table.orders]`.
    pub declared: String,
    /// Its declared settings. Settings that cannot be declared were removed, with a note.
    pub description: TableDescription,
    pub type_attribute: Option<String>,
    pub models: Vec<DraftModel>,
    /// Items of no model, and items that their model cannot read: a sentence each, with the item's place.
    pub unread: Vec<String>,
}

/// A model. Its name is the first of these that is free.
#[derive(Clone, Debug)]
pub(super) struct DraftModel {
    pub names: Vec<String>,
    /// The value of the table's type attribute in its items.
    pub type_value: Option<String>,
    /// The number of its group of items.
    pub group: usize,
    pub notes: Vec<String>,
    /// The templates of the table's key, if it is composed.
    pub partition_key: Option<DraftTemplate>,
    pub sort_key: Option<DraftTemplate>,
    pub indexes: Vec<DraftModelIndex>,
    pub fields: Vec<DraftField>,
}

/// How a model is in an index.
#[derive(Clone, Debug)]
pub(super) struct DraftModelIndex {
    pub name: String,
    pub partition_key: Option<DraftTemplate>,
    pub sort_key: Option<DraftTemplate>,
}

/// A composed key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DraftTemplate(pub Vec<TemplatePart>);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TemplatePart {
    Constant(String),
    /// A field by its declared name, and its format.
    Field {
        name: String,
        format: Option<String>,
    },
}

/// A field of a model.
#[derive(Clone, Debug)]
pub(super) struct DraftField {
    /// Its name in the declaration.
    pub name: String,
    pub attribute: String,
    pub guess: Guess,
    pub optional: bool,
    pub key_only: bool,
    /// The value that every item has.
    pub default: Option<String>,
    pub remark: String,
}

impl DraftTable {
    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.description.notes.push(note.into());
    }
}

impl DraftTemplate {
    /// The constant parts.
    pub(super) fn constants(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            TemplatePart::Constant(text) => Some(text.as_str()),
            TemplatePart::Field { .. } => None,
        })
    }

    /// The template as models.toml writes it.
    pub(super) fn text(&self) -> String {
        let part = |part: &TemplatePart| match part {
            TemplatePart::Constant(text) => text.replace('{', "{{").replace('}', "}}"),
            TemplatePart::Field { name, format: None } => format!("{{{name}}}"),
            TemplatePart::Field { name, format: Some(format) } => format!("{{{name}:{format}}}"),
        };
        self.0.iter().map(part).collect()
    }
}

impl DraftModel {
    /// Every template of the model's keys.
    pub(super) fn templates(&self) -> impl Iterator<Item = &DraftTemplate> {
        let of_indexes =
            self.indexes.iter().flat_map(|index| index.partition_key.iter().chain(&index.sort_key));
        self.partition_key.iter().chain(&self.sort_key).chain(of_indexes)
    }
}
