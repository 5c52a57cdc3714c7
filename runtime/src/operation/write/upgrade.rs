//! An item of an older shape, written as today's before a part of it changes.

use std::pin::pin;

use aws_sdk_dynamodb::operation::update_item::{UpdateItemError, UpdateItemOutput};

use crate::client::{Call, Client, Deadline};
use crate::error::{Context, Error, Result};
use crate::expression::action::{Action, expression};
use crate::expression::path::Path;
use crate::expression::placeholders::Placeholders;
use crate::facts::{Facts, ShapeFacts};
use crate::item::Item;
use crate::kind::same_values;
use crate::operation::read::get::GetItem;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::unchanged::Unchanged;

/// Gives an item today's shape, if it is still as the refused update found it. Attributes that the code does not know stay. What
/// every write counts or dates is left as it is: the item says the same as before.
pub(super) async fn upgrade(
    facts: &'static Facts,
    shape: &'static ShapeFacts,
    key: &Item,
    mut refused: Error,
    deadline: Deadline,
    db: &Client,
) -> Result<()> {
    let found = match refused.take_item() {
        Some(item) => Some(item),
        None => GetItem::consistent(facts, key.clone(), Vec::new()).item(deadline, db).await?,
    };
    // The next attempt says that it is gone.
    let Some(found) = found else { return Ok(()) };
    let table = db.table_name(facts.table);
    let wanted = (shape.upgrade)(found.clone())
        .map_err(|error| Error::decode(Context::item(facts, table.clone(), key), error))?;
    let names = || facts.attributes.iter().chain(shape.former);
    let is_managed = |name: &str| facts.managed.is_some_and(|managed| managed.has(name));
    let is_key = |name: &str| facts.table.key().any(|part| part.name == name);
    let actions = names().filter(|name| !is_managed(name) && !is_key(name)).filter_map(|name| {
        match (found.get(*name), wanted.get(*name)) {
            (Some(_), None) => Some((Path::top(name), Action::Remove)),
            (Some(one), Some(other)) if same_values(one, other) => None,
            (_, Some(other)) => Some((Path::top(name), Action::Set(other.clone()))),
            (None, None) => None,
        }
    });
    let mut conditions = Conditions::of_any_shape(facts, Existence::Required);
    // An upgrade may make anything of anything.
    let read = names().filter(|name| !is_key(name)).map(|name| Path::top(name));
    conditions.expect_unchanged(Unchanged::new(Some(&found), read));
    let mut placeholders = Placeholders::default();
    let expression = expression(actions.collect(), facts, &mut placeholders);
    let prepared = conditions.prepare(&mut placeholders).map_err(|error| error.at(facts, key, db))?;
    let request = db
        .sdk()
        .update_item()
        .table_name(table)
        .set_key(Some(key.clone()))
        .set_update_expression(expression)
        .set_condition_expression(prepared.condition)
        .set_expression_attribute_names(placeholders.names)
        .set_expression_attribute_values(placeholders.values)
        .set_return_consumed_capacity(db.consumed_capacity());
    let mut call = Call::item(db, "UpdateItem", facts, key, deadline);
    let request = pin!(request.send());
    match call.run_with_item(request, returned, no_item).await {
        // Whoever changed it in between may have upgraded it: the next attempt tells.
        Err(error) if error.is_condition_failed() => Ok(()),
        outcome => outcome,
    }
}

fn returned(call: &Call<'_>, output: UpdateItemOutput) {
    call.record(1, output.consumed_capacity());
}

fn no_item(_: &UpdateItemError) -> Option<&Item> {
    None
}
