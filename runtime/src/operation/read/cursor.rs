//! Cursors: the positions of reads, as text that is safe in URLs.

use std::fmt;
use std::str::FromStr;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use crate::cursor_keys::{CursorKeys, KEY_BYTES};
use crate::error::{Context, Error, Reason};
use crate::item::Item;
use crate::limits::{MAXIMUM_PARTITION_KEY_BYTES, MAXIMUM_SORT_KEY_BYTES};
use crate::operation::read::digest::DIGEST_BYTES;

/// The position where a query or scan continues. It is opaque, versioned, and valid only for the same read with the same
/// conditions.
///
/// It travels as text ([`Display`](fmt::Display), [`FromStr`], serde) of the characters `A-Z a-z 0-9 - _ .`, at most 24 KiB long:
/// a third more than the keys in it. It contains the key of the last item that was read, encoded but not encrypted. A client
/// [with keys](crate::Client::with_cursor_keys) signs its cursors, and accepts no others. Without keys, a cursor has a checksum,
/// which detects damage but not forgery.
#[derive(Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The kind of its seal, the digest of its read, and the position.
    content: Vec<u8>,
    seal: Vec<u8>,
}

/// The version of the text form. Other versions are refused.
const VERSION: &str = "2.";

const MAXIMUM_BYTES: usize = 24 * 1_024;

// A position in a global index with eight key attributes has ten with the table's, each with its kind and length.
const GREATEST_POSITION_BYTES: usize =
    5 * MAXIMUM_PARTITION_KEY_BYTES + 5 * MAXIMUM_SORT_KEY_BYTES + 10 * (1 + size_of::<u16>());

const GREATEST_BYTES: usize = 1 + DIGEST_BYTES + GREATEST_POSITION_BYTES + SIGNATURE_BYTES;

const _: () = assert!(VERSION.len() + GREATEST_BYTES.div_ceil(3) * 4 <= MAXIMUM_BYTES);

const CHECKED: u8 = 0;

const SIGNED: u8 = 1;

const CHECKSUM_BYTES: usize = 8;

const SIGNATURE_BYTES: usize = 32;

const DAMAGED: &str = "it is damaged";

const OF_ANOTHER_READ: &str = "it belongs to another query";

impl Cursor {
    /// A cursor of the read with the digest `binding`.
    pub(crate) fn new(
        keys: &CursorKeys,
        binding: [u8; DIGEST_BYTES],
        names: &[&'static str],
        position: &Item,
    ) -> Self {
        let kind = if keys.keys.is_empty() { CHECKED } else { SIGNED };
        let mut content = vec![kind];
        content.extend(binding);
        for name in names {
            let (kind, bytes) = match position.get(*name) {
                Some(AttributeValue::S(text)) => (b'S', text.as_bytes()),
                Some(AttributeValue::N(digits)) => (b'N', digits.as_bytes()),
                Some(AttributeValue::B(bytes)) => (b'B', bytes.as_ref()),
                _ => (b'-', &[][..]),
            };
            content.push(kind);
            // No key's value is longer than 2,048 bytes.
            content.extend(u16::try_from(bytes.len()).unwrap_or(u16::MAX).to_be_bytes());
            content.extend(bytes);
        }
        let seal = match keys.keys.first() {
            Some(key) => signed(key, &content).finalize().into_bytes().to_vec(),
            None => checksum(&content).to_vec(),
        };
        Cursor { content, seal }
    }

    /// The position in these attributes, if this is an unchanged cursor of that read.
    pub(crate) fn position(
        &self,
        keys: &CursorKeys,
        binding: [u8; DIGEST_BYTES],
        names: &[&'static str],
    ) -> Result<Item, &'static str> {
        let (kind, content) = self.content.split_first().ok_or(DAMAGED)?;
        match (*kind, keys.keys.is_empty()) {
            (SIGNED, true) => return Err("it is signed, and this client has no keys"),
            (SIGNED, false) if !self.is_signed_by_any(keys) => {
                return Err("it was changed, or signed with a key that this client does not have");
            }
            (SIGNED, false) => {}
            (_, false) => return Err("it is not signed"),
            (_, true) if self.seal != checksum(&self.content) => return Err(DAMAGED),
            (_, true) => {}
        }
        let (bound, mut position) = content.split_at_checked(DIGEST_BYTES).ok_or(DAMAGED)?;
        if bound != binding {
            return Err(OF_ANOTHER_READ);
        }
        let mut item = Item::new();
        for name in names {
            let (value, rest) = attribute(position).ok_or(DAMAGED)?;
            item.extend(value.map(|value| ((*name).to_owned(), value)));
            position = rest;
        }
        if position.is_empty() { Ok(item) } else { Err(DAMAGED) }
    }

    fn is_signed_by_any(&self, keys: &CursorKeys) -> bool {
        keys.keys.iter().any(|key| signed(key, &self.content).verify_slice(&self.seal).is_ok())
    }
}

/// The first attribute of a position, and the others.
fn attribute(position: &[u8]) -> Option<(Option<AttributeValue>, &[u8])> {
    let (kind, rest) = position.split_first()?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let (bytes, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    let text = || String::from_utf8(bytes.to_vec()).ok();
    let value = match kind {
        b'S' => Some(AttributeValue::S(text()?)),
        b'N' => Some(AttributeValue::N(text()?)),
        b'B' => Some(AttributeValue::B(Blob::new(bytes))),
        b'-' => None,
        _ => return None,
    };
    Some((value, rest))
}

fn signed(key: &[u8; KEY_BYTES], content: &[u8]) -> Hmac<Sha256> {
    // HMAC pads a key with zeros to a block.
    let mut block = [0; 64];
    block[..KEY_BYTES].copy_from_slice(key);
    let mut signature = Hmac::<Sha256>::new(&block.into());
    signature.update(VERSION.as_bytes());
    signature.update(content);
    signature
}

fn checksum(content: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let mut checksum = [0; CHECKSUM_BYTES];
    checksum.copy_from_slice(&Sha256::digest(content)[..CHECKSUM_BYTES]);
    checksum
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.content.as_slice(), &self.seal].concat();
        write!(f, "{VERSION}{}", URL_SAFE_NO_PAD.encode(bytes))
    }
}

impl fmt::Debug for Cursor {
    // Does not show the key that it contains.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cursor").field("bytes", &self.content.len()).finish_non_exhaustive()
    }
}

impl FromStr for Cursor {
    type Err = Error;

    /// # Errors
    /// The text is no cursor, or damaged ([`Error::is_invalid_cursor`]). Using the cursor finds out whether it was changed, and
    /// whether it belongs to the read.
    fn from_str(text: &str) -> Result<Self, Error> {
        parse(text).map_err(|why| Error::new(Reason::InvalidCursor(why), Context::default()))
    }
}

fn parse(text: &str) -> Result<Cursor, &'static str> {
    if text.len() > MAXIMUM_BYTES {
        return Err("it is longer than 24 KiB");
    }
    let encoded = text.strip_prefix(VERSION).ok_or("it is of another version, or none")?;
    let mut content = URL_SAFE_NO_PAD.decode(encoded).map_err(|_| DAMAGED)?;
    let seal_bytes = match content.first() {
        Some(&CHECKED) => CHECKSUM_BYTES,
        Some(&SIGNED) => SIGNATURE_BYTES,
        _ => return Err(DAMAGED),
    };
    let split = content.len().checked_sub(seal_bytes).filter(|split| *split > DIGEST_BYTES).ok_or(DAMAGED)?;
    let seal = content.split_off(split);
    if content.first() == Some(&CHECKED) && seal != checksum(&content) {
        return Err(DAMAGED);
    }
    Ok(Cursor { content, seal })
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
