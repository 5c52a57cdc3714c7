//! What the library says about a write is true, whatever happens to its requests and whoever else writes.

mod authorship;
mod deadlines;
mod dropped;
mod guards;
mod incarnations;
mod premises;
mod prepared;
mod refusals;
mod retries;
mod settings;

pub use end_to_end::managed_values as models;

use dynamorm::{Client, Operations, Ulid};
use models::{Lock, Order};

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

fn lock(owner: &str) -> Lock {
    Lock::builder().name("door").owner(owner).build().unwrap()
}
