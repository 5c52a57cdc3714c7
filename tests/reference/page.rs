//! The reference as a page.

use std::fmt::Write as _;

use serde_json::Value;

use crate::examples::{Examples, Statement};
use crate::schema::{self, Key};

/// A table of keys, and what the page calls it.
pub struct Section {
    pub pointer: &'static str,
    pub title: &'static str,
    /// What a key is of, in its heading.
    pub of: &'static str,
    /// How it is written.
    pub syntax: &'static str,
}

const fn section(
    pointer: &'static str,
    title: &'static str,
    of: &'static str,
    syntax: &'static str,
) -> Section {
    Section { pointer, title, of, syntax }
}

pub const SECTIONS: &[Section] = &[
    section("", "The file", "the file", "models.toml"),
    section("/definitions/generate", "Settings of the run", "the run", "[generate]"),
    section("/definitions/table", "Tables", "a table", "[table.NAME]"),
    section(
        "/definitions/billing/anyOf/2",
        "Provisioned capacity",
        "a capacity",
        "billing = { read = 25, write = 5 }",
    ),
    section("/definitions/billing/anyOf/1", "Billing on demand", "a billing", "billing = { on_demand = … }"),
    section(
        "/definitions/billing/anyOf/1/properties/on_demand",
        "Maximums on demand",
        "a maximum",
        "on_demand = { max_read = 100 }",
    ),
    section(
        "/definitions/table/properties/point_in_time_recovery/anyOf/1",
        "Point-in-time recovery",
        "a recovery",
        "point_in_time_recovery = { days = 7 }",
    ),
    section(
        "/definitions/table/properties/encryption/anyOf/1",
        "Encryption",
        "an encryption",
        "encryption = { key = \"alias/orders\" }",
    ),
    section(
        "/definitions/table/properties/type_attribute/anyOf/1",
        "Type attribute",
        "a type attribute",
        "type_attribute = { name = \"kind\", missing = \"Info\" }",
    ),
    section(
        "/definitions/global_index",
        "Global indexes",
        "a global index",
        "[table.NAME.global_index.NAME]",
    ),
    section("/definitions/local_index", "Local indexes", "a local index", "[table.NAME.local_index.NAME]"),
    section(
        "/definitions/projection/anyOf/1",
        "Projections",
        "a projection",
        "projection = { include = [\"title\"] }",
    ),
    section("/definitions/model", "Models", "a model", "[model.NAME]"),
    section("/definitions/composed_key", "Composed keys", "a composed key", "key = { … }"),
    section("/definitions/model_index", "A model in an index", "a model's index", "index.NAME = { … }"),
    section("/definitions/field/anyOf/1", "Fields", "a field", "name = { type = \"string\", … }"),
    section(
        "/definitions/generated_value/anyOf/1",
        "Expiry",
        "a generated value",
        "generate = { expires_in = \"30 days\" }",
    ),
    section("/definitions/rules", "Rules", "the rules", "validate = { … }"),
    section("/definitions/rules/properties/length", "Lengths", "a length", "length = { min = 1, max = 200 }"),
    section("/definitions/rules/properties/range", "Ranges", "a range", "range = { min = 1, max = 5 }"),
    section("/definitions/relation", "Relations", "a relation", "[model.NAME.relation.NAME]"),
    section("/definitions/counter", "Counters", "a counter", "[model.NAME.counter.NAME]"),
    section("/definitions/mixin", "Mixins", "a mixin", "[mixin.NAME]"),
    section("/definitions/type", "Types", "a type", "[type.NAME]"),
    section("/definitions/enum", "Enums", "an enum", "[enum.NAME]"),
    section("/definitions/variant/anyOf/1", "Variants", "a variant", "{ name = \"on hold\", … }"),
    section("/definitions/collection", "Collections", "a collection", "[collection.NAME]"),
    section(
        "/definitions/collection/properties/sort_key",
        "Parts of a partition",
        "a part",
        "sort_key = { from = \"Order\" }",
    ),
];

const HEAD: &str = "\
# Reference of models.toml

Every table and key of `models.toml`. The page is made from the JSON Schema that `dynamorm schema` prints, and by which editors complete
and check. A test generates code from every example.

`NAME` stands for a name that you choose. [Types and stored forms](types.md) says what each type becomes in Rust and in the item.

";

pub fn reference() -> String {
    let examples = Examples::read();
    let mut page = HEAD.to_owned();
    page.push_str("| section | is written |\n|---|---|\n");
    for section in SECTIONS {
        writeln!(page, "| [{}](#{}) | `{}` |", section.title, anchor(section.title), section.syntax)
            .expect("text");
    }
    for section in SECTIONS {
        writeln!(page, "\n## {}\n", section.title).expect("text");
        let description = schema::resolved(section.pointer).1["description"].as_str().map(str::to_owned);
        if let Some(description) = description {
            writeln!(page, "{description}\n").expect("text");
        }
        let keys = schema::keys(section.pointer);
        let links: Vec<String> =
            keys.iter().map(|key| format!("[`{}`](#{})", key.name, anchor(&heading(key, section)))).collect();
        writeln!(page, "`{}`: {}", section.syntax, links.join(", ")).expect("text");
        for key in &keys {
            describe(&mut page, key, section, &examples.of(&key.pointer));
        }
    }
    page
}

fn heading(key: &Key, section: &Section) -> String {
    format!("`{}` of {}", key.name, section.of)
}

/// As GitHub makes it.
fn anchor(heading: &str) -> String {
    let is_kept = |character: &char| character.is_alphanumeric() || [' ', '-', '_'].contains(character);
    heading.to_lowercase().chars().filter(is_kept).collect::<String>().replace(' ', "-")
}

fn describe(page: &mut String, key: &Key, section: &Section, examples: &[Statement]) {
    assert!(!examples.is_empty(), "add an example of {} to tests/reference/examples", key.pointer);
    let description =
        key.schema["description"].as_str().unwrap_or_else(|| panic!("{} has no description", key.pointer));
    writeln!(page, "\n### {}\n\n{description}\n", heading(key, section)).expect("text");
    write!(page, "- Value: {}.", values(&key.schema)).expect("text");
    if key.is_required {
        page.push_str(" It is required.");
    }
    page.push('\n');
    if !key.schema["default"].is_null() {
        writeln!(page, "- Default: `{}`.", key.schema["default"]).expect("text");
    }
    page.push_str("\n```toml\n");
    let mut header: Option<&str> = None;
    for (place, example) in examples.iter().enumerate() {
        if example.header.as_deref() != header {
            page.push_str(if place == 0 { "" } else { "\n" });
            header = example.header.as_deref();
            writeln!(page, "{}", header.unwrap_or_default()).expect("text");
        }
        // Alone, a statement needs no alignment.
        let (name, value) = example.line.split_once('=').expect("a statement");
        writeln!(page, "{} = {}", name.trim_end(), value.trim_start()).expect("text");
    }
    page.push_str("```\n");
}

/// Which values a key takes, in words.
fn values(schema: &Value) -> String {
    if let Some(words) = schema["enum"].as_array() {
        // Of the types, those that end in `?` are said once.
        let words = words.iter().map(Value::to_string).filter(|word| !word.ends_with("?\""));
        return words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    }
    if !schema["const"].is_null() {
        return format!("`{}`", schema["const"]);
    }
    if let Some(branches) = schema["anyOf"].as_array().filter(|_| schema["type"] != "object") {
        let branches = branches.iter().map(|branch| values(&followed(branch)));
        let mut said: Vec<String> = Vec::new();
        for branch in branches {
            if !said.contains(&branch) {
                said.push(branch);
            }
        }
        return said.join("; or ");
    }
    match schema["type"].as_str() {
        Some("boolean") => "`true` or `false`".to_owned(),
        Some("integer") => format!("a whole number{}", bounds(schema)),
        Some("number") => "a number".to_owned(),
        Some("string") => "text".to_owned(),
        Some("array") => format!("a list of {}", values(&followed(&schema["items"]))),
        Some("object") => match schema["properties"].as_object() {
            Some(properties) => {
                let mut keys: Vec<String> = properties.keys().map(|key| format!("`{key}`")).collect();
                keys.sort_unstable();
                format!("a table with {}", keys.join(", "))
            }
            None => "a table, whose keys are names".to_owned(),
        },
        _ if schema["type"].is_array() => "a number, or text".to_owned(),
        _ if schema["pattern"].is_string() && schema["description"].is_string() => {
            "the name of a declared type or enum".to_owned()
        }
        _ if schema["pattern"].as_str().is_some_and(|pattern| pattern.contains("rust:")) => {
            "`\"rust:path::Type\"`, a type of yours".to_owned()
        }
        _ if schema["pattern"].is_string() => "`\"list<T>\"`, `\"map<T>\"`, `\"set<T>\"`".to_owned(),
        _ if schema["allOf"].is_array() => values(&followed(&schema["allOf"][0])),
        _ => "a literal of the field's type".to_owned(),
    }
}

fn followed(schema: &Value) -> Value {
    match schema["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
        Some(pointer) => schema::resolved(pointer).1,
        None => schema.clone(),
    }
}

fn bounds(schema: &Value) -> String {
    match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        (Some(least), Some(most)) => format!(" from {least} to {most}"),
        (Some(least), None) => format!(", {least} or more"),
        (None, Some(most)) => format!(", {most} at most"),
        (None, None) => String::new(),
    }
}
