//! Values that the library gives: generated ones, versions, expiry.

mod conflicts;
mod expiry;
mod generated;
mod lost_response;
mod retry;
mod transactions;
mod unique;
mod versions;

use dynamorm::{Client, Ulid};
use end_to_end::samples::instant;

use end_to_end::values as models;
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
