//! The key of an item: its attributes, and a text that identifies it.

use std::fmt::Write;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::facts::Facts;
use crate::item::{Item, KeyAttributes};

/// An item's key as text. Only equal keys have equal texts.
pub(crate) fn key_text(facts: &Facts, item: &dyn KeyAttributes) -> String {
    let mut text = String::with_capacity(64);
    for attribute in facts.table.key() {
        // Writing to a string does not fail.
        let _ = match item.key_attribute(attribute.name) {
            Some(AttributeValue::S(value)) => write!(text, "{value:?},"),
            Some(AttributeValue::N(digits)) => write!(text, "{},", number_text(digits)),
            Some(AttributeValue::B(bytes)) => write!(text, "{:02x?},", bytes.as_ref()),
            _ => write!(text, "?,"),
        };
    }
    text
}

/// Engines may return a number in another notation than it was sent.
fn number_text(digits: &str) -> String {
    digits.parse::<crate::Decimal>().map_or_else(|_| digits.to_owned(), |number| number.to_string())
}

/// The attributes of an item's key.
pub(crate) fn key_of(facts: &Facts, item: &dyn KeyAttributes) -> Item {
    let parts = facts.table.key();
    parts.filter_map(|key| Some((key.name.to_owned(), item.key_attribute(key.name)?.clone()))).collect()
}

/// Identifies an item's key, as [`key_text`] does, without copying it.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct KeyId<'a>([KeyPart<'a>; 2]);

#[derive(Debug, PartialEq, Eq, Hash)]
enum KeyPart<'a> {
    Text(&'a str),
    Number(String),
    Bytes(&'a [u8]),
    None,
}

impl<'a> KeyId<'a> {
    /// The key of an item.
    pub fn of(facts: &Facts, item: &'a dyn KeyAttributes) -> Self {
        let part = |name| match item.key_attribute(name) {
            Some(AttributeValue::S(text)) => KeyPart::Text(text),
            Some(AttributeValue::N(digits)) => KeyPart::Number(number_text(digits)),
            Some(AttributeValue::B(bytes)) => KeyPart::Bytes(bytes.as_ref()),
            _ => KeyPart::None,
        };
        let table = facts.table;
        KeyId([
            part(table.partition_key.name),
            table.sort_key.as_ref().map_or(KeyPart::None, |key| part(key.name)),
        ])
    }
}
