//! The keys under which an item is stored: what its errors name, and what its values are compared with.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::decode::{DecodeError, Item, attribute_of};
use crate::key::KeyMatch;
use crate::model::Facts;
use crate::table::{Index, KeyAttribute};

/// The keys under which an item is stored: of its table, and of the index through which it was read.
#[derive(Debug)]
pub struct ItemKey {
    facts: &'static Facts,
    of_table: [Option<(&'static str, AttributeValue)>; 2],
    of_index: Vec<(&'static str, AttributeValue)>,
}

impl ItemKey {
    /// What `item` has of those keys.
    pub(crate) fn of(facts: &'static Facts, index: Option<&'static Index>, item: &Item) -> Self {
        let of = |attribute: &'static KeyAttribute| {
            attribute_of(item, attribute.name).map(|value| (attribute.name, value.clone()))
        };
        let table = facts.table;
        let of_index = index.into_iter().flat_map(Index::key);
        let of_index = of_index.filter(|key| table.key().all(|known| known.name != key.name));
        ItemKey {
            facts,
            of_table: [of(&table.partition_key), table.sort_key.as_ref().and_then(of)],
            of_index: of_index.filter_map(of).collect(),
        }
    }

    /// What is stored under that name, if it is one of these keys.
    pub(crate) fn attribute(&self, name: &str) -> Option<&AttributeValue> {
        let stored = self.of_table.iter().flatten().chain(&self.of_index);
        stored.into_iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Whether values of that attribute are compared as they are stored: keys, of the table and of any index, and unique
    /// fields.
    pub(crate) fn is_compared(&self, name: &str) -> bool {
        let table = self.facts.table;
        let keys = table.indexes.iter().flat_map(|index| index.key()).chain(table.key());
        let unique = self.facts.managed.into_iter().flat_map(|managed| managed.unique);
        keys.into_iter().any(|key| key.name == name)
            || unique.into_iter().any(|unique| unique.attributes.contains(&name))
    }

    /// Written out; none if it has no attribute of the key.
    pub(crate) fn text(&self) -> Option<String> {
        let parts = self.of_table.iter().flatten();
        let texts: Vec<_> = parts.map(|(name, value)| format!("{name} = {}", shown(value))).collect();
        (!texts.is_empty()).then(|| texts.join(", "))
    }
}

/// The composed keys under which an item is stored: for generated code.
///
/// An item that was read is put, saved and deleted under the keys that its values compose. If it is stored under others, those
/// writes would reach another item, or none.
#[derive(Debug)]
pub struct StoredKeys<'a> {
    stored: &'a ItemKey,
    problem: Option<DecodeError>,
}

impl<'a> StoredKeys<'a> {
    pub(crate) fn new(stored: &'a ItemKey) -> Self {
        StoredKeys { stored, problem: None }
    }

    /// The first key that is stored otherwise.
    pub(crate) fn into_problem(self) -> Option<DecodeError> {
        self.problem
    }

    /// Compares the key under `attribute` with what begins with `literal` and goes on as `compose` says, which gives nothing
    /// if the values compose no such key. Of a key that is not stored, or is of another index than the one that was read, it is
    /// seen only whether it can be composed.
    #[inline]
    pub fn compare(
        &mut self,
        attribute: &'static str,
        literal: &'static str,
        compose: impl FnOnce(KeyMatch<'_>) -> Option<KeyMatch<'_>>,
    ) {
        if self.problem.is_some() {
            return;
        }
        let stored = self.stored.attribute(attribute).and_then(|value| value.as_s().ok());
        let found = match (compose(KeyMatch::new(stored.map(String::as_str), literal)), stored) {
            (Some(composed), _) => composed.finish(attribute),
            (None, Some(text)) => Err(not_composed(text).within(attribute)),
            (None, None) => Ok(()),
        };
        self.problem = found.err();
    }
}

#[cold]
fn not_composed(text: &str) -> DecodeError {
    DecodeError::new(format!(
        "stored as {text:?}, and the item lacks a value of which this key is composed: it should not be in this index. \
         Remove the attribute, or store the value"
    ))
}

/// A key's value as people write it.
fn shown(value: &AttributeValue) -> String {
    match value {
        AttributeValue::S(text) => format!("{text:?}"),
        AttributeValue::N(digits) => digits.clone(),
        AttributeValue::B(bytes) => format!("{:02x?}", bytes.as_ref()),
        _ => "?".to_owned(),
    }
}
