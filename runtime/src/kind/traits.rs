//! Kinds, and what expressions can do with them.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::{DecodeError, Value};
use crate::encode::{EncodeError, JsonWriter};
use crate::kind::comparison::same_values;
use crate::validation::{Check, ElementRule};

/// A type together with its stored form.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a kind of DynamoDB attribute",
    note = "declare it in models.toml: as a `[type]`, an `[enum]`, or a field of type `rust:{Self}`"
)]
pub trait Kind: Sized + 'static {
    /// The Rust type.
    type Value: Send + 'static;

    /// The kind that expressions compare with: the one within an `Option`, or this kind.
    type Present: Kind<Present = Self::Present>;

    /// Whether `NULL` is read like a missing attribute.
    #[doc(hidden)]
    const NULL_IS_MISSING: bool = false;

    /// Reads a stored value.
    ///
    /// # Errors
    /// The value has another type, or is out of the type's range.
    fn decode(value: Value<'_>) -> Result<Self::Value, DecodeError>;

    /// Reads a stored value that is a key. [`decode`](Self::decode) may read several texts as one value, such as the notations of
    /// an instant. This function accepts only the text that [`encode`](Self::encode) writes.
    ///
    /// A kind that accepts nothing else anyway, or can check without writing the value, overrides this.
    ///
    /// # Errors
    /// As [`decode`](Self::decode); or the stored form is not the one that is written.
    fn decode_key(value: Value<'_>) -> Result<Self::Value, DecodeError> {
        let stored = value.into_attribute_value()?;
        let read = Self::decode(Value::from(&stored))?;
        match Self::encode(&read) {
            Ok(written) if same_values(&written, &stored) => Ok(read),
            written => Err(differs(&stored, written)),
        }
    }

    /// The stored form.
    ///
    /// # Errors
    /// DynamoDB cannot hold the value.
    fn encode(value: &Self::Value) -> Result<AttributeValue, EncodeError>;

    /// The stored form, made without copying if possible.
    ///
    /// # Errors
    /// DynamoDB cannot hold the value.
    #[inline]
    fn encode_owned(value: Self::Value) -> Result<AttributeValue, EncodeError> {
        Self::encode(&value)
    }

    /// Writes the stored form as JSON, without the detour over [`encode`](Self::encode) if that pays.
    ///
    /// # Errors
    /// DynamoDB cannot hold the value. Nothing more may be written then.
    fn write(value: &Self::Value, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        writer.value(&Self::encode(value)?);
        Ok(())
    }

    /// Whether the value is stored as no attribute at all: `None`, or an empty set.
    #[inline]
    fn is_absent(_: &Self::Value) -> bool {
        false
    }

    /// The value of a missing attribute, if the attribute may be missing.
    #[inline]
    fn absent() -> Option<Self::Value> {
        None
    }

    /// Checks the declared rules of the values within this one.
    #[inline]
    fn check(_: &Self::Value, _: &mut Check) {}

    /// Checks every element of a list or set, and every entry of a map, by one rule.
    #[inline]
    fn check_elements(_: &Self::Value, _: &mut Check, _: ElementRule) {}
}

impl<K: Kind<Present = K>> Kind for Option<K> {
    type Value = Option<K::Value>;
    type Present = K;

    #[inline]
    fn decode(value: Value<'_>) -> Result<Self::Value, DecodeError> {
        if value.is_null() { Ok(None) } else { K::decode(value).map(Some) }
    }

    #[inline]
    fn decode_key(value: Value<'_>) -> Result<Self::Value, DecodeError> {
        if value.is_null() { Ok(None) } else { K::decode_key(value).map(Some) }
    }

    #[inline]
    fn encode(value: &Self::Value) -> Result<AttributeValue, EncodeError> {
        match value {
            Some(value) => K::encode(value),
            None => Ok(AttributeValue::Null(true)),
        }
    }

    #[inline]
    fn encode_owned(value: Self::Value) -> Result<AttributeValue, EncodeError> {
        match value {
            Some(value) => K::encode_owned(value),
            None => Ok(AttributeValue::Null(true)),
        }
    }

    #[inline]
    fn write(value: &Self::Value, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        match value {
            Some(value) => K::write(value, writer),
            None => {
                writer.null();
                Ok(())
            }
        }
    }

    #[inline]
    fn is_absent(value: &Self::Value) -> bool {
        value.as_ref().is_none_or(K::is_absent)
    }

    #[inline]
    fn absent() -> Option<Self::Value> {
        Some(None)
    }

    #[inline]
    fn check(value: &Self::Value, check: &mut Check) {
        if let Some(value) = value {
            K::check(value, check);
        }
    }

    #[inline]
    fn check_elements(value: &Self::Value, check: &mut Check, rule: ElementRule) {
        if let Some(value) = value {
            K::check_elements(value, check, rule);
        }
    }
}

/// A kind whose stored form has an order: `<`, `<=`, `>`, `>=` and `BETWEEN`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no order in DynamoDB",
    label = "lt, le, gt, ge and between need text, a number, a time or bytes"
)]
pub trait Ordered: Kind {}

/// A kind whose beginning can be compared: `begins_with`.
#[diagnostic::on_unimplemented(message = "`begins_with` needs text or bytes, not `{Self}`")]
pub trait Prefixed: Kind {}

/// A kind that `contains` a value of `Element`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` contains nothing that DynamoDB can look for",
    label = "contains needs text, a set or a list"
)]
pub trait Containing: Kind {
    /// The kind of the contained values.
    type Element: Kind;
}

/// A kind that the `ADD` action changes: a number, or a set.
#[diagnostic::on_unimplemented(
    message = "`add` needs a number or a set, and this attribute is `{Self}`",
    note = "use `.set(attribute, value)` to replace the value"
)]
pub trait Addable: Kind {
    /// The kind of the added value.
    type Delta: Kind;

    /// The bounds within which an addition must stay for its result to be readable, as digits.
    const BOUNDS: Option<(&'static str, &'static str)> = None;
}

/// A kind that has a `size()`: text (in UTF-16 code units), bytes, sets, lists and maps.
#[diagnostic::on_unimplemented(message = "`{Self}` has no `size()` in DynamoDB")]
pub trait Measured: Kind {}

/// A kind whose attribute may be missing, and so can be removed by an update: an optional value, or a set.
#[diagnostic::on_unimplemented(
    message = "a required attribute cannot be removed: `{Self}`",
    note = "only optional attributes, sets, and elements of lists and maps can be"
)]
pub trait Removable: Kind {}

#[diagnostic::do_not_recommend]
impl<K: Kind<Present = K>> Removable for Option<K> {}

/// The error of a key whose stored form is not the one that is written for its value.
#[cold]
fn differs(stored: &AttributeValue, written: Result<AttributeValue, EncodeError>) -> DecodeError {
    match (stored, written) {
        (AttributeValue::S(stored), Ok(AttributeValue::S(written))) => DecodeError::differs(stored, &written),
        (_, Ok(_)) => DecodeError::new("stored in another form than the one in which this value is written"),
        (_, Err(error)) => DecodeError::new(format!("stored in a form that cannot be written: {error}")),
    }
}
