//! The item as it is before a write that replaces or deletes it, where guards of unique values or counters go with the write.

use crate::client::{Client, Deadline};
use crate::error::Result;
use crate::facts::Facts;
use crate::item::Item;
use crate::kind::same_values;
use crate::operation::count::counters::{self, counters, kept};
use crate::operation::count::merge;
use crate::operation::keys::key_of;
use crate::operation::read::get::GetItem;
use crate::operation::unique::{guard, guards};
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::part::WritePart;
use crate::operation::write::unchanged::Unchanged;

/// Whether something goes with a put of a model's items, and depends on the item that is there.
pub(crate) fn is_read_by_puts(facts: &Facts) -> bool {
    is_read_by_deletions(facts) || !kept(facts).is_empty()
}

/// Whether something goes with a deletion of a model's items, and depends on the item that is there.
pub(crate) fn is_read_by_deletions(facts: &Facts) -> bool {
    !guard::fields(facts).is_empty() || !counters(facts).is_empty()
}

/// The item as it is, as far as a write depends on it, or whole.
pub(crate) async fn read(
    facts: &'static Facts,
    key: &Item,
    whole: bool,
    deadline: Deadline,
    db: &Client,
) -> Result<Option<Item>> {
    // What an item counts for is told by the item as its model reads it.
    let wanted = match whole || !counters(facts).is_empty() {
        true => Vec::new(),
        false => guard::attributes_of(facts).into_iter().chain(kept(facts).iter().copied()).collect(),
    };
    GetItem::consistent(facts, key_of(facts, key), wanted).item(deadline, db).await
}

/// What the item must be for what goes with a write to be what was found.
pub(crate) fn as_read(facts: &'static Facts, item: Option<&Item>) -> Unchanged {
    guard::as_read(facts, item).and(counters::as_read(facts, item))
}

/// What goes with a write by which the item of this key, `old`, becomes `new`.
///
/// # Errors
/// A value is too long for a guard, or it cannot be told what counts an item.
pub(crate) fn parts(
    facts: &'static Facts,
    key: &Item,
    old: Option<&Item>,
    new: Option<&Item>,
    db: &Client,
) -> Result<Vec<WritePart>> {
    let mut parts = guards::changes(facts, key, old, new, db)?;
    parts.extend(merge::parts(facts, old, new, db)?);
    Ok(parts)
}

/// What goes with a put, whose item is given the counts that it keeps; and what the put demands of the item that is there.
///
/// # Errors
/// As [`parts`], or the item cannot be read.
pub(crate) async fn of_put(
    item: &mut Item,
    conditions: &mut Conditions,
    deadline: Deadline,
    db: &Client,
) -> Result<Vec<WritePart>> {
    let facts = conditions.facts;
    // Where no item may be, nothing is given up.
    let mut old = None;
    if conditions.existence != Existence::Refused {
        old = read(facts, item, false, deadline, db).await?;
        conditions.expect_unchanged(as_read(facts, old.as_ref()));
        conditions.expect_unchanged(counters::kept_as_read(facts, old.as_ref()));
    }
    counters::keep(facts, item, old.as_ref());
    parts(facts, item, old.as_ref(), Some(item), db)
}

/// Both items, if what goes with their write differs: unique values, or what they count for.
pub(crate) fn moves(facts: &'static Facts, old: &Item, new: &Item) -> Option<Box<(Item, Item)>> {
    let is_counted = || counts_differ(facts, old, new);
    let differ = guard::differ(facts, old, new) || is_counted();
    differ.then(|| Box::new((old.clone(), new.clone())))
}

/// Whether an attribute differs by which an item counts.
fn counts_differ(facts: &'static Facts, old: &Item, new: &Item) -> bool {
    let mut names = counters(facts).iter().flat_map(|counter| counter.depends_on);
    let differs = |name: &&str| match (old.get(*name), new.get(*name)) {
        (Some(old), Some(new)) => !same_values(old, new),
        (None, None) => false,
        _ => true,
    };
    names.any(differs)
}
