//! Generated modules of imported declarations, compiled against the runtime: they read every sampled item, and write it back.

use std::fs;
use std::path::Path;
use std::process::Command;

use dynamorm_generator::generate_str;

/// Imported declarations, and items that one of their models reads each.
pub struct Case<'c> {
    /// A module's name.
    pub name: String,
    pub declarations: &'c str,
    /// Items with the models that may read them, by the models' names.
    pub items: Vec<Sampled>,
}

pub struct Sampled {
    /// One on a line, in DynamoDB's JSON.
    pub lines: String,
    pub models: Vec<String>,
}

/// The names of the models that declarations have.
pub fn models(declarations: &str) -> impl Iterator<Item = &str> {
    declarations
        .lines()
        .filter_map(|line| line.strip_prefix("[model.")?.strip_suffix(']'))
        .filter(|model| !model.contains('.'))
}

/// Generates the modules of all cases, lets them read every item and write it back as it was, and counts the items. `root` is the
/// workspace, and `target` where cargo builds.
pub fn read_and_write(cases: &[Case<'_>], root: &Path, target: &Path) -> usize {
    let project = tempfile::tempdir().expect("a folder");
    let source = project.path().join("src");
    let (mut modules, mut checks) = (String::new(), String::new());
    for Case { name, declarations, items } in cases {
        let generated = generate_str("models.toml", declarations)
            .unwrap_or_else(|error| panic!("{error}\n{declarations}"));
        generated.write_to(source.join(name)).expect("modules are written");
        modules.push_str(&format!("mod {name};\n"));
        for (number, Sampled { lines, models }) in items.iter().enumerate() {
            let file = format!("{name}.{number}.jsonl");
            fs::write(source.join(&file), lines).expect("items are written");
            let reads: Vec<_> = models
                .iter()
                .map(|model| format!("|item| {name}::{model}::from_item(item)?.to_item()"))
                .collect();
            let reads = reads.join(", ");
            checks.push_str(&format!("    kept({name:?}, include_str!({file:?}), &[{reads}]);\n"));
        }
    }
    let main = MAIN.replace("/*MODULES*/", &modules).replace("/*CHECKS*/", &checks);
    fs::write(source.join("main.rs"), main).expect("a program is written");
    let runtime = root.join("runtime");
    let manifest = format!(
        "[package]\nname = \"imported\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         base64 = \"0.22\"\ndynamorm = {{ path = {runtime:?} }}\naws-sdk-dynamodb = {{ version = \"1\", default-features = false }}\n\n[workspace]\n"
    );
    fs::write(project.path().join("Cargo.toml"), manifest).expect("a manifest is written");
    fs::copy(root.join("Cargo.lock"), project.path().join("Cargo.lock")).expect("a lock is written");
    let output = Command::new(env!("CARGO"))
        .args(["run", "--offline", "--quiet"])
        .current_dir(project.path())
        // The runtime and what it needs are compiled there already.
        .env("CARGO_TARGET_DIR", target)
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("how many items were read")
}

const MAIN: &str = r#"#![deny(warnings)]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dynamorm::Operations;
use dynamorm::serde_json::{self, Value};
use dynamorm::{AttributeValue, Decimal, Item, Result};
use std::sync::atomic::{AtomicUsize, Ordering};

/*MODULES*/
static ITEMS: AtomicUsize = AtomicUsize::new(0);

fn main() {
/*CHECKS*/    println!("{}", ITEMS.load(Ordering::Relaxed));
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
        "BS" => AttributeValue::Bs(all().map(bytes).collect()),
        "L" => AttributeValue::L(all().map(attribute).collect()),
        "M" => AttributeValue::M(object(value)),
        other => panic!("{other}"),
    }
}

/// Sets have no order, and a number is the same in every notation.
fn sort(value: &mut AttributeValue) {
    match value {
        AttributeValue::Ss(set) => set.sort(),
        AttributeValue::Ns(set) => {
            set.iter_mut().for_each(canonical);
            set.sort();
        }
        AttributeValue::Bs(set) => set.sort_by(|one, other| one.as_ref().cmp(other.as_ref())),
        AttributeValue::N(number) => canonical(number),
        AttributeValue::L(list) => list.iter_mut().for_each(sort),
        AttributeValue::M(map) => map.values_mut().for_each(sort),
        _ => {}
    }
}

fn canonical(number: &mut String) {
    if let Ok(decimal) = number.parse::<Decimal>() {
        *number = decimal.to_string();
    }
}
"#;
