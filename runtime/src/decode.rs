//! Reading: a source of named values, and what can go wrong with one of them.
//!
//! Generated decoders see [`Fields`] and [`Value`] only, never where they come from. An item gives its strings away.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

use crate::Kind;

/// An item, or a map within one, as the SDK holds it.
pub type Item = HashMap<String, AttributeValue>;

/// An attribute of an item. Among a few, its name is found sooner than hashed.
#[inline]
pub(crate) fn attribute_of<'a>(item: &'a Item, name: &str) -> Option<&'a AttributeValue> {
    if item.len() > 16 {
        return item.get(name);
    }
    item.iter().find(|(found, _)| *found == name).map(|(_, value)| value)
}

/// The named values of an item or of a nested map.
#[derive(Debug)]
pub struct Fields(Item);

impl Fields {
    /// Calls `visit` once for every named value, in no particular order.
    ///
    /// # Errors
    /// The first error of `visit`, with the name that it happened at put before its path.
    // Compiled into each decoder: one loop for all of them would hand every value on in memory, by a call.
    #[inline]
    pub fn each(
        self,
        mut visit: impl FnMut(&str, Value<'_>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        for (name, value) in self.0 {
            visit(&name, Value::from(value)).map_err(|error| error.within(&name))?;
        }
        Ok(())
    }

    /// A `T` to which `visit` adds one named value after the other, in no particular order.
    ///
    /// # Errors
    /// As [`each`](Self::each).
    // The compiler checks a visitor that captures nothing faster than one that captures every field of a struct.
    #[inline]
    pub fn read_as<T: Default>(
        self,
        mut visit: impl FnMut(&mut T, &str, Value<'_>) -> Result<(), DecodeError>,
    ) -> Result<T, DecodeError> {
        let mut read = T::default();
        self.each(|name, value| visit(&mut read, name, value))?;
        Ok(read)
    }

    /// The text of that name, looked at ahead of the others.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(|value| value.as_s().ok()).map(String::as_str)
    }
}

impl From<Item> for Fields {
    #[inline]
    fn from(item: Item) -> Self {
        Fields(item)
    }
}

/// One attribute value.
///
/// What type it has is looked at when it is read: a field's type is known, and to tell all of them apart first costs more
/// than to read one.
#[derive(Debug)]
pub struct Value<'a>(ValueSource<'a>);

#[derive(Debug)]
enum ValueSource<'a> {
    Whole(AttributeValue),
    /// A part of a text, such as a key.
    Text(&'a str),
    Digits(&'a str),
}

impl<'a> Value<'a> {
    /// Text that stands for itself.
    pub fn of_text(text: &'a str) -> Self {
        Value(ValueSource::Text(text))
    }

    /// The digits of a number.
    pub fn of_digits(digits: &'a str) -> Self {
        Value(ValueSource::Digits(digits))
    }

    /// Reads the value as a `K` into `slot`.
    ///
    /// # Errors
    /// The value is not a `K`.
    #[inline]
    pub fn read<K: Kind>(self, slot: &mut Option<K::Value>) -> Result<(), DecodeError> {
        *slot = Some(K::decode(self)?);
        Ok(())
    }

    /// As [`read`](Self::read), of an attribute that is a key or is compared like one, and so has one form for each value.
    ///
    /// # Errors
    /// The value is not a `K`, or is stored in another form than the one that writes use.
    #[inline]
    pub fn read_key<K: Kind>(self, slot: &mut Option<K::Value>) -> Result<(), DecodeError> {
        *slot = Some(K::decode_key(self)?);
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

    /// The text of an `S`.
    ///
    /// # Errors
    /// It is no `S`.
    // Where it is not inlined, and it is too long to be by itself, the value is copied for it.
    #[inline(always)]
    pub fn into_text(self) -> Result<Cow<'a, str>, DecodeError> {
        match self.0 {
            ValueSource::Whole(AttributeValue::S(text)) => Ok(Cow::Owned(text)),
            ValueSource::Text(text) => Ok(Cow::Borrowed(text)),
            other => Err(DecodeError::expected("S", &Value(other))),
        }
    }

    /// The text of an `S`, left where it is.
    ///
    /// # Errors
    /// It is no `S`.
    pub fn as_text(&self) -> Result<&str, DecodeError> {
        match &self.0 {
            ValueSource::Whole(AttributeValue::S(text)) => Ok(text),
            ValueSource::Text(text) => Ok(text),
            _ => Err(DecodeError::expected("S", self)),
        }
    }

    /// The digits of an `N`.
    ///
    /// # Errors
    /// It is no `N`.
    #[inline]
    pub fn into_digits(self) -> Result<Cow<'a, str>, DecodeError> {
        match self.0 {
            ValueSource::Whole(AttributeValue::N(digits)) => Ok(Cow::Owned(digits)),
            ValueSource::Digits(digits) => Ok(Cow::Borrowed(digits)),
            other => Err(DecodeError::expected("N", &Value(other))),
        }
    }

    /// Whether it is `NULL`.
    #[inline]
    pub fn is_null(&self) -> bool {
        matches!(self.0, ValueSource::Whole(AttributeValue::Null(_)))
    }

    /// The value as the SDK holds it, whatever its type is.
    pub fn into_attribute_value(self) -> AttributeValue {
        match self.0 {
            ValueSource::Whole(value) => value,
            ValueSource::Text(text) => AttributeValue::S(text.to_owned()),
            ValueSource::Digits(digits) => AttributeValue::N(digits.to_owned()),
        }
    }

    /// DynamoDB's name of the value's type: `S`, `N`, `M` and so on.
    pub fn type_name(&self) -> &'static str {
        let value = match &self.0 {
            ValueSource::Whole(value) => value,
            ValueSource::Text(_) => return "S",
            ValueSource::Digits(_) => return "N",
        };
        match value {
            AttributeValue::S(_) => "S",
            AttributeValue::N(_) => "N",
            AttributeValue::B(_) => "B",
            AttributeValue::Bool(_) => "BOOL",
            AttributeValue::Null(_) => "NULL",
            AttributeValue::Ss(_) => "SS",
            AttributeValue::Ns(_) => "NS",
            AttributeValue::Bs(_) => "BS",
            AttributeValue::L(_) => "L",
            AttributeValue::M(_) => "M",
            _ => "unknown",
        }
    }
}

/// Takes the content out of a value of one type.
macro_rules! contents {
    ($($what:literal, $name:ident: $type:literal, $variant:ident($value:ident) => $content:expr, $result:ty;)*) => {
        impl Value<'_> { $(
            #[doc = $what]
            ///
            /// # Errors
            #[doc = concat!("It is no `", $type, "`.")]
            #[inline]
            pub fn $name(self) -> Result<$result, DecodeError> {
                match self.0 {
                    ValueSource::Whole(AttributeValue::$variant($value)) => Ok($content),
                    other => Err(DecodeError::expected($type, &Value(other))),
                }
            }
        )* }
    };
}

contents! {
    "The truth of a `BOOL`.", into_bool: "BOOL", Bool(value) => value, bool;
    "The bytes of a `B`.", into_bytes: "B", B(bytes) => bytes.into_inner(), Vec<u8>;
    "The members of an `SS`.", into_text_set: "SS", Ss(members) => members, Vec<String>;
    "The members of an `NS`, as their digits.", into_number_set: "NS", Ns(members) => members, Vec<String>;
    "The members of a `BS`.", into_bytes_set: "BS", Bs(members) => members, Vec<Blob>;
    "The elements of an `L`.", into_list: "L", L(list) => List(list), List;
    "The named values of an `M`.", into_fields: "M", M(map) => Fields::from(map), Fields;
}

impl From<AttributeValue> for Value<'_> {
    #[inline]
    fn from(value: AttributeValue) -> Self {
        Value(ValueSource::Whole(value))
    }
}

impl From<&AttributeValue> for Value<'_> {
    fn from(value: &AttributeValue) -> Self {
        Value::from(value.clone())
    }
}

/// The elements of a list.
#[derive(Debug)]
pub struct List(Vec<AttributeValue>);

impl List {
    /// Calls `visit` for every element, in their order.
    ///
    /// # Errors
    /// The first error of `visit`, with the index that it happened at put before its path.
    #[inline]
    pub fn each(
        self,
        mut visit: impl FnMut(Value<'_>) -> Result<(), DecodeError>,
    ) -> Result<(), DecodeError> {
        for (index, element) in self.0.into_iter().enumerate() {
            visit(Value::from(element)).map_err(|error| error.at(index))?;
        }
        Ok(())
    }

    /// What `decode` makes of the elements, in their order.
    ///
    /// # Errors
    /// The first error of `decode`, with the index that it happened at put before its path.
    #[inline]
    pub fn decode<T>(
        self,
        mut decode: impl FnMut(Value<'_>) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let (element, decoded) = (size_of::<AttributeValue>(), size_of::<T>());
        // In the memory of the list, if that is not much more than it takes.
        if (element / 2..=element).contains(&decoded) {
            let elements = self.0.into_iter().enumerate();
            return elements
                .map(|(index, element)| decode(Value::from(element)).map_err(|error| error.at(index)))
                .collect();
        }
        let mut elements = Vec::with_capacity(self.0.len());
        self.each(|element| {
            elements.push(decode(element)?);
            Ok(())
        })?;
        Ok(elements)
    }

    /// How many elements there are, where that is known before reading them.
    pub fn size_hint(&self) -> usize {
        self.0.len()
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

    /// A key that is stored otherwise than the value that it stands for is written.
    #[cold]
    pub fn differs(stored: &str, expected: &str) -> Self {
        Self::new(format!(
            "stored as {stored:?}; expected {expected:?}, the one form in which this value is written: a get, a query or a \
             deletion by the value would miss the item. Declare the form in which it is stored, or store the item under the \
             expected text"
        ))
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
