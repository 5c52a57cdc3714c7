//! Values whose structure is not declared: JSON, and types of the user's that implement serde's traits.

use std::fmt::Debug;
use std::marker::PhantomData;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value as Json};

use super::{Decimal, Kind, Measured};
use crate::{DecodeError, EncodeError, Value};

/// JSON is stored natively: objects as `M`, arrays as `L`, text as `S`, numbers as `N`.
impl Kind for Json {
    type Value = Json;
    type Present = Self;

    /// # Errors
    /// The value is a set or bytes, or a number that JSON's integers and floats cannot hold exactly.
    fn decode(value: Value<'_>) -> Result<Json, DecodeError> {
        Ok(match value {
            Value::Null => Json::Null,
            Value::Bool(value) => Json::Bool(value),
            Value::Text(text) => Json::String(text.into_owned()),
            Value::Number(digits) => Json::Number(number(&digits)?),
            Value::List(list) => {
                let mut elements = Vec::with_capacity(list.size_hint());
                list.each(&mut |element| {
                    elements.push(Json::decode(element)?);
                    Ok(())
                })?;
                Json::Array(elements)
            }
            Value::Map(fields) => {
                let mut object = Map::new();
                fields.each(&mut |name, value| {
                    object.insert(name.to_owned(), Json::decode(value)?);
                    Ok(())
                })?;
                Json::Object(object)
            }
            other => return Err(DecodeError::expected("JSON (S, N, BOOL, NULL, L or M)", &other)),
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

fn number(digits: &str) -> Result<Number, DecodeError> {
    if let Ok(number) = digits.parse::<i64>() {
        return Ok(number.into());
    }
    if let Ok(number) = digits.parse::<u64>() {
        return Ok(number.into());
    }
    let exact: Option<Decimal> = digits.parse().ok();
    let float: Option<f64> = digits.parse().ok();
    float
        .filter(|float| exact.is_some() && format!("{float:e}").parse().ok() == exact)
        .and_then(Number::from_f64)
        .ok_or_else(|| DecodeError::new(format!("{digits} is a number that JSON would not keep exactly")))
}

fn number_value(number: &Number) -> Result<AttributeValue, EncodeError> {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(number), ..) => i64::encode(&number),
        (_, Some(number), _) => u64::encode(&number),
        (_, _, Some(number)) => f64::encode(&number),
        _ => Err(EncodeError::new(format!("{number} is not a number that DynamoDB can hold"))),
    }
}

/// A type that implements serde's traits, stored as what serde makes of it.
#[derive(Debug)]
pub struct Serde<T>(PhantomData<fn() -> T>);

impl<T: Serialize + DeserializeOwned + Send + 'static> Kind for Serde<T> {
    type Value = T;
    type Present = Self;

    fn decode(value: Value<'_>) -> Result<T, DecodeError> {
        serde_dynamo::from_attribute_value(attribute_value(value)?)
            .map_err(|error| DecodeError::new(error.to_string()))
    }

    fn encode(value: &T) -> Result<AttributeValue, EncodeError> {
        let value =
            serde_dynamo::to_attribute_value(value).map_err(|error| EncodeError::new(error.to_string()))?;
        check_numbers(&value)?;
        Ok(value)
    }
}

impl<T: Serialize + DeserializeOwned + Send + 'static> Measured for Serde<T> {}

/// Refuses the numbers that serde's types can hold and DynamoDB cannot, such as NaN.
fn check_numbers(value: &AttributeValue) -> Result<(), EncodeError> {
    let check = |digits: &String| {
        digits.parse::<Decimal>().map(|_| ()).map_err(|error| EncodeError::new(format!("{digits}: {error}")))
    };
    match value {
        AttributeValue::N(digits) => check(digits),
        AttributeValue::Ns(members) => members.iter().try_for_each(check),
        AttributeValue::L(list) => list
            .iter()
            .enumerate()
            .try_for_each(|(index, value)| check_numbers(value).map_err(|error| error.at(index))),
        AttributeValue::M(map) => {
            map.iter().try_for_each(|(name, value)| check_numbers(value).map_err(|error| error.within(name)))
        }
        _ => Ok(()),
    }
}

/// The value as the SDK would hold it.
fn attribute_value(value: Value<'_>) -> Result<AttributeValue, DecodeError> {
    Ok(match value {
        Value::Text(text) => AttributeValue::S(text.into_owned()),
        Value::Number(digits) => AttributeValue::N(digits.into_owned()),
        Value::Bytes(bytes) => AttributeValue::B(Blob::new(bytes.into_owned())),
        Value::Bool(value) => AttributeValue::Bool(value),
        Value::Null => AttributeValue::Null(true),
        Value::TextSet(members) => AttributeValue::Ss(members.into_owned()),
        Value::NumberSet(members) => AttributeValue::Ns(members.into_owned()),
        Value::BytesSet(members) => {
            AttributeValue::Bs(members.into_iter().map(|bytes| Blob::new(bytes.into_owned())).collect())
        }
        Value::List(list) => {
            let mut elements = Vec::with_capacity(list.size_hint());
            list.each(&mut |element| {
                elements.push(attribute_value(element)?);
                Ok(())
            })?;
            AttributeValue::L(elements)
        }
        Value::Map(fields) => {
            let mut entries = crate::Item::with_capacity(fields.size_hint());
            fields.each(&mut |name, value| {
                entries.insert(name.to_owned(), attribute_value(value)?);
                Ok(())
            })?;
            AttributeValue::M(entries)
        }
        Value::Unknown => return Err(DecodeError::new("the value has a type that this SDK does not know")),
    })
}
