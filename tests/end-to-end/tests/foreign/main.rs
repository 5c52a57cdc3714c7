//! Items that programs of other authors wrote: what is read is what is stored, or reading it is that item's error.

pub mod models {
    dynamorm::include_models!("foreign");
}

mod composed;
mod forms;
mod index_keys;
mod json;
mod keys;
mod plain;
mod property;
mod types;
mod values;

use dynamorm::table::Table;
use dynamorm::{AttributeValue, Client, Error, Item};
use end_to_end::samples::{database, instant};

/// A type of the application's that holds JSON.
#[derive(Clone, Debug, PartialEq, dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]
#[serde(crate = "dynamorm::serde")]
pub struct Own {
    pub any: dynamorm::Json,
    pub float: Option<f64>,
}

/// The id of an order, which no other id can be confused with.
#[derive(Clone, Debug, PartialEq, Eq, Hash, dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]
#[serde(crate = "dynamorm::serde")]
pub struct OrderId(pub dynamorm::Uuid);

impl dynamorm::Codec for OrderId {
    type Stored = dynamorm::Uuid;
    type Error = std::convert::Infallible;

    fn to_stored(&self) -> dynamorm::Uuid {
        self.0
    }

    fn from_stored(stored: dynamorm::Uuid) -> Result<Self, Self::Error> {
        Ok(OrderId(stored))
    }
}

/// The line of an order: they are counted from one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, dynamorm::serde::Serialize, dynamorm::serde::Deserialize)]
#[serde(crate = "dynamorm::serde")]
pub struct Line(pub u32);

impl dynamorm::Codec for Line {
    type Stored = u32;
    type Error = &'static str;

    fn to_stored(&self) -> u32 {
        self.0
    }

    fn from_stored(stored: u32) -> Result<Self, Self::Error> {
        if stored == 0 { Err("lines are counted from one") } else { Ok(Line(stored)) }
    }
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(digits: &str) -> AttributeValue {
    AttributeValue::N(digits.to_owned())
}

fn item<const N: usize>(attributes: [(&str, AttributeValue); N]) -> Item {
    attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// An item with another attribute, or another value of one.
fn with(mut item: Item, name: &str, value: AttributeValue) -> Item {
    item.insert(name.to_owned(), value);
    item
}

/// Stores an item as another program does.
async fn write(db: &Client, table: &'static Table, item: Item) {
    db.sdk().put_item().table_name(db.table_name(table)).set_item(Some(item)).send().await.unwrap();
}

/// Everything that a table holds, as it is stored.
async fn stored(db: &Client, table: &'static Table) -> Vec<Item> {
    db.sdk().scan().table_name(db.table_name(table)).send().await.unwrap().items.unwrap_or_default()
}

/// That an error is one of an item, at this attribute, and names what is stored and what was expected.
fn assert_differs(error: &Error, attribute: &str, stored: &str, expected: &str) {
    let message = error.to_string();
    assert!(error.is_item_error(), "{error:?}");
    assert_eq!(error.attribute(), Some(attribute), "{message}");
    assert!(message.contains(&format!("{stored:?}")), "{message}");
    assert!(message.contains(&format!("{expected:?}")), "{message}");
}
