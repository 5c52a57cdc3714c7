//! Reading: a source of named values, and what can go wrong with one of them.
//!
//! Generated decoders see [`Fields`] and [`Value`] only, never where they come from. Owned attribute maps give
//! their strings away, borrowed ones are copied from.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::Kind;

/// An item, or a map within one, as the SDK holds it.
pub type Item = HashMap<String, AttributeValue>;

/// The named values of an item or of a nested map.
#[derive(Debug)]
pub struct Fields<'a>(FieldSource<'a>);

#[derive(Debug)]
enum FieldSource<'a> {
    Owned(Item),
    Borrowed(&'a Item),
}

impl<'a> Fields<'a> {
    /// Calls `visit` once for every named value, in no particular order.
    ///
    /// # Errors
    /// The first error of `visit`, with the name that it happened at put before its path.
    pub fn each(
        self,
        visit: &mut dyn FnMut(&str, Value<'a>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        match self.0 {
            FieldSource::Owned(item) => {
                for (name, value) in item {
                    owned(value, |value| visit(&name, value)).map_err(|error| error.within(&name))?;
                }
            }
            FieldSource::Borrowed(item) => {
                for (name, value) in item {
                    visit(name, Value::from(value)).map_err(|error| error.within(name))?;
                }
            }
        }
        Ok(())
    }

    /// The text of that name, looked at ahead of the others.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        let value = match &self.0 {
            FieldSource::Owned(item) => item.get(name),
            FieldSource::Borrowed(item) => item.get(name),
        };
        value.and_then(|value| value.as_s().ok()).map(String::as_str)
    }

    /// How many values there are, where that is known before reading them.
    pub fn size_hint(&self) -> usize {
        match &self.0 {
            FieldSource::Owned(item) => item.len(),
            FieldSource::Borrowed(item) => item.len(),
        }
    }
}

impl From<Item> for Fields<'_> {
    fn from(item: Item) -> Self {
        Fields(FieldSource::Owned(item))
    }
}

impl<'a> From<&'a Item> for Fields<'a> {
    fn from(item: &'a Item) -> Self {
        Fields(FieldSource::Borrowed(item))
    }
}

/// One attribute value.
#[derive(Debug)]
pub enum Value<'a> {
    /// `S`
    Text(Cow<'a, str>),
    /// `N`, as its digits
    Number(Cow<'a, str>),
    /// `B`
    Bytes(Cow<'a, [u8]>),
    /// `BOOL`
    Bool(bool),
    /// `NULL`
    Null,
    /// `SS`
    TextSet(Cow<'a, [String]>),
    /// `NS`
    NumberSet(Cow<'a, [String]>),
    /// `BS`
    BytesSet(Vec<Cow<'a, [u8]>>),
    /// `L`
    List(List<'a>),
    /// `M`
    Map(Fields<'a>),
    /// A type that this version of the SDK does not know.
    Unknown,
}

impl<'a> Value<'a> {
    /// Reads the value as a `K` into `slot`.
    ///
    /// # Errors
    /// The value is not a `K`.
    #[inline]
    pub fn read<K: Kind>(self, slot: &mut Option<K::Value>) -> Result<(), DecodeError> {
        *slot = Some(K::decode(self)?);
        Ok(())
    }

    /// Passes over a value that nothing wants.
    ///
    /// # Errors
    /// None yet: a source that is read as it comes may find here that the value is broken.
    #[inline]
    pub fn skip(self) -> Result<(), DecodeError> {
        Ok(())
    }

    /// DynamoDB's name of the value's type: `S`, `N`, `M` and so on.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Text(_) => "S",
            Value::Number(_) => "N",
            Value::Bytes(_) => "B",
            Value::Bool(_) => "BOOL",
            Value::Null => "NULL",
            Value::TextSet(_) => "SS",
            Value::NumberSet(_) => "NS",
            Value::BytesSet(_) => "BS",
            Value::List(_) => "L",
            Value::Map(_) => "M",
            Value::Unknown => "unknown",
        }
    }

    /// The named values of a map.
    ///
    /// # Errors
    /// The value is not a map.
    pub fn into_fields(self) -> Result<Fields<'a>, DecodeError> {
        match self {
            Value::Map(fields) => Ok(fields),
            other => Err(DecodeError::expected("M", &other)),
        }
    }
}

impl From<AttributeValue> for Value<'_> {
    #[inline]
    fn from(value: AttributeValue) -> Self {
        owned(value, |value| value)
    }
}

/// Hands `value` on from each arm, instead of returning it: merging the arms costs a copy that stalls the reads after it,
/// which doubles the time to decode an item.
#[inline(always)]
fn owned<'a, T>(value: AttributeValue, then: impl FnOnce(Value<'a>) -> T) -> T {
    match value {
        AttributeValue::S(text) => then(Value::Text(Cow::Owned(text))),
        AttributeValue::N(digits) => then(Value::Number(Cow::Owned(digits))),
        AttributeValue::B(bytes) => then(Value::Bytes(Cow::Owned(bytes.into_inner()))),
        AttributeValue::Bool(value) => then(Value::Bool(value)),
        AttributeValue::Null(_) => then(Value::Null),
        AttributeValue::Ss(set) => then(Value::TextSet(Cow::Owned(set))),
        AttributeValue::Ns(set) => then(Value::NumberSet(Cow::Owned(set))),
        AttributeValue::Bs(set) => {
            then(Value::BytesSet(set.into_iter().map(|bytes| Cow::Owned(bytes.into_inner())).collect()))
        }
        AttributeValue::L(list) => then(Value::List(List(ListSource::Owned(list)))),
        AttributeValue::M(map) => then(Value::Map(Fields::from(map))),
        _ => then(Value::Unknown),
    }
}

impl<'a> From<&'a AttributeValue> for Value<'a> {
    fn from(value: &'a AttributeValue) -> Self {
        match value {
            AttributeValue::S(text) => Value::Text(Cow::Borrowed(text)),
            AttributeValue::N(digits) => Value::Number(Cow::Borrowed(digits)),
            AttributeValue::B(bytes) => Value::Bytes(Cow::Borrowed(bytes.as_ref())),
            AttributeValue::Bool(value) => Value::Bool(*value),
            AttributeValue::Null(_) => Value::Null,
            AttributeValue::Ss(set) => Value::TextSet(Cow::Borrowed(set)),
            AttributeValue::Ns(set) => Value::NumberSet(Cow::Borrowed(set)),
            AttributeValue::Bs(set) => {
                Value::BytesSet(set.iter().map(|bytes| Cow::Borrowed(bytes.as_ref())).collect())
            }
            AttributeValue::L(list) => Value::List(List(ListSource::Borrowed(list))),
            AttributeValue::M(map) => Value::Map(Fields::from(map)),
            _ => Value::Unknown,
        }
    }
}

/// The elements of a list.
#[derive(Debug)]
pub struct List<'a>(ListSource<'a>);

#[derive(Debug)]
enum ListSource<'a> {
    Owned(Vec<AttributeValue>),
    Borrowed(&'a [AttributeValue]),
}

impl<'a> List<'a> {
    /// Calls `visit` for every element, in their order.
    ///
    /// # Errors
    /// The first error of `visit`, with the index that it happened at put before its path.
    pub fn each(
        self,
        visit: &mut dyn FnMut(Value<'a>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        match self.0 {
            ListSource::Owned(list) => {
                for (index, element) in list.into_iter().enumerate() {
                    owned(element, &mut *visit).map_err(|error| error.at(index))?;
                }
            }
            ListSource::Borrowed(list) => {
                for (index, element) in list.iter().enumerate() {
                    visit(Value::from(element)).map_err(|error| error.at(index))?;
                }
            }
        }
        Ok(())
    }

    /// How many elements there are, where that is known before reading them.
    pub fn size_hint(&self) -> usize {
        match &self.0 {
            ListSource::Owned(list) => list.len(),
            ListSource::Borrowed(list) => list.len(),
        }
    }
}

/// Why a stored value is not what the declarations say, and where it stands in its item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError(Box<DecodeProblem>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct DecodeProblem {
    path: String,
    message: String,
}

impl DecodeError {
    /// A problem with the value at hand.
    #[cold]
    pub fn new(message: impl Into<String>) -> Self {
        DecodeError(Box::new(DecodeProblem { path: String::new(), message: message.into() }))
    }

    /// A value of another type than the declared one.
    #[cold]
    pub fn expected(expected: &str, found: &Value<'_>) -> Self {
        Self::new(format!("expected {expected}, found {}", found.type_name()))
    }

    /// A required attribute that the item does not have.
    #[cold]
    pub fn missing(attribute: &str) -> Self {
        Self::new("the attribute is missing").within(attribute)
    }

    /// The same problem, seen from the map that holds the value under `name`.
    #[cold]
    #[must_use]
    pub fn within(mut self, name: &str) -> Self {
        let separator = if self.0.path.is_empty() || self.0.path.starts_with('[') { "" } else { "." };
        self.0.path = format!("{name}{separator}{}", self.0.path);
        self
    }

    /// The same problem, seen from the list that holds the value at `index`.
    #[cold]
    #[must_use]
    pub fn at(self, index: usize) -> Self {
        self.within(&format!("[{index}]"))
    }

    /// The path of the attribute, such as `lines[2].price`; empty for the item as a whole.
    pub fn path(&self) -> &str {
        &self.0.path
    }

    /// What is wrong with it.
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.path.is_empty() {
            f.write_str(&self.0.message)
        } else {
            write!(f, "attribute `{}`: {}", self.0.path, self.0.message)
        }
    }
}

impl std::error::Error for DecodeError {}
