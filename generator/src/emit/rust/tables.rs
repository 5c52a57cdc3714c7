//! Tables and their indexes, as constants.

use askama::Template;
use heck::ToShoutySnakeCase;

use super::layout::{braces, list};
use super::text::{declared_doc_lines, literal};
use crate::catalog::{
    Billing, Catalog, Encryption, Index, IndexScope, KeyAttribute, Managed, OnDemandMaximum,
    PointInTimeRecovery, Projection, Scalar, Setting, StreamView, Table, TableClass, Throughput,
};

/// The module of all tables.
#[derive(Template)]
#[template(path = "rust/tables.rs.jinja", escape = "none")]
pub(super) struct TablesModule {
    tables: Vec<TableConstant>,
    /// Whether `dynamorm` is a name within each file, which modules in the file do not see.
    is_runtime_renamed: bool,
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
    /// The declared settings, a field each.
    settings: Vec<String>,
    indexes: Option<Vec<IndexConstant>>,
    /// Whether all fields are given, so none is left to be undeclared.
    is_complete: bool,
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
    /// The declared settings, a field each.
    settings: Vec<String>,
}

impl TablesModule {
    pub fn new(catalog: &Catalog) -> Self {
        TablesModule {
            tables: catalog.tables.iter().map(table).collect(),
            is_runtime_renamed: catalog.runtime.is_some(),
        }
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
    TableConstant {
        constant: table.constant.clone(),
        module: module(table),
        docs: table_docs(table),
        name: literal(&table.name),
        partition_key: key(&table.partition_key),
        sort_key: optional(table.sort_key.as_ref().map(key)),
        is_complete: !table.indexes.is_empty() && settings(table).len() == SETTINGS,
        settings: settings(table),
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
    let declared = declared_doc_lines(table.doc.as_deref());
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
        settings: index_settings(index),
    }
}

/// The module of a table's indexes.
fn module(table: &Table) -> String {
    crate::names::free_module_name(table.constant.to_lowercase())
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

/// How many fields a table has besides its name, its key and its indexes.
const SETTINGS: usize = 10;

/// The declared settings of a table besides its key and its indexes, in the order of the runtime's fields.
fn settings(table: &Table) -> Vec<String> {
    let field = |name: &str, value: Option<String>| value.map(|value| format!("{name}: {value}"));
    let elsewhere = (table.managed == Managed::Elsewhere).then(|| path("Managed::Elsewhere"));
    let tags = table.tags.iter().map(|(key, value)| format!("({}, {})", literal(key), literal(value)));
    let tags: Vec<_> = tags.collect();
    let settings: [Option<String>; SETTINGS] = [
        field("managed", elsewhere),
        field("billing", table.billing.map(|billing| some(&self::billing(billing)))),
        maximum(4, table.on_demand_maximum),
        field("ttl", setting(table.ttl.as_ref().map(|ttl| literal(ttl)))),
        field("stream", setting(table.stream.map(stream))),
        field("deletion_protection", table.deletion_protection.map(|on| some(&on.to_string()))),
        field("point_in_time_recovery", setting(table.point_in_time_recovery.map(recovery))),
        field("encryption", table.encryption.as_ref().map(|encryption| some(&self::encryption(encryption)))),
        (!tags.is_empty()).then(|| list(4, "tags: &[", &tags, "]")),
        field("class", table.class.map(|class| some(&self::class(class)))),
    ];
    settings.into_iter().flatten().collect()
}

fn index_settings(index: &Index) -> Vec<String> {
    let throughput = index.throughput.map(|capacity| format!("throughput: {}", some(&throughput(capacity))));
    throughput.into_iter().chain(maximum(8, index.on_demand_maximum)).collect()
}

fn path(name: &str) -> String {
    format!("dynamorm::table::{name}")
}

fn some(value: &str) -> String {
    format!("Some({value})")
}

/// A setting as Rust; `None` if it is undeclared.
fn setting(setting: Setting<String>) -> Option<String> {
    match setting {
        Setting::Undeclared => None,
        Setting::Off => Some(path("Setting::Off")),
        Setting::On(value) => Some(format!("{}({value})", path("Setting::On"))),
    }
}

fn billing(billing: Billing) -> String {
    match billing {
        Billing::OnDemand => path("Billing::OnDemand"),
        Billing::Provisioned(capacity) => {
            format!("{}({})", path("Billing::Provisioned"), throughput(capacity))
        }
    }
}

fn throughput(capacity: Throughput) -> String {
    format!("{} {{ read: {}, write: {} }}", path("Throughput"), capacity.read, capacity.write)
}

fn maximum(indent: usize, maximum: OnDemandMaximum) -> Option<String> {
    let units = |units: Setting<u64>| {
        setting(units.map(|units| units.to_string())).unwrap_or_else(|| path("Setting::Undeclared"))
    };
    let (read, write) = (units(maximum.read), units(maximum.write));
    let fields = [format!("read: {read}"), format!("write: {write}")];
    let head = format!("on_demand_maximum: {}", path("OnDemandMaximum"));
    maximum.is_declared().then(|| braces(indent, &head, &fields, ""))
}

fn stream(view: StreamView) -> String {
    path(match view {
        StreamView::KeysOnly => "StreamView::KeysOnly",
        StreamView::NewImage => "StreamView::NewImage",
        StreamView::OldImage => "StreamView::OldImage",
        StreamView::NewAndOldImages => "StreamView::NewAndOldImages",
    })
}

fn recovery(recovery: PointInTimeRecovery) -> String {
    let days = optional(recovery.days.map(|days| days.to_string()));
    format!("{} {{ days: {days} }}", path("PointInTimeRecovery"))
}

fn encryption(encryption: &Encryption) -> String {
    match encryption {
        Encryption::AwsOwned => path("Encryption::AwsOwned"),
        Encryption::AwsManaged => path("Encryption::AwsManaged"),
        Encryption::Key(key) => format!("{}({})", path("Encryption::Key"), literal(key)),
    }
}

fn class(class: TableClass) -> String {
    path(match class {
        TableClass::Standard => "TableClass::Standard",
        TableClass::StandardInfrequentAccess => "TableClass::StandardInfrequentAccess",
    })
}

fn optional(value: Option<String>) -> String {
    value.map_or("None".to_owned(), |value| format!("Some({value})"))
}
