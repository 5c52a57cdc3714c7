//! `dynamorm_generator::import`: from templates and stored items to declarations that are valid and read those items.
#![cfg(feature = "import")]

mod bad_input;
#[cfg(feature = "cli")]
mod command;
mod declarations;
mod guesses;
mod hostile;
#[path = "../common/imported.rs"]
mod imported;
#[cfg(all(feature = "live", feature = "serve", unix))]
mod live;
#[cfg(all(feature = "live", feature = "cli", unix))]
mod refused;
mod round_trip;
#[cfg(all(feature = "live", feature = "serve", unix))]
#[path = "../common/server.rs"]
mod server;
#[cfg(all(feature = "live", feature = "cli", unix))]
mod service;

use std::fs;
use std::path::{Path, PathBuf};

use dynamorm_generator::Generator;
use dynamorm_generator::import::{Imported, Options, Source};

/// What describes tables, and items of theirs.
#[derive(Clone, Copy)]
struct Input {
    name: &'static str,
    read: Read,
    file: &'static str,
    /// Tables, and the files of their items.
    items: &'static [(&'static str, &'static str)],
}

const INPUTS: [Input; 8] = [
    Input {
        name: "orders",
        read: Source::cloudformation,
        file: "orders.template.yaml",
        items: &[("OrdersTable", "orders.items.jsonl")],
    },
    Input {
        name: "pets",
        read: Source::cloudformation,
        file: "pets.sam.yaml",
        items: &[("pets", "pets.items.jsonl")],
    },
    Input { name: "notes", read: Source::cloudformation, file: "notes.serverless.yml", items: &[] },
    Input {
        name: "tasks",
        read: Source::terraform,
        file: "tasks.plan.json",
        items: &[("tasks", "tasks.items.jsonl")],
    },
    Input {
        name: "shop",
        read: Source::table_description,
        file: "shop.table.json",
        items: &[("shop", "shop.items.jsonl")],
    },
    Input {
        name: "accounts",
        read: Source::table_description,
        file: "accounts.table.json",
        items: &[("accounts", "accounts.items.jsonl")],
    },
    Input {
        name: "forms",
        read: Source::table_description,
        file: "forms.table.json",
        items: &[("forms", "forms.items.jsonl")],
    },
    Input {
        name: "shop_without_items",
        read: Source::table_description,
        file: "shop.table.json",
        items: &[],
    },
];

type Read = fn(&str, &str) -> Result<Source, dynamorm_generator::import::Error>;

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/inputs").join(file)
}

fn text(file: &str) -> String {
    fs::read_to_string(path(file)).expect("an input")
}

/// Imports an input.
fn import(Input { read, file, items, .. }: Input, options: &Options) -> Imported {
    let mut source = read(file, &text(file)).unwrap_or_else(|error| panic!("{error}"));
    for (table, file) in items {
        source.items(Some(table), file, text(file).as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    }
    source.import(options).unwrap_or_else(|error| panic!("{error}"))
}

/// Imports a table of one text key, `id`, or of `pk` and `sk`, with items in DynamoDB's JSON.
fn table_with(items: &[serde_json::Value]) -> Imported {
    let is_sorted = items.first().is_some_and(|item| item.get("sk").is_some());
    let keys: &[(&str, &str)] =
        if is_sorted { &[("pk", "HASH"), ("sk", "RANGE")] } else { &[("id", "HASH")] };
    let attributes: Vec<_> = keys
        .iter()
        .map(|(name, _)| serde_json::json!({ "AttributeName": name, "AttributeType": "S" }))
        .collect();
    let schema: Vec<_> = keys
        .iter()
        .map(|(name, kind)| serde_json::json!({ "AttributeName": name, "KeyType": kind }))
        .collect();
    let table = serde_json::json!({ "Table": {
        "TableName": "things",
        "AttributeDefinitions": attributes,
        "KeySchema": schema,
        "BillingModeSummary": { "BillingMode": "PAY_PER_REQUEST" },
    } });
    let lines: Vec<_> = items.iter().map(ToString::to_string).collect();
    let mut source = Source::table_description("table.json", &table.to_string()).expect("a table");
    source.items(None, "items.jsonl", lines.join("\n").as_bytes()).expect("items");
    let imported = source.import(&Options::default()).expect("declarations");
    assert_valid(imported.text());
    imported
}

fn assert_valid(text: &str) {
    if let Err(error) = Generator::new("models.toml").text(text).validate() {
        panic!("{error}\n{text}");
    }
}
