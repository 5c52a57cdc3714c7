//! Batches: any number of requests, in as many of DynamoDB's batches as they take.

pub(crate) mod get;
pub(crate) mod retry;
pub(crate) mod write;

pub use get::{BatchGet, BatchItems, SelectedBatchGet};
pub use write::{BatchRequest, BatchWrite};

use aws_sdk_dynamodb::types::AttributeValue;

use crate::facts::Facts;
use crate::item::Item;

/// How many of DynamoDB's batches are under way at once.
const CONCURRENT_BATCHES: usize = 4;

/// The most bytes of a batch, with room for what surrounds the items in a request of 16 MB.
const MAXIMUM_BATCH_BYTES: usize = 15 * 1024 * 1024;

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

/// Cuts entries into batches of at most `count` entries and as many bytes as a request may have.
fn chunks<T>(entries: Vec<T>, count: usize, size: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    let mut chunks: Vec<Vec<T>> = Vec::new();
    let mut bytes = 0;
    for entry in entries {
        let entry_bytes = size(&entry);
        match chunks.last_mut() {
            Some(chunk) if chunk.len() < count && bytes + entry_bytes <= MAXIMUM_BATCH_BYTES => {
                bytes += entry_bytes;
                chunk.push(entry);
            }
            _ => {
                bytes = entry_bytes;
                chunks.push(vec![entry]);
            }
        }
    }
    chunks
}

/// About how many bytes an item takes in a request's JSON.
fn wire_size(item: &Item) -> usize {
    item.iter().map(|(name, value)| text_size(name) + value_wire_size(value)).sum()
}

fn value_wire_size(value: &AttributeValue) -> usize {
    const AROUND: usize = 12;
    AROUND
        + match value {
            AttributeValue::S(text) | AttributeValue::N(text) => text_size(text),
            AttributeValue::B(bytes) => base64_size(bytes.as_ref()),
            AttributeValue::Ss(members) | AttributeValue::Ns(members) => {
                members.iter().map(|member| 3 + text_size(member)).sum()
            }
            AttributeValue::Bs(members) => {
                members.iter().map(|member| 3 + base64_size(member.as_ref())).sum()
            }
            AttributeValue::L(list) => list.iter().map(value_wire_size).sum(),
            AttributeValue::M(map) => wire_size(map),
            _ => 5,
        }
}

fn text_size(text: &str) -> usize {
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(escaped).sum()
}

fn base64_size(bytes: &[u8]) -> usize {
    bytes.len().div_ceil(3) * 4
}
