//! Tables and their indexes, as constants.

use askama::Template;
use heck::ToShoutySnakeCase;

use super::layout::list;
use super::text::{doc_lines, literal};
use crate::catalog::{
    Billing, Catalog, Index, IndexScope, KeyAttribute, Projection, Scalar, StreamView, Table, TableClass,
    Throughput,
};

/// The module of all tables.
#[derive(Template)]
#[template(path = "rust/tables.rs.jinja", escape = "none")]
pub(super) struct TablesModule {
    tables: Vec<TableConstant>,
}

/// A table as a constant.
struct TableConstant {
    constant: String,
    /// The module of its indexes.
    module: String,
    docs: Vec<String>,
    name: String,
    partition_key: String,
    sort_key: String,
    billing: String,
    ttl: String,
    stream: String,
    deletion_protection: bool,
    tags: String,
    class: &'static str,
    indexes: Option<Vec<IndexConstant>>,
}

/// An index as a constant.
struct IndexConstant {
    constant: String,
    title: String,
    name: String,
    scope: &'static str,
    partition_key: String,
    sort_key: String,
    projection: String,
    throughput: String,
}

impl TablesModule {
    pub fn new(catalog: &Catalog) -> Self {
        TablesModule { tables: catalog.tables.iter().map(table).collect() }
    }
}

/// The path of a table's constant, from the module of a model.
pub(super) fn table_path(table: &Table) -> String {
    format!("super::tables::{}", table.constant)
}

/// The path of an index's constant, from the module of a model.
pub(super) fn index_path(table: &Table, index: usize) -> String {
    format!("super::tables::{}::{}", module(table), index_constants(table)[index])
}

fn table(table: &Table) -> TableConstant {
    let constants = index_constants(table);
    let tags = table.tags.iter().map(|(key, value)| format!("({}, {})", literal(key), literal(value)));
    let tags: Vec<_> = tags.collect();
    TableConstant {
        constant: table.constant.clone(),
        module: module(table),
        docs: table_docs(table),
        name: literal(&table.name),
        partition_key: key(&table.partition_key),
        sort_key: optional(table.sort_key.as_ref().map(key)),
        billing: match table.billing {
            Billing::OnDemand => "dynamorm::table::Billing::OnDemand".to_owned(),
            Billing::Provisioned(capacity) => {
                format!("dynamorm::table::Billing::Provisioned({})", throughput(capacity))
            }
        },
        ttl: optional(table.ttl.as_deref().map(literal)),
        stream: optional(table.stream.map(|view| {
            let view = match view {
                StreamView::KeysOnly => "KeysOnly",
                StreamView::NewImage => "NewImage",
                StreamView::OldImage => "OldImage",
                StreamView::NewAndOldImages => "NewAndOldImages",
            };
            format!("dynamorm::table::StreamView::{view}")
        })),
        deletion_protection: table.deletion_protection,
        tags: list(4, "tags: &[", &tags, "]"),
        class: match table.class {
            TableClass::Standard => "Standard",
            TableClass::StandardInfrequentAccess => "StandardInfrequentAccess",
        },
        indexes: (!table.indexes.is_empty()).then(|| {
            table
                .indexes
                .iter()
                .zip(constants)
                .map(|(index, constant)| self::index(index, constant))
                .collect()
        }),
    }
}

fn table_docs(table: &Table) -> Vec<String> {
    let mut docs = vec![format!("/// Table `{}`.", table.name)];
    let declared = doc_lines(table.doc.as_deref());
    if !declared.is_empty() {
        docs.push("///".to_owned());
    }
    docs.extend(declared);
    docs
}

fn index(index: &Index, constant: String) -> IndexConstant {
    let scope = match index.scope {
        IndexScope::Global => "Global",
        IndexScope::Local => "Local",
    };
    IndexConstant {
        constant,
        title: format!("/// {scope} secondary index `{}`.", index.name),
        name: literal(&index.name),
        scope,
        partition_key: keys("partition_key", &index.partition_key),
        sort_key: keys("sort_key", &index.sort_key),
        projection: match &index.projection {
            Projection::All => "All".to_owned(),
            Projection::KeysOnly => "KeysOnly".to_owned(),
            Projection::Include(attributes) => {
                let attributes: Vec<_> = attributes.iter().map(|attribute| literal(attribute)).collect();
                list(8, "Include(&[", &attributes, "])")
            }
        },
        throughput: optional(index.throughput.map(throughput)),
    }
}

/// The module of a table's indexes. One of the runtime's name would hide the runtime from the tables.
fn module(table: &Table) -> String {
    let name = table.constant.to_lowercase();
    let is_free = name != "dynamorm" && syn::parse_str::<syn::Ident>(&name).is_ok();
    if is_free { name } else { format!("{name}_") }
}

/// A constant for each index; names that conflict after conversion are numbered.
fn index_constants(table: &Table) -> Vec<String> {
    let mut constants: Vec<String> = Vec::new();
    for index in &table.indexes {
        let name = index.name.to_shouty_snake_case();
        let name = if name.starts_with(|c: char| c.is_ascii_digit()) || name.is_empty() {
            format!("INDEX_{name}")
        } else {
            name
        };
        let mut unique = name.clone();
        let mut number = 2;
        while constants.contains(&unique) {
            unique = format!("{name}_{number}");
            number += 1;
        }
        constants.push(unique);
    }
    constants
}

/// The attributes of an index's key, as the field of this name.
fn keys(field: &str, attributes: &[KeyAttribute]) -> String {
    list(8, &format!("{field}: &["), &attributes.iter().map(key).collect::<Vec<_>>(), "]")
}

fn key(attribute: &KeyAttribute) -> String {
    let scalar = match attribute.scalar {
        Scalar::Text => "Text",
        Scalar::Number => "Number",
        Scalar::Binary => "Bytes",
    };
    format!(
        "dynamorm::table::KeyAttribute {{ name: {}, scalar: dynamorm::table::Scalar::{scalar} }}",
        literal(&attribute.name)
    )
}

fn throughput(capacity: Throughput) -> String {
    format!("dynamorm::table::Throughput {{ read: {}, write: {} }}", capacity.read, capacity.write)
}

fn optional(value: Option<String>) -> String {
    value.map_or("None".to_owned(), |value| format!("Some({value})"))
}
