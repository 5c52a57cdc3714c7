//! An item that is to be written: as the SDK holds it, or as JSON that goes into a request as it is.

use std::fmt;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::encode::json::JsonWriter;
use crate::encode::wire_size::wire_size;
use crate::item::{Item, ItemKey, KeyAttributes, Names};
use crate::limits;
use crate::table::{IndexScope, Table};
use crate::wire::Reader;

/// An item, or the key of one, that is to be written.
#[derive(Clone)]
pub(crate) enum EncodedItem {
    /// One whose attributes are looked at before it is written, or that DynamoDB may refuse.
    Map(Item),
    Json(JsonItem),
}

/// The names of its attributes, or of those of its key, and no value.
impl fmt::Debug for EncodedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EncodedItem::Map(item) => Names(item).fmt(f),
            EncodedItem::Json(item) => write!(f, "JSON of {} bytes", item.text.len()),
        }
    }
}

/// An item as JSON, which DynamoDB refuses for none of its limits.
#[derive(Clone)]
pub(crate) struct JsonItem {
    text: Arc<str>,
    /// About how many bytes DynamoDB counts for it.
    size: usize,
    key: ItemKey,
}

impl JsonItem {
    /// The item that was written; none if a limit may be exceeded, of which a map tells more.
    pub fn of(writer: JsonWriter, table: &'static Table) -> Option<Self> {
        // No entry of a local index counts more than its item.
        let local = table.indexes.iter().filter(|index| index.scope == IndexScope::Local);
        let most = writer.size().saturating_mul(1 + local.count());
        if writer.is_doubtful() || most > limits::MAXIMUM_ITEM_BYTES {
            return None;
        }
        let size = writer.size();
        writer.finish(|text| {
            // A reader has one attribute found.
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
    /// The item as the SDK holds it.
    pub fn into_map(self) -> Item {
        match self {
            EncodedItem::Map(item) => item,
            EncodedItem::Json(json) => json.into_map(),
        }
    }

    /// As [`into_map`](Self::into_map), to look at it or to change it.
    pub fn as_map(&mut self) -> &mut Item {
        if let EncodedItem::Json(json) = self {
            *self = EncodedItem::Map(json.clone().into_map());
        }
        match self {
            EncodedItem::Map(item) => item,
            EncodedItem::Json(_) => unreachable!("it has just been made a map"),
        }
    }

    /// The item as JSON; none if it has a value that the SDK does not know, which the SDK refuses.
    pub fn to_json(&self) -> Option<Arc<str>> {
        match self {
            EncodedItem::Map(item) => json_of(item),
            EncodedItem::Json(json) => Some(Arc::clone(&json.text)),
        }
    }

    /// About how many bytes DynamoDB counts for it.
    pub fn size(&self) -> usize {
        match self {
            EncodedItem::Map(item) => limits::item_size(item),
            EncodedItem::Json(json) => json.size,
        }
    }

    /// How many bytes it takes in a request; about, where it is a map.
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

/// A map as JSON: an item, or the values of expressions. None if it has a value that the SDK does not know.
pub(crate) fn json_of(map: &Item) -> Option<Arc<str>> {
    let mut writer = JsonWriter::of_item();
    for (name, value) in map {
        writer.name(name);
        writer.value(value);
    }
    let is_complete = !writer.is_incomplete();
    writer.finish(|text| is_complete.then(|| Arc::from(text)))
}
