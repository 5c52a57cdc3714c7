//! Guards that name another item: one of the same transaction, one that is gone, or one that has the value.

use std::collections::HashMap;

use super::batch::{Patience, key_text};
use super::transaction::{Role, WritePart};
use super::unique::{Guard, Unchanged, attributes_of, guard_key, guard_text, key_of, owner_of, take};
use super::write::{Conditions, Existence};
use super::{check, get};
use crate::client::Client;
use crate::decode::Item;
use crate::error::Result;
use crate::model::Facts;

/// One operation for each guard, which is all that DynamoDB allows: where one item gives up the value that another takes, the
/// guard goes from the one to the other.
///
/// # Errors
/// A request could not be built.
pub(super) fn merge(mut parts: Vec<WritePart>, db: &Client) -> Result<Vec<WritePart>> {
    let identity = |part: &WritePart, guard: &Guard| (db.table_name(part.facts.table), guard.text.clone());
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
            *part = taken_over(part, guard, &owner, db)?;
            merged.push(index);
        }
    }
    Ok(without(parts, &merged))
}

/// Prepares a transaction to be sent again that was cancelled by guards of other items alone, whose parts are `refused`: a
/// value that is given up has no guard of its item's to delete, and that of an item that is gone, or does not have it any
/// more, can be taken. Nothing if another item has a value.
///
/// # Errors
/// A request could not be built.
pub(super) async fn resolve(
    parts: &[WritePart],
    refused: &[usize],
    patience: &Patience,
    db: &Client,
) -> Result<Option<Vec<WritePart>>> {
    let mut next = parts.to_vec();
    let mut given_up = Vec::new();
    for &index in refused {
        let part = &parts[index];
        let Role::Guard(guard) = &part.role else { return Ok(None) };
        if !guard.is_taken {
            given_up.push(index);
            continue;
        }
        // Where it cannot be read who has the value, the guard is believed.
        match holder(part.facts, guard, patience, db).await.unwrap_or(Holder::InUse) {
            Holder::InUse => return Ok(None),
            Holder::Nobody => {}
            Holder::Gone(owner, current) => {
                next[index] = taken_over(part, guard, &owner, db)?;
                next.extend(stays(part, &owner, current.as_ref(), &next, db)?);
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
    /// Not the item of this key, which is as it was read.
    Gone(Item, Option<Item>),
}

async fn holder(facts: &'static Facts, wanted: &Guard, patience: &Patience, db: &Client) -> Result<Holder> {
    // A guard may name an item outside the client's scope, which is only looked at.
    let db = &db.without_scopes();
    let guard = guard_key(facts, &wanted.text);
    let guard = get::Core::consistent(facts, guard, Vec::new(), patience.left()).item(db).await?;
    let Some(owner) = guard.as_ref().and_then(owner_of).filter(|owner| **owner != wanted.owner) else {
        return Ok(Holder::Nobody);
    };
    if key_of(facts, owner).len() != facts.table.key().count() {
        return Ok(Holder::Gone(owner.clone(), None));
    }
    let read = get::Core::consistent(facts, owner.clone(), attributes_of(facts), patience.left());
    let current = read.item(db).await?;
    let text = current.as_ref().and_then(|item| guard_text(facts, wanted.unique, item));
    Ok(if text.as_ref() == Some(&wanted.text) { Holder::InUse } else { Holder::Gone(owner.clone(), current) })
}

/// The same guard, also where it names `owner`.
fn taken_over(part: &WritePart, guard: &Guard, owner: &Item, db: &Client) -> Result<WritePart> {
    let taken = take(part.facts, guard.unique, &guard.text, &guard.owner, Some(owner), db)?;
    Ok(WritePart { position: part.position, ..taken })
}

/// The condition that an item stays as it was read, unless the transaction itself writes it.
fn stays(
    part: &WritePart,
    owner: &Item,
    current: Option<&Item>,
    parts: &[WritePart],
    db: &Client,
) -> Result<Option<WritePart>> {
    let facts = part.facts;
    let (table, key) = (db.table_name(facts.table), key_text(facts, owner));
    let is_there = |part: &WritePart| {
        !matches!(part.role, Role::Guard(_))
            && db.table_name(part.facts.table) == table
            && key_text(part.facts, &part.key) == key
    };
    if key_of(facts, owner).len() != facts.table.key().count() || parts.iter().any(is_there) {
        return Ok(None);
    }
    let mut conditions = Conditions::new(facts, Existence::Any);
    conditions.expect_unchanged(Unchanged::new(facts, current));
    let check = check::Core::new(owner.clone(), conditions).into_part(db)?;
    Ok(Some(WritePart { position: part.position, role: Role::Beside, ..check }))
}

fn without(parts: Vec<WritePart>, indices: &[usize]) -> Vec<WritePart> {
    let parts = parts.into_iter().enumerate().filter(|(index, _)| !indices.contains(index));
    parts.map(|(_, part)| part).collect()
}
