//! Keys of unusual shapes.

pub use end_to_end::keys as models;

mod corrupt;
mod graph;
mod shapes;
mod tenants;

use dynamorm::table::Table;
use dynamorm::{Client, Item, Timestamp};
use models::{Event, EventKind};

/// An empty database with a table.
async fn database(table: &'static Table) -> Client {
    end_to_end::samples::database(&[table]).await
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn event() -> Event {
    Event {
        stream: "01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap(),
        shard: 7,
        at: instant("2026-03-01T12:00:00.25Z"),
        balance: "-12.5".parse().unwrap(),
        change: -3,
        day: "2026-03-01".parse().unwrap(),
        id: "67e55044-10b1-426f-9247-bb680e5fe0c8".parse().unwrap(),
        kind: EventKind::Ab,
        level: Some(3),
        since: instant("2026-01-01T00:00:00Z"),
        note: Some("noted".to_owned()),
        expires_at: None,
    }
}

/// What is stored under the key of an item.
async fn raw_item(db: &Client, table: &'static Table, item: &Item) -> Option<Item> {
    let parts = std::iter::once(&table.partition_key).chain(&table.sort_key);
    let key = parts.map(|part| (part.name.to_owned(), item[part.name].clone())).collect();
    let request = db.sdk().get_item().table_name(db.table_name(table)).consistent_read(true);
    request.set_key(Some(key)).send().await.unwrap().item
}
