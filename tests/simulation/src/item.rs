//! Items as they are on the wire, which the network and the checks work with.

use std::collections::HashMap;

use dynamorm::{AttributeValue, Item};
use serde_json::{Map, Value, json};

/// Which item it is: its table, and its key as JSON.
pub type ItemKey = (String, String);

/// What an item's key consists of.
fn key_names(table: &str) -> &'static [&'static str] {
    match table {
        "notes" => &["id"],
        "sweeps" => &["sweep"],
        _ => &["pk", "sk"],
    }
}

/// The key of an item, or of what names one.
pub fn key_of(table: &str, item: &Value) -> (ItemKey, Value) {
    let names = key_names(table).iter();
    let key: Map<_, _> = names.map(|name| ((*name).to_owned(), item[*name].clone())).collect();
    let key = Value::Object(key);
    ((table.to_owned(), key.to_string()), key)
}

/// An item that a request would change.
pub struct Written {
    pub key: ItemKey,
    /// The key as the wire has it.
    pub wire: Value,
    /// Whether the item is changed in place.
    pub is_update: bool,
}

/// The items that a request would change.
pub fn written(action: &str, body: &Value) -> Vec<Written> {
    let of = |body: &Value, what: &str| {
        let (key, wire) = key_of(body["TableName"].as_str().unwrap_or_default(), &body[what]);
        Written { key, wire, is_update: false }
    };
    match action {
        "PutItem" => vec![of(body, "Item")],
        "UpdateItem" => vec![Written { is_update: true, ..of(body, "Key") }],
        "DeleteItem" => vec![of(body, "Key")],
        "TransactWriteItems" => {
            let parts = body["TransactItems"].as_array().into_iter().flatten();
            parts
                .filter_map(|part| {
                    let (kind, part) = part.as_object()?.iter().next()?;
                    match kind.as_str() {
                        "Put" => Some(of(part, "Item")),
                        "Update" => Some(Written { is_update: true, ..of(part, "Key") }),
                        "Delete" => Some(of(part, "Key")),
                        _ => None,
                    }
                })
                .collect()
        }
        "BatchWriteItem" => {
            let tables = body["RequestItems"].as_object().into_iter().flatten();
            let of_table = |(table, requests): (&String, &Value)| {
                let requests = requests.as_array().cloned().unwrap_or_default();
                let table = table.clone();
                requests.into_iter().map(move |request| {
                    let (key, wire) = match request.get("PutRequest") {
                        Some(put) => key_of(&table, &put["Item"]),
                        None => key_of(&table, &request["DeleteRequest"]["Key"]),
                    };
                    Written { key, wire, is_update: false }
                })
            };
            tables.flat_map(of_table).collect()
        }
        _ => Vec::new(),
    }
}

/// The item as the wire has it, with sets in order.
pub fn to_json(item: &Item) -> Value {
    Value::Object(item.iter().map(|(name, value)| (name.clone(), value_to_json(value))).collect())
}

fn value_to_json(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(digits) => json!({ "N": digits }),
        AttributeValue::Bool(value) => json!({ "BOOL": value }),
        AttributeValue::Null(_) => json!({ "NULL": true }),
        AttributeValue::Ss(members) => json!({ "SS": sorted(members) }),
        AttributeValue::Ns(members) => json!({ "NS": sorted(members) }),
        AttributeValue::L(list) => json!({ "L": list.iter().map(value_to_json).collect::<Vec<_>>() }),
        AttributeValue::M(map) => json!({ "M": to_json(map) }),
        other => panic!("no model of the simulation has {other:?}"),
    }
}

fn sorted(members: &[String]) -> Vec<String> {
    let mut members = members.to_vec();
    members.sort();
    members
}

/// The item as the library has it.
pub fn from_json(item: &Value) -> Item {
    let attributes = item.as_object().into_iter().flatten();
    attributes.map(|(name, value)| (name.clone(), value_from_json(value))).collect::<HashMap<_, _>>()
}

fn value_from_json(value: &Value) -> AttributeValue {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let texts = |value: &Value| value.as_array().into_iter().flatten().map(text).collect();
    let Some((kind, value)) = value.as_object().and_then(|value| value.iter().next()) else {
        panic!("{value} is no attribute's value");
    };
    match kind.as_str() {
        "S" => AttributeValue::S(text(value)),
        "N" => AttributeValue::N(text(value)),
        "BOOL" => AttributeValue::Bool(value.as_bool().unwrap_or_default()),
        "NULL" => AttributeValue::Null(true),
        "SS" => AttributeValue::Ss(texts(value)),
        "NS" => AttributeValue::Ns(texts(value)),
        "L" => AttributeValue::L(value.as_array().into_iter().flatten().map(value_from_json).collect()),
        "M" => AttributeValue::M(from_json(value)),
        other => panic!("no model of the simulation has {other}"),
    }
}

/// The item with its sets in order, so that equal items are equal JSON.
pub fn canonical(item: &Value) -> Value {
    to_json(&from_json(item))
}
