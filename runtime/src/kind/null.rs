//! `NULL` instead of a value.

use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::{DecodeError, Value};
use crate::encode::{EncodeError, JsonWriter};
use crate::kind::traits::{Addable, Containing, Kind, Measured, Ordered, Prefixed, Removable};
use crate::validation::{Check, ElementRule};

/// A `K` whose `NULL` is read like a missing attribute, as the declared default. It is written like a `K`.
#[derive(Debug)]
pub struct NullIsMissing<K>(PhantomData<fn() -> K>);

/// A `K` whose `NULL` is read as the empty value of its type. It is written like a `K`.
///
/// Programs in Go, Java and for .NET write `NULL` for empty text and lists.
#[derive(Debug)]
pub struct NullIsEmpty<K>(PhantomData<fn() -> K>);

macro_rules! as_within {
    () => {
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
    };
}

impl<K: Kind> Kind for NullIsMissing<K> {
    type Value = K::Value;
    type Present = K::Present;
    const NULL_IS_MISSING: bool = true;

    fn decode(value: Value<'_>) -> Result<K::Value, DecodeError> {
        K::decode(value)
    }

    as_within!();
}

impl<K: Kind<Value: Default>> Kind for NullIsEmpty<K> {
    type Value = K::Value;
    type Present = K::Present;

    fn decode(value: Value<'_>) -> Result<K::Value, DecodeError> {
        if value.is_null() { Ok(K::Value::default()) } else { K::decode(value) }
    }

    as_within!();
}

/// What an attribute can do in an expression does not depend on how `NULL` is read.
macro_rules! able {
    ($($kind:ident),*) => { $(
        #[diagnostic::do_not_recommend]
        impl<K: Kind> Ordered for $kind<K> where Self: Kind, K: Ordered {}
        #[diagnostic::do_not_recommend]
        impl<K: Kind> Prefixed for $kind<K> where Self: Kind, K: Prefixed {}
        #[diagnostic::do_not_recommend]
        impl<K: Kind> Measured for $kind<K> where Self: Kind, K: Measured {}
        #[diagnostic::do_not_recommend]
        impl<K: Kind> Removable for $kind<K> where Self: Kind, K: Removable {}
        #[diagnostic::do_not_recommend]
        impl<K: Kind> Containing for $kind<K> where Self: Kind, K: Containing {
            type Element = K::Element;
        }
        #[diagnostic::do_not_recommend]
        impl<K: Kind> Addable for $kind<K> where Self: Kind, K: Addable {
            type Delta = K::Delta;
            const BOUNDS: Option<(&'static str, &'static str)> = K::BOUNDS;
        }
    )* };
}

able!(NullIsEmpty, NullIsMissing);
