//! Tables and their indexes, as constants.

use heck::ToShoutySnakeCase;

use crate::catalog::{
    Billing, Catalog, Index, IndexScope, KeyAttribute, Projection, Scalar, StreamView, Table, TableClass,
    Throughput,
};
use crate::emit::text::{doc_lines, literal};

/// All tables of a catalog.
pub(in crate::emit) struct TablesView {
    pub tables: Vec<TableView>,
}

pub(in crate::emit) struct TableView {
    pub constant: String,
    /// The module of its indexes.
    pub module: String,
    pub docs: Vec<String>,
    /// The table's name, in words.
    pub title: String,
    pub name: String,
    pub partition_key: String,
    pub sort_key: String,
    pub billing: String,
    pub ttl: String,
    pub stream: String,
    pub deletion_protection: bool,
    pub tags: String,
    pub class: &'static str,
    pub indexes: Vec<IndexView>,
}

pub(in crate::emit) struct IndexView {
    pub constant: String,
    pub title: String,
    pub name: String,
    pub scope: &'static str,
    pub partition_key: String,
    pub sort_key: String,
    pub projection: String,
    pub throughput: String,
}

impl TablesView {
    pub fn new(catalog: &Catalog) -> Self {
        TablesView { tables: catalog.tables.iter().map(table).collect() }
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

fn table(table: &Table) -> TableView {
    let constants = index_constants(table);
    let tags = table.tags.iter().map(|(key, value)| format!("({}, {})", literal(key), literal(value)));
    TableView {
        constant: table.constant.clone(),
        module: module(table),
        docs: doc_lines(table.doc.as_deref()),
        title: format!("/// Table `{}`.", table.name),
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
        tags: tags.collect::<Vec<_>>().join(", "),
        class: match table.class {
            TableClass::Standard => "Standard",
            TableClass::StandardInfrequentAccess => "StandardInfrequentAccess",
        },
        indexes: table
            .indexes
            .iter()
            .zip(constants)
            .map(|(index, constant)| self::index(index, constant))
            .collect(),
    }
}

fn index(index: &Index, constant: String) -> IndexView {
    let scope = match index.scope {
        IndexScope::Global => "Global",
        IndexScope::Local => "Local",
    };
    IndexView {
        constant,
        title: format!("/// {scope} secondary index `{}`.", index.name),
        name: literal(&index.name),
        scope,
        partition_key: keys(&index.partition_key),
        sort_key: keys(&index.sort_key),
        projection: match &index.projection {
            Projection::All => "All".to_owned(),
            Projection::KeysOnly => "KeysOnly".to_owned(),
            Projection::Include(attributes) => {
                let attributes: Vec<_> = attributes.iter().map(|attribute| literal(attribute)).collect();
                format!("Include(&[{}])", attributes.join(", "))
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

fn keys(attributes: &[KeyAttribute]) -> String {
    attributes.iter().map(key).collect::<Vec<_>>().join(", ")
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
