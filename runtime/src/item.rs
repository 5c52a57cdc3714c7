//! An item as the SDK holds it.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;

/// An item, or a map within one, as the SDK holds it.
pub type Item = HashMap<String, AttributeValue>;

/// An attribute of an item. Among a few, its name is found sooner than hashed.
#[inline]
pub(crate) fn attribute_of<'a>(item: &'a Item, name: &str) -> Option<&'a AttributeValue> {
    if item.len() > 16 {
        return item.get(name);
    }
    item.iter().find(|(found, _)| *found == name).map(|(_, value)| value)
}
