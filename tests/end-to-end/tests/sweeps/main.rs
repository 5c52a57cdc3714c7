//! Sweeps: stored items are brought into the form in which writes of today would store them.

/// What stored the items.
pub mod before {
    dynamorm::include_models!("sweeps_before");
}

pub mod models {
    dynamorm::include_models!("sweeps");
}

mod bad_input;
mod checkpoints;
mod costs;
mod foreign;
mod guards;
mod killed;
mod new_index;
mod others;
mod plans;

use std::collections::BTreeMap;

use dynamorm::sweep::{ChangeKind, SweepReport};
use dynamorm::table::Table;
use dynamorm::{AttributeValue, Client, Item, Operations};
use end_to_end::samples::{database, instant};

use models::{Order, tables};

/// A database with the tables as they are declared today.
async fn today() -> Client {
    database(tables::TABLES).await
}

/// Orders of before, of Ada and Grace in turn.
async fn stored_orders(db: &Client, count: u32) {
    for number in 0..count {
        order_of_before(number).put().send(db).await.unwrap();
    }
}

fn order_of_before(number: u32) -> before::Order {
    before::Order::builder()
        .id(format!("{number:03}"))
        .customer(if number.is_multiple_of(2) { "Ada" } else { "Grace" })
        .amount(number)
        .placed_at(instant("2024-03-01T12:00:00Z"))
        .reference(format!("ref {number}"))
        .build()
        .unwrap()
}

async fn order(db: &Client, id: &str) -> Order {
    Order::get(id).consistent().send(db).await.unwrap().unwrap()
}

/// Every item of a table as the engine holds it, by its key.
async fn items(db: &Client, table: &'static Table) -> BTreeMap<String, Item> {
    let output = db.sdk().scan().table_name(table.name).consistent_read(true).send().await.unwrap();
    assert_eq!(output.last_evaluated_key, None, "the tests' tables are small");
    let keys = std::iter::once(&table.partition_key).chain(&table.sort_key);
    let key = |item: &Item| keys.clone().map(|key| format!("{:?} ", item[key.name])).collect();
    output.items.unwrap().into_iter().map(|item| (key(&item), item)).collect()
}

/// Stores an item that no model wrote.
async fn store(db: &Client, table: &Table, attributes: &[(&str, AttributeValue)]) {
    let item = attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    db.sdk().put_item().table_name(table.name).set_item(Some(item)).send().await.unwrap();
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(digits: &str) -> AttributeValue {
    AttributeValue::N(digits.to_owned())
}

/// What differed: models, attributes, how, and in how many items.
fn changes(report: &SweepReport) -> Vec<(String, String, ChangeKind, u64)> {
    let changes = report.changes();
    let each = changes.iter();
    each.map(|change| {
        (change.model().to_owned(), change.attribute().to_owned(), change.kind(), change.items())
    })
    .collect()
}

fn change(model: &str, attribute: &str, kind: ChangeKind, items: u64) -> (String, String, ChangeKind, u64) {
    (model.to_owned(), attribute.to_owned(), kind, items)
}
