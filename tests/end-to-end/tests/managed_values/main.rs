//! Values that the library manages: generated ids and instants, versions, write ids, expiry, and unique fields.

mod batches;
mod conflicts;
mod expiry;
mod extremes;
mod generated;
mod lost_response;
mod or_get;
mod retry;
mod transactions;
mod unique;
mod unique_guards;
mod unique_hooks;
mod unique_interrupted;
mod unique_transactions;
mod versions;
mod write_ids;

use std::time::Duration;

use dynamorm::{Client, Operations, Ulid};
use end_to_end::connector::Record;
use end_to_end::samples::instant;

use end_to_end::managed_values as models;
use models::{Counter, Order};

/// The same client at another time.
fn at(db: &Client, time: &str) -> Client {
    let time = instant(time);
    db.clone().with_clock(move || time)
}

fn order() -> Order {
    Order::builder().customer("Ada").lines(Vec::new()).build().unwrap()
}

/// An order that is stored with version 1.
async fn stored(db: &Client) -> Order {
    let mut order = order();
    order.put().send(db).await.unwrap();
    order
}

async fn read(db: &Client, id: Ulid) -> Order {
    Order::get(id).consistent().send(db).await.unwrap().unwrap()
}

fn counter(name: &str, version: u8) -> Counter {
    Counter { name: name.to_owned(), count: 0, version }
}

/// Waits until so many requests have been sent.
async fn until_sent(record: &Record, requests: usize) {
    for _ in 0..2_000 {
        if record.sent().len() >= requests {
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("not sent: {:?}", record.operations());
}
