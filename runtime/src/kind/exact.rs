//! Attributes that are compared as they are stored.

use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::{DecodeError, Value};
use crate::encode::{EncodeError, JsonWriter};
use crate::kind::lenient::is_lenient;
use crate::kind::traits::Kind;
use crate::validation::{Check, ElementRule};

/// A `K` of which only the form is read that writes use: of an attribute that is a key, or is compared like one.
///
/// A `Timestamp` is read from any notation of RFC 3339. A get, a query or a deletion by that value looks for one notation, and
/// would miss the item that has another. So an `Exact<Timestamp>` refuses the others.
#[derive(Debug)]
pub struct Exact<K>(PhantomData<fn() -> K>);

impl<K: Kind> Kind for Exact<K> {
    type Value = K::Value;
    type Present = K::Present;

    fn decode(value: Value<'_>) -> Result<K::Value, DecodeError> {
        if is_lenient() { K::decode(value) } else { K::decode_key(value) }
    }

    fn decode_key(value: Value<'_>) -> Result<K::Value, DecodeError> {
        K::decode_key(value)
    }

    fn encode(value: &K::Value) -> Result<AttributeValue, EncodeError> {
        K::encode(value)
    }

    fn encode_owned(value: K::Value) -> Result<AttributeValue, EncodeError> {
        K::encode_owned(value)
    }

    fn write(value: &K::Value, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        K::write(value, writer)
    }

    fn is_absent(value: &K::Value) -> bool {
        K::is_absent(value)
    }

    fn absent() -> Option<K::Value> {
        K::absent()
    }

    fn check(value: &K::Value, check: &mut Check) {
        K::check(value, check);
    }

    fn check_elements(value: &K::Value, check: &mut Check, rule: ElementRule) {
        K::check_elements(value, check, rule);
    }
}
