//! The writes of guards that accompany the write of an item.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::client::{Client, Deadline};
use crate::encode::EncodedItem;
use crate::error::{Context, Error, Result};
use crate::facts::{Facts, UniqueFields};
use crate::item::Item;
use crate::limits;
use crate::operation::keys::key_of;
use crate::operation::read::get::GetItem;
use crate::operation::unique::guard::{
    Guard, OWNER, attributes_of, fields, guard_key, guard_text, longest_guard,
};
use crate::operation::write::conditions::ConditionText;
use crate::operation::write::meaning::Meaning;
use crate::operation::write::part::{PartWrite, Role, WritePart};
use crate::validation::Violation;

/// Reads the unique attributes of an item.
pub(crate) async fn read_values(facts: &'static Facts, key: &Item, db: &Client) -> Result<Option<Item>> {
    let read = GetItem::consistent(facts, key_of(facts, key), attributes_of(facts));
    read.item(Deadline::of(None, db), db).await
}

/// The writes of guards that turn those of `old` into those of `new`. They only write differences.
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
            parts.push(free(facts, unique, &old, &owner, db));
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
            parts.push(take(facts, unique, &new, &owner, None, db));
        }
    }
    Ok(parts)
}

/// Writes a guard, unless it names an item that is neither this one nor the `former` one.
pub(crate) fn take(
    facts: &'static Facts,
    unique: &'static UniqueFields,
    text: &str,
    owner: &Item,
    former: Option<&Item>,
    db: &Client,
) -> WritePart {
    let mut item = guard_key(facts, text);
    item.insert(OWNER.to_owned(), AttributeValue::M(owner.clone()));
    let former = former.map(|former| AttributeValue::M(former.clone()));
    let condition = if former.is_some() { OF_EITHER_OR_ABSENT } else { OWN_OR_ABSENT };
    let mut values = Item::from([(":owner".to_owned(), AttributeValue::M(owner.clone()))]);
    values.extend(former.map(|former| (":former".to_owned(), former)));
    let guard = Guard { unique, text: text.to_owned(), owner: owner.clone(), is_taken: true };
    part(facts, PartWrite::Put(EncodedItem::Map(item)), condition, values, guard, db)
}

/// Deletes a guard, unless it names another item.
pub(crate) fn free(
    facts: &'static Facts,
    unique: &'static UniqueFields,
    text: &str,
    owner: &Item,
    db: &Client,
) -> WritePart {
    let values = Item::from([(":owner".to_owned(), AttributeValue::M(owner.clone()))]);
    let guard = Guard { unique, text: text.to_owned(), owner: owner.clone(), is_taken: false };
    part(facts, PartWrite::Delete(guard_key(facts, text)), OWN_OR_ABSENT, values, guard, db)
}

const OWN_OR_ABSENT: &str = "attribute_not_exists(#key) OR #owner = :owner";

const OF_EITHER_OR_ABSENT: &str = "attribute_not_exists(#key) OR #owner = :owner OR #owner = :former";

fn part(
    facts: &'static Facts,
    write: PartWrite,
    condition: &str,
    values: Item,
    guard: Guard,
    db: &Client,
) -> WritePart {
    let names = [("#key", facts.table.partition_key.name), ("#owner", OWNER)];
    let demands = ConditionText {
        condition: Some(condition.to_owned()),
        names: Some(names.map(|(placeholder, name)| (placeholder.to_owned(), name.to_owned())).into()),
        values: Some(values),
        return_on_failure: None,
    };
    let size = limits::item_size(&guard_key(facts, &guard.text)) + limits::item_size(&guard.owner);
    let meaning = Meaning::of_guard(facts, guard.unique);
    let part = WritePart::new(facts, write, size, meaning, db).with_demands(Some(Box::new(demands)));
    WritePart { role: Role::Guard(guard), ..part }
}
