//! The composed keys under which an item is stored, compared with those that its values compose.

use std::borrow::Cow;

use crate::decode::{DecodeError, Fields, ReadAs, Value};
use crate::encode::EncodeError;
use crate::facts::Facts;
use crate::key::text::KeyText;

/// The composed keys under which an item is stored: for generated code.
///
/// An item that was read is put, saved and deleted under the keys that its values compose. If it is stored under others, those
/// writes would reach another item, or none.
#[derive(Debug)]
pub struct StoredKeys<'a, const N: usize> {
    facts: &'static Facts,
    read: ReadAs,
    names: [&'static str; N],
    texts: [Option<Cow<'a, str>>; N],
    /// The attribute that says of which model an item is, until it has been read.
    missing_type: Option<&'static str>,
}

impl<'a, const N: usize> StoredKeys<'a, N> {
    /// Those of the attributes `names`, of which nothing has been read yet.
    pub fn new(facts: &'static Facts, names: [&'static str; N], fields: &Fields<'_>) -> Self {
        StoredKeys { facts, read: fields.read(), names, texts: [const { None }; N], missing_type: None }
    }

    /// The same, of items that have an attribute that says of which model they are.
    pub fn typed_by(mut self, attribute: &'static str) -> Self {
        self.missing_type = Some(attribute);
        self
    }

    /// Reads the attribute that names the model of an item.
    ///
    /// # Errors
    /// It names another.
    pub fn expect_type(&mut self, value: Value<'a>, expected: &[&str]) -> Result<(), DecodeError> {
        self.missing_type = None;
        match value.as_text()? {
            text if expected.contains(&text) => Ok(()),
            text => Err(of_another_type(text, expected)),
        }
    }

    /// Keeps the text that is stored under `name`, and gives it to who reads fields from it.
    ///
    /// # Errors
    /// It is no text.
    pub fn keep(&mut self, name: &str, value: Value<'a>) -> Result<Value<'_>, DecodeError> {
        match self.names.iter().position(|known| *known == name).and_then(|at| self.texts.get_mut(at)) {
            Some(text) => Ok(Value::of_text(text.insert(value.into_text()?))),
            None => Ok(value),
        }
    }

    /// Looks at whose the item is, where it lacks the attribute that says so.
    ///
    /// # Errors
    /// It is another model's, or nobody knows.
    pub fn admit(&self) -> Result<(), DecodeError> {
        match self.missing_type {
            Some(attribute) => self.facts.discriminator.admit_untyped(attribute, self.read.among_others),
            None => Ok(()),
        }
    }

    /// Compares the keys with those that `compose` writes.
    ///
    /// Those of the table must be the same, and those of the index through which the item was read. Of others it is seen only
    /// whether they can be composed: what could not be put back is not read.
    ///
    /// # Errors
    /// The first key that is stored otherwise, or cannot be composed.
    pub fn compare(&self, compose: impl FnOnce(&mut KeyComparison<'_>)) -> Result<(), DecodeError> {
        let mut written = [false; N];
        let mut comparison = KeyComparison {
            facts: self.facts,
            read: self.read,
            names: &self.names,
            texts: &self.texts,
            written: &mut written,
            problem: None,
        };
        compose(&mut comparison);
        comparison.finish()
    }
}

/// Takes the keys that an item's values compose, in the place of an encoder: for generated code.
#[derive(Debug)]
pub struct KeyComparison<'s> {
    facts: &'static Facts,
    read: ReadAs,
    names: &'s [&'static str],
    texts: &'s [Option<Cow<'s, str>>],
    /// Which of them the values compose.
    written: &'s mut [bool],
    problem: Option<DecodeError>,
}

impl KeyComparison<'_> {
    /// Compares the key under `name` with `text`.
    pub fn key(&mut self, name: &'static str, text: KeyText) {
        let at = self.names.iter().position(|known| *known == name);
        if let Some(written) = at.and_then(|at| self.written.get_mut(at)) {
            *written = true;
        }
        let stored = at.and_then(|at| self.texts.get(at)?.as_deref()).filter(|_| self.is_compared(name));
        let problem = match (text.text(), stored) {
            (Ok(text), Some(stored)) if text == stored => return,
            (Ok(text), Some(stored)) => DecodeError::differs(stored, text).within(name),
            (Ok(_), None) => return,
            (Err(error), Some(stored)) => not_composable(stored, error).within(name),
            (Err(error), None) => unwritable(error.clone(), name),
        };
        self.problem.get_or_insert(problem);
    }

    /// Whether a key is of the table, or of the index that was read.
    fn is_compared(&self, name: &str) -> bool {
        let index = self.read.index.into_iter().flat_map(|index| index.key());
        self.facts.table.key().chain(index).any(|key| key.name == name)
    }

    fn finish(self) -> Result<(), DecodeError> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let stored = self.names.iter().zip(self.texts).zip(&*self.written);
        let unwritten = stored.filter(|(_, written)| !**written);
        for ((name, text), _) in unwritten {
            if let Some(text) = text.as_deref().filter(|_| self.is_compared(name)) {
                return Err(unfounded(text).within(name));
            }
        }
        Ok(())
    }
}

#[cold]
fn not_composable(stored: &str, error: &EncodeError) -> DecodeError {
    DecodeError::new(format!("stored as {stored:?}, which its fields cannot compose: {error}"))
}

/// The error of a field that no key can hold, and which therefore no put accepts.
#[cold]
fn unwritable(error: EncodeError, key: &'static str) -> DecodeError {
    let violation = error.into_violation();
    let message = format!("{}: no write could compose the key `{key}`", violation.message());
    DecodeError::new(message).within(violation.path())
}

#[cold]
fn unfounded(text: &str) -> DecodeError {
    DecodeError::new(format!(
        "stored as {text:?}, and no such key is composed of what the item holds: it should not be in this index. \
         Remove the attribute, or write the item anew"
    ))
}

#[cold]
fn of_another_type(found: &str, expected: &[&str]) -> DecodeError {
    let expected: Vec<_> = expected.iter().map(|text| format!("{text:?}")).collect();
    DecodeError::new(format!("expected {}, found {found:?}", expected.join(" or ")))
}
