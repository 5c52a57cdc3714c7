//! An item to be written: in the SDK's types, or as JSON that goes into a request unchanged.

use std::fmt;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::encode::json::JsonWriter;
use crate::encode::wire_size::wire_size;
use crate::item::{Item, ItemKey, KeyAttributes, Names};
use crate::limits;
use crate::table::{IndexScope, Table};
use crate::wire::Reader;

/// An item, or an item's key, to be written.
#[derive(Clone)]
pub(crate) enum EncodedItem {
    /// An item whose attributes are examined before it is written, or which DynamoDB may refuse.
    Map(Item),
    Json(JsonItem),
}

/// Shows the names of the attributes, or of those of the key, and no values.
impl fmt::Debug for EncodedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EncodedItem::Map(item) => Names(item).fmt(f),
            EncodedItem::Json(item) => write!(f, "JSON of {} bytes", item.text.len()),
        }
    }
}

/// An item as JSON that exceeds none of DynamoDB's limits.
#[derive(Clone)]
pub(crate) struct JsonItem {
    text: Arc<str>,
    /// Its size as DynamoDB counts it, approximately, in bytes.
    size: usize,
    key: ItemKey,
}

impl JsonItem {
    /// The item that was written; `None` if it may exceed a limit, which is checked on a map.
    pub fn of(writer: JsonWriter, table: &'static Table) -> Option<Self> {
        // No entry of a local index is larger than its item.
        let local = table.indexes.iter().filter(|index| index.scope == IndexScope::Local);
        let most = writer.size().saturating_mul(1 + local.count());
        if writer.is_doubtful() || most > limits::MAXIMUM_ITEM_BYTES {
            return None;
        }
        let size = writer.size();
        writer.finish(|text| {
            // The reader finds one attribute at a time.
            let key = ItemKey::from(table, |name| Reader::of_text(text).attribute(name));
            Some(JsonItem { text: Arc::from(text), size, key })
        })
    }

    fn into_map(self) -> Item {
        let reader = Reader::of_text(&self.text);
        reader.item().unwrap_or_else(|_| unreachable!("what a writer has written cannot be read: {reader:?}"))
    }
}

impl EncodedItem {
    /// The item in the SDK's types.
    pub fn into_map(self) -> Item {
        match self {
            EncodedItem::Map(item) => item,
            EncodedItem::Json(json) => json.into_map(),
        }
    }

    /// As [`into_map`](Self::into_map), by reference, to examine or change it.
    pub fn as_map(&mut self) -> &mut Item {
        if let EncodedItem::Json(json) = self {
            *self = EncodedItem::Map(json.clone().into_map());
        }
        match self {
            EncodedItem::Map(item) => item,
            EncodedItem::Json(_) => unreachable!("it has just been made a map"),
        }
    }

    /// The item as JSON; `None` if it has a value that the SDK does not know and would refuse.
    pub fn to_json(&self) -> Option<Arc<str>> {
        match self {
            EncodedItem::Map(item) => json_of(item),
            EncodedItem::Json(json) => Some(Arc::clone(&json.text)),
        }
    }

    /// Its size as DynamoDB counts it, approximately, in bytes.
    pub fn size(&self) -> usize {
        match self {
            EncodedItem::Map(item) => limits::item_size(item),
            EncodedItem::Json(json) => json.size,
        }
    }

    /// How many bytes it takes in a request; approximate for a map.
    pub fn wire_size(&self) -> usize {
        match self {
            EncodedItem::Map(item) => wire_size(item),
            EncodedItem::Json(json) => json.text.len(),
        }
    }
}

impl KeyAttributes for EncodedItem {
    fn key_attribute(&self, name: &str) -> Option<&AttributeValue> {
        match self {
            EncodedItem::Map(item) => item.key_attribute(name),
            EncodedItem::Json(json) => json.key.key_attribute(name),
        }
    }
}

/// A map as JSON: an item, or the values of expressions; `None` if it has a value that the SDK does not know.
pub(crate) fn json_of(map: &Item) -> Option<Arc<str>> {
    let mut writer = JsonWriter::of_item();
    for (name, value) in map {
        writer.name(name);
        writer.value(value);
    }
    let is_complete = !writer.is_incomplete();
    writer.finish(|text| is_complete.then(|| Arc::from(text)))
}
