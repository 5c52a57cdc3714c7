//! Single-table designs as they are published: what they ask for, and how many requests that takes.

pub use end_to_end::designs as models;

mod alike;
mod computed;
mod conditions;
mod devices;
mod forge;
mod ladders;
mod moments;
mod network;
mod parts;
mod payments;
mod published;
mod shared;
mod words;

use dynamorm::table::Table;
use dynamorm::testing::RequestLog;
use dynamorm::{AttributeValue, Client, Item};

/// An empty database with a table, and the log of its requests from there on.
async fn database(table: &'static Table) -> (Client, RequestLog) {
    end_to_end::samples::database(&[table]).await.with_request_log()
}

fn s(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// An item of attributes that are text.
fn item(attributes: &[(&str, &str)]) -> Item {
    attributes.iter().map(|(name, text)| ((*name).to_owned(), s(text))).collect()
}
