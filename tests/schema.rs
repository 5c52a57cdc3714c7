//! The JSON Schema of models.toml: it accepts what the checker accepts, and refuses what a schema can know to be wrong.

use dynamorm_generator::{Code, generate_str};
use jsonschema::Validator;
use serde_json::{Map, Number, Value};
use std::fs;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn schema() -> Value {
    let text = fs::read_to_string(root().join("models.schema.json")).expect("a schema");
    serde_json::from_str(&text).expect("JSON")
}

fn validator() -> Validator {
    jsonschema::validator_for(&schema()).expect("a schema")
}

/// What editors make of TOML: dates and times are text.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::Number(number.into()),
        toml::Value::Float(number) => Number::from_f64(number).map_or(Value::Null, Value::Number),
        toml::Value::Boolean(flag) => Value::Bool(flag),
        toml::Value::Datetime(datetime) => Value::String(datetime.to_string()),
        toml::Value::Array(values) => Value::Array(values.into_iter().map(json).collect()),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, json(value))).collect::<Map<_, _>>())
        }
    }
}

fn document(text: &str) -> Option<Value> {
    toml::from_str::<toml::Table>(text).ok().map(|table| json(toml::Value::Table(table)))
}

fn errors(validator: &Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The declarations beside the explanations, those in them, and those of examples and tests.
fn declarations() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(root().join("generator/diagnostics")).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let name = path.file_stem().expect("a stem").to_string_lossy().into_owned();
        all.push((name, fs::read_to_string(path).expect("a fixture")));
    }
    for path in [
        "example-models/models.toml",
        "example-models/library.toml",
        "example-models/shop.toml",
        "example-models/forge.toml",
        "tests/end-to-end/models/designs.toml",
        "tests/end-to-end/models/single_table.toml",
        "tests/end-to-end/models/operations.toml",
        "tests/end-to-end/models/managed_values.toml",
        "tests/end-to-end/models/shared_fields.toml",
        "tests/end-to-end/models/validation_by_validator.toml",
    ] {
        all.push((path.to_owned(), fs::read_to_string(root().join(path)).expect("declarations")));
    }
    for code in Code::ALL {
        for (number, block) in code.explanation().split("```toml").skip(1).enumerate() {
            let text =
                block.split_once('\n').and_then(|(_, rest)| rest.split_once("```")).expect("a block").0;
            all.push((format!("{code}, example {number}"), text.to_owned()));
        }
    }
    all.sort();
    all
}

#[test]
fn it_is_a_schema() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn it_accepts_what_the_checker_accepts() {
    let validator = validator();
    let mut accepted = 0;
    for (name, text) in declarations() {
        if generate_str("models.toml", &text).is_ok() {
            let found = errors(&validator, &document(&text).expect("TOML"));
            assert!(found.is_empty(), "{name}: {found:?}");
            accepted += 1;
        }
    }
    assert!(accepted > 70, "{accepted}");
}

#[test]
fn it_refuses_wrong_examples_of_what_a_schema_can_know() {
    let known = [
        Code::UnknownKey,
        Code::WrongType,
        Code::UnknownWord,
        Code::OldKeyName,
        Code::MissingKey,
        Code::IncludePath,
        Code::StoredNameLength,
        Code::InvalidIndexName,
        Code::KeyAttributeCount,
        Code::TooManyIndexes,
        Code::IndexQuota,
        Code::EmptyProjection,
        Code::RepeatedProjection,
        Code::Capacity,
        Code::InvalidTag,
        Code::TypeSyntax,
        Code::EmptyEnum,
        Code::DefaultTwice,
        Code::OnReadAlone,
        Code::GeneratedDefault,
        Code::EmptyRule,
        Code::RepeatedValue,
        Code::OutputDirectory,
    ];
    let validator = validator();
    for code in known {
        let text = code.explanation().split("```toml").nth(1).expect("an example");
        let text = text.split_once('\n').and_then(|(_, rest)| rest.split_once("```")).expect("a block").0;
        let document = document(text).expect("TOML");
        assert!(!errors(&validator, &document).is_empty(), "{code} is accepted");
    }
}

#[test]
fn it_refuses_each_mistake_alone() {
    let validator = validator();
    for (right, wrong) in [
        ("name = \"books\"", "name = \"my books\""),
        ("name = \"books\"", "nmae = \"books\""),
        ("sort_key = \"year\"", "sort_key = 5"),
        ("sort_key = \"year\"", "range_key = \"year\""),
        ("stream = \"new-image\"", "stream = \"new\""),
        ("billing = { read = 1, write = 1 }", "billing = { read = 1 }"),
        ("tags = { team = \"a\" }", "tags = { \"aws:team\" = \"a\" }"),
    ] {
        let text = |line: &str| format!("[table.books]\npartition_key = \"isbn\"\n{line}\n");
        assert!(errors(&validator, &document(&text(right)).expect("TOML")).is_empty(), "{right}");
        assert!(!errors(&validator, &document(&text(wrong)).expect("TOML")).is_empty(), "{wrong}");
    }
    for (right, wrong) in [
        ("\"u32?\"", "\"u32??\""),
        ("\"list<string>\"", "\"list\""),
        ("{ type = \"u8\", default = 1 }", "{ default = 1 }"),
        (
            "{ type = \"timestamp\", stored_as = \"epoch-seconds\" }",
            "{ type = \"timestamp\", stored_as = \"epoch\" }",
        ),
        (
            "{ type = \"timestamp\", stored_as = \"YYYY-MM-DDTHH:MM:SS.fff+0000\", excess = \"truncate\" }",
            "{ type = \"timestamp\", stored_as = \"YYYY-MM-DDTHH:MM:SS.ff+0000\" }",
        ),
        (
            "{ type = \"u8\", validate = { range = { min = 1 } } }",
            "{ type = \"u8\", validate = { rnage = { min = 1 } } }",
        ),
        (
            "{ type = \"string\", validate = { ip = \"v4\" } }",
            "{ type = \"string\", validate = { ip = \"v5\" } }",
        ),
        ("{ type = \"string\", rust_name = \"a\" }", "{ type = \"string\", rust_name = \"a b\" }"),
    ] {
        let text = |field: &str| format!("[model.Book]\ntable = \"books\"\nschema.a = {field}\n");
        assert!(errors(&validator, &document(&text(right)).expect("TOML")).is_empty(), "{right}");
        assert!(!errors(&validator, &document(&text(wrong)).expect("TOML")).is_empty(), "{wrong}");
    }
}

/// What an editor shows beside a key is a description, and every table says which keys it has.
#[test]
fn everything_is_described_and_closed() {
    fn walk(value: &Value, path: &str) {
        let Value::Object(object) = value else { return };
        if let Some(Value::Object(properties)) = object.get("properties") {
            assert_eq!(object.get("additionalProperties"), Some(&Value::Bool(false)), "{path} is open");
            for (name, property) in properties {
                let described =
                    property.get("description").or(property.get("$ref")).or(property.get("allOf"));
                assert!(described.is_some(), "{path}.{name} is not described");
            }
        }
        for (key, below) in object {
            match below {
                Value::Array(values) => values.iter().for_each(|value| walk(value, &format!("{path}.{key}"))),
                _ => walk(below, &format!("{path}.{key}")),
            }
        }
    }
    walk(&schema(), "");
    for (name, definition) in schema()["definitions"].as_object().expect("definitions") {
        assert!(definition.get("description").is_some(), "{name}");
    }
}
