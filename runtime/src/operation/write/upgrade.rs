//! Updates of items of older shapes.
//!
//! An update says what becomes of attributes of the newest shape. An item of an older one is upgraded before it is carried out.
//! Where items are written with an older shape, since older code still runs, the update is carried out here, on the upgraded
//! item, and what comes of it is written as that code knows it.

use std::pin::pin;

use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::types::{ReturnValue, ReturnValuesOnConditionCheckFailure};

use crate::client::{Call, Client, Deadline};
use crate::error::{Context, Error, Reason, Result};
use crate::expression::action::{Action, expression};
use crate::expression::apply::{Unfit, applied};
use crate::expression::path::Path;
use crate::expression::placeholders::Placeholders;
use crate::facts::{Facts, ShapeFacts};
use crate::item::Item;
use crate::kind::same_values;
use crate::managed::Written;
use crate::operation::read::get::GetItem;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::operation::Sent;
use crate::operation::write::returned::{ReturnedItem, returned};
use crate::operation::write::unchanged::Unchanged;
use crate::operation::write::update::{UpdateItem, old_item};
use crate::stamp::Stamp;

/// Does what a refused update needs where its item has an older shape. Returns nothing where the update is to be sent again.
///
/// # Errors
/// The item cannot be upgraded, the update is refused, or a request failed.
pub(super) async fn update_older(
    update: Box<UpdateItem>,
    shape: &'static ShapeFacts,
    refused: Error,
    deadline: Deadline,
    db: &Client,
) -> Result<Option<Sent>> {
    let (facts, key) = (update.conditions.facts, update.key.clone());
    let found = found(&update, refused, deadline, db).await?;
    if shape.written.is_none() {
        return upgrade(facts, shape, &key, found, deadline, db).await.map(|()| None);
    }
    let Some(rewritten) = Rewritten::new(*update, shape, found, db)? else { return Ok(None) };
    let difference = rewritten.difference(facts, shape);
    match send(facts, &key, difference, &rewritten.written, deadline, db).await {
        Err(error) if error.is_condition_failed() => return Ok(None),
        outcome => outcome?,
    }
    let item = match rewritten.returns {
        Some(ReturnValue::AllOld) => Some(rewritten.before),
        Some(_) => Some(rewritten.after),
        None => None,
    };
    Ok(Some(Sent { item: item.map(ReturnedItem::Map), written: rewritten.written }))
}

/// The same for an update within a transaction, which is sent again.
///
/// # Errors
/// As [`update_older`].
pub(super) async fn follow(
    update: &mut UpdateItem,
    shape: &'static ShapeFacts,
    refused: Error,
    deadline: Deadline,
    db: &Client,
) -> Result<()> {
    let facts = update.conditions.facts;
    let moves = update.conditions.take_moves();
    let found = found(update, refused, deadline, db).await?;
    if shape.written.is_none() {
        update.conditions.set_moves(moves);
        return upgrade(facts, shape, &update.key, found, deadline, db).await;
    }
    if let Some(rewritten) = Rewritten::new(update.clone(), shape, found, db)? {
        let Difference { actions, mut conditions } = rewritten.difference(facts, shape);
        (conditions.deadline, conditions.once) = (update.conditions.deadline, update.conditions.once);
        (update.actions, update.conditions) = (actions, conditions);
        update.rewritten = Some(Box::new(rewritten.written));
    }
    update.conditions.set_moves(moves);
    Ok(())
}

/// The item that stood in an update's way.
async fn found(
    update: &UpdateItem,
    mut refused: Error,
    deadline: Deadline,
    db: &Client,
) -> Result<Option<Item>> {
    match refused.take_item() {
        Some(item) => Ok(Some(item)),
        None => {
            let read = GetItem::consistent(update.conditions.facts, update.key.clone(), Vec::new());
            read.item(deadline, db).await
        }
    }
}

/// An item as the newest shape has it.
fn upgraded(facts: &'static Facts, shape: &ShapeFacts, found: Item, key: &Item, db: &Client) -> Result<Item> {
    (shape.upgrade)(found)
        .map_err(|error| Error::decode(Context::item(facts, db.table_name(facts.table), key), error))
}

/// Writes an item with the newest shape, if it is still as it was found. What every write counts or dates stays as it is: the
/// item says the same as before.
async fn upgrade(
    facts: &'static Facts,
    shape: &'static ShapeFacts,
    key: &Item,
    found: Option<Item>,
    deadline: Deadline,
    db: &Client,
) -> Result<()> {
    // The next attempt says that it is gone.
    let Some(found) = found else { return Ok(()) };
    let wanted = upgraded(facts, shape, found.clone(), key, db)?;
    let is_managed = |name: &str| facts.managed.is_some_and(|managed| managed.has(name));
    let names = names(facts, shape).into_iter().filter(|name| !is_managed(name));
    let difference = difference(facts, Some(&found), &wanted, names.collect());
    match send(facts, key, difference, &Written::default(), deadline, db).await {
        // Whether it was carried out or another client came first, the next attempt tells.
        Err(error) if error.is_condition_failed() => Ok(()),
        Err(error) if error.is_outcome_unknown() && !error.is_timeout() => Ok(()),
        outcome => outcome,
    }
}

/// An update that was carried out on the upgraded item.
struct Rewritten {
    found: Option<Item>,
    /// The item as the newest shape had it, and has it.
    before: Item,
    after: Item,
    /// What is to be stored.
    wanted: Item,
    written: Written,
    returns: Option<ReturnValue>,
}

impl Rewritten {
    /// Carries the update out. Returns nothing where its item is gone, which the next attempt says.
    fn new(
        mut update: UpdateItem,
        shape: &'static ShapeFacts,
        found: Option<Item>,
        db: &Client,
    ) -> Result<Option<Self>> {
        if found.is_none() && update.conditions.existence == Existence::Required {
            return Ok(None);
        }
        let (facts, key) = (update.conditions.facts, update.key.clone());
        let context = || Context::item(facts, db.table_name(facts.table), &key);
        let before = found.clone().map(|found| upgraded(facts, shape, found, &key, db)).transpose()?;
        let written = update.stamp(Stamp::new(db));
        let UpdateItem { actions, conditions, returns, .. } = update;
        conditions
            .check(before.as_ref())
            .map_err(|(reason, item)| Error::new(reason, context()).with_item(item))?;
        let before = before.unwrap_or_else(|| key.clone());
        let after =
            applied(&before, &actions).map_err(|Unfit| Error::new(Reason::PathNotStored, context()))?;
        let wanted = shape
            .as_written(after.clone())
            .map_err(|error| Error::validation(context(), vec![error.into_violation()]))?;
        Ok(Some(Rewritten { found, before, after, wanted, written, returns }))
    }

    fn difference(&self, facts: &'static Facts, shape: &ShapeFacts) -> Difference {
        difference(facts, self.found.as_ref(), &self.wanted, names(facts, shape))
    }
}

/// Every attribute that an item of any shape may have, its key apart.
fn names(facts: &'static Facts, shape: &ShapeFacts) -> Vec<&'static str> {
    let also_read = facts.also_read.iter().flat_map(|field| field.names);
    let names = facts.attributes.iter().chain(shape.former).chain(also_read).copied();
    let mut names: Vec<_> = names.filter(|name| facts.table.key().all(|part| part.name != *name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What makes one item of another, and what it demands.
struct Difference {
    actions: Vec<(Path, Action)>,
    conditions: Conditions,
}

/// What differs between an item as it was found and as it is wanted, if it is still as it was found. Attributes that the code
/// does not know stay.
fn difference(
    facts: &'static Facts,
    found: Option<&Item>,
    wanted: &Item,
    names: Vec<&'static str>,
) -> Difference {
    let nothing = Item::new();
    let stored = found.unwrap_or(&nothing);
    let actions = names.iter().filter_map(|name| match (stored.get(*name), wanted.get(*name)) {
        (Some(_), None) => Some((Path::top(name), Action::Remove)),
        (Some(one), Some(other)) if same_values(one, other) => None,
        (_, Some(other)) => Some((Path::top(name), Action::Set(other.clone()))),
        (None, None) => None,
    });
    let actions = actions.collect();
    let existence = if found.is_some() { Existence::Required } else { Existence::Refused };
    let mut conditions = Conditions::of_any_model(facts, existence);
    if found.is_some() {
        // An upgrade may make anything of anything.
        conditions.expect_unchanged(Unchanged::new(found, names.into_iter().map(Path::top)));
    }
    Difference { actions, conditions }
}

async fn send(
    facts: &'static Facts,
    key: &Item,
    Difference { actions, conditions }: Difference,
    written: &Written,
    deadline: Deadline,
    db: &Client,
) -> Result<()> {
    let mut placeholders = Placeholders::default();
    let expression = expression(actions, facts, &mut placeholders);
    let prepared = conditions.prepare(&mut placeholders).map_err(|error| error.at(facts, key, db))?;
    let request = db
        .sdk()
        .update_item()
        .table_name(db.table_name(facts.table))
        .set_key(Some(key.clone()))
        .set_update_expression(expression)
        .set_condition_expression(prepared.condition)
        .set_expression_attribute_names(placeholders.names)
        .set_expression_attribute_values(placeholders.values)
        .set_return_values_on_condition_check_failure(Some(ReturnValuesOnConditionCheckFailure::AllOld))
        .set_return_consumed_capacity(db.consumed_capacity());
    let mut call = Call::item(db, "UpdateItem", facts, key, deadline);
    let request = pin!(request.send());
    match call.run_with_item(request, recorded, old_item).await {
        Ok(()) => Ok(()),
        // No version is demanded that would disprove it.
        Err(error) => prepared.meaning.settle(error, written, &|_| false).map(drop),
    }
}

fn recorded(call: &mut Call<'_>, output: UpdateItemOutput) -> Result<()> {
    returned(call, None, output.consumed_capacity.as_ref()).map(drop)
}
