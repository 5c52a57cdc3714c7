//! Databases and values to test with.

use dynamorm::table::Table;
use dynamorm::{Client, Timestamp};

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
