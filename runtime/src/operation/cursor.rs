//! Cursors: where a read goes on, as text that is safe in a URL.

use std::fmt;
use std::str::FromStr;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::decode::Item;
use crate::error::{Context, Error, ErrorKind};

/// Where a query or scan goes on: opaque, versioned, and good for the same query only.
///
/// It travels as text ([`Display`](fmt::Display), [`FromStr`], serde) of the characters `A-Z a-z 0-9 - _ .`. It contains the
/// key of the last item that was read, encoded but not encrypted.
#[derive(Clone, Debug, PartialEq)]
pub struct Cursor {
    binding: Binding,
    key: Item,
}

/// What a cursor belongs to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Binding {
    #[serde(rename = "m")]
    pub model: String,
    #[serde(rename = "i", skip_serializing_if = "Option::is_none", default)]
    pub index: Option<String>,
    #[serde(rename = "s")]
    pub scan: bool,
    #[serde(rename = "d")]
    pub descending: bool,
}

/// The form in which cursors travel. Another version is refused.
const VERSION: &str = "1.";
const MAXIMUM_BYTES: usize = 8_192;

#[derive(Serialize, Deserialize)]
struct Payload {
    #[serde(flatten)]
    binding: Binding,
    #[serde(rename = "k")]
    key: Vec<(String, KeyValue)>,
}

#[derive(Serialize, Deserialize)]
enum KeyValue {
    S(String),
    N(String),
    B(String),
}

impl Cursor {
    pub(super) fn new(binding: Binding, key: Item) -> Self {
        Cursor { binding, key }
    }

    /// The key to start behind, if this is a cursor of that read.
    pub(super) fn key_for(&self, binding: &Binding) -> Result<Item, &'static str> {
        if self.binding == *binding { Ok(self.key.clone()) } else { Err("it belongs to another query") }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key: Vec<_> = self
            .key
            .iter()
            .filter_map(|(name, value)| {
                let value = match value {
                    AttributeValue::S(text) => KeyValue::S(text.clone()),
                    AttributeValue::N(digits) => KeyValue::N(digits.clone()),
                    AttributeValue::B(bytes) => KeyValue::B(URL_SAFE_NO_PAD.encode(bytes.as_ref())),
                    _ => return None,
                };
                Some((name.clone(), value))
            })
            .collect();
        key.sort_by(|(left, _), (right, _)| left.cmp(right));
        let payload = Payload { binding: self.binding.clone(), key };
        let json = serde_json::to_vec(&payload).map_err(|_| fmt::Error)?;
        write!(f, "{VERSION}{}", URL_SAFE_NO_PAD.encode(json))
    }
}

impl FromStr for Cursor {
    type Err = Error;

    /// # Errors
    /// The text is no cursor ([`Error::is_invalid_cursor`]).
    fn from_str(text: &str) -> Result<Self, Error> {
        parse(text).map_err(|why| Error::new(ErrorKind::InvalidCursor(why), Context::default()))
    }
}

fn parse(text: &str) -> Result<Cursor, &'static str> {
    if text.len() > MAXIMUM_BYTES {
        return Err("it is longer than 8 KiB");
    }
    let encoded = text.strip_prefix(VERSION).ok_or("it is of another version, or none")?;
    let json = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| "it is damaged")?;
    let payload: Payload = serde_json::from_slice(&json).map_err(|_| "it is damaged")?;
    let entries = payload.key.into_iter().map(|(name, value)| {
        let value = match value {
            KeyValue::S(text) => AttributeValue::S(text),
            KeyValue::N(digits) => AttributeValue::N(digits),
            KeyValue::B(encoded) => {
                AttributeValue::B(Blob::new(URL_SAFE_NO_PAD.decode(encoded).map_err(|_| "it is damaged")?))
            }
        };
        Ok((name, value))
    });
    Ok(Cursor { binding: payload.binding, key: entries.collect::<Result<_, &'static str>>()? })
}

impl Serialize for Cursor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Cursor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}
