//! What the runtime adds to an item that it writes, and what it expects of the stored item.

use std::fmt;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::Value;
use crate::facts::ManagedValues;
use crate::item::{Item, Names};
use crate::kind::Kind;

/// The values that the runtime wrote itself. For most models there are none.
#[derive(Clone, Debug, Default)]
pub struct Written(pub(crate) Option<Box<WrittenValues>>);

#[derive(Clone, Default)]
pub(crate) struct WrittenValues {
    pub(crate) attributes: Item,
    /// The whole item, if hooks may have changed it.
    pub(crate) hooked: Option<Item>,
}

impl fmt::Debug for WrittenValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("WrittenValues").field(&Names(&self.attributes)).finish()
    }
}

impl Written {
    /// Puts the value that was written under `attribute` into `slot`: for generated code.
    #[doc(hidden)]
    pub fn read<K: Kind>(&self, attribute: &str, slot: &mut K::Value) {
        if let Some(value) = self.attribute(attribute)
            && let Ok(value) = K::decode(Value::from(value))
        {
            *slot = value;
        }
    }

    /// The value that was written under that name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&AttributeValue> {
        self.0.as_ref()?.attributes.get(name)
    }

    /// Puts every attribute that was written into `item`.
    pub(crate) fn add_to(&self, item: &mut Item) {
        if let Some(values) = &self.0 {
            item.extend(values.attributes.clone());
        }
    }

    /// The whole item, if hooks may have changed it.
    pub(crate) fn hooked(&self) -> Option<&Item> {
        self.0.as_ref()?.hooked.as_ref()
    }

    pub(crate) fn set_hooked(&mut self, item: Item) {
        self.0.get_or_insert_default().hooked = Some(item);
    }
}

/// The version that an item must have for a write to be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    pub attribute: &'static str,
    /// 0 also stands for no version.
    pub version: i128,
}

/// The id that an item's last write must have for a write to be carried out.
#[derive(Clone, Debug)]
pub(crate) struct ExpectedWriteId {
    pub attribute: &'static str,
    /// `None` if the item was never written with an id.
    pub id: Option<AttributeValue>,
}

impl Expected {
    /// The version of an item; 0 if it has none.
    pub fn version_of(&self, item: &Item) -> i128 {
        number(item.get(self.attribute))
    }
}

impl ManagedValues {
    /// The expected version of a stored item, given the item that was read.
    pub(crate) fn expected(&self, item: &Item) -> Option<Expected> {
        let attribute = self.version.as_ref()?.attribute;
        Some(Expected { attribute, version: number(item.get(attribute)) })
    }

    /// The expected last write of a stored item, given the item that was read. Only a write that expects a version expects this
    /// as well.
    pub(crate) fn expected_write_id(&self, item: &Item) -> Option<ExpectedWriteId> {
        self.version.as_ref()?;
        let attribute = self.write_id.as_ref()?.attribute;
        Some(ExpectedWriteId { attribute, id: item.get(attribute).cloned() })
    }
}

/// A version as a number: every integer that DynamoDB can hold is one.
pub(crate) fn version_number<K: Kind>(version: &K::Value) -> i128 {
    number(K::encode(version).ok().as_ref())
}

fn number(value: Option<&AttributeValue>) -> i128 {
    let digits = value.and_then(|value| value.as_n().ok());
    digits.and_then(|digits| i128::decode(Value::of_digits(digits)).ok()).unwrap_or_default()
}
