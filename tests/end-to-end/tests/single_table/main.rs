//! Several models in one table, and keys composed from fields.

pub use end_to_end::single_table as models;

mod attribution;
mod contexts;
mod every_field;
mod facts;
mod forms;
mod keys;
mod queries;
mod shared;
mod unique;
mod updates;

use dynamorm::{Client, Timestamp};
use models::{Customer, Order, OrderStatus, tables};

async fn database() -> Client {
    end_to_end::samples::database(&[&tables::SHOP, &tables::LEDGER]).await
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn customer(id: &str) -> Customer {
    Customer {
        customer_id: id.to_owned(),
        email: format!("{id}@example.com"),
        name: "Ada".to_owned(),
        points: 1,
    }
}

fn order(customer: &str, day: u8, id: u64) -> Order {
    Order {
        customer_id: customer.to_owned(),
        order_id: id,
        placed_at: instant(&format!("2026-03-{day:02}T12:00:00Z")),
        status: OrderStatus::Pending,
        region: "eu".to_owned(),
        urgency: 3,
        warehouse: Some("north".to_owned()),
        note: None,
    }
}

/// What is stored under the key of an item.
async fn raw_item(db: &Client, item: &dynamorm::Item) -> Option<dynamorm::Item> {
    let key = ["pk", "sk"].map(|name| (name.to_owned(), item[name].clone()));
    let request = db.sdk().get_item().table_name(db.table_name(&tables::SHOP)).consistent_read(true);
    request.set_key(Some(key.into())).send().await.unwrap().item
}
