//! Guards that name another item: an item of the same transaction, an item that is gone, or the item that has the value.

use std::collections::HashMap;

use crate::client::{Client, Deadline};
use crate::error::Result;
use crate::facts::Facts;
use crate::item::Item;
use crate::operation::count::merge::without_owner;
use crate::operation::keys::{KeyId, key_of};
use crate::operation::read::get::GetItem;
use crate::operation::unique::guard::{Guard, as_read, attributes_of, guard_key, guard_text, owner_of};
use crate::operation::unique::guards::take;
use crate::operation::write::check::CheckItem;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::part::{Role, WritePart};

/// Makes one operation for each guard, because DynamoDB allows only one. If one item gives up a value that another takes, the
/// guard passes from the one to the other.
pub(crate) fn merge(mut parts: Vec<WritePart>, db: &Client) -> Vec<WritePart> {
    let identity = |part: &WritePart, guard: &Guard| (part.table().to_owned(), guard.text.clone());
    let mut given_up = HashMap::new();
    for (index, part) in parts.iter().enumerate() {
        if let Role::Guard(guard) = &part.role
            && !guard.is_taken
        {
            given_up.insert(identity(part, guard), (index, guard.owner.clone()));
        }
    }
    let mut merged = Vec::new();
    for part in &mut parts {
        if let Role::Guard(guard) = &part.role
            && guard.is_taken
            && let Some((index, owner)) = given_up.remove(&identity(part, guard))
        {
            *part = taken_over(part, guard, &owner, db);
            merged.push(index);
        }
    }
    without(parts, &merged)
}

/// Prepares a transaction to be sent again that was cancelled by guards of other items alone, whose parts are `refused`: a
/// value that is given up has no guard of its item's to delete, and that of an item that is gone, or does not have it any
/// more, can be taken. What went without the item that counted it needs no count. Nothing if another item has a value, or an
/// item that counts what is put is not there.
///
/// # Errors
/// The owner of a value could not be read.
pub(crate) async fn resolve(
    parts: &[WritePart],
    refused: &[usize],
    deadline: Deadline,
    db: &Client,
) -> Result<Option<Vec<WritePart>>> {
    let mut next = parts.to_vec();
    let mut given_up = Vec::new();
    for &index in refused {
        let part = &parts[index];
        let guard = match &part.role {
            Role::Guard(guard) => guard,
            Role::Count(changes) => {
                let Some(check) = without_owner(part, changes, db)? else { return Ok(None) };
                next[index] = check;
                continue;
            }
            Role::Operation | Role::Beside => return Ok(None),
        };
        if !guard.is_taken {
            given_up.push(index);
            continue;
        }
        match holder(part.facts, guard, deadline, db).await? {
            Holder::InUse => return Ok(None),
            Holder::Nobody => {}
            Holder::Gone(owner, current) => {
                next[index] = taken_over(part, guard, &owner, db);
                stays(part, &owner, current.as_ref(), &mut next, db)?;
            }
        }
    }
    Ok(Some(without(next, &given_up)))
}

/// Who has the value of a guard.
enum Holder {
    /// The guard has changed since.
    Nobody,
    /// The item that it names.
    InUse,
    /// Not the item with this key, which is as it was read.
    Gone(Item, Option<Item>),
}

async fn holder(facts: &'static Facts, wanted: &Guard, deadline: Deadline, db: &Client) -> Result<Holder> {
    // A guard may name an item outside the client's scope, which is only read.
    let db = &db.without_scopes();
    let guard = guard_key(facts, &wanted.text);
    let guard = GetItem::consistent(facts, guard, Vec::new()).item(deadline, db).await?;
    let Some(owner) = guard.as_ref().and_then(owner_of).filter(|owner| **owner != wanted.owner) else {
        return Ok(Holder::Nobody);
    };
    if key_of(facts, owner).len() != facts.table.key().count() {
        return Ok(Holder::Gone(owner.clone(), None));
    }
    let read = GetItem::consistent(facts, owner.clone(), attributes_of(facts));
    let current = read.item(deadline, db).await?;
    let text = current.as_ref().and_then(|item| guard_text(facts, wanted.unique, item));
    Ok(if text.as_ref() == Some(&wanted.text) { Holder::InUse } else { Holder::Gone(owner.clone(), current) })
}

/// The same guard, even if it names `owner`.
fn taken_over(part: &WritePart, guard: &Guard, owner: &Item, db: &Client) -> WritePart {
    let taken = take(part.facts, guard.unique, &guard.text, &guard.owner, Some(owner), db);
    WritePart { position: part.position, ..taken }
}

/// Demands that the former owner of a guard stays as it was read: in the transaction's operation on it, or else in an additional
/// check. Otherwise it could take the value again while the guard changes hands.
fn stays(
    part: &WritePart,
    owner: &Item,
    current: Option<&Item>,
    parts: &mut Vec<WritePart>,
    db: &Client,
) -> Result<()> {
    let facts = part.facts;
    if key_of(facts, owner).len() != facts.table.key().count() {
        return Ok(());
    }
    let (table, key) = (db.table_name(facts.table), KeyId::of(facts, owner));
    let is_of_owner = |part: &&mut WritePart| {
        !matches!(part.role, Role::Guard(_))
            && part.table() == table
            && KeyId::of(part.facts, part.key()) == key
    };
    let unchanged = as_read(facts, current);
    if let Some(own) = parts.iter_mut().find(is_of_owner) {
        // If no item may exist, none has the value.
        if !own.meaning.refuses_any() {
            own.expect_unchanged(unchanged);
        }
        return Ok(());
    }
    let mut conditions = Conditions::of_any_model(facts, Existence::Any);
    conditions.expect_unchanged(unchanged);
    let check = CheckItem::new(owner.clone(), conditions).into_part(db)?;
    parts.push(WritePart { position: part.position, role: Role::Beside, ..check });
    Ok(())
}

fn without(parts: Vec<WritePart>, indices: &[usize]) -> Vec<WritePart> {
    let parts = parts.into_iter().enumerate().filter(|(index, _)| !indices.contains(index));
    parts.map(|(_, part)| part).collect()
}
