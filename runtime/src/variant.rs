//! Enumerations: for generated code.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::{DecodeError, Value};
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

/// The one variant that a map holds.
#[derive(Debug)]
pub struct Variant<T> {
    found: Option<T>,
    known: &'static str,
}

impl<T> Variant<T> {
    /// Nothing found yet; `known` says in words what can be.
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
