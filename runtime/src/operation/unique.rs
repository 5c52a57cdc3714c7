//! Uniqueness: each unique value has a guard, an item of the same table that says which item has it, and that is written in
//! one transaction with that item.
//!
//! A guard's partition key is a text that no item of a model can have, since keys that begin like it are refused. It is made
//! of the model's name and of each attribute's name, type and value with their lengths, so that no two values share one. This
//! form is stored, and must not change.

use std::fmt::Write;

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};

use crate::client::{Client, Deadline};
use crate::error::{BoxError, Context, Error, Result};
use crate::expression::condition::Expression;
use crate::expression::path::Path;
use crate::facts::{Facts, UniqueFields};
use crate::item::Item;
use crate::kind::{Decimal, Kind};
use crate::limits;
use crate::limits::{MAXIMUM_PARTITION_KEY_BYTES, MAXIMUM_SORT_KEY_BYTES, RESERVED};
use crate::managed::Written;
use crate::operation::get;
use crate::operation::transaction::part::{Role, WritePart};
use crate::operation::unchanged::Unchanged;
use crate::operation::write::{Conditions, Existence, Meaning};
use crate::validation::Violation;

/// The attribute of a guard that holds the key of the item that has the value.
pub(crate) const OWNER: &str = "$owner";

/// How often a write begins anew, where an item changes between being read and written.
pub(crate) const ATTEMPTS: u32 = 8;

/// What an item's unique attributes must be for its guards to be the ones that were found.
pub(crate) fn as_read(facts: &'static Facts, item: Option<&Item>) -> Unchanged {
    let names = attributes(facts).into_iter();
    Unchanged::new(item, names.map(Path::top))
}

/// The unique fields of a model.
pub(crate) fn fields(facts: &'static Facts) -> &'static [UniqueFields] {
    facts.managed.map(|managed| managed.unique).unwrap_or_default()
}

/// The stored names of a model's unique attributes.
pub(crate) fn attributes(facts: &'static Facts) -> Vec<&'static str> {
    let mut names: Vec<_> = fields(facts).iter().flat_map(|unique| unique.attributes).copied().collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The item as it is before a write that replaces or deletes it; with its unique attributes alone, or whole.
pub(crate) async fn read(
    facts: &'static Facts,
    key: &Item,
    whole: bool,
    deadline: Deadline,
    db: &Client,
) -> Result<Option<Item>> {
    let wanted = if whole { Vec::new() } else { attributes_of(facts) };
    get::GetItem::consistent(facts, key_of(facts, key), wanted).item(deadline, db).await
}

/// The unique attributes of a model's items, and those of their key.
pub(crate) fn attributes_of(facts: &'static Facts) -> Vec<&'static str> {
    let mut wanted = attributes(facts);
    let key = facts.table.key().map(|key| key.name).filter(|name| !wanted.contains(name));
    let key: Vec<_> = key.collect();
    wanted.extend(key);
    wanted
}

/// The unique attributes of an item as it is.
pub(crate) async fn read_values(facts: &'static Facts, key: &Item, db: &Client) -> Result<Option<Item>> {
    read(facts, key, false, Deadline::of(None, db), db).await
}

/// The writes of guards that go with a put, and what they demand of the item that is there.
pub(crate) async fn guard_put(
    item: &Item,
    conditions: &mut Conditions,
    deadline: Deadline,
    db: &Client,
) -> Result<Vec<WritePart>> {
    let facts = conditions.facts;
    if fields(facts).is_empty() {
        return Ok(Vec::new());
    }
    // Where no item may be, no value has to be given up.
    let mut old = None;
    if conditions.existence != Existence::Refused {
        old = read(facts, item, false, deadline, db).await?;
        conditions.expect_unchanged(as_read(facts, old.as_ref()));
    }
    changes(facts, item, old.as_ref(), Some(item), db)
}

/// Both items, if they differ in their unique values.
pub(crate) fn moves(facts: &'static Facts, old: &Item, new: &Item) -> Option<Box<(Item, Item)>> {
    let moves = |unique: &UniqueFields| guard_text(facts, unique, old) != guard_text(facts, unique, new);
    fields(facts).iter().any(moves).then(|| Box::new((old.clone(), new.clone())))
}

/// The writes of guards that turn those of `old` into those of `new`; only what differs is written.
///
/// # Errors
/// A value is too long for a guard.
pub(crate) fn changes(
    facts: &'static Facts,
    key: &Item,
    old: Option<&Item>,
    new: Option<&Item>,
    db: &Client,
) -> Result<Vec<WritePart>> {
    let owner = key_of(facts, key);
    let mut parts = Vec::new();
    for unique in fields(facts) {
        let text = |item: Option<&Item>| item.and_then(|item| guard_text(facts, unique, item));
        let (old, new) = (text(old), text(new));
        if old == new {
            continue;
        }
        if let Some(old) = old {
            parts.push(free(facts, unique, &old, &owner, db)?);
        }
        if let Some(new) = new {
            let maximum = longest_guard(facts);
            if new.len() > maximum {
                let message = format!(
                    "its guard has a key of {} bytes, more than DynamoDB's {maximum}: the value is too \
                     long to be unique",
                    new.len()
                );
                return Err(Error::validation(
                    Context::model(facts),
                    vec![Violation::new(unique.names(), message)],
                ));
            }
            parts.push(take(facts, unique, &new, &owner, None, db)?);
        }
    }
    Ok(parts)
}

/// The most bytes of a guard's partition key, which an index may have as its sort key.
pub(crate) fn longest_guard(facts: &Facts) -> usize {
    let name = facts.table.partition_key.name;
    let mut sort_keys = facts.table.indexes.iter().flat_map(|index| index.sort_key);
    if sort_keys.any(|key| key.name == name) { MAXIMUM_SORT_KEY_BYTES } else { MAXIMUM_PARTITION_KEY_BYTES }
}

/// The attributes of an item's key.
pub(crate) fn key_of(facts: &Facts, item: &Item) -> Item {
    let parts = facts.table.key();
    parts.filter_map(|key| Some((key.name.to_owned(), item.get(key.name)?.clone()))).collect()
}

/// How the partition keys of a model's guards begin.
pub(crate) fn prefix(facts: &Facts) -> String {
    format!("{RESERVED}unique:{}:", facts.model)
}

/// The partition key of the guard of an item's values; nothing where one is absent, and any number of items may lack it.
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
        // Behind a name stands the letter of its value's type.
        rest = counted(after.get(1..)?)?.1;
    }
    Some(names)
}

/// What stands behind its length and a colon, and the rest.
fn counted(text: &str) -> Option<(&str, &str)> {
    let (length, rest) = text.split_once(':')?;
    rest.split_at_checked(length.parse().ok()?)
}

/// One text for each number: engines write numbers as they like.
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

/// The key of the item that has a guard's value.
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

/// Writes a guard, unless it names an item that is neither this one nor the `former` one.
pub(crate) fn take(
    facts: &'static Facts,
    unique: &'static UniqueFields,
    text: &str,
    owner: &Item,
    former: Option<&Item>,
    db: &Client,
) -> Result<WritePart> {
    let mut item = guard_key(facts, text);
    item.insert(OWNER.to_owned(), AttributeValue::M(owner.clone()));
    let former = former.map(|former| AttributeValue::M(former.clone()));
    let condition = if former.is_some() { OF_EITHER_OR_ABSENT } else { OWN_OR_ABSENT };
    let mut values = Item::from([(":owner".to_owned(), AttributeValue::M(owner.clone()))]);
    values.extend(former.map(|former| (":former".to_owned(), former)));
    let put = aws_sdk_dynamodb::types::Put::builder()
        .table_name(db.table_name(facts.table))
        .set_item(Some(item))
        .condition_expression(condition)
        .expression_attribute_names("#key", facts.table.partition_key.name)
        .expression_attribute_names("#owner", OWNER)
        .set_expression_attribute_values(Some(values))
        .build()
        .map_err(construction)?;
    let guard = Guard { unique, text: text.to_owned(), owner: owner.clone(), is_taken: true };
    Ok(part(facts, TransactWriteItem::builder().put(put).build(), guard))
}

/// Deletes a guard, unless it names another item.
pub(crate) fn free(
    facts: &'static Facts,
    unique: &'static UniqueFields,
    text: &str,
    owner: &Item,
    db: &Client,
) -> Result<WritePart> {
    let delete = aws_sdk_dynamodb::types::Delete::builder()
        .table_name(db.table_name(facts.table))
        .set_key(Some(guard_key(facts, text)))
        .condition_expression(OWN_OR_ABSENT)
        .expression_attribute_names("#key", facts.table.partition_key.name)
        .expression_attribute_names("#owner", OWNER)
        .expression_attribute_values(":owner", AttributeValue::M(owner.clone()))
        .build()
        .map_err(construction)?;
    let guard = Guard { unique, text: text.to_owned(), owner: owner.clone(), is_taken: false };
    Ok(part(facts, TransactWriteItem::builder().delete(delete).build(), guard))
}

const OWN_OR_ABSENT: &str = "attribute_not_exists(#key) OR #owner = :owner";
const OF_EITHER_OR_ABSENT: &str = "attribute_not_exists(#key) OR #owner = :owner OR #owner = :former";

fn construction(error: impl Into<BoxError>) -> Error {
    Error::construction(error.into())
}

fn part(facts: &'static Facts, part: TransactWriteItem, guard: Guard) -> WritePart {
    let key = guard_key(facts, &guard.text);
    WritePart {
        facts,
        size: limits::item_size(&key) + limits::item_size(&guard.owner),
        key,
        part,
        meaning: Meaning::of_guard(facts, guard.unique),
        written: Written::default(),
        position: 0,
        role: Role::Guard(guard),
    }
}

/// Filters guards out of what a scan reads.
pub(crate) fn without_guards(facts: &'static Facts) -> Option<Expression> {
    if fields(facts).is_empty() {
        return None;
    }
    let path = Path::top(facts.table.partition_key.name);
    let reserved = AttributeValue::S(RESERVED.to_owned());
    Some(Expression::Not(Box::new(Expression::Function("begins_with", path, Some(Ok(reserved))))))
}
