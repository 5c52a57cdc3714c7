//! The output of `terraform show -json` for a plan or a state, and stored state files.

use super::properties::{self, NoTable};
use super::{Found, Tables};
use crate::catalog::{
    Billing, Encryption, IndexScope, OnDemandMaximum, PointInTimeRecovery, Projection, Setting, TableClass,
    Throughput,
};
use crate::import::description::{DescribedKey, IndexDescription, TableDescription};
use crate::import::error::Error;
use crate::import::tree::{self, Node};

const TABLE: &str = "aws_dynamodb_table";

/// Arguments that are read, or that say nothing about the table.
const READ: [&str; 28] = [
    "name",
    "hash_key",
    "range_key",
    "attribute",
    "billing_mode",
    "read_capacity",
    "write_capacity",
    "global_secondary_index",
    "local_secondary_index",
    "ttl",
    "stream_enabled",
    "stream_view_type",
    "table_class",
    "deletion_protection_enabled",
    "tags",
    "tags_all",
    "id",
    "arn",
    "stream_arn",
    "stream_label",
    "timeouts",
    "region",
    "restore_date_time",
    "restore_to_latest_time",
    "warm_throughput",
    "on_demand_throughput",
    "point_in_time_recovery",
    "server_side_encryption",
];

/// The tables of a plan or a state.
pub(in crate::import) fn read(file: &str, text: &str) -> Result<Found, Error> {
    let (document, remarks) = tree::read(file, text)?;
    let mut tables = Tables::default();
    tables.remark(remarks);
    let values = document.get("planned_values").or_else(|| document.get("values"));
    if let Some(module) = values.and_then(|values| values.get("root_module")) {
        of_module(module, &mut tables);
    }
    // A state file: each instance of a resource has its attributes.
    for resource in document.get("resources").map(Node::elements).unwrap_or_default() {
        if is_table(resource) {
            let name = resource.get("name").and_then(Node::text).unwrap_or(TABLE);
            for instance in resource.get("instances").map(Node::elements).unwrap_or_default() {
                if let Some(attributes) = instance.get("attributes") {
                    tables.add(name, table(name, attributes));
                }
            }
        }
    }
    tables.finish(file, "no table: expected what `terraform show -json` prints of a plan or a state with a resource of the type `aws_dynamodb_table`")
}

fn of_module(module: &Node, tables: &mut Tables) {
    for resource in module.get("resources").map(Node::elements).unwrap_or_default() {
        if let Some(values) = resource.get("values").filter(|_| is_table(resource)) {
            let name = resource.get("name").and_then(Node::text).unwrap_or(TABLE);
            tables.add(name, table(name, values));
        }
    }
    for child in module.get("child_modules").map(Node::elements).unwrap_or_default() {
        of_module(child, tables);
    }
}

/// Whether a resource is a table that Terraform manages, and not one that it only reads.
fn is_table(resource: &Node) -> bool {
    let is = |key: &str, word: &str| resource.get(key).and_then(Node::text) == Some(word);
    is("type", TABLE) && !is("mode", "data")
}

fn table(label: &str, values: &Node) -> Result<TableDescription, NoTable> {
    let text = |key: &str| given(values, key).map(str::to_owned);
    let attributes = attributes(values);
    let key = |name: &str| find(&attributes, name);
    let partition_key =
        text("hash_key").ok_or_else(|| NoTable(String::from("its `hash_key` is not known")))?;
    let mut notes = Vec::new();
    if text("name").is_none() {
        notes.push(String::from("`name` is left out: it is not known before the plan is applied."));
    }
    for (argument, value) in values.entries() {
        if is_set(value) && !READ.contains(&argument.as_str()) {
            notes.push(format!("`{argument}` is left out: models.toml has no such setting."));
        }
    }
    let billing = match text("billing_mode").as_deref() {
        Some("PAY_PER_REQUEST") => Some(Billing::OnDemand),
        _ => capacity(values),
    };
    if billing.is_none() {
        notes.push(String::from("`billing` is left out: its capacity is not known."));
    }
    let mut indexes = Vec::new();
    let scopes =
        [("global_secondary_index", IndexScope::Global), ("local_secondary_index", IndexScope::Local)];
    for (block, scope) in scopes {
        for node in values.get(block).map(Node::elements).unwrap_or_default() {
            match index(node, scope, &partition_key, &attributes) {
                Ok(index) => indexes.push(index),
                Err(NoTable(why)) => {
                    let name = given(node, "name").unwrap_or(block);
                    notes.push(format!("The index `{name}` is left out: {why}."));
                }
            }
        }
    }
    // A state has them in an order that differs from run to run.
    indexes.sort_by(|one, other| one.name.cmp(&other.name));
    let is_on = |key: &str| given(values, key) == Some("true");
    let tags = values.get("tags").or_else(|| values.get("tags_all")).map(Node::entries).unwrap_or_default();
    let tags = tags.iter().filter(|(key, _)| !key.to_ascii_lowercase().starts_with("aws:"));
    let ttl = block(values, "ttl");
    Ok(TableDescription {
        label: label.to_owned(),
        name: text("name"),
        partition_key: key(&partition_key)?,
        sort_key: text("range_key").map(|name| key(&name)).transpose()?,
        indexes,
        billing,
        on_demand_maximum: maximum(values),
        ttl: ttl
            .filter(|ttl| given(ttl, "enabled") == Some("true"))
            .and_then(|ttl| given(ttl, "attribute_name"))
            .map(str::to_owned),
        stream: given(values, "stream_view_type")
            .filter(|_| is_on("stream_enabled"))
            .and_then(properties::stream_view),
        class: (given(values, "table_class") == Some("STANDARD_INFREQUENT_ACCESS"))
            .then_some(TableClass::StandardInfrequentAccess),
        deletion_protection: is_on("deletion_protection_enabled"),
        point_in_time_recovery: block(values, "point_in_time_recovery")
            .filter(|recovery| given(recovery, "enabled") == Some("true"))
            .map(|recovery| PointInTimeRecovery { days: number(recovery, "recovery_period_in_days") }),
        encryption: block(values, "server_side_encryption")
            .filter(|encryption| given(encryption, "enabled") == Some("true"))
            .map(|encryption| {
                let key = given(encryption, "kms_key_arn").map(str::to_owned);
                key.map_or(Encryption::AwsManaged, Encryption::Key)
            }),
        tags: tags.filter_map(|(key, value)| Some((key.clone(), value.text()?.to_owned()))).collect(),
        notes,
    })
}

/// An argument's text. Terraform writes an empty text for a missing argument.
fn given<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key)?.text().filter(|text| !text.is_empty())
}

/// Whether an argument is set. Terraform writes `false`, `""` and empty blocks for missing arguments.
fn is_set(value: &Node) -> bool {
    match value {
        Node::Null => false,
        Node::Text(text) => !matches!(text.as_str(), "" | "false" | "0"),
        Node::List(elements) => elements.iter().any(is_set),
        Node::Map(entries) => entries.iter().any(|(_, value)| is_set(value)),
    }
}

fn attributes(values: &Node) -> Vec<DescribedKey> {
    let definitions = values.get("attribute").map(Node::elements).unwrap_or_default();
    let read = |definition: &Node| {
        let name = given(definition, "name")?.to_owned();
        Some(DescribedKey { name, scalar: properties::scalar(given(definition, "type")?)? })
    };
    definitions.iter().filter_map(read).collect()
}

fn find(attributes: &[DescribedKey], name: &str) -> Result<DescribedKey, NoTable> {
    let known = attributes.iter().find(|attribute| attribute.name == name);
    known.cloned().ok_or_else(|| NoTable(format!("no `attribute` gives the type of `{name}`")))
}

fn index(
    node: &Node,
    scope: IndexScope,
    table_partition_key: &str,
    attributes: &[DescribedKey],
) -> Result<IndexDescription, NoTable> {
    let name = given(node, "name").ok_or_else(|| NoTable(String::from("its name is not known")))?;
    let (mut partition_key, mut sort_key) = (Vec::new(), Vec::new());
    // Keys with several attributes have blocks of their own.
    for element in node.get("key_schema").map(Node::elements).unwrap_or_default() {
        let attribute = given(element, "attribute_name").unwrap_or_default();
        match given(element, "key_type") {
            Some("HASH") => partition_key.push(find(attributes, attribute)?),
            _ => sort_key.push(find(attributes, attribute)?),
        }
    }
    if partition_key.is_empty() {
        let partition = match scope {
            IndexScope::Global => given(node, "hash_key"),
            IndexScope::Local => Some(table_partition_key),
        };
        let partition = partition.ok_or_else(|| NoTable(String::from("its `hash_key` is not known")))?;
        partition_key.push(find(attributes, partition)?);
        if let Some(sort) = given(node, "range_key") {
            sort_key.push(find(attributes, sort)?);
        }
    }
    let included = node.get("non_key_attributes").map(Node::elements).unwrap_or_default();
    let mut included: Vec<_> = included.iter().filter_map(Node::text).map(str::to_owned).collect();
    included.sort();
    let projection = match given(node, "projection_type") {
        Some("KEYS_ONLY") => Projection::KeysOnly,
        Some("INCLUDE") if !included.is_empty() => Projection::Include(included),
        Some("ALL") => Projection::All,
        _ => return Err(NoTable(String::from("its projection is not known"))),
    };
    let billing = if scope == IndexScope::Global { capacity(node) } else { None };
    Ok(IndexDescription {
        name: name.to_owned(),
        scope,
        partition_key,
        sort_key,
        projection,
        billing,
        on_demand_maximum: maximum(node),
        notes: Vec::new(),
    })
}

/// A block that appears at most once.
fn block<'n>(values: &'n Node, name: &str) -> Option<&'n Node> {
    values.get(name).map(Node::elements).unwrap_or_default().first()
}

/// A number from 1 up.
fn number(node: &Node, key: &str) -> Option<u64> {
    given(node, key)?.parse().ok().filter(|number| *number > 0)
}

fn maximum(node: &Node) -> OnDemandMaximum {
    let block = block(node, "on_demand_throughput");
    let units =
        |key: &str| block.and_then(|block| number(block, key)).map_or(Setting::Undeclared, Setting::On);
    OnDemandMaximum { read: units("max_read_request_units"), write: units("max_write_request_units") }
}

fn capacity(node: &Node) -> Option<Billing> {
    let units = |key: &str| given(node, key)?.parse().ok().filter(|units| *units > 0);
    Some(Billing::Provisioned(Throughput { read: units("read_capacity")?, write: units("write_capacity")? }))
}
