//! Databases and values to test with.

use dynamorm::table::Table;
use dynamorm::{AttributeValue, Client, Item, Timestamp};

use crate::models::Parcel;

/// An empty database of its own, on the engine in use, with these tables.
///
/// # Panics
/// The engine does not start, or refuses a table.
pub async fn database(tables: &[&'static Table]) -> Client {
    let db = test_support::client().await;
    db.create_tables(tables).await.expect("the tables are created");
    db
}

/// An instant, by its RFC 3339 text.
///
/// # Panics
/// The text is no instant.
pub fn instant(text: &str) -> Timestamp {
    text.parse().expect("the text is an instant")
}

/// A parcel for Ada that arrived on the day of its number in March 2024 and weighs as many grams as its number.
///
/// # Panics
/// The number is no day of March.
pub fn parcel(depot: &str, number: u32) -> Parcel {
    Parcel::builder()
        .depot(depot)
        .number(u64::from(number))
        .recipient("Ada")
        .arrived_at(instant(&format!("2024-03-{number:02}T12:00:00Z")))
        .weight(number)
        .build()
        .expect("the parcel is valid")
}

/// Parcels 1 to `count` of one depot, stored.
///
/// # Panics
/// The engine refuses one.
pub async fn stored(db: &Client, depot: &str, count: u32) -> Vec<Parcel> {
    let parcels: Vec<_> = (1..=count).map(|number| parcel(depot, number)).collect();
    for parcel in &parcels {
        parcel.put().send(db).await.expect("the parcel is stored");
    }
    parcels
}

/// The item as the engine holds it.
///
/// # Panics
/// The engine refuses the request.
pub async fn raw(db: &Client, parcel: &Parcel) -> Option<Item> {
    let item = parcel.to_item().expect("the parcel can be stored");
    let key = item.into_iter().filter(|(name, _)| ["depot", "number"].contains(&name.as_str()));
    let request = db.sdk().get_item().table_name("parcels").set_key(Some(key.collect()));
    request.consistent_read(true).send().await.expect("the item is read").item
}

/// Stores an item that the model did not write.
///
/// # Panics
/// The engine refuses it.
pub async fn put_raw(db: &Client, table: &str, item: Item) {
    db.sdk().put_item().table_name(table).set_item(Some(item)).send().await.expect("the item is stored");
}

/// The item of a parcel with some attributes replaced, as another program may have written it.
///
/// # Panics
/// The parcel cannot be stored.
pub fn altered<const N: usize>(parcel: &Parcel, changes: [(&str, AttributeValue); N]) -> Item {
    let mut item = parcel.to_item().expect("the parcel can be stored");
    item.extend(changes.map(|(name, value)| (name.to_owned(), value)));
    item
}
