//! Writing keys.

use crate::encode::EncodeError;
use crate::key::buffer::KeyBuffer;
use crate::key::form::KeyForm;

/// The text of a key, or of its beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyText {
    text: KeyBuffer,
    error: Option<EncodeError>,
}

impl KeyText {
    /// A key that begins with `literal`.
    pub fn new(literal: &str) -> Self {
        KeyText { text: KeyBuffer::from(literal), error: None }
    }

    /// Adds the field `name`, and the literal text that follows it.
    #[must_use]
    pub fn part<F: KeyForm>(self, name: &'static str, value: &F::Value, literal: &'static str) -> Self {
        self.begun::<F>(name, value, literal).then(literal)
    }

    /// Adds the beginning of the field `name`, which `literal` follows.
    pub(crate) fn begun<F: KeyForm>(mut self, name: &'static str, value: &F::Value, literal: &str) -> Self {
        if self.error.is_none()
            && let Err(error) = F::write(value, literal.chars().next(), &mut self.text)
        {
            self.error = Some(error.within(name));
        }
        self
    }

    /// The text.
    ///
    /// # Errors
    /// A field's value cannot be part of a key; the error's path is the field's name.
    pub fn finish(self) -> Result<String, EncodeError> {
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.text.into_string()),
        }
    }

    /// The text, by reference.
    ///
    /// # Errors
    /// As [`finish`](Self::finish).
    pub(crate) fn text(&self) -> Result<&str, &EncodeError> {
        match &self.error {
            Some(error) => Err(error),
            None => Ok(self.text.as_str()),
        }
    }

    /// Adds literal text.
    pub(crate) fn then(mut self, literal: &str) -> Self {
        self.text.push_str(literal);
        self
    }

    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Replaces the text; without a new one, `message` says why.
    pub(crate) fn change(
        mut self,
        name: &'static str,
        message: &str,
        change: impl FnOnce(String) -> Option<String>,
    ) -> Self {
        match change(std::mem::take(&mut self.text).into_string()) {
            Some(text) => {
                self.text = KeyBuffer::from(text);
                self
            }
            None => self.refuse(name, message),
        }
    }

    /// Notes why this is no key, unless an earlier problem was noted.
    pub(crate) fn refuse(mut self, name: &'static str, message: &str) -> Self {
        self.error.get_or_insert_with(|| EncodeError::new(message).within(name));
        self
    }
}
