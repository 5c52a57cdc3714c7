//! A deletion, and its request.

use std::pin::pin;

use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::delete_item::{DeleteItemError, DeleteItemOutput};
use aws_sdk_dynamodb::types::ReturnValue;

use crate::client::{Call, Client, Deadline};
use crate::error::{Context, Error, Reason, Result};
use crate::item::Item;
use crate::managed::Written;
use crate::operation::write::before;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::meaning::Meaning;
use crate::operation::write::operation::{Operation, Preparation, Seen, Sent, SingleWrite, Write};
use crate::operation::write::part::{PartWrite, WritePart};
use crate::operation::write::returned::{ReturnedItem, returned};
use crate::stamp::Stamp;
use crate::{hooks, limits};

/// A deletion of an item of any model.
#[derive(Clone)]
pub(crate) struct DeleteItem {
    pub key: Item,
    pub conditions: Conditions,
    /// Whether to return the deleted item.
    pub return_old: bool,
}

impl DeleteItem {
    /// A deletion of the item with this key.
    pub fn new(key: Item, conditions: Conditions) -> Self {
        DeleteItem { key, conditions, return_old: false }
    }

    /// The deletion among the operations of a transaction.
    pub fn into_operation(self) -> Box<dyn Operation> {
        Box::new(self)
    }

    /// The SDK's own request.
    ///
    /// # Errors
    /// The key is invalid, or lies outside what the client is held to.
    pub fn into_request(self, db: &Client) -> Result<DeleteItemFluentBuilder> {
        db.admit(self.conditions.facts, &self.key)?;
        let table = db.table_name(self.conditions.facts.table);
        Ok(request(self.key, self.conditions, db, table)?.0)
    }

    /// Refuses a deletion with violations, before its item is read.
    fn check(&self, db: &Client) -> Result<()> {
        let Conditions { facts, .. } = self.conditions;
        match self.conditions.violations() {
            [] => Ok(()),
            violations => {
                let error = Error::validation(Context::model(facts), violations.to_vec());
                Err(error.at(facts, &self.key, db))
            }
        }
    }

    /// The outcome of deleting a missing item. It has no guards, and nothing needs to be deleted.
    fn outcome_of_absence(&self, db: &Client) -> Result<()> {
        let Conditions { facts, existence, .. } = self.conditions;
        let is_demanded = existence == Existence::Required
            || self.conditions.version().is_some_and(|expected| expected.version != 0);
        if !is_demanded {
            return Ok(());
        }
        Err(Error::new(Reason::NotFound, Context::item(facts, db.table_name(facts.table), &self.key)))
    }
}

impl Write for DeleteItem {
    fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    fn may_have_guards(&self) -> bool {
        before::is_read_by_deletions(self.conditions.facts)
    }

    fn reads(&self) -> bool {
        self.may_have_guards()
    }

    fn again(&self) -> Option<Self> {
        Some(self.clone())
    }

    async fn before(&mut self, db: &Client) -> Result<Seen> {
        let facts = self.conditions.facts;
        if self.conditions.violations().is_empty() {
            hooks::before_delete(db, facts, &self.key).await?;
        }
        Ok(Seen::Delete(facts, self.key.clone()))
    }

    async fn prepare(mut self, deadline: Deadline, db: &Client) -> Result<(Self, Preparation)> {
        let facts = self.conditions.facts;
        if !self.may_have_guards() {
            return Ok((self, Preparation::default()));
        }
        self.check(db)?;
        let old = before::read(facts, &self.key, self.return_old, deadline, db).await?;
        let outcome = old.is_none().then(|| self.outcome_of_absence(db));
        // If there is no item, a demand for one fails by itself.
        if old.is_some() || self.conditions.existence == Existence::Any {
            self.conditions.expect_unchanged(before::as_read(facts, old.as_ref()));
        }
        let guards = before::parts(facts, &self.key, old.as_ref(), None, db)?;
        let old = old.filter(|_| self.return_old);
        Ok((self, Preparation { guards, old, outcome }))
    }

    fn into_part(self, _: Stamp<'_>, db: &Client) -> Result<WritePart> {
        let facts = self.conditions.facts;
        let (demands, meaning) = self.conditions.prepare_part()?;
        let size = limits::item_size(&self.key);
        Ok(WritePart::new(facts, PartWrite::Delete(self.key), size, meaning, db).with_demands(demands))
    }
}

impl SingleWrite for DeleteItem {
    const IS_PREPARED_ANEW: bool = true;

    async fn exchange<T>(self, deadline: Deadline, db: &Client, response: fn(Sent) -> T) -> Result<T> {
        let (facts, return_old) = (self.conditions.facts, self.return_old);
        db.admit(facts, &self.key)?;
        let mut call = Call::item(db, "DeleteItem", facts, &self.key, deadline);
        let table = db.table_name(facts.table);
        let (mut request, meaning) = request(self.key, self.conditions, db, table)?;
        if return_old {
            request = request.return_values(ReturnValue::AllOld);
        }
        call.keep_body();
        let request = pin!(request.send());
        let old = call
            .run_with_item(request, returned_item, old_item)
            .await
            .map_err(|error| meaning.settle_deletion(meaning.explain(error)))?;
        if return_old && old.is_none() && call.was_unanswered() {
            return Err(call.unclear(None));
        }
        Ok(response(Sent { item: old, written: Written::default() }))
    }
}

fn request(
    key: Item,
    conditions: Conditions,
    db: &Client,
    table: String,
) -> Result<(DeleteItemFluentBuilder, Meaning)> {
    let facts = conditions.facts;
    let (demands, meaning) = conditions.prepare_alone().map_err(|error| error.at(facts, &key, db))?;
    let mut request = db
        .sdk()
        .delete_item()
        .table_name(table)
        .set_key(Some(key))
        .set_return_consumed_capacity(db.consumed_capacity());
    // Every setter moves the whole request, and most deletions need none of these.
    if let Some(demands) = demands {
        request = request
            .set_condition_expression(demands.condition)
            .set_expression_attribute_names(demands.names)
            .set_expression_attribute_values(demands.values)
            .set_return_values_on_condition_check_failure(demands.return_on_failure);
    }
    Ok((request, meaning))
}

fn returned_item(call: &mut Call<'_>, output: DeleteItemOutput) -> Result<Option<ReturnedItem>> {
    returned(call, output.attributes, output.consumed_capacity.as_ref())
}

fn old_item(error: &DeleteItemError) -> Option<&Item> {
    match error {
        DeleteItemError::ConditionalCheckFailedException(failed) => failed.item(),
        _ => None,
    }
}
