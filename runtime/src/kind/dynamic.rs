//! Values whose structure is not declared: JSON, and the user's types that implement serde's traits.

use std::cmp::Ordering;
use std::fmt::Debug;
use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value as Json};

use crate::decode::{DecodeError, Value};
use crate::encode::EncodeError;
use crate::kind::comparison::compare_numbers;
use crate::kind::decimal::{Decimal, JSON_DIGITS};
use crate::kind::number::whole_digits;
use crate::kind::traits::{Kind, Measured};

/// JSON is stored natively: objects as `M`, arrays as `L`, text as `S`, numbers as `N`.
impl Kind for Json {
    type Value = Json;
    type Present = Self;

    /// # Errors
    /// The value is a set or bytes, or a number that JSON's integers and floats cannot hold exactly.
    fn decode(value: Value<'_>) -> Result<Json, DecodeError> {
        Ok(match value.type_name() {
            "NULL" => Json::Null,
            "BOOL" => Json::Bool(value.into_bool()?),
            "S" => Json::String(value.into_text()?.into_owned()),
            "N" => Json::Number(number(&value.into_digits()?)?),
            "L" => {
                let list = value.into_list()?;
                let mut elements = Vec::with_capacity(list.size_hint());
                list.each(|element| {
                    elements.push(Json::decode(element)?);
                    Ok(())
                })?;
                Json::Array(elements)
            }
            "M" => {
                let mut object = Map::new();
                value.into_fields()?.each(|name, value| {
                    object.insert(name.to_owned(), Json::decode(value)?);
                    Ok(())
                })?;
                Json::Object(object)
            }
            _ => return Err(DecodeError::expected("JSON (S, N, BOOL, NULL, L or M)", &value)),
        })
    }

    fn encode(value: &Json) -> Result<AttributeValue, EncodeError> {
        Ok(match value {
            Json::Null => AttributeValue::Null(true),
            Json::Bool(value) => AttributeValue::Bool(*value),
            Json::String(text) => AttributeValue::S(text.clone()),
            Json::Number(number) => number_value(number)?,
            Json::Array(elements) => {
                let mut list = Vec::with_capacity(elements.len());
                for (index, element) in elements.iter().enumerate() {
                    list.push(Json::encode(element).map_err(|error| error.at(index))?);
                }
                AttributeValue::L(list)
            }
            Json::Object(object) => {
                let entries = object.iter().map(|(name, value)| match Json::encode(value) {
                    Ok(value) => Ok((name.clone(), value)),
                    Err(error) => Err(error.within(name)),
                });
                AttributeValue::M(entries.collect::<Result<_, _>>()?)
            }
        })
    }
}

impl Measured for Json {}

/// The number with these digits, if JSON's numbers hold it exactly. They hold integers of 64 bits and floats, and any number if
/// another crate of the build turns on `serde_json`'s feature `arbitrary_precision`.
fn number(digits: &str) -> Result<Number, DecodeError> {
    let integer = |digits: &str| {
        let signed = digits.parse::<i64>().ok().map(Number::from);
        signed.or_else(|| digits.parse::<u64>().ok().map(Number::from))
    };
    if let Some(number) = integer(digits) {
        return Ok(number);
    }
    let exact: Option<Decimal> = digits.parse().ok();
    let is_exact = |text: &str| exact.is_some() && text.parse().ok() == exact;
    let float = || digits.parse().ok().filter(|float: &f64| is_exact(&format!("{float:e}")));
    let any_precision = || {
        let number: Number = serde_json::from_str(&exact.as_ref()?.to_string()).ok()?;
        is_exact(&number.to_string()).then_some(number)
    };
    whole_digits(digits)
        .and_then(|digits| integer(&digits))
        .or_else(|| float().and_then(Number::from_f64))
        .or_else(any_precision)
        .ok_or_else(|| DecodeError::new(format!("{digits} is a number that JSON would not keep exactly")))
}

fn number_value(number: &Number) -> Result<AttributeValue, EncodeError> {
    if let Some(number) = number.as_i64() {
        return i64::encode(&number);
    }
    if let Some(number) = number.as_u64() {
        return u64::encode(&number);
    }
    // A number of any precision may become a float only if the float is the same number.
    if let Some(float) = number.as_f64().filter(|float| Number::from_f64(*float).as_ref() == Some(number)) {
        return f64::encode(&float);
    }
    match number.to_string().parse::<Decimal>() {
        Ok(number) => Decimal::encode(&number),
        Err(error) => Err(EncodeError::new(format!("{number}: {error}"))),
    }
}

/// A type that implements serde's traits, stored in the form that serde gives it.
#[derive(Debug)]
pub struct Serde<T>(PhantomData<fn() -> T>);

impl<T: Serialize + DeserializeOwned + Send + 'static> Kind for Serde<T> {
    type Value = T;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<T, DecodeError> {
        let value = value.into_attribute_value()?;
        if !is_known(&value) {
            return Err(DecodeError::new("the value has a type that this SDK does not know"));
        }
        if !holds_long_number(&value) {
            return from_serde(value);
        }
        // A type may hold such a number as a float, which rounds it.
        let read = from_serde(value.clone())?;
        let written = Self::encode(&read).map_err(|error| DecodeError::new(error.to_string()))?;
        match rounded(&value, &written) {
            None => Ok(read),
            Some(error) => Err(error),
        }
    }

    fn encode(value: &T) -> Result<AttributeValue, EncodeError> {
        let mut value =
            serde_dynamo::to_attribute_value(value).map_err(|error| EncodeError::new(error.to_string()))?;
        settle_numbers(&mut value)?;
        Ok(value)
    }
}

fn from_serde<T: DeserializeOwned>(value: AttributeValue) -> Result<T, DecodeError> {
    serde_dynamo::from_attribute_value(value).map_err(|error| DecodeError::new(error.to_string()))
}

impl<T: Serialize + DeserializeOwned + Send + 'static> Measured for Serde<T> {}

/// Refuses numbers that types can hold and DynamoDB cannot, such as NaN. Numbers that `serde_json` passes as maps of their digits
/// become numbers.
fn settle_numbers(value: &mut AttributeValue) -> Result<(), EncodeError> {
    let check = |digits: &String| {
        digits.parse::<Decimal>().map(|_| ()).map_err(|error| EncodeError::new(format!("{digits}: {error}")))
    };
    match value {
        AttributeValue::N(digits) => check(digits),
        AttributeValue::Ns(members) => members.iter().try_for_each(check),
        AttributeValue::L(list) => list
            .iter_mut()
            .enumerate()
            .try_for_each(|(index, value)| settle_numbers(value).map_err(|error| error.at(index))),
        AttributeValue::M(map) => {
            if let (1, Some(AttributeValue::S(digits))) = (map.len(), map.get(JSON_DIGITS)) {
                let number = digits.parse::<Decimal>();
                let number = number.map_err(|error| EncodeError::new(format!("{digits}: {error}")))?;
                *value = Decimal::encode(&number)?;
                return Ok(());
            }
            map.iter_mut()
                .try_for_each(|(name, value)| settle_numbers(value).map_err(|error| error.within(name)))
        }
        _ => Ok(()),
    }
}

/// Whether a value holds a number that neither an integer of 64 bits nor a float keeps exactly.
fn holds_long_number(value: &AttributeValue) -> bool {
    match value {
        AttributeValue::N(digits) => is_long(digits),
        AttributeValue::Ns(members) => members.iter().any(|digits| is_long(digits)),
        AttributeValue::L(list) => list.iter().any(holds_long_number),
        AttributeValue::M(map) => map.values().any(holds_long_number),
        _ => false,
    }
}

fn is_long(digits: &str) -> bool {
    // Every number of 15 digits has a float of its own.
    if digits.len() <= 15 || digits.parse::<i64>().is_ok() || digits.parse::<u64>().is_ok() {
        return false;
    }
    let float = digits.parse().map(|float: f64| format!("{float:e}"));
    !float.is_ok_and(|float| compare_numbers(&float, digits).is_some_and(Ordering::is_eq))
}

/// The error of the first long number that would be written back as another number. A number that the type ignores was not
/// rounded.
fn rounded(stored: &AttributeValue, written: &AttributeValue) -> Option<DecodeError> {
    match (stored, written) {
        (AttributeValue::N(stored), AttributeValue::N(written) | AttributeValue::S(written)) => {
            let is_another = is_long(stored) && compare_numbers(stored, written).is_some_and(Ordering::is_ne);
            is_another.then(|| {
                DecodeError::new(format!("{stored} is a number that its type would write back as {written}"))
            })
        }
        (AttributeValue::Ns(stored), AttributeValue::Ns(written)) => {
            let is_kept = |stored: &String| {
                written.iter().any(|written| compare_numbers(stored, written).is_some_and(Ordering::is_eq))
            };
            let lost = stored.iter().find(|stored| is_long(stored) && !is_kept(stored))?;
            Some(DecodeError::new(format!("{lost} is a number that its type would not write back")))
        }
        (AttributeValue::L(stored), AttributeValue::L(written)) => {
            let mut pairs = stored.iter().zip(written).enumerate();
            pairs.find_map(|(index, (stored, written))| Some(rounded(stored, written)?.at(index)))
        }
        (AttributeValue::M(stored), AttributeValue::M(written)) => {
            stored.iter().find_map(|(name, stored)| Some(rounded(stored, written.get(name)?)?.within(name)))
        }
        _ => None,
    }
}

/// Whether the SDK knows the types of everything in a value.
fn is_known(value: &AttributeValue) -> bool {
    match value {
        AttributeValue::L(list) => list.iter().all(is_known),
        AttributeValue::M(map) => map.values().all(is_known),
        value => !value.is_unknown(),
    }
}
