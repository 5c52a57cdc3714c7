//! How many bytes items take in a request.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::item::Item;

/// The approximate size of an item in a request's JSON, in bytes.
pub(crate) fn wire_size(item: &Item) -> usize {
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
