//! Lists, maps and sets.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::marker::PhantomData;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::{DecodeError, Value};
use crate::encode::{EncodeError, JsonWriter};
use crate::kind::as_text::{AsText, Textual};
use crate::kind::coded::{Codec, Coded};
use crate::kind::decimal::Decimal;
use crate::kind::other_form::{AsBytes, UpperCase};
use crate::kind::rfc3339::{Rfc3339, UtcOffset};
use crate::kind::scalar::Bytes;
use crate::kind::time::{EpochMicroseconds, EpochMilliseconds, EpochSeconds, Instant, Truncated};
use crate::kind::traits::{Addable, Containing, Kind, Measured, Removable};
use crate::validation::{Check, ElementRule};
use crate::{Date, Timestamp, Ulid, Uuid};

/// A list of `K`, stored as `L`. Its values are `Vec`s; an empty one is stored.
#[derive(Debug)]
pub struct List<K>(PhantomData<fn() -> K>);

impl<K: Kind> Kind for List<K> {
    type Value = Vec<K::Value>;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<Self::Value, DecodeError> {
        value.into_list()?.decode(K::decode)
    }

    fn encode(value: &Self::Value) -> Result<AttributeValue, EncodeError> {
        let mut elements = Vec::with_capacity(value.len());
        for (index, element) in value.iter().enumerate() {
            elements.push(K::encode(element).map_err(|error| error.at(index))?);
        }
        Ok(AttributeValue::L(elements))
    }

    fn encode_owned(value: Self::Value) -> Result<AttributeValue, EncodeError> {
        let mut elements = Vec::with_capacity(value.len());
        for (index, element) in value.into_iter().enumerate() {
            elements.push(K::encode_owned(element).map_err(|error| error.at(index))?);
        }
        Ok(AttributeValue::L(elements))
    }

    fn write(value: &Self::Value, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        writer.begin_list();
        for (index, element) in value.iter().enumerate() {
            writer.element();
            K::write(element, writer).map_err(|error| error.at(index))?;
        }
        writer.end_list();
        Ok(())
    }

    fn check(value: &Self::Value, check: &mut Check) {
        for (index, element) in value.iter().enumerate() {
            check.element(index, |check| K::check(element, check));
        }
    }

    fn check_elements(value: &Self::Value, check: &mut Check, rule: ElementRule) {
        for (index, element) in value.iter().enumerate() {
            check.element(index, |check| rule(element, check));
        }
    }
}

impl<K: Kind> Measured for List<K> {}
impl<K: Kind> Containing for List<K> {
    type Element = K::Present;
}

/// A map from text to `K`, stored as `M`. Its values are ordered by name; an empty one is stored.
#[derive(Debug)]
pub struct Map<K>(PhantomData<fn() -> K>);

impl<K: Kind> Kind for Map<K> {
    type Value = BTreeMap<String, K::Value>;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<Self::Value, DecodeError> {
        let mut entries = BTreeMap::new();
        value.into_fields()?.each(|name, value| {
            entries.insert(name.to_owned(), K::decode(value)?);
            Ok(())
        })?;
        Ok(entries)
    }

    fn encode(value: &Self::Value) -> Result<AttributeValue, EncodeError> {
        let entries = value.iter().map(|(name, value)| match K::encode(value) {
            Ok(value) => Ok((name.clone(), value)),
            Err(error) => Err(error.within(name)),
        });
        entries.collect::<Result<_, _>>().map(AttributeValue::M)
    }

    fn encode_owned(value: Self::Value) -> Result<AttributeValue, EncodeError> {
        let entries = value.into_iter().map(|(name, value)| match K::encode_owned(value) {
            Ok(value) => Ok((name, value)),
            Err(error) => Err(error.within(&name)),
        });
        entries.collect::<Result<_, _>>().map(AttributeValue::M)
    }

    fn write(value: &Self::Value, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        writer.begin_map();
        for (name, value) in value {
            writer.entry(name);
            K::write(value, writer).map_err(|error| error.within(name))?;
        }
        writer.end_map();
        Ok(())
    }

    fn check(value: &Self::Value, check: &mut Check) {
        for (name, value) in value {
            check.entry(name, |check| K::check(value, check));
        }
    }

    fn check_elements(value: &Self::Value, check: &mut Check, rule: ElementRule) {
        for (name, value) in value {
            check.entry(name, |check| rule(value, check));
        }
    }
}

impl<K: Kind> Measured for Map<K> {}

/// A set of `K`, stored as `SS`, `NS` or `BS`.
///
/// DynamoDB has no empty sets: an empty one is stored as no attribute, and read back as empty.
#[derive(Debug)]
pub struct Set<K>(PhantomData<fn() -> K>);

/// A kind that a set can hold: one that is stored as text, a number or bytes.
///
/// DynamoDB compares stored members, so each member is read only in its one form.
#[diagnostic::on_unimplemented(message = "a DynamoDB set holds text, numbers or bytes, not `{Self}`")]
pub trait SetMember: Kind<Value: Ord> {
    #[doc(hidden)]
    fn decode_set(value: Value<'_>) -> Result<BTreeSet<Self::Value>, DecodeError> {
        match value.type_name() {
            "NS" => {
                let members = value.into_number_set()?;
                members.iter().map(|digits| Self::decode_key(Value::of_digits(digits))).collect()
            }
            "BS" => {
                let members = value.into_bytes_set()?.into_iter().map(AttributeValue::B);
                members.map(|bytes| Self::decode_key(Value::from(bytes))).collect()
            }
            _ => {
                let members = value.into_text_set()?;
                members.iter().map(|text| Self::decode_key(Value::of_text(text))).collect()
            }
        }
    }

    #[doc(hidden)]
    fn encode_set(members: &BTreeSet<Self::Value>) -> Result<AttributeValue, EncodeError> {
        let (mut texts, mut numbers, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
        for member in members {
            match Self::encode(member)? {
                AttributeValue::S(text) => texts.push(text),
                AttributeValue::N(digits) => numbers.push(digits),
                AttributeValue::B(member) => bytes.push(member),
                _ => return Err(EncodeError::new("is neither text nor a number nor bytes")),
            }
        }
        Ok(match (texts.is_empty(), numbers.is_empty()) {
            (false, _) => AttributeValue::Ss(texts),
            (_, false) => AttributeValue::Ns(numbers),
            _ => AttributeValue::Bs(bytes),
        })
    }

    #[doc(hidden)]
    fn encode_owned_set(members: BTreeSet<Self::Value>) -> Result<AttributeValue, EncodeError> {
        Self::encode_set(&members)
    }

    #[doc(hidden)]
    fn write_set(members: &BTreeSet<Self::Value>, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        writer.value(&Self::encode_set(members)?);
        Ok(())
    }
}

impl<K: SetMember> Kind for Set<K> {
    type Value = BTreeSet<K::Value>;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<Self::Value, DecodeError> {
        K::decode_set(value)
    }

    fn encode(value: &Self::Value) -> Result<AttributeValue, EncodeError> {
        if value.is_empty() { Err(empty_set()) } else { K::encode_set(value) }
    }

    fn encode_owned(value: Self::Value) -> Result<AttributeValue, EncodeError> {
        if value.is_empty() { Err(empty_set()) } else { K::encode_owned_set(value) }
    }

    fn write(value: &Self::Value, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        if value.is_empty() { Err(empty_set()) } else { K::write_set(value, writer) }
    }

    fn is_absent(value: &Self::Value) -> bool {
        value.is_empty()
    }

    fn absent() -> Option<Self::Value> {
        Some(BTreeSet::new())
    }

    fn check_elements(value: &Self::Value, check: &mut Check, rule: ElementRule) {
        for (index, member) in value.iter().enumerate() {
            check.element(index, |check| rule(member, check));
        }
    }
}

impl<K: SetMember> Measured for Set<K> {}
impl<K: SetMember> Containing for Set<K> {
    type Element = K;
}
impl<K: SetMember> Addable for Set<K> {
    type Delta = Self;
}

impl SetMember for String {
    fn decode_set(value: Value<'_>) -> Result<BTreeSet<String>, DecodeError> {
        Ok(value.into_text_set()?.into_iter().collect())
    }

    fn encode_set(members: &BTreeSet<String>) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::Ss(members.iter().cloned().collect()))
    }

    fn encode_owned_set(members: BTreeSet<String>) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::Ss(members.into_iter().collect()))
    }

    fn write_set(members: &BTreeSet<String>, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        writer.text_set(members.iter().map(String::as_str));
        Ok(())
    }
}

impl SetMember for Bytes {
    fn decode_set(value: Value<'_>) -> Result<BTreeSet<Vec<u8>>, DecodeError> {
        Ok(value.into_bytes_set()?.into_iter().map(Blob::into_inner).collect())
    }

    fn encode_set(members: &BTreeSet<Vec<u8>>) -> Result<AttributeValue, EncodeError> {
        Self::encode_owned_set(members.clone())
    }

    fn encode_owned_set(members: BTreeSet<Vec<u8>>) -> Result<AttributeValue, EncodeError> {
        Ok(AttributeValue::Bs(members.into_iter().map(Blob::new).collect()))
    }

    fn write_set(members: &BTreeSet<Vec<u8>>, writer: &mut JsonWriter) -> Result<(), EncodeError> {
        writer.bytes_set(members.iter().map(Vec::as_slice));
        Ok(())
    }
}

macro_rules! numbers {
    ($($type:ty),*) => { $(
        impl SetMember for $type {
            fn decode_set(value: Value<'_>) -> Result<BTreeSet<$type>, DecodeError> {
                let members = value.into_number_set()?;
                members.iter().map(|digits| <$type>::decode(Value::of_digits(digits))).collect()
            }

            fn encode_set(members: &BTreeSet<$type>) -> Result<AttributeValue, EncodeError> {
                members.iter().map(digits_of::<$type>).collect::<Result<_, _>>().map(AttributeValue::Ns)
            }
        }
    )* };
}

numbers!(u8, u16, u32, u64, u128, i8, i16, i32, i64, i128, Decimal);

impl SetMember for Uuid {}
impl SetMember for UpperCase<Uuid> {}
impl SetMember for AsBytes<Uuid> {}
impl SetMember for Ulid {}
impl SetMember for Date {}
impl SetMember for Timestamp {}
impl<const DIGITS: usize, O: UtcOffset> SetMember for Rfc3339<DIGITS, O> {}
impl SetMember for EpochSeconds {}
impl SetMember for EpochMilliseconds {}
impl SetMember for EpochMicroseconds {}
impl<K: Instant> SetMember for Truncated<K> {}
impl<K: Textual<Value: Ord>> SetMember for AsText<K> {}
impl<T: Codec + Ord, K: Kind<Value = <T::Stored as Kind>::Value>> SetMember for Coded<T, K> {}

fn digits_of<K: Kind>(member: &K::Value) -> Result<String, EncodeError> {
    match K::encode(member)? {
        AttributeValue::N(digits) => Ok(digits),
        _ => Err(EncodeError::new("not a number")),
    }
}

#[cold]
fn empty_set() -> EncodeError {
    EncodeError::new("DynamoDB has no empty sets; at the top of an item, a missing attribute stands for one")
}

#[diagnostic::do_not_recommend]
impl<K: SetMember> Removable for Set<K> {}
