//! Comparing a key that is stored with what is composed, without writing it.

use super::form::KeyForm;
use super::text::KeyText;
use crate::DecodeError;

/// The text of a key, compared part by part with what is composed: for generated code.
#[derive(Debug)]
#[must_use = "a comparison says what it found when it is finished"]
pub struct KeyMatch<'a> {
    text: &'a str,
    /// How much of the text is as it is composed.
    at: usize,
    /// What is composed, from the first difference on.
    composed: Option<KeyText>,
}

impl<'a> KeyMatch<'a> {
    pub(crate) fn new(text: &'a str, literal: &'static str) -> Self {
        let begins = text.starts_with(literal);
        KeyMatch {
            text,
            at: if begins { literal.len() } else { 0 },
            composed: (!begins).then(|| KeyText::new(literal)),
        }
    }

    /// Goes on with the field `name`, and the literal text that follows it.
    pub fn part<F: KeyForm>(mut self, name: &'static str, value: &F::Value, literal: &'static str) -> Self {
        if self.composed.is_none() {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let rest = F::strip(value, literal.chars().next(), rest);
            match rest.and_then(|rest| rest.strip_prefix(literal)) {
                Some(rest) => {
                    self.at = self.text.len() - rest.len();
                    return self;
                }
                None => self.composed = self.text.get(..self.at).map(KeyText::new),
            }
        }
        self.composed = self.composed.map(|composed| composed.part::<F>(name, value, literal));
        self
    }

    /// Demands that nothing is left.
    ///
    /// # Errors
    /// The text is another one than what is composed.
    pub(crate) fn finish(self) -> Result<(), DecodeError> {
        let KeyMatch { text, at, composed } = self;
        match composed.map(KeyText::finish) {
            None if at == text.len() => Ok(()),
            None => Err(DecodeError::differs(text, text.get(..at).unwrap_or_default())),
            Some(Ok(composed)) => Err(DecodeError::differs(text, &composed)),
            Some(Err(error)) => {
                Err(DecodeError::new(format!("stored as {text:?}, which its fields cannot compose: {error}")))
            }
        }
    }
}
