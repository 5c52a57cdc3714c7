//! Enumerations: for generated code.

use std::borrow::Cow;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::{DecodeError, Fields, Value};
use crate::encode::{EncodeError, Encoder};
use crate::item::Item;

/// The stored name of a variant without fields.
///
/// # Errors
/// The value is not text.
pub fn variant_name<'a>(value: &'a Value<'_>) -> Result<&'a str, DecodeError> {
    value.as_text()
}

/// A stored name that no variant has.
#[cold]
pub fn unknown_variant(found: &str, known: &str) -> DecodeError {
    DecodeError::new(format!("{found:?} is not {known}"))
}

/// A variant's fields, stored as a map of one entry: the variant's name.
///
/// # Errors
/// DynamoDB cannot hold a field's value.
pub fn variant(name: &'static str, fields: Encoder) -> Result<AttributeValue, EncodeError> {
    let fields = fields.into_map().map_err(|error| error.within(name))?;
    Ok(AttributeValue::M(Item::from([(name.to_owned(), fields)])))
}

/// The name in a tag, read ahead of the fields.
///
/// # Errors
/// There is no such text.
pub fn tag(fields: &Fields<'_>, name: &str) -> Result<String, DecodeError> {
    let tag = fields.text(name).map(Cow::into_owned);
    tag.ok_or_else(|| DecodeError::new("expected the name of a variant").within(name))
}

/// Calls `visit` for a variant's fields, which are apart from its tag, under `content`. Without such a map, there are no fields.
///
/// # Errors
/// The content is no map; or the first error of `visit`.
pub fn content(
    fields: Fields<'_>,
    content: &str,
    mut visit: impl FnMut(&str, Value<'_>) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    fields.each(|name, value| match name == content {
        true => value.into_fields()?.each(&mut visit),
        false => value.skip(),
    })
}

/// The result of `make` on the fields within the map of that name.
///
/// # Errors
/// The error of `make`, with that name before its path.
pub fn within<T>(name: &str, make: impl FnOnce() -> Result<T, DecodeError>) -> Result<T, DecodeError> {
    make().map_err(|error| error.within(name))
}

/// A variant's fields beside the tag that names it.
///
/// # Errors
/// DynamoDB cannot hold a field's value.
pub fn tagged(
    tag: &'static str,
    name: &'static str,
    mut fields: Encoder,
) -> Result<AttributeValue, EncodeError> {
    fields.constant(tag, name);
    fields.into_map()
}

/// A variant's fields apart from the tag that names it, under `content`. A variant without fields has the tag alone.
///
/// # Errors
/// DynamoDB cannot hold a field's value.
pub fn tagged_apart(
    tag: &'static str,
    name: &'static str,
    content: &'static str,
    fields: Encoder,
) -> Result<AttributeValue, EncodeError> {
    let mut item = Item::from([(tag.to_owned(), AttributeValue::S(name.to_owned()))]);
    let fields = fields.into_map().map_err(|error| error.within(content))?;
    if !fields.as_m().is_ok_and(Item::is_empty) {
        item.insert(content.to_owned(), fields);
    }
    Ok(AttributeValue::M(item))
}

/// The one variant that a map holds.
#[derive(Debug)]
pub struct Variant<T> {
    found: Option<T>,
    known: &'static str,
}

impl<T> Variant<T> {
    /// No variant was found yet. `known` lists the possible ones in words.
    pub fn new(known: &'static str) -> Self {
        Variant { found: None, known }
    }

    /// A name that no variant has.
    pub fn unknown(&self, found: &str) -> DecodeError {
        unknown_variant(found, self.known)
    }

    /// Takes the variant that was read.
    ///
    /// # Errors
    /// There was another one.
    pub fn set(&mut self, variant: T) -> Result<(), DecodeError> {
        match self.found.replace(variant) {
            None => Ok(()),
            Some(_) => Err(DecodeError::new("more than one variant")),
        }
    }

    /// The variant.
    ///
    /// # Errors
    /// There was none.
    pub fn finish(self) -> Result<T, DecodeError> {
        self.found.ok_or_else(|| DecodeError::new(format!("no variant: expected {}", self.known)))
    }
}
