//! Generates the models that the tests use.

use std::error::Error;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};

use dynamorm_generator::Generator;
use dynamorm_generator::import::{self, Options, Source};

/// Each is a file in `models/`, and most are named after the test target that uses them.
const DECLARATIONS: &[&str] = &[
    "changes",
    "coming_from_dynamorm",
    "designs",
    "documents",
    "fixtures",
    "foreign",
    "hooks",
    "keys",
    "lints",
    "managed_values",
    "multi_attribute_keys",
    "names",
    "operations",
    "relations",
    "shared_fields",
    "single_table",
    "sweeps",
    "sweeps_before",
    "tables_of_others",
    "validation",
];

/// What reads a description of tables.
type Read = fn(&str, &str) -> Result<Source, import::Error>;

/// What is imported: a name, what describes the tables, and the items of one of them.
const IMPORTED: &[(&str, Read, &str, &str, &str)] = &[
    ("orders", Source::cloudformation, "orders.template.yaml", "OrdersTable", "orders.items.jsonl"),
    ("shop", Source::table_description, "shop.table.json", "shop", "shop.items.jsonl"),
    ("tasks", Source::terraform, "tasks.plan.json", "tasks", "tasks.items.jsonl"),
];

fn main() -> Result<(), Box<dyn Error>> {
    for name in DECLARATIONS {
        Generator::new(format!("models/{name}.toml")).deny_warnings(true).compile()?;
    }
    import()
}

/// Generates modules of what the importer makes of its own tests' inputs.
fn import() -> Result<(), Box<dyn Error>> {
    let inputs = Path::new("../import/inputs");
    println!("cargo::rerun-if-changed={}", inputs.display());
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    for (name, read, description, table, items) in IMPORTED {
        let mut source = read(description, &fs::read_to_string(inputs.join(description))?)?;
        source.items(Some(table), items, BufReader::new(File::open(inputs.join(items))?))?;
        let models = out.join(format!("imported_{name}.toml"));
        fs::write(&models, source.import(&Options::default())?.text())?;
        Generator::new(models).compile()?;
    }
    Ok(())
}
