//! Records as the engine in use writes them, and events made of them.

use std::time::Duration;

use dynamorm::table::Table;
use dynamorm::{Client, Operations, Timestamp};
use serde_json::{Value, json};

use crate::engine;
use crate::models::{Cart, Customer, Order, OrderStatus};

/// An empty database with these tables, on the engine in use.
pub async fn database(tables: &[&'static Table]) -> Client {
    end_to_end::samples::database(tables).await
}

/// How long an engine may take from a write to its record.
pub const LAG: Duration = Duration::from_millis(20);

/// What a request to the engine's streams answers.
async fn streams(db: &Client, operation: &str, request: Value) -> Value {
    engine::call(db, &format!("DynamoDBStreams_20120810.{operation}"), &request).await
}

/// Every record of a table's stream so far, as `GetRecords` returns them.
pub async fn records(db: &Client, table: &'static Table) -> Vec<Value> {
    let name = db.table_name(table);
    let listed = streams(db, "ListStreams", json!({ "TableName": name })).await;
    let arn = &listed["Streams"][0]["StreamArn"];
    let described = streams(db, "DescribeStream", json!({ "StreamArn": arn })).await;
    let mut records = Vec::new();
    for shard in described["StreamDescription"]["Shards"].as_array().expect("shards") {
        let request =
            json!({ "StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON" });
        let iterator = streams(db, "GetShardIterator", request).await;
        let (mut next, mut empty) = (iterator["ShardIterator"].clone(), 0);
        while empty < 3 && !next.is_null() {
            let read = streams(db, "GetRecords", json!({ "ShardIterator": next })).await;
            let page = read["Records"].as_array().expect("records");
            empty = if page.is_empty() { empty + 1 } else { 0 };
            records.extend(page.iter().cloned());
            next = read["NextShardIterator"].clone();
            tokio::time::sleep(LAG / 4).await;
        }
    }
    records
}

/// The event that Lambda would hand to a function for these records of a table's stream.
pub fn lambda_event(table: &str, records: &[Value]) -> Value {
    let arn = format!("arn:aws:dynamodb:eu-west-1:123456789012:table/{table}/stream/2026-01-01T00:00:00.000");
    let records: Vec<_> = records
        .iter()
        .map(|record| {
            let mut record = record.clone();
            record["eventSourceARN"] = json!(arn);
            record
        })
        .collect();
    json!({ "Records": records })
}

/// The bytes of such an event.
pub fn body(table: &str, records: &[Value]) -> Vec<u8> {
    serde_json::to_vec(&lambda_event(table, records)).expect("JSON")
}

/// An order of a customer.
pub fn order(customer: &str, number: u32) -> Order {
    Order::builder()
        .customer_id(customer)
        .number(number)
        .total(10 * i64::from(number))
        .note("\"quoted\" and \u{1f4e6} \\ ü\n")
        .tags(["b", "a"])
        .build()
        .expect("a valid order")
}

/// A customer is created with the guard of its address; an order is placed, paid and deleted; a cart is put.
pub async fn history(db: &Client) {
    let ada =
        Customer::builder().customer_id("ada").email("ada@example.com").name("Ada").build().expect("valid");
    ada.put().send(db).await.expect("put");
    let placed = order("ada", 1);
    placed.put().send(db).await.expect("put");
    Order::update(&placed).set(Order::STATUS, OrderStatus::Paid).send(db).await.expect("updated");
    Order::delete(&placed).send(db).await.expect("deleted");
    let expires_at: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a moment");
    let cart =
        Cart::builder().cart_id(dynamorm::Uuid::from_u128(7)).expires_at(expires_at).build().expect("valid");
    cart.put().send(db).await.expect("put");
}
