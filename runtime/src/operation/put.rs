//! `PutItem`.

use std::marker::PhantomData;
use std::time::Duration;

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::TransactWriteItem;

use super::BoxFuture;
use super::transaction::WritePart;
use super::write::{Conditions, Existence, Meaning};
use crate::client::{Call, Client};
use crate::condition::{Condition, Placeholders};
use crate::decode::Item;
use crate::error::{Error, Result};
use crate::limits;
use crate::model::{Model, into_item, to_item};

/// Writes a whole item, in place of one with the same key (`PutItem`).
///
/// The item that was there is replaced, with attributes that the model does not know.
#[must_use = "nothing is written until `.send(&db)`"]
#[derive(Debug)]
pub struct Put<M> {
    core: Core,
    marker: PhantomData<fn() -> M>,
}

#[derive(Debug)]
pub(super) struct Core {
    item: Result<Item>,
    conditions: Conditions,
}

impl<M: Model> Put<M> {
    /// A put of `model`: for generated code.
    pub fn new(model: &M) -> Self {
        Self::of(to_item(model))
    }

    /// As [`new`](Self::new), giving the values away.
    pub fn owned(model: M) -> Self {
        Self::of(into_item(model))
    }

    fn of(item: Result<Item>) -> Self {
        let conditions = Conditions::new(M::FACTS, Existence::Any);
        Put { core: Core { item, conditions }, marker: PhantomData }
    }

    /// Demands that no item has this key: otherwise the error [is "already
    /// exists"](crate::Error::is_already_exists).
    pub fn if_not_exists(mut self) -> Self {
        self.core.conditions.existence = Existence::Refused;
        self
    }

    /// Demands that `condition` holds for the item that is there. A second one must hold too.
    pub fn when(mut self, condition: Condition<M>) -> Self {
        self.core.conditions.when(condition.into_expression());
        self
    }

    /// Ends the operation after `deadline`, instead of after the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.core.conditions.deadline = Some(deadline);
        self
    }

    /// Writes the item.
    ///
    /// # Errors
    /// A value is invalid (nothing was sent), a condition did not hold, or the request failed.
    pub async fn send(self, db: &Client) -> Result<()> {
        self.core.send(db).await
    }

    /// The SDK's own request, filled in so far.
    ///
    /// # Errors
    /// A value is invalid.
    pub fn into_sdk(self, db: &Client) -> Result<PutItemFluentBuilder> {
        let table = db.table_name(M::FACTS.table);
        Ok(request(self.core.item?, self.core.conditions, db, &table)?.0)
    }

    pub(super) fn into_core(self) -> Core {
        self.core
    }
}

impl Core {
    fn send(self, db: &Client) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let item = self.item?;
            let call = Call::item(db, "PutItem", self.conditions.facts, &item, self.conditions.deadline);
            let (request, meaning) = request(item, self.conditions, db, call.table_name())?;
            let request = request.send();
            let output =
                call.run_with_item(request, old_item).await.map_err(|error| meaning.explain(error))?;
            call.record(1, output.consumed_capacity());
            Ok(())
        })
    }

    pub fn into_part(self, db: &Client) -> Result<WritePart> {
        let item = self.item?;
        let facts = self.conditions.facts;
        let prepared = self.conditions.prepare(Placeholders::default())?;
        let put = aws_sdk_dynamodb::types::Put::builder()
            .table_name(db.table_name(facts.table))
            .set_item(Some(item.clone()))
            .set_condition_expression(prepared.condition)
            .set_expression_attribute_names(prepared.placeholders.names)
            .set_expression_attribute_values(prepared.placeholders.values)
            .set_return_values_on_condition_check_failure(prepared.return_on_failure)
            .build()
            .map_err(|error| Error::construction(error.into()))?;
        let part = TransactWriteItem::builder().put(put).build();
        Ok(WritePart { facts, size: limits::item_size(&item), key: item, part, meaning: prepared.meaning })
    }
}

fn request(
    item: Item,
    conditions: Conditions,
    db: &Client,
    table: &str,
) -> Result<(PutItemFluentBuilder, Meaning)> {
    let prepared = conditions.prepare(Placeholders::default())?;
    let request = db
        .sdk()
        .put_item()
        .table_name(table)
        .set_item(Some(item))
        .set_condition_expression(prepared.condition)
        .set_expression_attribute_names(prepared.placeholders.names)
        .set_expression_attribute_values(prepared.placeholders.values)
        .set_return_values_on_condition_check_failure(prepared.return_on_failure)
        .set_return_consumed_capacity(db.consumed_capacity());
    Ok((request, prepared.meaning))
}

fn old_item(error: &PutItemError) -> Option<&Item> {
    match error {
        PutItemError::ConditionalCheckFailedException(failed) => failed.item(),
        _ => None,
    }
}
