//! What DynamORM's users are used to: single requests that do more than one thing, and scans by several requests at once.

mod counterparts;
mod cursors;
mod defaults;
mod errors;
mod managed;
mod parallel;
mod put_or_get;
mod saves;
mod update_into;
mod upsert;

use dynamorm::{AttributeValue, Client, Item, Operations};

pub mod models {
    dynamorm::include_models!("coming_from_dynamorm");
}

use models::Counter;

/// The declared default of an expression.
pub fn seven() -> u64 {
    7
}

/// A counter of 3, without anything that it may lack.
fn counter(name: &str) -> Counter {
    Counter::builder().name(name).title("a title").count(3).steps(Vec::new()).build().expect("it is valid")
}

/// An empty database with the table of counters.
async fn database() -> Client {
    let db = test_support::client().await;
    db.create_tables(models::TABLES).await.expect("the tables are created");
    db
}

/// A database with one counter, of which some attributes are missing.
async fn lacking(attributes: &[&str]) -> (Client, Counter) {
    let db = database().await;
    let counter = counter("a");
    let mut item = counter.to_item().expect("it can be stored");
    for attribute in attributes {
        item.remove(*attribute).expect("it was there");
    }
    end_to_end::samples::put_raw(&db, "counters", item).await;
    (db, counter)
}

/// A counter as the engine holds it.
async fn raw(db: &Client, name: &str) -> Option<Item> {
    let request = db.sdk().get_item().table_name("counters").consistent_read(true);
    request.key("name", AttributeValue::S(name.to_owned())).send().await.expect("the item is read").item
}

async fn read(db: &Client, name: &str) -> Counter {
    Counter::get(name).consistent().send(db).await.expect("the item can be read").expect("the item is there")
}
