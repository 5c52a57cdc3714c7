//! Values that the runtime writes itself with every write: an item's version, and the moment of its last change.

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;

use crate::decode::{Item, Value};
use crate::encode::EncodeError;
use crate::kind::{Instant, Kind};
use crate::model::{Model, Record, from_item};
use crate::stamp::Stamp;
use crate::validation::Violation;

/// What the runtime writes of a model's items itself.
#[derive(Debug)]
pub struct ManagedValues {
    /// Counts the writes of an item.
    pub version: Option<ManagedVersion>,
    /// Says when an item was written last.
    pub updated: Option<ManagedTime>,
    /// Says which write was an item's last.
    pub write_id: Option<ManagedWriteId>,
    /// Fields whose values no two items share.
    pub unique: &'static [UniqueFields],
}

/// Fields whose values together are those of one item at most.
#[derive(Debug)]
pub struct UniqueFields {
    /// Their stored names.
    pub attributes: &'static [&'static str],
}

impl UniqueFields {
    pub(crate) fn names(&self) -> String {
        self.attributes.join(", ")
    }
}

/// The attribute of an item's version.
#[derive(Debug)]
pub struct ManagedVersion {
    /// Its stored name.
    pub attribute: &'static str,
    /// The greatest value that it can have.
    pub greatest: i128,
}

/// The attribute that says when an item was written last.
#[derive(Debug)]
pub struct ManagedTime {
    /// Its stored name.
    pub attribute: &'static str,
    /// Its stored form of an instant, as far as it keeps one.
    pub stored: fn(Timestamp) -> Result<AttributeValue, EncodeError>,
}

/// The attribute of the id of an item's last write.
#[derive(Debug)]
pub struct ManagedWriteId {
    /// Its stored name.
    pub attribute: &'static str,
}

/// A model whose items have a version, and are written only if they still have the one that was read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no version",
    note = "give it one in models.toml: `version = {{ type = \"u64\", generate = \"version\" }}`"
)]
pub trait Versioned: Model {
    /// The version's type.
    type Version: Kind<Value = Self::Version>;

    /// The version that was read or written last; 0 for what has never been written.
    fn version(&self) -> Self::Version;
}

/// A model whose items a batch may put: a batch knows no conditions.
#[diagnostic::on_unimplemented(
    message = "items of `{Self}` cannot be put by a batch, which knows no conditions",
    note = "they have a version or unique fields: put each alone, or in a transaction"
)]
pub trait BatchPut: Model {}

/// A model whose items a batch may delete: a batch knows no conditions.
#[diagnostic::on_unimplemented(
    message = "items of `{Self}` cannot be deleted by a batch, which knows no conditions",
    note = "they have unique fields: delete each alone, or in a transaction"
)]
pub trait BatchDelete: Model {}

/// What is read with the attribute by which items expire (the table's `ttl`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not have the attribute by which items of its table expire",
    note = "`live_only` needs a table with `ttl`, and an index that keeps that attribute"
)]
pub trait Expires: Record {}

/// What the runtime wrote itself, for the value that was sent. Of most models that is nothing.
#[derive(Clone, Debug, Default)]
pub struct Written(Option<Box<WrittenValues>>);

#[derive(Clone, Debug, Default)]
struct WrittenValues {
    attributes: Item,
    /// The whole item, where hooks may have changed it.
    hooked: Option<Item>,
}

impl Written {
    /// Puts what was written under `attribute` into `slot`: for generated code.
    pub fn read<K: Kind>(&self, attribute: &str, slot: &mut K::Value) {
        if let Some(value) = self.attribute(attribute)
            && let Ok(value) = K::decode(Value::from(value))
        {
            *slot = value;
        }
    }

    /// What was written under that name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&AttributeValue> {
        self.0.as_ref()?.attributes.get(name)
    }

    /// Puts every attribute that was written into `item`.
    pub(crate) fn add_to(&self, item: &mut Item) {
        if let Some(values) = &self.0 {
            item.extend(values.attributes.clone());
        }
    }

    /// The whole item, where hooks may have changed it.
    pub(crate) fn hooked(&self) -> Option<&Item> {
        self.0.as_ref()?.hooked.as_ref()
    }

    pub(crate) fn set_hooked(&mut self, item: Item) {
        self.0.get_or_insert_default().hooked = Some(item);
    }

    /// Puts what was written into the value that was sent.
    pub(crate) fn write_into<M: Model>(&self, value: &mut M) {
        if let Some(item) = self.hooked()
            && let Ok(hooked) = from_item(item.clone())
        {
            *value = hooked;
        }
        value.written(self);
    }
}

/// The version that an item must have for a write to be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub attribute: &'static str,
    /// 0 also stands for no version.
    pub version: i128,
}

/// The id of the write that must have been an item's last for a write to be carried out.
#[derive(Clone, Debug)]
pub(crate) struct ExpectedWriteId {
    pub attribute: &'static str,
    /// None of an item that was never written with one.
    pub id: Option<AttributeValue>,
}

impl Expected {
    /// The version of an item; 0 where it has none.
    pub fn version_of(&self, item: &Item) -> i128 {
        number(item.get(self.attribute))
    }
}

impl ManagedValues {
    /// Whether the runtime writes this attribute.
    pub(crate) fn has(&self, attribute: &str) -> bool {
        self.version.as_ref().is_some_and(|version| version.attribute == attribute)
            || self.updated.as_ref().is_some_and(|updated| updated.attribute == attribute)
            || self.write_id.as_ref().is_some_and(|write_id| write_id.attribute == attribute)
    }

    /// What is expected of a stored item, given the one that was read.
    pub(crate) fn expected(&self, item: &Item) -> Option<Expected> {
        let attribute = self.version.as_ref()?.attribute;
        Some(Expected { attribute, version: number(item.get(attribute)) })
    }

    /// The write that is expected to be a stored item's last, given the item that was read. Only a write that expects a
    /// version expects it.
    pub(crate) fn expected_write_id(&self, item: &Item) -> Option<ExpectedWriteId> {
        self.version.as_ref()?;
        let attribute = self.write_id.as_ref()?.attribute;
        Some(ExpectedWriteId { attribute, id: item.get(attribute).cloned() })
    }

    /// What is to be written: the moment, the write's id, and the version that follows the expected one.
    ///
    /// # Errors
    /// No version follows.
    pub(crate) fn next(
        &self,
        expected: Option<Expected>,
        stamp: Stamp<'_>,
    ) -> Result<Written, Box<Violation>> {
        let mut attributes = Item::new();
        if let (Some(version), Some(expected)) = (&self.version, expected) {
            if expected.version >= version.greatest {
                let message = format!("the version {} is the greatest that its type holds", expected.version);
                return Err(Box::new(Violation::new(version.attribute, message)));
            }
            let next = AttributeValue::N((expected.version + 1).to_string());
            attributes.insert(version.attribute.to_owned(), next);
        }
        if let Some(updated) = &self.updated {
            let value = (updated.stored)(stamp.moment());
            let value = value.map_err(|error| Box::new(error.within(updated.attribute).into_violation()))?;
            attributes.insert(updated.attribute.to_owned(), value);
        }
        if let Some(write_id) = &self.write_id {
            attributes.insert(write_id.attribute.to_owned(), AttributeValue::S(stamp.write_id().to_string()));
        }
        Ok(Written(Some(Box::new(WrittenValues { attributes, hooked: None }))))
    }
}

/// An instant in the form of `K`, as far as that keeps it: for generated code.
///
/// # Errors
/// DynamoDB cannot hold the instant.
pub fn stored_instant<K: Instant>(instant: Timestamp) -> Result<AttributeValue, EncodeError> {
    K::encode(&K::floor(instant))
}

/// A version as a number: every integer that DynamoDB can hold is one.
pub(crate) fn version_number<K: Kind>(version: &K::Value) -> i128 {
    number(K::encode(version).ok().as_ref())
}

fn number(value: Option<&AttributeValue>) -> i128 {
    let digits = value.and_then(|value| value.as_n().ok());
    digits.and_then(|digits| i128::decode(Value::of_digits(digits)).ok()).unwrap_or_default()
}
