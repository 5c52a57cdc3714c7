//! Text, booleans, bytes, identifiers.

use std::borrow::Cow;
use std::str::FromStr;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use ulid::Ulid;
use uuid::Uuid;

use crate::decode::{DecodeError, Value};
use crate::encode::{EncodeError, JsonWriter};
use crate::kind::traits::{Containing, Kind, Measured, Ordered, Prefixed};

impl Kind for String {
    type Value = String;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<String, DecodeError> {
        value.into_text().map(Cow::into_owned)
    }

    #[inline(always)]
    fn decode_key(value: Value<'_>) -> Result<String, DecodeError> {
        Self::decode(value)
    }

    #[inline]
    fn encode(value: &String) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::S(value.clone()))
    }

    #[inline]
    fn encode_owned(value: String) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::S(value))
    }

    #[inline]
    fn write(value: &String, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        writer.text(value);
        Ok(())
    }
}

impl Ordered for String {}
impl Prefixed for String {}
impl Measured for String {}
impl Containing for String {
    type Element = String;
}

impl Kind for bool {
    type Value = bool;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<bool, DecodeError> {
        value.into_bool()
    }

    #[inline]
    fn encode(value: &bool) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::Bool(*value))
    }

    #[inline]
    fn write(value: &bool, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        writer.truth(*value);
        Ok(())
    }
}

/// Bytes stored as `B`. Its values are `Vec<u8>`.
#[derive(Debug)]
pub enum Bytes {}

impl Kind for Bytes {
    type Value = Vec<u8>;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<Vec<u8>, DecodeError> {
        value.into_bytes()
    }

    #[inline]
    fn decode_key(value: Value<'_>) -> Result<Vec<u8>, DecodeError> {
        Self::decode(value)
    }

    #[inline]
    fn encode(value: &Vec<u8>) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::B(Blob::new(value.clone())))
    }

    #[inline]
    fn encode_owned(value: Vec<u8>) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::B(Blob::new(value)))
    }

    #[inline]
    fn write(value: &Vec<u8>, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        writer.bytes(value);
        Ok(())
    }
}

impl Ordered for Bytes {}
impl Prefixed for Bytes {}
impl Measured for Bytes {}

impl Kind for Uuid {
    type Value = Uuid;
    type Present = Self;

    /// Reads a UUID in any of its notations.
    fn decode(value: Value<'_>) -> Result<Uuid, DecodeError> {
        parsed(value, "a UUID")
    }

    fn decode_key(value: Value<'_>) -> Result<Uuid, DecodeError> {
        let text = value.into_text()?;
        let uuid = parse(&text, "a UUID")?;
        // Only the notation with hyphens has 36 characters, and its letters may have either case.
        let is_written = text.len() == 36 && !text.bytes().any(|byte| byte.is_ascii_uppercase());
        if is_written { Ok(uuid) } else { Err(DecodeError::differs(&text, &uuid.to_string())) }
    }

    fn encode(value: &Uuid) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::S(value.to_string()))
    }
}

impl Ordered for Uuid {}

impl Kind for Ulid {
    type Value = Ulid;
    type Present = Self;

    /// Reads a ULID with letters of either case, and with letters that stand for digits.
    fn decode(value: Value<'_>) -> Result<Ulid, DecodeError> {
        ulid(&value.into_text()?)
    }

    fn decode_key(value: Value<'_>) -> Result<Ulid, DecodeError> {
        let text = value.into_text()?;
        let ulid = ulid(&text)?;
        let mut buffer = [0; ulid::ULID_LEN];
        let is_written = *ulid.array_to_str(&mut buffer) == *text;
        if is_written { Ok(ulid) } else { Err(DecodeError::differs(&text, &ulid.to_string())) }
    }

    fn encode(value: &Ulid) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::S(value.to_string()))
    }
}

impl Ordered for Ulid {}

/// Parses a text as a ULID. The parser itself would drop bits of the first character beyond the 128th.
fn ulid(text: &str) -> Result<Ulid, DecodeError> {
    match text.as_bytes().first() {
        Some(b'8'..) => Err(is_not(text, "a ULID")),
        _ => parse(text, "a ULID"),
    }
}

/// An `S`, parsed as a `T`.
pub(super) fn parsed<T: FromStr>(value: Value<'_>, what: &str) -> Result<T, DecodeError> {
    parse(&value.into_text()?, what)
}

/// Parses a text as a `T`.
pub(super) fn parse<T: FromStr>(text: &str, what: &str) -> Result<T, DecodeError> {
    text.parse().map_err(|_| is_not(text, what))
}

#[cold]
fn is_not(text: &str, what: &str) -> DecodeError {
    DecodeError::new(format!("{text:?} is not {what}"))
}
