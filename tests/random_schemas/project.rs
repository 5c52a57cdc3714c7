//! A crate of generated modules, and the test that it is.

use std::fs;
use std::path::Path;
use std::process::Command;

use dynamorm_generator::generate_str;
use serde_json::{Map, Value};

use crate::schema::Schema;

/// Generates every schema, compiles them as one crate in which warnings are errors, and runs its check of their items.
pub fn compile_and_run(schemas: &[Schema]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = tempfile::tempdir().unwrap();
    let source = project.path().join("src");
    let (mut modules, mut checks, mut items) = (String::new(), String::new(), Map::new());
    for schema in schemas {
        let module = format!("s{}", schema.seed);
        let generated = generate_str("models.toml", &schema.toml)
            .unwrap_or_else(|error| panic!("seed {}: {error}\n{}", schema.seed, schema.toml));
        assert!(generated.warnings().diagnostics().is_empty(), "seed {}: {}", schema.seed, schema.toml);
        generated.write_to(source.join(&module)).unwrap();
        let mut names = generated.files()["mod.rs"].split(|character: char| !character.is_alphanumeric());
        let model = names.find_map(|name| name.strip_suffix("Key").filter(|name| !name.ends_with("ByIndex")));
        let model = model.unwrap_or_else(|| panic!("seed {}: no model {}", schema.seed, schema.model));
        // Private: a binary that leaves most of what is generated unused has no warning either.
        modules.push_str(&format!("mod {module};\n"));
        checks.push_str(&format!(
            "    kept(&items, \"{module}\", {module}::{model}::from_item, {module}::{model}::to_item);\n"
        ));
        items.insert(module, Value::Array(schema.items.clone()));
    }
    let main = MAIN.replace("/*MODULES*/", &modules).replace("/*CHECKS*/", &checks);
    fs::write(source.join("main.rs"), main).unwrap();
    fs::write(source.join("items.json"), Value::Object(items).to_string()).unwrap();
    let runtime = root.join("runtime");
    let manifest = format!(
        "[package]\nname = \"random-schemas\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         base64 = \"0.22\"\ndynamorm = {{ path = {runtime:?} }}\naws-sdk-dynamodb = {{ version = \"1\", default-features = false }}\n\n[workspace]\n"
    );
    fs::write(project.path().join("Cargo.toml"), manifest).unwrap();
    fs::copy(root.join("Cargo.lock"), project.path().join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["run", "--offline", "--quiet"])
        .current_dir(project.path())
        // The runtime and what it needs are compiled there already.
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

const MAIN: &str = r#"#![deny(warnings)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dynamorm::serde_json::{self, Value};
use dynamorm::{AttributeValue, Item, Operations, Result};

/*MODULES*/
fn main() {
    let items: Value = serde_json::from_str(include_str!("items.json")).unwrap();
/*CHECKS*/}

fn kept<M>(items: &Value, module: &str, read: fn(Item) -> Result<M>, write: fn(&M) -> Result<Item>) {
    for item in items[module].as_array().unwrap() {
        let item = object(item);
        let model = read(item.clone()).unwrap_or_else(|error| panic!("{module}: {error}"));
        let mut again = write(&model).unwrap_or_else(|error| panic!("{module}: {error}"));
        again.values_mut().for_each(sort);
        assert_eq!(item, again, "{module}");
    }
}

fn object(value: &Value) -> Item {
    value.as_object().unwrap().iter().map(|(name, value)| (name.clone(), attribute(value))).collect()
}

fn attribute(value: &Value) -> AttributeValue {
    let (kind, value) = value.as_object().unwrap().iter().next().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let bytes = |value: &Value| aws_sdk_dynamodb::primitives::Blob::new(STANDARD.decode(text(value)).unwrap());
    let all = || value.as_array().unwrap().iter();
    match kind.as_str() {
        "S" => AttributeValue::S(text(value)),
        "N" => AttributeValue::N(text(value)),
        "B" => AttributeValue::B(bytes(value)),
        "BOOL" => AttributeValue::Bool(value.as_bool().unwrap()),
        "NULL" => AttributeValue::Null(true),
        "SS" => AttributeValue::Ss(all().map(text).collect()),
        "NS" => AttributeValue::Ns(all().map(text).collect()),
        "BS" => AttributeValue::Bs(all().map(bytes).collect()),
        "L" => AttributeValue::L(all().map(attribute).collect()),
        "M" => AttributeValue::M(object(value)),
        other => panic!("{other}"),
    }
}

/// Sets have no order.
fn sort(value: &mut AttributeValue) {
    match value {
        AttributeValue::Ss(set) => set.sort(),
        AttributeValue::L(list) => list.iter_mut().for_each(sort),
        AttributeValue::M(map) => map.values_mut().for_each(sort),
        _ => {}
    }
}
"#;
