//! Keys composed from fields, and collections of several models.

use super::condition::{self, ConditionExpression};
use super::place::start;
use super::reader::{Keys, Reader};
use super::template::{self, TemplateExpression};
use super::value::{Entry, Spanned, Value};
use crate::diagnostic::Span;

/// `key = { partition_key = "CUSTOMER#{customer_id}", sort_key = "PROFILE" }`
#[derive(Clone, Debug)]
pub(crate) struct ComposedKey {
    pub span: Span,
    pub partition_key: Option<TemplateExpression>,
    pub sort_key: Option<TemplateExpression>,
    /// Whether text is escaped in it.
    pub escape: bool,
    /// Whether several values of a field may have one key: of a table, since an index's keys need not differ.
    pub lossy: Option<Spanned<bool>>,
}

/// `index.gsi1 = { function = "by_email", partition_key = "EMAIL#{email}" }`
#[derive(Clone, Debug)]
pub(crate) struct ModelIndexDeclaration {
    /// The index's name.
    pub name: Spanned<String>,
    pub function: Option<Spanned<String>>,
    /// What must hold of an item that is in the index by this entry.
    pub when: Option<ConditionExpression>,
    pub key: ComposedKey,
}

/// `[collection.CustomerOrders]`
#[derive(Debug)]
pub(crate) struct CollectionDeclaration {
    pub name: Spanned<String>,
    pub place: String,
    pub doc: Option<String>,
    pub table: Option<Spanned<String>>,
    /// The index that is queried instead of the table.
    pub index: Option<Spanned<String>>,
    pub models: Vec<Spanned<String>>,
    /// What of a partition it reads.
    pub part: Option<PartDeclaration>,
}

/// `sort_key = { from = "Project", up_to = "Ticket" }`
#[derive(Debug)]
pub(crate) struct PartDeclaration {
    pub span: Span,
    /// The model whose items come first.
    pub from: Option<Spanned<String>>,
    /// The model whose items come last.
    pub up_to: Option<Spanned<String>>,
}

pub(super) fn read_key(reader: &mut Reader<'_>, value: &Spanned<Value>) -> Option<ComposedKey> {
    let entries = reader.table(value)?;
    let mut keys = Keys::new(value.span, entries);
    let key = ComposedKey { lossy: keys.flag("lossy", reader), ..composed(&mut keys, reader, value.span) };
    keys.finish("a model's key", reader);
    Some(key)
}

pub(super) fn read_indexes(
    reader: &mut Reader<'_>,
    group: Option<&Spanned<Value>>,
) -> Vec<ModelIndexDeclaration> {
    let entries = group.and_then(|group| reader.table(group)).unwrap_or_default();
    let mut indexes = Vec::new();
    for entry in entries {
        match &entry.value.value {
            Value::Array(cases) if !cases.is_empty() => {
                indexes.extend(cases.iter().filter_map(|case| read_index(reader, &entry.key, case)));
            }
            _ => indexes.extend(read_index(reader, &entry.key, &entry.value)),
        }
    }
    indexes
}

fn read_index(
    reader: &mut Reader<'_>,
    name: &Spanned<String>,
    value: &Spanned<Value>,
) -> Option<ModelIndexDeclaration> {
    let entries = reader.table(value)?;
    let mut keys = Keys::new(name.span, entries);
    let index = ModelIndexDeclaration {
        name: name.clone(),
        function: keys.text("function", reader),
        when: keys.text("when", reader).map(|text| condition::parse(reader, &text)),
        key: composed(&mut keys, reader, name.span),
    };
    keys.finish("a model's index", reader);
    Some(index)
}

fn composed(keys: &mut Keys<'_>, reader: &mut Reader<'_>, span: Span) -> ComposedKey {
    ComposedKey {
        span,
        partition_key: read_template(reader, keys.value_or_old("partition_key")),
        sort_key: read_template(reader, keys.value_or_old("sort_key")),
        escape: keys.flag("escape", reader).is_some_and(|flag| flag.value),
        lossy: None,
    }
}

fn read_template(reader: &mut Reader<'_>, value: Option<&Spanned<Value>>) -> Option<TemplateExpression> {
    let text = reader.text(value?)?;
    Some(template::parse(reader, &text))
}

pub(super) fn read_collection(reader: &mut Reader<'_>, entry: &Entry) -> CollectionDeclaration {
    let place = start(reader.source, "collection", &entry.key.value);
    let entries = reader.table(&entry.value);
    let mut keys = Keys::new(entry.key.span, entries.unwrap_or_default());
    let collection = CollectionDeclaration {
        name: entry.key.clone(),
        place,
        doc: keys.text("doc", reader).map(|doc| doc.value),
        table: keys.text("table", reader),
        index: keys.text("index", reader),
        models: keys.texts("models", reader),
        part: keys.value("sort_key").and_then(|value| read_part(reader, value)),
    };
    if entries.is_some() {
        keys.missing("table", "the collection", "name the table: `table = \"shop\"`", reader);
        keys.missing(
            "models",
            "the collection",
            "name its models: `models = [\"Customer\", \"Order\"]`",
            reader,
        );
        keys.finish("a collection", reader);
    }
    collection
}

fn read_part(reader: &mut Reader<'_>, value: &Spanned<Value>) -> Option<PartDeclaration> {
    let entries = reader.table(value)?;
    let mut keys = Keys::new(value.span, entries);
    let part = PartDeclaration {
        span: value.span,
        from: keys.text("from", reader),
        up_to: keys.text("up_to", reader),
    };
    keys.finish("a part of a partition", reader);
    Some(part)
}
