//! The guard of a unique value: an item of the same table that names the item with the value. One transaction writes both.
//!
//! No item of a model can have a guard's partition key, because keys that begin like it are refused. The key contains the model's
//! name, and each attribute's name, type and value with their lengths, so no two values share one. This form is stored, and must
//! not change.

use std::fmt::Write;

use aws_sdk_dynamodb::types::AttributeValue;

use crate::expression::condition::Expression;
use crate::expression::path::Path;
use crate::facts::{Facts, UniqueFields};
use crate::item::Item;
use crate::kind::{Decimal, Kind};
use crate::limits::{MAXIMUM_PARTITION_KEY_BYTES, MAXIMUM_SORT_KEY_BYTES, RESERVED};
use crate::operation::write::unchanged::Unchanged;

/// The attribute of a guard that holds the key of the item that has the value.
pub(crate) const OWNER: &str = "$owner";

/// How often a write begins anew if its item changes between the read and the write.
pub(crate) const ATTEMPTS: u32 = 8;

/// The demand that an item's unique attributes are still those whose guards were found.
pub(crate) fn as_read(facts: &'static Facts, item: Option<&Item>) -> Unchanged {
    let names = attributes(facts).into_iter();
    Unchanged::new(item, names.map(Path::top))
}

/// The unique fields of a model.
pub(crate) fn fields(facts: &Facts) -> &'static [UniqueFields] {
    facts.managed.map(|managed| managed.unique).unwrap_or_default()
}

/// The stored names of a model's unique attributes.
pub(crate) fn attributes(facts: &'static Facts) -> Vec<&'static str> {
    let mut names: Vec<_> = fields(facts).iter().flat_map(|unique| unique.attributes).copied().collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The unique attributes of a model's items, and those of their key.
pub(crate) fn attributes_of(facts: &'static Facts) -> Vec<&'static str> {
    let mut wanted = attributes(facts);
    let key = facts.table.key().map(|key| key.name).filter(|name| !wanted.contains(name));
    let key: Vec<_> = key.collect();
    wanted.extend(key);
    wanted
}

/// Whether two items differ in their unique values.
pub(crate) fn differ(facts: &'static Facts, old: &Item, new: &Item) -> bool {
    let differ = |unique: &UniqueFields| guard_text(facts, unique, old) != guard_text(facts, unique, new);
    fields(facts).iter().any(differ)
}

/// The most bytes of a guard's partition key, which an index may have as its sort key.
pub(crate) fn longest_guard(facts: &Facts) -> usize {
    let name = facts.table.partition_key.name;
    let mut sort_keys = facts.table.indexes.iter().flat_map(|index| index.sort_key);
    if sort_keys.any(|key| key.name == name) { MAXIMUM_SORT_KEY_BYTES } else { MAXIMUM_PARTITION_KEY_BYTES }
}

/// The beginning of the partition keys of a model's guards.
pub(crate) fn prefix(facts: &Facts) -> String {
    format!("{RESERVED}unique:{}:", facts.model)
}

/// The partition key of the guard of an item's values; `None` if a value is absent, because any number of items may lack it.
pub(crate) fn guard_text(facts: &Facts, unique: &UniqueFields, item: &Item) -> Option<String> {
    let mut text = prefix(facts);
    for name in unique.attributes {
        let (kind, value) = match item.get(*name)? {
            AttributeValue::S(text) => ('S', text.clone()),
            AttributeValue::N(digits) => ('N', canonical(digits)),
            AttributeValue::B(bytes) => ('B', hexadecimal(bytes.as_ref())),
            _ => return None,
        };
        // Writing into a `String` cannot fail.
        let _ = write!(text, "{}:{name}{kind}{}:{value}", name.len(), value.len());
    }
    Some(text)
}

/// The names in the partition key of a guard.
pub(crate) fn guard_names<'a>(facts: &Facts, guard: &'a str) -> Option<Vec<&'a str>> {
    let mut rest = guard.strip_prefix(&prefix(facts))?;
    let mut names = Vec::new();
    while !rest.is_empty() {
        let (name, after) = counted(rest)?;
        names.push(name);
        // After a name comes the letter of its value's type.
        rest = counted(after.get(1..)?)?.1;
    }
    Some(names)
}

/// The text after its length and a colon, and the rest.
fn counted(text: &str) -> Option<(&str, &str)> {
    let (length, rest) = text.split_once(':')?;
    rest.split_at_checked(length.parse().ok()?)
}

/// One text for each number, because engines use different notations.
fn canonical(digits: &str) -> String {
    match digits.parse::<Decimal>().map(|number| Decimal::encode(&number)) {
        Ok(Ok(AttributeValue::N(digits))) => digits,
        _ => digits.to_owned(),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

pub(crate) fn guard_key(facts: &Facts, text: &str) -> Item {
    let mut key =
        Item::from([(facts.table.partition_key.name.to_owned(), AttributeValue::S(text.to_owned()))]);
    if let Some(sort) = &facts.table.sort_key {
        key.insert(sort.name.to_owned(), AttributeValue::S(format!("{RESERVED}unique")));
    }
    key
}

/// The key of the item that has the guard's value.
pub(crate) fn owner_of(guard: &Item) -> Option<&Item> {
    match guard.get(OWNER)? {
        AttributeValue::M(owner) => Some(owner),
        _ => None,
    }
}

/// The guard that a part of a transaction writes or deletes.
#[derive(Clone, Debug)]
pub(crate) struct Guard {
    pub unique: &'static UniqueFields,
    /// Its partition key.
    pub text: String,
    /// The key of the item that takes the value, or gives it up.
    pub owner: Item,
    pub is_taken: bool,
}

/// Filters guards out of a scan.
pub(crate) fn without_guards(facts: &'static Facts) -> Option<Expression> {
    if fields(facts).is_empty() {
        return None;
    }
    let path = Path::top(facts.table.partition_key.name);
    let reserved = AttributeValue::S(RESERVED.to_owned());
    Some(Expression::Not(Box::new(Expression::Function("begins_with", path, Some(Ok(reserved))))))
}
