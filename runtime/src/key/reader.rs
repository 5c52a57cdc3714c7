//! Reading keys.

use std::borrow::Cow;

use crate::decode::{DecodeError, Value};
use crate::key::form::KeyForm;

/// A key from which fields are read.
#[derive(Debug)]
pub struct KeyReader<'a> {
    text: Cow<'a, str>,
    at: usize,
}

impl<'a> Value<'a> {
    /// Reads the value as a key that begins with `literal`.
    ///
    /// # Errors
    /// The value is not text or begins otherwise, so the item is another model's.
    pub fn key(self, literal: &str) -> Result<KeyReader<'a>, DecodeError> {
        let text = self.into_text()?;
        if !text.starts_with(literal) {
            return Err(DecodeError::new(format!("{text:?} does not begin with {literal:?}")));
        }
        Ok(KeyReader { at: literal.len(), text })
    }

    /// Reads a value that every item of a model has.
    ///
    /// # Errors
    /// The value is another one, so the item is another model's.
    pub fn expect(self, expected: &str) -> Result<(), DecodeError> {
        match self.as_text()? {
            text if text == expected => Ok(()),
            text => Err(DecodeError::new(format!("expected {expected:?}, found {text:?}"))),
        }
    }
}

impl KeyReader<'_> {
    /// Reads the next field, and the literal text that follows it.
    ///
    /// # Errors
    /// The field's form does not write this text for any value, or the literal does not follow.
    pub fn part<F: KeyForm>(&mut self, literal: &str) -> Result<F::Value, DecodeError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (part, rest) = F::end(rest, literal)
            .and_then(|end| rest.split_at_checked(end))
            .ok_or_else(|| DecodeError::new(format!("{:?} ends too early", self.text)))?;
        if !rest.starts_with(literal) {
            return Err(DecodeError::new(format!("{rest:?} does not begin with {literal:?}")));
        }
        let value = F::read(part, literal.chars().next())?;
        self.at += part.len() + literal.len();
        Ok(value)
    }

    /// Demands that nothing is left.
    ///
    /// # Errors
    /// There is more.
    pub fn end(self) -> Result<(), DecodeError> {
        match self.text.get(self.at..) {
            Some("") => Ok(()),
            _ => Err(DecodeError::new(format!("{:?} does not end where it should", self.text))),
        }
    }
}
