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
    /// It is not text, or begins otherwise: the item is another model's.
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
    /// It is another one: the item is another model's.
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
    /// The text is not what the field's form writes for any value, or the literal does not follow.
    pub fn part<F: KeyForm>(&mut self, literal: &str) -> Result<F::Value, DecodeError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = match (F::WIDTH, literal.chars().next()) {
            // Every form of one width is ASCII.
            (Some(width), _) => Some(width),
            (None, Some(delimiter)) => rest.find(delimiter),
            (None, None) => Some(rest.len()),
        };
        let (part, rest) = end
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
