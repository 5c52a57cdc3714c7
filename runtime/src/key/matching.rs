//! Comparing a key that is stored with what is composed, without writing it.

use super::form::KeyForm;
use super::text::KeyText;
use crate::{DecodeError, EncodeError};

/// A key that is composed part by part, compared with the text under which an item is stored: for generated code.
///
/// Of a key that is not compared, it is still seen whether it can be composed: what could not be put back is not read.
#[derive(Debug)]
#[must_use = "a comparison says what it found when it is finished"]
pub struct KeyMatch<'a> {
    stored: Option<&'a str>,
    /// How much of the stored text is as it is composed.
    at: usize,
    /// What is composed, from the first difference on.
    composed: Option<KeyText>,
    /// Why a key that is not compared cannot be composed.
    unfit: Option<EncodeError>,
}

impl<'a> KeyMatch<'a> {
    pub(crate) fn new(stored: Option<&'a str>, literal: &'static str) -> Self {
        let differs = stored.is_some_and(|text| !text.starts_with(literal));
        KeyMatch {
            stored,
            at: if differs { 0 } else { literal.len() },
            composed: differs.then(|| KeyText::new(literal)),
            unfit: None,
        }
    }

    /// Goes on with the field `name`, and the literal text that follows it.
    pub fn part<F: KeyForm>(mut self, name: &'static str, value: &F::Value, literal: &'static str) -> Self {
        let delimiter = literal.chars().next();
        let Some(text) = self.stored else {
            if self.unfit.is_none() && !F::fits(value, delimiter) {
                let refused = F::write(value, delimiter, &mut String::new());
                self.unfit = refused.err().map(|error| error.within(name));
            }
            return self;
        };
        if self.composed.is_none() {
            let rest = text.get(self.at..).unwrap_or_default();
            match F::strip(value, delimiter, rest).and_then(|rest| rest.strip_prefix(literal)) {
                Some(rest) => {
                    self.at = text.len() - rest.len();
                    return self;
                }
                None => self.composed = text.get(..self.at).map(KeyText::new),
            }
        }
        self.composed = self.composed.map(|composed| composed.part::<F>(name, value, literal));
        self
    }

    /// Says what was found about the key `attribute`.
    ///
    /// # Errors
    /// The stored text is another one than what is composed, or nothing can be composed.
    pub(crate) fn finish(self, attribute: &'static str) -> Result<(), DecodeError> {
        let KeyMatch { stored, at, composed, unfit } = self;
        let Some(text) = stored else {
            return unfit.map_or(Ok(()), |error| Err(unwritable(error, attribute)));
        };
        let found = match composed.map(KeyText::finish) {
            None if at == text.len() => return Ok(()),
            None => DecodeError::differs(text, text.get(..at).unwrap_or_default()),
            Some(Ok(composed)) => DecodeError::differs(text, &composed),
            Some(Err(error)) => {
                DecodeError::new(format!("stored as {text:?}, which its fields cannot compose: {error}"))
            }
        };
        Err(found.within(attribute))
    }
}

/// The error of a field that no key can hold, and which therefore no put accepts.
#[cold]
fn unwritable(error: EncodeError, attribute: &'static str) -> DecodeError {
    let violation = error.into_violation();
    let message = format!("{}: no write could compose the key `{attribute}`", violation.message());
    DecodeError::new(message).within(violation.path())
}
