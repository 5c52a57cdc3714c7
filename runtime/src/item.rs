//! An item in the SDK's types, and an item's key.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::table::Table;

/// An item, or a map within one, in the SDK's types.
pub type Item = HashMap<String, AttributeValue>;

/// What `Debug` shows of an item: the names of its attributes.
pub(crate) struct Names<'a>(pub &'a Item);

impl fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: BTreeSet<&String> = self.0.keys().collect();
        f.debug_set().entries(names).finish()
    }
}

/// Something that has the attributes of a key: an item, a key, or an item to be written.
pub(crate) trait KeyAttributes {
    /// The value of an attribute of the table's key.
    fn key_attribute(&self, name: &str) -> Option<&AttributeValue>;
}

impl KeyAttributes for Item {
    // Among a few attributes, searching for a name is faster than hashing it.
    #[inline]
    fn key_attribute(&self, name: &str) -> Option<&AttributeValue> {
        if self.len() > 16 {
            return self.get(name);
        }
        self.iter().find(|(found, _)| *found == name).map(|(_, value)| value)
    }
}

/// The key of an item: those attributes of the table's key that the item has.
#[derive(Clone, Debug, Default)]
pub(crate) struct ItemKey([Option<(&'static str, AttributeValue)>; 2]);

impl ItemKey {
    /// The key of `item`.
    pub fn of(table: &'static Table, item: &dyn KeyAttributes) -> Self {
        Self::from(table, |name| item.key_attribute(name).cloned())
    }

    /// The table's key, with the attributes of `value`.
    pub fn from(table: &'static Table, value: impl Fn(&str) -> Option<AttributeValue>) -> Self {
        let part = |name: &'static str| value(name).map(|value| (name, value));
        ItemKey([part(table.partition_key.name), table.sort_key.as_ref().and_then(|key| part(key.name))])
    }

    /// The key, written for people; `None` if it has no attribute of the key.
    pub fn text(&self) -> Option<String> {
        let parts = self.0.iter().flatten();
        let texts: Vec<_> = parts.map(|(name, value)| format!("{name} = {}", key_text(value))).collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    }
}

impl KeyAttributes for ItemKey {
    fn key_attribute(&self, name: &str) -> Option<&AttributeValue> {
        self.0.iter().flatten().find(|(found, _)| *found == name).map(|(_, value)| value)
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
