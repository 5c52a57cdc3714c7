//! Building an item, or a map within one.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::encode::error::EncodeError;
use crate::item::Item;
use crate::key::KeyText;
use crate::kind::Kind;
use crate::limits;

/// Builds an item, or a map within one.
///
/// A value that DynamoDB cannot hold is noted with its path; encoding goes on, so that all are reported together.
#[derive(Debug, Default)]
pub struct Encoder {
    item: Item,
    errors: Vec<EncodeError>,
    /// Whether a part of a key was stored that may be unfit for one.
    has_doubtful_parts: bool,
}

impl Encoder {
    /// An empty item with room for `attributes`.
    #[inline]
    pub fn with_capacity(attributes: usize) -> Self {
        Encoder { item: Item::with_capacity(attributes), errors: Vec::new(), has_doubtful_parts: false }
    }

    /// As [`with_capacity`](Self::with_capacity), for the few attributes of a key.
    #[inline(never)]
    pub(crate) fn for_key(attributes: usize) -> Self {
        Self::with_capacity(attributes)
    }

    /// Stores `value` under `name`, unless it is an absent one.
    #[inline]
    pub fn put<K: Kind>(&mut self, name: &'static str, value: &K::Value) {
        if !K::is_absent(value) {
            match K::encode(value) {
                Ok(value) => self.insert(name, value),
                Err(error) => self.refuse(name, error),
            }
        }
    }

    /// As [`put`](Self::put), without copying.
    #[inline]
    pub fn put_owned<K: Kind>(&mut self, name: &'static str, value: K::Value) {
        if !K::is_absent(&value) {
            match K::encode_owned(value) {
                Ok(value) => self.insert(name, value),
                Err(error) => self.refuse(name, error),
            }
        }
    }

    /// Stores `value` under `name`, `None` as `NULL`: where there is no attribute, the declared default is read.
    #[inline]
    pub fn put_or_null<K: Kind>(&mut self, name: &'static str, value: &K::Value) {
        match K::encode(value) {
            Ok(value) => self.insert(name, value),
            Err(error) => self.refuse(name, error),
        }
    }

    /// As [`put_or_null`](Self::put_or_null), without copying.
    #[inline]
    pub fn put_or_null_owned<K: Kind>(&mut self, name: &'static str, value: K::Value) {
        match K::encode_owned(value) {
            Ok(value) => self.insert(name, value),
            Err(error) => self.refuse(name, error),
        }
    }

    /// Stores a value that is a part of a key.
    pub fn key_part<K: Kind>(&mut self, name: &'static str, value: K::Value) {
        self.encoded(name, K::encode_owned(value));
    }

    /// Stores a key that is composed from fields.
    pub fn key(&mut self, name: &'static str, text: KeyText) {
        match text.finish() {
            Ok(text) => self.part(name, AttributeValue::S(text)),
            // Its path is the field's, which says more than the key's.
            Err(error) => self.errors.push(error),
        }
    }

    /// Stores text that every item of a model has.
    pub fn constant(&mut self, name: &'static str, text: &'static str) {
        self.insert(name, AttributeValue::S(text.to_owned()));
    }

    /// What was stored, as a map value.
    ///
    /// # Errors
    /// The first value that DynamoDB cannot hold.
    #[inline]
    pub fn into_map(mut self) -> Result<AttributeValue, EncodeError> {
        if self.errors.is_empty() {
            Ok(AttributeValue::M(self.item))
        } else {
            Err(self.errors.swap_remove(0))
        }
    }

    /// Whether nothing is wrong with what was stored, the parts of a key.
    pub(crate) fn is_fit_for_key(&self) -> bool {
        self.errors.is_empty() && !self.has_doubtful_parts
    }

    pub(crate) fn finish(self) -> (Item, Vec<EncodeError>) {
        (self.item, self.errors)
    }

    // A key has so few parts that it pays more to share this code with all crates that have models.
    #[inline(never)]
    fn encoded(&mut self, name: &'static str, value: Result<AttributeValue, EncodeError>) {
        match value {
            Ok(value) => self.part(name, value),
            Err(error) => self.refuse(name, error),
        }
    }

    fn part(&mut self, name: &'static str, value: AttributeValue) {
        self.has_doubtful_parts |= limits::is_doubtful(&value);
        self.insert(name, value);
    }

    // Inlined, so that a value is built where the map takes it from: each move of an attribute value costs about as much
    // as hashing its name.
    #[inline(always)]
    fn insert(&mut self, name: &'static str, value: AttributeValue) {
        self.item.insert(String::from(name), value);
    }

    #[cold]
    fn refuse(&mut self, name: &'static str, error: EncodeError) {
        self.errors.push(error.within(name));
    }
}
