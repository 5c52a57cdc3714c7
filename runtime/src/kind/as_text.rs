//! Values that are stored as text, although their type has another form.

use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value as Json;

use crate::decode::{DecodeError, Value};
use crate::encode::EncodeError;
use crate::kind::decimal::Decimal;
use crate::kind::json_text;
use crate::kind::traits::{Kind, Measured};

/// A number, a truth or JSON, stored as `S`.
///
/// It has no order, because as text `10` comes before `9`.
#[derive(Debug)]
pub struct AsText<K>(PhantomData<fn() -> K>);

/// A kind whose values also have a text form.
pub trait Textual: Kind {
    /// The text of a value.
    ///
    /// # Errors
    /// As [`encode`](Kind::encode).
    fn to_text(value: &Self::Value) -> Result<String, EncodeError>;

    /// Reads a text, in any notation of the type.
    ///
    /// # Errors
    /// As [`decode`](Kind::decode).
    fn of_text(text: &str) -> Result<Self::Value, DecodeError>;
}

impl<K: Textual> Kind for AsText<K> {
    type Value = K::Value;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<K::Value, DecodeError> {
        K::of_text(&value.into_text()?)
    }

    fn decode_key(value: Value<'_>) -> Result<K::Value, DecodeError> {
        let text = value.into_text()?;
        let value = K::of_text(&text)?;
        match K::to_text(&value) {
            Ok(written) if written == *text => Ok(value),
            Ok(written) => Err(DecodeError::differs(&text, &written)),
            Err(error) => Err(DecodeError::new(error.to_string())),
        }
    }

    fn encode(value: &K::Value) -> Result<AttributeValue, EncodeError> {
        K::to_text(value).map(AttributeValue::S)
    }
}

impl<K: Textual> Measured for AsText<K> {}

macro_rules! numbers {
    ($($type:ty),*) => { $(
        impl Textual for $type {
            fn to_text(value: &$type) -> Result<String, EncodeError> {
                match <$type>::encode(value)? {
                    AttributeValue::N(digits) => Ok(digits),
                    _ => Err(EncodeError::new("is no number")),
                }
            }

            fn of_text(text: &str) -> Result<$type, DecodeError> {
                <$type>::decode(Value::of_digits(text))
            }
        }
    )* };
}

numbers!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128, f32, f64, Decimal);

/// `true` or `false`.
impl Textual for bool {
    fn to_text(value: &bool) -> Result<String, EncodeError> {
        Ok(value.to_string())
    }

    fn of_text(text: &str) -> Result<bool, DecodeError> {
        text.parse().map_err(|_| DecodeError::new(format!("{text:?} is neither \"true\" nor \"false\"")))
    }
}

/// A document. Its text is read in any layout and written without spaces.
impl Textual for Json {
    fn to_text(value: &Json) -> Result<String, EncodeError> {
        Ok(value.to_string())
    }

    fn of_text(text: &str) -> Result<Json, DecodeError> {
        json_text::parse(text)
    }
}
