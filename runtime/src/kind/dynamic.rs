//! Values whose structure is not declared: JSON, and types of the user's that implement serde's traits.

use std::fmt::Debug;
use std::marker::PhantomData;

use aws_sdk_dynamodb::types::AttributeValue;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value as Json};

use crate::decode::{DecodeError, Value};
use crate::encode::EncodeError;
use crate::kind::decimal::Decimal;
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
        let value = value.into_attribute_value()?;
        if !is_known(&value) {
            return Err(DecodeError::new("the value has a type that this SDK does not know"));
        }
        serde_dynamo::from_attribute_value(value).map_err(|error| DecodeError::new(error.to_string()))
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

/// Whether the SDK knows the types of all that a value holds.
fn is_known(value: &AttributeValue) -> bool {
    match value {
        AttributeValue::L(list) => list.iter().all(is_known),
        AttributeValue::M(map) => map.values().all(is_known),
        value => !value.is_unknown(),
    }
}
