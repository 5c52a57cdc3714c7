//! The key of an item: its attributes, and a text that tells it from others.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::facts::Facts;
use crate::item::Item;

/// An item's key as text that is equal for equal keys only.
pub(crate) fn key_text(facts: &Facts, item: &Item) -> String {
    let mut text = String::new();
    for attribute in facts.table.key() {
        match item.get(attribute.name) {
            Some(AttributeValue::S(value)) => text.push_str(&format!("{value:?}")),
            Some(AttributeValue::N(digits)) => text.push_str(&number_text(digits)),
            Some(AttributeValue::B(bytes)) => text.push_str(&format!("{:02x?}", bytes.as_ref())),
            _ => text.push('?'),
        }
        text.push(',');
    }
    text
}

/// Engines may write a number in another way than it was sent.
fn number_text(digits: &str) -> String {
    digits.parse::<crate::Decimal>().map_or_else(|_| digits.to_owned(), |number| number.to_string())
}

/// The attributes of an item's key.
pub(crate) fn key_of(facts: &Facts, item: &Item) -> Item {
    let parts = facts.table.key();
    parts.filter_map(|key| Some((key.name.to_owned(), item.get(key.name)?.clone()))).collect()
}
