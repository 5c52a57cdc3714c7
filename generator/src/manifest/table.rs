//! `[table.*]` with its indexes.

use super::reader::{Keys, Reader};
use super::table_settings::{
    BillingDeclaration, CLASSES, EncryptionDeclaration, MANAGED, read_billing, read_encryption,
    read_recovery, read_stream, read_tags, read_ttl,
};
use super::value::{Entry, Spanned, Value};
use crate::catalog::{IndexScope, Managed, Setting, StreamView, TableClass};
use crate::diagnostic::Span;

/// `[table.books]`.
#[derive(Debug)]
pub(crate) struct TableDeclaration {
    /// `books`.
    pub declared: Spanned<String>,
    pub name: Option<Spanned<String>>,
    pub doc: Option<String>,
    pub partition_key: Option<KeyDeclaration>,
    pub sort_key: Option<KeyDeclaration>,
    pub managed: Managed,
    pub billing: Option<Spanned<BillingDeclaration>>,
    pub ttl: Setting<Spanned<String>>,
    pub type_attribute: Option<Spanned<String>>,
    /// The model of items without the type attribute.
    pub untyped: Option<Spanned<String>>,
    /// The enum over its models.
    pub item: Option<Spanned<String>>,
    /// Models that have the same keys on purpose, in sets.
    pub shared_keys: Vec<Spanned<Vec<Spanned<String>>>>,
    pub stream: Setting<StreamView>,
    pub deletion_protection: Option<bool>,
    /// How many days it reaches back, if declared.
    pub point_in_time_recovery: Setting<Option<Spanned<u64>>>,
    pub encryption: Option<EncryptionDeclaration>,
    pub class: Option<TableClass>,
    pub tags: Vec<(Spanned<String>, Spanned<String>)>,
    pub global_index_quota: Option<Spanned<u64>>,
    /// In their written order, global ones first.
    pub indexes: Vec<IndexDeclaration>,
}

/// `[table.books.global_index.by-author]` or `[table.books.local_index.by-year]`.
#[derive(Debug)]
pub(crate) struct IndexDeclaration {
    pub name: Spanned<String>,
    pub scope: IndexScope,
    pub partition_key: Option<KeyDeclaration>,
    pub sort_key: Option<KeyDeclaration>,
    pub projection: ProjectionDeclaration,
    pub billing: Option<Spanned<BillingDeclaration>>,
    pub function: Option<Spanned<String>>,
}

/// The attributes of a partition or sort key.
#[derive(Debug)]
pub(crate) struct KeyDeclaration {
    pub span: Span,
    /// Whether they are in an array.
    pub is_array: bool,
    pub attributes: Vec<Spanned<String>>,
}

#[derive(Debug)]
pub(crate) enum ProjectionDeclaration {
    All,
    KeysOnly,
    Include { span: Span, attributes: Vec<Spanned<String>> },
}

pub(super) fn read(reader: &mut Reader<'_>, entry: &Entry) -> TableDeclaration {
    let entries = reader.table(&entry.value);
    let mut keys = Keys::new(entry.key.span, entries.unwrap_or_default());
    let types = keys.value("type_attribute");
    let mut table = TableDeclaration {
        declared: entry.key.clone(),
        name: keys.text("name", reader),
        doc: keys.text("doc", reader).map(|doc| doc.value),
        partition_key: keys.value_or_old("partition_key").and_then(|value| read_key(reader, value)),
        sort_key: keys.value_or_old("sort_key").and_then(|value| read_key(reader, value)),
        managed: keys.word("managed", &MANAGED, reader).map(|managed| managed.value).unwrap_or_default(),
        billing: keys.value("billing").and_then(|value| read_billing(reader, value)),
        ttl: read_ttl(reader, keys.value("ttl")),
        type_attribute: None,
        untyped: None,
        item: keys.text("item", reader),
        shared_keys: keys.value("shared_key").map(|value| read_shared(reader, value)).unwrap_or_default(),
        stream: read_stream(reader, keys.value("stream")),
        deletion_protection: keys.flag("deletion_protection", reader).map(|flag| flag.value),
        point_in_time_recovery: read_recovery(reader, keys.value("point_in_time_recovery")),
        encryption: keys.value("encryption").and_then(|value| read_encryption(reader, value)),
        class: keys.word("class", &CLASSES, reader).map(|class| class.value),
        tags: keys.value("tags").map(|value| read_tags(reader, value)).unwrap_or_default(),
        global_index_quota: keys.count("global_index_quota", reader),
        indexes: [("global_index", IndexScope::Global), ("local_index", IndexScope::Local)]
            .into_iter()
            .flat_map(|(key, scope)| read_indexes(reader, keys.value(key), scope))
            .collect(),
    };
    if let Some(value) = types {
        (table.type_attribute, table.untyped) = read_type_attribute(reader, value);
    }
    if entries.is_some() {
        keys.missing("partition_key", "the table", "name the attribute: `partition_key = \"id\"`", reader);
        keys.finish("a table", reader);
    }
    table
}

/// `"_type"`, or `{ name = "entity", missing = "Info" }`: the attribute, and the model of items without it.
fn read_type_attribute(
    reader: &mut Reader<'_>,
    value: &Spanned<Value>,
) -> (Option<Spanned<String>>, Option<Spanned<String>>) {
    match &value.value {
        Value::Text(name) => (Some(Spanned { value: name.clone(), span: value.span }), None),
        Value::Table(entries) => {
            let mut keys = Keys::new(value.span, entries);
            let found = (keys.text("name", reader), keys.text("missing", reader));
            keys.missing(
                "name",
                "the type attribute",
                "name it: `{ name = \"_type\", missing = \"Book\" }`",
                reader,
            );
            keys.finish("a type attribute", reader);
            found
        }
        _ => {
            reader.wrong_type(
                value,
                "an attribute's name, or a table such as { name = \"_type\", missing = \"Book\" }",
            );
            (None, None)
        }
    }
}

/// `["Person", "Company"]`, or several of these.
fn read_shared(reader: &mut Reader<'_>, value: &Spanned<Value>) -> Vec<Spanned<Vec<Spanned<String>>>> {
    let values = reader.array(value).unwrap_or_default();
    if values.iter().any(|value| matches!(value.value, Value::Array(_))) {
        return values.iter().map(|set| Spanned { value: reader.texts(set), span: set.span }).collect();
    }
    vec![Spanned { value: reader.texts(value), span: value.span }]
}

fn read_indexes(
    reader: &mut Reader<'_>,
    group: Option<&Spanned<Value>>,
    scope: IndexScope,
) -> Vec<IndexDeclaration> {
    let entries = group.and_then(|group| reader.table(group)).unwrap_or_default();
    entries.iter().filter_map(|entry| read_index(reader, entry, scope)).collect()
}

fn read_index(reader: &mut Reader<'_>, entry: &Entry, scope: IndexScope) -> Option<IndexDeclaration> {
    let mut keys = Keys::new(entry.key.span, reader.table(&entry.value)?);
    let index = IndexDeclaration {
        name: entry.key.clone(),
        scope,
        partition_key: keys.value_or_old("partition_key").and_then(|value| read_key(reader, value)),
        sort_key: keys.value_or_old("sort_key").and_then(|value| read_key(reader, value)),
        projection: keys
            .value("projection")
            .map_or(ProjectionDeclaration::All, |value| read_projection(reader, value)),
        billing: match scope {
            IndexScope::Global => keys.value("billing").and_then(|value| read_billing(reader, value)),
            IndexScope::Local => None,
        },
        function: keys.text("function", reader),
    };
    match scope {
        IndexScope::Global => {
            let help = "name the attribute, or up to four: `partition_key = \"author\"`";
            keys.missing("partition_key", "the global index", help, reader);
            keys.finish("a global index", reader);
        }
        IndexScope::Local => {
            keys.missing("sort_key", "the local index", "name the attribute: `sort_key = \"year\"`", reader);
            keys.finish("a local index", reader);
        }
    }
    Some(index)
}

fn read_key(reader: &mut Reader<'_>, value: &Spanned<Value>) -> Option<KeyDeclaration> {
    let (is_array, attributes) = match &value.value {
        Value::Text(text) => (false, vec![Spanned { value: text.clone(), span: value.span }]),
        Value::Array(_) => (true, reader.texts(value)),
        _ => {
            reader.wrong_type(value, "an attribute's name, or an array of names");
            return None;
        }
    };
    Some(KeyDeclaration { span: value.span, is_array, attributes })
}

fn read_projection(reader: &mut Reader<'_>, value: &Spanned<Value>) -> ProjectionDeclaration {
    #[derive(Clone, Copy)]
    enum Word {
        All,
        KeysOnly,
    }
    match &value.value {
        Value::Text(_) => match reader.word(value, &[("all", Word::All), ("keys-only", Word::KeysOnly)]) {
            Some(Spanned { value: Word::KeysOnly, .. }) => ProjectionDeclaration::KeysOnly,
            _ => ProjectionDeclaration::All,
        },
        Value::Table(entries) => {
            let mut keys = Keys::new(value.span, entries);
            let include = keys.value("include");
            let attributes = include.map(|value| reader.texts(value)).unwrap_or_default();
            keys.missing(
                "include",
                "the projection",
                "name the attributes: `{ include = [\"title\"] }`",
                reader,
            );
            keys.finish("a projection", reader);
            match include {
                Some(include) => ProjectionDeclaration::Include { span: include.span, attributes },
                None => ProjectionDeclaration::All,
            }
        }
        _ => {
            reader.wrong_type(value, "\"all\", \"keys-only\" or a table such as { include = [\"title\"] }");
            ProjectionDeclaration::All
        }
    }
}
