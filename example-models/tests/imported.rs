//! The tables of the examples, filled with any values that their models allow and imported live: each item is read by the imported
//! declarations, or is listed with its reason.

use std::path::Path;

use dynamorm::testing::proptest::strategy::{Strategy, ValueTree as _};
use dynamorm::testing::proptest::test_runner::TestRunner;
use dynamorm::{AttributeValue, Client, Item, Operations};
use dynamorm_generator::import::{self, Imported, Options};
use example_models::{catalogue, library, shop};
use serde_json::{Map, Value, json};

#[path = "../../tests/common/imported.rs"]
mod imported;

use imported::{Case, Sampled, models, read_and_write};

/// How many items of each model are stored.
const EACH: usize = 40;

/// The items of each model of a table.
type ItemsOfModels = Vec<Vec<Item>>;

/// A table that is described and sampled, with all of its items.
struct Table {
    name: &'static str,
    imported: Imported,
    items: Vec<Item>,
}

impl Table {
    /// Puts items into a table, and imports it.
    async fn new(db: &Client, name: &'static str, key: &[&str], items: ItemsOfModels) -> Self {
        for item in items.into_iter().flatten() {
            db.sdk().put_item().table_name(name).set_item(Some(item)).send().await.expect("it is stored");
        }
        let mut stored = db.sdk().scan().table_name(name).into_paginator().items().send();
        let mut items = Vec::new();
        while let Some(item) = stored.next().await {
            items.push(item.expect("it is read"));
        }
        assert!(items.iter().all(|item| key.iter().all(|name| item.contains_key(*name))));
        let source =
            import::table(db.sdk(), name).sample(2000).await.unwrap_or_else(|error| panic!("{error}"));
        let imported = source.import(&Options::default()).unwrap_or_else(|error| panic!("{error}"));
        Table { name, imported, items }
    }

    /// The items that are not listed as unread, one on a line. Attributes that no type holds are not declared, so no item has them
    /// when it is written back.
    fn read(&self, key: &[&str]) -> String {
        let is_listed = |item: &&Item| {
            let key: Map<_, _> = key.iter().map(|name| ((*name).to_owned(), json_of(&item[*name]))).collect();
            let place = format!("{} {}: ", self.name, Value::Object(key));
            self.imported.unread().iter().any(|listed| listed.starts_with(&place))
        };
        let undeclared: Vec<_> = self.imported.text().lines().filter_map(left_out).collect();
        let line = |item: &Item| {
            let declared = item.iter().filter(|(name, _)| !undeclared.contains(&name.as_str()));
            object(declared).to_string()
        };
        let lines: Vec<_> = self.items.iter().filter(|item| !is_listed(item)).map(line).collect();
        assert_eq!(
            lines.len() + self.imported.unread().len(),
            self.items.len(),
            "{:#?}",
            self.imported.unread()
        );
        lines.join("\n")
    }
}

/// Some of the values that a model allows, as they are stored.
fn some<M>(strategy: impl Strategy<Value = M>) -> Vec<Item>
where
    M: Operations + std::fmt::Debug,
{
    let mut runner = TestRunner::deterministic();
    let mut one = || strategy.new_tree(&mut runner).expect("a value").current();
    (0..EACH).map(|_| one().to_item().expect("it can be stored")).collect()
}

#[tokio::test]
async fn every_sampled_item_is_read_or_listed() {
    let db = Client::embedded().expect("an engine");
    for tables in [catalogue::TABLES, library::TABLES, shop::TABLES] {
        db.create_tables(tables).await.expect("tables");
    }
    let of_shop = vec![
        some(shop::Customer::strategy()),
        some(shop::Product::strategy()),
        some(shop::Review::strategy()),
        some(shop::Order::strategy()),
        some(shop::OrderLine::strategy()),
        some(shop::Shipment::strategy()),
        some(shop::Cart::strategy()),
    ];
    let tables: [(&str, &[&str], ItemsOfModels); 5] = [
        ("books", &["isbn"], vec![some(catalogue::Book::strategy())]),
        ("members", &["member_id"], vec![some(library::Member::strategy())]),
        ("loans", &["member_id", "due_at"], vec![some(library::Loan::strategy())]),
        ("branch-events", &["branch", "event_id"], vec![some(library::BranchEvent::strategy())]),
        ("shop", &["pk", "sk"], of_shop),
    ];
    let mut imported = Vec::new();
    for (name, key, items) in tables {
        let table = Table::new(&db, name, key, items).await;
        assert_eq!(table.imported.differences(), [""; 0]);
        imported.push((key, table));
    }
    let cases: Vec<_> = imported
        .iter()
        .map(|(key, table)| {
            let declarations = table.imported.text();
            let models = models(declarations).map(str::to_owned).collect();
            Case {
                name: table.name.replace('-', "_"),
                declarations,
                items: vec![Sampled { lines: table.read(key), models }],
            }
        })
        .collect();
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a workspace");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("what cargo builds");

    let read = read_and_write(&cases, workspace, target);

    let listed: usize = imported.iter().map(|(_, table)| table.imported.unread().len()).sum();
    let stored: usize = imported.iter().map(|(_, table)| table.items.len()).sum();
    println!("{stored} items: {read} are read, {listed} are listed");
    assert_eq!(read + listed, stored);
    assert!(listed * 20 < stored, "{listed} of {stored} are listed");
}

/// The attribute of which a line says that it is not declared.
fn left_out(line: &str) -> Option<&str> {
    let (name, why) = line.strip_prefix("# The attribute `")?.split_once('`')?;
    why.starts_with(" is left out: ").then_some(name)
}

fn object<'i>(attributes: impl Iterator<Item = (&'i String, &'i AttributeValue)>) -> Value {
    Value::Object(attributes.map(|(name, value)| (name.clone(), json_of(value))).collect())
}

/// DynamoDB's JSON.
fn json_of(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::B(bytes) => json!({ "B": base64(bytes.as_ref()) }),
        AttributeValue::Bool(truth) => json!({ "BOOL": truth }),
        AttributeValue::Null(_) => json!({ "NULL": true }),
        AttributeValue::Ss(set) => json!({ "SS": set }),
        AttributeValue::Ns(set) => json!({ "NS": set }),
        AttributeValue::Bs(set) => {
            json!({ "BS": set.iter().map(|bytes| base64(bytes.as_ref())).collect::<Vec<_>>() })
        }
        AttributeValue::L(list) => json!({ "L": list.iter().map(json_of).collect::<Vec<_>>() }),
        AttributeValue::M(map) => json!({ "M": object(map.iter()) }),
        other => panic!("{other:?}"),
    }
}

fn base64(bytes: &[u8]) -> String {
    base64::Engine::encode(&base64::prelude::BASE64_STANDARD, bytes)
}
