//! `DeleteItem`.

use std::convert::identity;
use std::marker::PhantomData;
use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::delete_item::{DeleteItemError, DeleteItemOutput};
use aws_sdk_dynamodb::types::{ReturnValue, TransactWriteItem};

use super::exactly_once::ExactlyOnce;
use super::transaction::{Role, WritePart, send_parts};
use super::unique;
use super::write::{Conditions, Existence, Meaning};
use super::{BoxFuture, ResponseFuture, decoded};
use crate::client::{Call, Client};
use crate::condition::Condition;
use crate::deadline::Deadline;
use crate::decode::Item;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::hooks;
use crate::limits;
use crate::managed::{Versioned, Written, version_number};
use crate::model::{Facts, IntoKey, Model, decode_with, key_attributes, read_record, write_id_of};
use crate::placeholders::Placeholders;

/// Deletes an item (`DeleteItem`). One that is not there is no error, unless a condition speaks of it.
#[must_use = "nothing is deleted until `.send(&db)`"]
#[derive(Debug)]
pub struct Delete<M, R = ()> {
    core: Core,
    marker: PhantomData<fn() -> (M, R)>,
}

#[derive(Clone, Debug)]
pub(super) struct Core {
    key: Item,
    conditions: Conditions,
}

/// The operation returns the item as it was.
#[derive(Debug)]
pub enum ReturnOld {}

impl<M: Model> Delete<M> {
    /// A deletion of the item with this key: for generated code.
    pub fn new(key: impl IntoKey<M>) -> Self {
        Self::by(key.into_key())
    }

    fn by(key: M::Key) -> Self {
        let (key, violations) = key_attributes::<M>(key);
        let conditions = Conditions::refused(M::FACTS, Existence::Any, violations);
        Delete { core: Core { key, conditions }, marker: PhantomData }
    }

    /// Sends the deletion as a transaction of one operation: see [`Put::exactly_once`](super::Put::exactly_once).
    pub fn exactly_once(mut self) -> ExactlyOnce<Self> {
        self.core.conditions.once = true;
        ExactlyOnce(self)
    }

    /// Returns the deleted item.
    pub fn return_old(self) -> Delete<M, ReturnOld> {
        Delete { core: self.core, marker: PhantomData }
    }

    /// Deletes the item.
    ///
    /// # Errors
    /// The key is invalid (nothing was sent), a condition did not hold, or the request failed.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, ()> {
        self.core.send_only(db)
    }
}

impl<M: Versioned> Delete<M> {
    /// A deletion of this very item, if it still has this version: for generated code.
    pub fn of(item: &M) -> Self {
        let mut delete = Self::by(item.key()).expect_version(item.version());
        delete.core.conditions.expect_write_id(write_id_of(item));
        delete
    }
}

impl<M: Versioned, R> Delete<M, R> {
    /// Demands that the item has this version: otherwise the error [is a version
    /// conflict](crate::Error::is_version_conflict), or [is "not found"](crate::Error::is_not_found). 0 is the version of an
    /// item that has none.
    pub fn expect_version(mut self, version: M::Version) -> Self {
        self.core.conditions.expect_version(version_number::<M::Version>(&version));
        self
    }
}

impl<M: Model> Delete<M> {
    pub(super) fn into_core(self) -> Core {
        self.core
    }
}

impl<M: Model> Delete<M, ReturnOld> {
    /// Deletes the item and returns it; `None` where there was none. An item with unique fields is as it was read right
    /// before.
    ///
    /// # Errors
    /// As without `return_old`, and: the item is not what the declarations say
    /// ([`is_item_error`](crate::Error::is_item_error)). It is deleted all the same.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, Option<M>> {
        decoded(self.core.send(true, db), |item| {
            let table = db.table_name(M::FACTS.table);
            item.map(|item| decode_with(M::FACTS, &table, None, item, &read_record::<M>)).transpose()
        })
    }
}

impl<M: Model, R> Delete<M, R> {
    /// Demands that the item exists and `condition` holds for it. A second one must hold too.
    pub fn when(mut self, condition: Condition<M>) -> Self {
        self.core.conditions.existence = Existence::Required;
        self.core.conditions.when(condition.into_expression());
        self
    }

    /// Demands that the item exists: otherwise the error [is "not found"](crate::Error::is_not_found).
    pub fn if_exists(mut self) -> Self {
        self.core.conditions.existence = Existence::Required;
        self
    }

    /// Ends the operation after `deadline`, instead of after the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.core.conditions.deadline = Some(deadline);
        self
    }

    /// The SDK's own request, filled in so far.
    ///
    /// # Errors
    /// The key is invalid, or lies outside what the client [is held to](Client::within).
    pub fn into_sdk(self, db: &Client) -> Result<DeleteItemFluentBuilder> {
        db.admit(M::FACTS, &self.core.key)?;
        let table = db.table_name(M::FACTS.table);
        Ok(request(self.core.key, self.core.conditions, db, table)?.0)
    }
}

impl Core {
    /// Runs the hooks before the deletion: what those after it are to see.
    pub async fn before(&self, db: &Client) -> Result<(&'static Facts, Item)> {
        let facts = self.conditions.facts;
        if self.conditions.violations().is_empty() {
            hooks::before_delete(db, facts, &self.key).await?;
        }
        Ok((facts, self.key.clone()))
    }

    /// As `send`, for a caller that wants nothing back: not compiled for every model.
    fn send_only(self, db: &Client) -> ResponseFuture<'_, ()> {
        if db.has_hooks() || self.is_transaction() {
            return decoded(self.send(false, db), |_| Ok(()));
        }
        let deadline = Deadline::of(self.conditions.deadline, db);
        ResponseFuture::new(self.exchange(false, deadline, db, drop))
    }

    /// Whether it may be sent as a transaction.
    fn is_transaction(&self) -> bool {
        self.conditions.once || self.has_unique_fields()
    }

    fn has_unique_fields(&self) -> bool {
        !unique::fields(self.conditions.facts).is_empty()
    }

    fn send(self, return_old: bool, db: &Client) -> BoxFuture<'_, Result<Option<Item>>> {
        let deadline = Deadline::of(self.conditions.deadline, db);
        if db.has_hooks() {
            self.send_hooked(return_old, deadline, db)
        } else {
            self.send_without_hooks(return_old, deadline, db)
        }
    }

    fn send_hooked(
        self,
        return_old: bool,
        deadline: Deadline,
        db: &Client,
    ) -> BoxFuture<'_, Result<Option<Item>>> {
        Box::pin(async move {
            let (facts, key) = deadline.bound(self.before(db), db).await??;
            let old = self.send_without_hooks(return_old, deadline, db).await?;
            hooks::after_delete(db, facts, &key).await;
            Ok(old)
        })
    }

    fn send_without_hooks(
        self,
        return_old: bool,
        deadline: Deadline,
        db: &Client,
    ) -> BoxFuture<'_, Result<Option<Item>>> {
        if self.conditions.once && !self.has_unique_fields() {
            self.send_once(deadline, db)
        } else if self.is_transaction() {
            self.send_guarded(return_old, deadline, db)
        } else {
            Box::pin(self.exchange(return_old, deadline, db, identity))
        }
    }

    /// Deletes the item by a transaction of one operation.
    fn send_once(self, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<Option<Item>>> {
        Box::pin(async move {
            let (facts, key) = (self.conditions.facts, self.key.clone());
            let sent = send_parts(vec![self.into_part(db)?], None, deadline, db).await;
            sent.map(|_| None).map_err(|error| error.of_single_write(facts, &key, db))
        })
    }

    /// Deletes the item together with its guards, which takes a read of what they guard.
    fn send_guarded(
        self,
        return_old: bool,
        deadline: Deadline,
        db: &Client,
    ) -> BoxFuture<'_, Result<Option<Item>>> {
        Box::pin(async move {
            let mut attempt = 1;
            loop {
                let (key, mut conditions) = (self.key.clone(), self.conditions.clone());
                let facts = conditions.facts;
                refuse(&conditions, &key, db)?;
                let Some(old) = unique::read(facts, &key, return_old, deadline, db).await? else {
                    // What is not there has no guards, and nothing needs to be deleted.
                    let is_demanded = conditions.existence == Existence::Required
                        || conditions.version().is_some_and(|expected| expected.version != 0);
                    let context = Context::item(facts, db.table_name(facts.table), &key);
                    return if is_demanded {
                        Err(Error::new(ErrorKind::NotFound, context))
                    } else {
                        Ok(None)
                    };
                };
                conditions.expect_unchanged(unique::as_read(facts, Some(&old)));
                let guards = unique::changes(facts, &key, Some(&old), None, db)?;
                let own = Core { key: key.clone(), conditions };
                let outcome = if guards.is_empty() && !own.conditions.once {
                    own.exchange(return_old, deadline, db, identity).await
                } else {
                    let parts = std::iter::once(own.into_part(db)?).chain(guards).collect();
                    let sent = send_parts(parts, None, deadline, db).await;
                    let sent = sent.map_err(|error| error.of_single_write(facts, &key, db));
                    sent.map(|_| return_old.then_some(old))
                };
                match outcome {
                    Err(error) if error.is_stale() && attempt < unique::ATTEMPTS => attempt += 1,
                    outcome => return outcome,
                }
            }
        })
    }

    /// Whether it depends on what is read of its item before it is sent.
    pub fn reads(&self) -> bool {
        self.has_unique_fields()
    }

    /// The deletion as part of a transaction, with the guards of its item.
    pub fn into_parts(mut self, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<Vec<WritePart>>> {
        Box::pin(async move {
            let facts = self.conditions.facts;
            if unique::fields(facts).is_empty() {
                return Ok(vec![self.into_part(db)?]);
            }
            refuse(&self.conditions, &self.key, db)?;
            let old = unique::read(facts, &self.key, false, deadline, db).await?;
            // Where there is no item, a demand that there is one says so itself.
            if old.is_some() || self.conditions.existence == Existence::Any {
                self.conditions.expect_unchanged(unique::as_read(facts, old.as_ref()));
            }
            let guards = unique::changes(facts, &self.key, old.as_ref(), None, db)?;
            Ok(std::iter::once(self.into_part(db)?).chain(guards).collect())
        })
    }

    /// Sends the deletion alone. The item as it was, if it is wanted, becomes the response.
    async fn exchange<T>(
        self,
        return_old: bool,
        deadline: Deadline,
        db: &Client,
        response: fn(Option<Item>) -> T,
    ) -> Result<T> {
        let facts = self.conditions.facts;
        db.admit(facts, &self.key)?;
        let mut call = Call::item(db, "DeleteItem", facts, &self.key, deadline);
        let table = db.table_name(facts.table);
        let (mut request, meaning) = request(self.key, self.conditions, db, table)?;
        if return_old {
            request = request.return_values(ReturnValue::AllOld);
        }
        let request = pin!(request.send());
        let old = call
            .run_with_item(request, returned_item, old_item)
            .await
            .map_err(|error| meaning.settle_deletion(meaning.explain(error)))?;
        if return_old && old.is_none() && call.was_unanswered() {
            return Err(call.unclear(None));
        }
        Ok(response(old))
    }

    fn into_part(self, db: &Client) -> Result<WritePart> {
        let facts = self.conditions.facts;
        let mut placeholders = Placeholders::default();
        let prepared = self.conditions.prepare_part(&mut placeholders)?;
        let delete = aws_sdk_dynamodb::types::Delete::builder()
            .table_name(db.table_name(facts.table))
            .set_key(Some(self.key.clone()))
            .set_condition_expression(prepared.condition)
            .set_expression_attribute_names(placeholders.names)
            .set_expression_attribute_values(placeholders.values)
            .set_return_values_on_condition_check_failure(prepared.return_on_failure)
            .build()
            .map_err(|error| Error::construction(error.into()))?;
        let part = TransactWriteItem::builder().delete(delete).build();
        Ok(WritePart {
            facts,
            size: limits::item_size(&self.key),
            key: self.key,
            part,
            meaning: prepared.meaning,
            written: Written::default(),
            position: 0,
            role: Role::Operation,
        })
    }
}

/// Refuses a deletion of which something is wrong already, before its item is read.
fn refuse(conditions: &Conditions, key: &Item, db: &Client) -> Result<()> {
    if conditions.violations().is_empty() {
        return Ok(());
    }
    let facts = conditions.facts;
    let error = Error::validation(Context::model(facts), conditions.violations().to_vec());
    Err(error.at(facts, key, db))
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

fn returned_item(call: &Call<'_>, output: DeleteItemOutput) -> Option<Item> {
    call.record(1, output.consumed_capacity());
    output.attributes
}

fn old_item(error: &DeleteItemError) -> Option<&Item> {
    match error {
        DeleteItemError::ConditionalCheckFailedException(failed) => failed.item(),
        _ => None,
    }
}
