//! Further forms in which other programs store values: identifiers in upper case or as bytes, bytes as text, booleans as numbers.

use std::marker::PhantomData;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_types::base64;
use uuid::Uuid;

use crate::decode::{DecodeError, Value};
use crate::encode::EncodeError;
use crate::kind::traits::{Kind, Measured, Ordered};

/// An identifier whose letters are stored in upper case. Only [`Uuid`] has this form.
#[derive(Debug)]
pub struct UpperCase<K>(PhantomData<fn() -> K>);

impl UpperCase<Uuid> {
    /// The text of an identifier, in `buffer`.
    pub(crate) fn text<'b>(value: &Uuid, buffer: &'b mut [u8]) -> &'b str {
        value.as_hyphenated().encode_upper(buffer)
    }
}

impl Kind for UpperCase<Uuid> {
    type Value = Uuid;
    type Present = Self;

    /// Reads a UUID in any of its notations.
    fn decode(value: Value<'_>) -> Result<Uuid, DecodeError> {
        Uuid::decode(value)
    }

    fn decode_key(value: Value<'_>) -> Result<Uuid, DecodeError> {
        let text = value.into_text()?;
        let uuid = Uuid::decode(Value::of_text(&text))?;
        let mut buffer = Uuid::encode_buffer();
        let written = Self::text(&uuid, &mut buffer);
        if *written == *text { Ok(uuid) } else { Err(DecodeError::differs(&text, written)) }
    }

    fn encode(value: &Uuid) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::S(Self::text(value, &mut Uuid::encode_buffer()).to_owned()))
    }
}

impl Ordered for UpperCase<Uuid> {}

/// An identifier that is stored as its bytes, `B`, in the order of its text. Only [`Uuid`] has this form.
#[derive(Debug)]
pub struct AsBytes<K>(PhantomData<fn() -> K>);

impl Kind for AsBytes<Uuid> {
    type Value = Uuid;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<Uuid, DecodeError> {
        let bytes = value.into_bytes()?;
        Uuid::from_slice(&bytes)
            .map_err(|_| DecodeError::new(format!("{} bytes are not the 16 of a UUID", bytes.len())))
    }

    fn decode_key(value: Value<'_>) -> Result<Uuid, DecodeError> {
        Self::decode(value)
    }

    fn encode(value: &Uuid) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::B(Blob::new(value.as_bytes())))
    }
}

impl Ordered for AsBytes<Uuid> {}

/// Bytes stored as `S`: base64 with padding, in the alphabet of RFC 4648. Its values are `Vec<u8>`.
#[derive(Debug)]
pub enum Base64 {}

impl Kind for Base64 {
    type Value = Vec<u8>;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<Vec<u8>, DecodeError> {
        let text = value.into_text()?;
        base64::decode(&*text).map_err(|_| DecodeError::new("is not base64 with padding"))
    }

    fn encode(value: &Vec<u8>) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::S(base64::encode(value)))
    }
}

impl Measured for Base64 {}

/// A boolean that is stored as `N`, 0 or 1.
#[derive(Debug)]
pub struct AsNumber<K>(PhantomData<fn() -> K>);

impl Kind for AsNumber<bool> {
    type Value = bool;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<bool, DecodeError> {
        let digits = value.into_digits()?;
        match u8::decode(Value::of_digits(&digits)) {
            Ok(0) => Ok(false),
            Ok(1) => Ok(true),
            _ => Err(DecodeError::new(format!("{digits} is neither 0 nor 1"))),
        }
    }

    // DynamoDB treats all notations of a number as equal.
    fn decode_key(value: Value<'_>) -> Result<bool, DecodeError> {
        Self::decode(value)
    }

    fn encode(value: &bool) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::N(u8::from(*value).to_string()))
    }
}

impl Ordered for AsNumber<bool> {}
