//! What models.schema.json says.

use std::sync::LazyLock;

use serde_json::Value;

use crate::{read, root};

static SCHEMA: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(&read(&root().join("models.schema.json"))).expect("JSON"));

pub fn schema() -> &'static Value {
    &SCHEMA
}

/// A key of a table that can be declared.
pub struct Key {
    pub name: String,
    /// Where the schema has it.
    pub pointer: String,
    pub schema: Value,
    pub is_required: bool,
}

/// What stands at this place, and the place itself, once references are followed.
pub fn resolved(pointer: &str) -> (String, Value) {
    let value = schema().pointer(pointer).unwrap_or_else(|| panic!("nothing is at {pointer}")).clone();
    match value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(other) => resolved(other),
        None => (pointer.to_owned(), value),
    }
}

/// The keys that a table can have.
pub fn keys(pointer: &str) -> Vec<Key> {
    let (pointer, table) = resolved(pointer);
    let required: Vec<&str> =
        table["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = table["properties"].as_object().expect("a table has keys");
    let mut properties: Vec<_> = properties.iter().collect();
    // Their order in the file is lost or kept by what other crates ask of `serde_json`.
    properties.sort_unstable_by_key(|(name, _)| *name);
    properties
        .into_iter()
        .map(|(name, schema)| Key {
            name: name.clone(),
            pointer: format!("{pointer}/properties/{name}"),
            schema: with_reference(schema),
            is_required: required.contains(&name.as_str()),
        })
        .collect()
}

/// A key's schema, with what it refers to. What it says itself comes first.
fn with_reference(schema: &Value) -> Value {
    let Some(reference) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) else {
        return schema.clone();
    };
    let mut referred = resolved(reference).1;
    for (name, value) in schema.as_object().into_iter().flatten().filter(|(name, _)| *name != "$ref") {
        referred[name] = value.clone();
    }
    referred
}

/// Every value that is given literally, as TOML writes it.
pub fn words(schema: &Value) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    words.extend(schema["enum"].as_array().into_iter().flatten().map(Value::to_string));
    if !schema["const"].is_null() {
        words.push(schema["const"].to_string());
    }
    for branch in schema["anyOf"].as_array().into_iter().flatten() {
        words.extend(self::words(&with_reference(branch)));
    }
    words
}

/// Where the schema has tables whose keys it names.
pub fn tables() -> Vec<String> {
    fn walk(value: &Value, pointer: &str, tables: &mut Vec<String>) {
        match value {
            Value::Object(object) => {
                if object.get("properties").is_some_and(Value::is_object) && object["type"] == "object" {
                    tables.push(pointer.to_owned());
                }
                object.iter().for_each(|(name, value)| walk(value, &format!("{pointer}/{name}"), tables));
            }
            Value::Array(values) => {
                let places = values.iter().enumerate();
                places.for_each(|(place, value)| walk(value, &format!("{pointer}/{place}"), tables));
            }
            _ => {}
        }
    }
    let mut tables = Vec::new();
    walk(schema(), "", &mut tables);
    tables.sort_unstable();
    tables
}
