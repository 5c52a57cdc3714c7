//! Where an error happened.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::facts::Facts;
use crate::item::{Item, attribute_of};
use crate::table::{KeyAttribute, Table};

/// Where an error happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context {
    pub operation: Option<&'static str>,
    pub model: Option<&'static str>,
    pub table: Option<String>,
    pub index: Option<&'static str>,
    pub key: Option<String>,
}

impl Context {
    pub fn model(facts: &'static Facts) -> Self {
        Context { model: Some(facts.model), table: Some(facts.table.name.to_owned()), ..Context::default() }
    }

    pub fn item(facts: &'static Facts, table: String, key: &Item) -> Self {
        Context {
            model: Some(facts.model),
            table: Some(table),
            key: ItemKey::of(facts.table, key).text(),
            ..Context::default()
        }
    }
}

/// The key of an item, for its errors.
pub(crate) struct ItemKey([Option<(&'static str, AttributeValue)>; 2]);

impl ItemKey {
    /// What `item` has of the table's key.
    pub fn of(table: &'static Table, item: &Item) -> Self {
        let of = |attribute: &'static KeyAttribute| {
            attribute_of(item, attribute.name).map(|value| (attribute.name, value.clone()))
        };
        ItemKey([of(&table.partition_key), table.sort_key.as_ref().and_then(of)])
    }

    /// Written out; none if it has no attribute of the key.
    pub fn text(&self) -> Option<String> {
        let parts = self.0.iter().flatten();
        let texts: Vec<_> = parts.map(|(name, value)| format!("{name} = {}", key_text(value))).collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    }
}

/// A key's value as people write it.
fn key_text(value: &AttributeValue) -> String {
    match value {
        AttributeValue::S(text) => format!("{text:?}"),
        AttributeValue::N(digits) => digits.clone(),
        AttributeValue::B(bytes) => format!("{:02x?}", bytes.as_ref()),
        _ => "?".to_owned(),
    }
}
