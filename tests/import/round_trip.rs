//! Generated modules of imported declarations, compiled against the runtime: they read every sampled item, and write it back.

use std::fs;
use std::path::Path;
use std::process::Command;

use dynamorm_generator::generate_str;
use dynamorm_generator::import::Options;

use crate::{INPUTS, import, text};

#[test]
fn every_sampled_item_is_read_and_written_back_by_one_model() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = tempfile::tempdir().unwrap();
    let source = project.path().join("src");
    let (mut modules, mut checks) = (String::new(), String::new());
    for input in INPUTS {
        for is_with_values in [true, false] {
            let imported = import(input, &Options::default().values(is_with_values));
            let generated = generate_str("models.toml", imported.text())
                .unwrap_or_else(|error| panic!("{error}\n{}", imported.text()));
            let module = format!("{}_{is_with_values}", input.name);
            generated.write_to(source.join(&module)).unwrap();
            modules.push_str(&format!("mod {module};\n"));
            let declared = imported.text().lines();
            let declared: Vec<_> =
                declared.filter_map(|line| line.strip_prefix("[model.")?.strip_suffix(']')).collect();
            for (table, file) in input.items {
                fs::write(source.join(file), text(file)).unwrap();
                let models = declared
                    .iter()
                    .filter(|model| !model.contains('.') && is_in(imported.text(), model, table));
                let reads: Vec<_> = models
                    .map(|model| format!("|item| {module}::{model}::from_item(item)?.to_item()"))
                    .collect();
                checks.push_str(&format!(
                    "    kept({module:?}, include_str!({file:?}), &[{}]);\n",
                    reads.join(", ")
                ));
            }
        }
    }
    fs::write(source.join("main.rs"), MAIN.replace("/*MODULES*/", &modules).replace("/*CHECKS*/", &checks))
        .unwrap();
    let runtime = root.join("runtime");
    let manifest = format!(
        "[package]\nname = \"imported\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
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
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "346 items");
}

/// Whether a model is in the table that items are of.
fn is_in(text: &str, model: &str, table: &str) -> bool {
    let Some((_, after)) = text.split_once(&format!("[model.{model}]\n")) else { return false };
    let declared = after.lines().next().unwrap_or_default().trim_start_matches("table = ").trim_matches('"');
    table.to_lowercase().contains(declared)
}

const MAIN: &str = r#"#![deny(warnings)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dynamorm::Operations;
use dynamorm::serde_json::{self, Value};
use dynamorm::{AttributeValue, Item, Result};
use std::sync::atomic::{AtomicUsize, Ordering};

/*MODULES*/
static ITEMS: AtomicUsize = AtomicUsize::new(0);

fn main() {
/*CHECKS*/    println!("{} items", ITEMS.load(Ordering::Relaxed));
}

fn kept(case: &str, lines: &str, models: &[fn(Item) -> Result<Item>]) {
    for line in lines.lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        let mut stored = object(value.get("Item").unwrap_or(&value));
        let results: Vec<_> = models.iter().map(|keep| keep(stored.clone())).collect();
        // NULL is read as None, which has no attribute.
        stored.retain(|_, value| !matches!(value, AttributeValue::Null(_)));
        stored.values_mut().for_each(sort);
        let mut readers = 0;
        for mut written in results.iter().flatten().cloned() {
            written.values_mut().for_each(sort);
            assert_eq!(written, stored, "{case}: {line}");
            readers += 1;
        }
        assert_eq!(readers, 1, "{case}: {line}: {results:?}");
        ITEMS.fetch_add(1, Ordering::Relaxed);
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
        "L" => AttributeValue::L(all().map(attribute).collect()),
        "M" => AttributeValue::M(object(value)),
        other => panic!("{other}"),
    }
}

/// Sets have no order, and neither have the digits behind a whole number.
fn sort(value: &mut AttributeValue) {
    match value {
        AttributeValue::Ss(set) | AttributeValue::Ns(set) => set.sort(),
        AttributeValue::N(number) if number.contains('.') => {
            *number = number.trim_end_matches('0').trim_end_matches('.').to_owned();
        }
        AttributeValue::L(list) => list.iter_mut().for_each(sort),
        AttributeValue::M(map) => map.values_mut().for_each(sort),
        _ => {}
    }
}
"#;
