//! Databases and values to test with.

use std::collections::BTreeMap;

use dynamorm::table::Table;
use dynamorm::{AttributeValue, Client, Date, Decimal, Item, Operations, Timestamp, Ulid, Uuid};
use serde_json::json;

use crate::operations::{Colour, Everything, Parcel, Shape, Tree};
use crate::{Kind, Place};

/// An empty database of its own, on the engine in use, with these tables.
///
/// # Panics
/// The engine does not start, or refuses a table.
pub async fn database(tables: &[&'static Table]) -> Client {
    let db = test_support::client().await;
    db.create_tables(tables).await.expect("the tables are created");
    db
}

/// An empty database in this process with these tables, whatever the engine in use.
///
/// # Panics
/// The engine refuses a table.
pub async fn embedded(tables: &[&'static Table]) -> Client {
    let db = test_support::on_path(Client::embedded().expect("the embedded engine starts in memory"));
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

/// A value of every type.
///
/// # Panics
/// A literal is none of its type.
pub fn everything() -> Everything {
    let at = instant("2024-02-29T23:59:59Z");
    let day: Date = "2024-02-29".parse().expect("the text is a date");
    let id = Uuid::from_u128(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef);
    let rank = Ulid::from_parts(1_700_000_000_000, 42);
    let leaf = Tree { name: "leaf".to_owned(), weight: None, leaves: [].into(), branches: Vec::new() };
    let tree = Tree { name: "tree".to_owned(), weight: Some(1.5), leaves: [7].into(), branches: vec![leaf] };
    let place = Place { name: "Ulm".to_owned(), height: Some(478), kinds: vec![Kind::Town, Kind::Peak(1)] };
    Everything::builder()
        .id(id)
        .rank(rank)
        .text("text")
        .flag(true)
        .u8(u8::MAX)
        .u16(u16::MAX)
        .u32(u32::MAX)
        .u64(u64::MAX)
        .u128(99_999_999_999_999_999_999_999_999_999_999_999_999)
        .i8(i8::MIN)
        .i16(i16::MIN)
        .i32(i32::MIN)
        .i64(i64::MIN)
        .i128(-99_999_999_999_999_999_999_999_999_999_999_999_999)
        .f32(0.1)
        .f64(0.1)
        .decimal("-1.50".parse::<Decimal>().expect("the text is a decimal"))
        .bytes(vec![0, 255])
        .at(at)
        .at_second(at)
        .at_milli(at)
        .day(day)
        .uuid(id)
        .ulid(rank)
        .json(json!({ "a": [1, null, true, "x", 1.5], "b": {} }))
        .shape(Shape::Path { steps: vec![-1, 1], label: Some("up".to_owned()) })
        .colour(Colour::DeepBlue)
        .tree(tree.clone())
        .place(place)
        .texts(["a", ""])
        .numbers([1.0, -0.5])
        .instants([at])
        .gaps([Some(1), None])
        .trees([tree])
        .grid([vec![1], Vec::new()])
        .words([("a.b", "c")])
        .shapes([("circle", Shape::Circle { radius: 0.5 }), ("point", Shape::Point)])
        .nested([("outer", BTreeMap::from([("inner".to_owned(), Decimal::from(1))]))])
        .text_set(["b", "a"])
        .bytes_set([vec![1], vec![2]])
        .decimal_set([Decimal::from(10), Decimal::from(-2)])
        .u8_set([2, 10])
        .i64_set([-1, 1])
        .u128_set([1])
        .build()
        .expect("the value is valid")
}
