//! Values that stay out of messages and logs.

use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::{DecodeError, Value};
use crate::encode::{EncodeError, JsonWriter};
use crate::kind::traits::{Addable, Containing, Kind, Measured, Ordered, Prefixed};
use crate::validation::{Check, ElementRule};

/// The kind `K` of a field that is declared `sensitive`. It is stored as usual. Errors describe what is wrong with a value
/// without showing it.
#[derive(Debug)]
pub struct Sensitive<K>(PhantomData<fn() -> K>);

impl<K: Kind<Present = K>> Kind for Sensitive<K> {
    type Value = K::Value;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<K::Value, DecodeError> {
        K::decode(value).map_err(|_| DecodeError::new("the sensitive value is not of the declared type"))
    }

    fn decode_key(value: Value<'_>) -> Result<K::Value, DecodeError> {
        K::decode_key(value).map_err(|_| {
            DecodeError::new(
                "the sensitive value is not of the declared type, or not in the one form that writes use",
            )
        })
    }

    fn encode(value: &K::Value) -> Result<AttributeValue, EncodeError> {
        K::encode(value).map_err(unfit)
    }

    fn encode_owned(value: K::Value) -> Result<AttributeValue, EncodeError> {
        K::encode_owned(value).map_err(unfit)
    }

    fn write(value: &K::Value, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        K::write(value, writer).map_err(unfit)
    }

    fn is_absent(value: &K::Value) -> bool {
        K::is_absent(value)
    }

    fn absent() -> Option<K::Value> {
        K::absent()
    }

    fn check(value: &K::Value, check: &mut Check) {
        check.sensitive(|check| K::check(value, check));
    }

    fn check_elements(value: &K::Value, check: &mut Check, rule: ElementRule) {
        check.sensitive(|check| K::check_elements(value, check, rule));
    }
}

#[cold]
fn unfit(_: EncodeError) -> EncodeError {
    EncodeError::new("DynamoDB cannot hold the sensitive value")
}

impl<K: Kind<Present = K> + Ordered> Ordered for Sensitive<K> {}
impl<K: Kind<Present = K> + Prefixed> Prefixed for Sensitive<K> {}
impl<K: Kind<Present = K> + Measured> Measured for Sensitive<K> {}

impl<K: Kind<Present = K> + Containing> Containing for Sensitive<K> {
    type Element = K::Element;
}

impl<K: Kind<Present = K> + Addable> Addable for Sensitive<K> {
    type Delta = K::Delta;
    const BOUNDS: Option<(&'static str, &'static str)> = K::BOUNDS;
}
