//! `PutItem`.

use std::convert::identity;
use std::marker::PhantomData;
use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::TransactWriteItem;

use super::exactly_once::ExactlyOnce;
use super::transaction::{Role, WritePart, send_parts};
use super::unique;
use super::write::{Conditions, Existence, Meaning};
use super::{BoxFuture, ResponseFuture, decoded};
use crate::client::{Call, Client};
use crate::condition::Condition;
use crate::deadline::Deadline;
use crate::decode::Item;
use crate::error::{Context, Error, Result};
use crate::hooks;
use crate::kind::same_items;
use crate::limits;
use crate::managed::Written;
use crate::model::{Model, decode_with, into_item, read_record, to_item};
use crate::placeholders::Placeholders;
use crate::stamp::Stamp;

/// Writes a whole item, in place of one with the same key (`PutItem`).
///
/// The item that was there is replaced, with attributes that the model does not know.
#[must_use = "nothing is written until `.send(&db)`"]
#[derive(Debug)]
pub struct Put<M, W = ()> {
    core: Core,
    /// What is written back into.
    value: W,
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
        Self::new_with(to_item(model), ())
    }

    /// As [`new`](Self::new), giving the values away.
    pub fn owned(model: M) -> Self {
        Self::new_with(into_item(model), ())
    }

    /// A put of what a builder gave: for generated code. Where it gave an error, sending does.
    #[doc(hidden)]
    pub fn built(model: Result<M>) -> Self {
        Self::new_with(model.and_then(into_item), ())
    }

    /// Writes the item.
    ///
    /// # Errors
    /// A value is invalid (nothing was sent), a condition did not hold, or the request failed.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, ()> {
        self.core.send_only(db)
    }
}

impl<'a, M: Model> Put<M, &'a mut M> {
    /// A put of `model` that takes over what the runtime writes itself: for generated code.
    pub fn written_back(model: &'a mut M) -> Self {
        Self::new_with(to_item(model), model)
    }

    /// Writes the item, and what is managed of it back into the value.
    ///
    /// # Errors
    /// A value is invalid (nothing was sent), the item has another version
    /// ([`is_version_conflict`](crate::Error::is_version_conflict)), a condition did not hold, or the request failed. The
    /// value is as it was.
    pub fn send<'b>(self, db: &'b Client) -> ResponseFuture<'b, ()>
    where
        'a: 'b,
    {
        let value = self.value;
        decoded(self.core.send(db), move |written| {
            written.write_into(value);
            Ok(())
        })
    }
}

impl<M: Model, W> Put<M, W> {
    fn new_with(item: Result<Item>, value: W) -> Self {
        let conditions = Conditions::new(M::FACTS, Existence::Any);
        Put { core: Core { item, conditions }, value, marker: PhantomData }
    }

    /// Demands that no item has this key: otherwise the error [is "already
    /// exists"](crate::Error::is_already_exists).
    pub fn if_not_exists(mut self) -> Self {
        self.core.conditions.existence = Existence::Refused;
        self
    }

    /// Sends the put as a transaction of one operation, which DynamoDB carries out once however often it is sent: a lost
    /// response is no unknown outcome as long as another attempt is answered. It takes twice the capacity, and returns no
    /// item.
    pub fn exactly_once(mut self) -> ExactlyOnce<Self> {
        self.core.conditions.once = true;
        ExactlyOnce(self)
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

    /// The SDK's own request, filled in so far. What is managed of the item is in it, and is not written back.
    ///
    /// # Errors
    /// A value is invalid, or the key lies outside what the client [is held to](Client::within).
    pub fn into_sdk(self, db: &Client) -> Result<PutItemFluentBuilder> {
        let table = db.table_name(M::FACTS.table);
        let (item, conditions, _) = self.core.stamped(Stamp::new(db), db)?;
        db.admit(M::FACTS, &item)?;
        Ok(request(item, conditions, db, table)?.0)
    }

    pub(super) fn into_parts(self) -> (Core, W) {
        (self.core, self.value)
    }
}

/// Writes an item unless there is one with the same key, which it returns.
#[must_use = "nothing is written until `.send(&db)`"]
#[derive(Debug)]
pub struct PutOrGet<M, W = ()> {
    core: Core,
    value: W,
    marker: PhantomData<fn() -> M>,
}

impl<M: Model, W> Put<M, W> {
    /// Writes the item only if no item has its key, and returns the one that has it, by the same request.
    pub fn or_get(mut self) -> PutOrGet<M, W> {
        self.core.conditions.existence = Existence::Refused;
        self.core.conditions.return_existing();
        PutOrGet { core: self.core, value: self.value, marker: PhantomData }
    }
}

impl<M: Model, W> PutOrGet<M, W> {
    /// Ends the operation after `deadline`, instead of after the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.core.conditions.deadline = Some(deadline);
        self
    }
}

impl<M: Model> PutOrGet<M> {
    /// Writes the item, or returns the one that was there; `None` if this one was written.
    ///
    /// # Errors
    /// A value is invalid (nothing was sent), a condition did not hold, the item that is there is not what the declarations
    /// say ([`is_item_error`](crate::Error::is_item_error)), or the request failed.
    pub async fn send(self, db: &Client) -> Result<Option<M>> {
        written_or_there(self.core.send(db).await, db).map(|(_, there)| there)
    }
}

impl<M: Model> PutOrGet<M, &mut M> {
    /// Writes the item, and what is managed of it back into the value; or returns the one that was there. `None` if this
    /// one was written.
    ///
    /// # Errors
    /// As without a value to write back into.
    pub async fn send(self, db: &Client) -> Result<Option<M>> {
        let (written, there) = written_or_there(self.core.send(db).await, db)?;
        if there.is_none() {
            written.write_into(self.value);
        }
        Ok(there)
    }
}

fn written_or_there<M: Model>(outcome: Result<Written>, db: &Client) -> Result<(Written, Option<M>)> {
    let mut error = match outcome {
        Ok(written) => return Ok((written, None)),
        Err(error) if error.is_already_exists() => error,
        Err(error) => return Err(error),
    };
    let Some(item) = error.take_item() else { return Err(error) };
    let there = decode_with(M::FACTS, &db.table_name(M::FACTS.table), None, item, &read_record::<M>)?;
    Ok((Written::default(), Some(there)))
}

impl Core {
    /// As `send`, for a caller that wants nothing back: not compiled for every model.
    fn send_only(self, db: &Client) -> ResponseFuture<'_, ()> {
        if db.has_hooks() || self.is_transaction() {
            return decoded(self.send(db), |_| Ok(()));
        }
        let deadline = Deadline::of(self.conditions.deadline, db);
        ResponseFuture::new(self.exchange(deadline, db, drop))
    }

    /// Whether it may be sent as a transaction.
    fn is_transaction(&self) -> bool {
        self.conditions.once || self.has_unique_fields()
    }

    fn has_unique_fields(&self) -> bool {
        !unique::fields(self.conditions.facts).is_empty()
    }

    pub fn new(item: Item, conditions: Conditions) -> Self {
        Core { item: Ok(item), conditions }
    }

    /// The item, if it is fit to be written.
    fn encoded(self, db: &Client) -> Result<(Item, Conditions)> {
        match self.item {
            Ok(item) => Ok((item, self.conditions)),
            Err(error) => Err(error.in_table(self.conditions.facts, db)),
        }
    }

    /// The item as it is to be written, and what the runtime wrote into it.
    fn stamped(self, stamp: Stamp<'_>, db: &Client) -> Result<(Item, Conditions, Written)> {
        let (mut item, mut conditions) = self.encoded(db)?;
        let Some(managed) = conditions.facts.managed else {
            return Ok((item, conditions, Written::default()));
        };
        conditions.expect(managed.expected(&item));
        conditions.expect_write_id(managed.expected_write_id(&item));
        let written = managed
            .next(conditions.version(), stamp)
            .map_err(|violation| Error::validation(Context::model(conditions.facts), vec![*violation]))
            .map_err(|error| error.at(conditions.facts, &item, db))?;
        written.add_to(&mut item);
        Ok((item, conditions, written))
    }

    /// Runs the hooks before the put, and says whether there were any of the model: what they change is in the item then.
    pub async fn before(&mut self, db: &Client) -> Result<bool> {
        match &mut self.item {
            Ok(item) if db.has_hooks() && self.conditions.violations().is_empty() => {
                hooks::before_put(db, self.conditions.facts, item).await
            }
            _ => Ok(false),
        }
    }

    pub fn send(self, db: &Client) -> BoxFuture<'_, Result<Written>> {
        let deadline = Deadline::of(self.conditions.deadline, db);
        self.send_within(deadline, db)
    }

    /// As [`send`](Self::send), as a part of an operation with a deadline of its own.
    pub fn send_within(self, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<Written>> {
        if db.has_hooks() { self.send_hooked(deadline, db) } else { self.send_without_hooks(deadline, db) }
    }

    fn send_hooked(mut self, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<Written>> {
        Box::pin(async move {
            let is_hooked = deadline.bound(self.before(db), db).await??;
            let facts = self.conditions.facts;
            let mut item = self.item.as_ref().cloned().unwrap_or_default();
            let mut written = self.send_without_hooks(deadline, db).await?;
            written.add_to(&mut item);
            hooks::after_put(db, facts, &item).await;
            if is_hooked {
                written.set_hooked(item);
            }
            Ok(written)
        })
    }

    fn send_without_hooks(self, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<Written>> {
        if self.is_transaction() {
            self.send_guarded(deadline, db)
        } else {
            Box::pin(self.exchange(deadline, db, identity))
        }
    }

    /// Sends the put with what it changes of its item's guards.
    fn send_guarded(self, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<Written>> {
        Box::pin(async move {
            let (item, conditions) = self.encoded(db)?;
            let mut attempt = 1;
            loop {
                let mut core = Core { item: Ok(item.clone()), conditions: conditions.clone() };
                let guards = unique::guard_put(&item, &mut core.conditions, deadline, db).await?;
                let outcome = if guards.is_empty() && !core.conditions.once {
                    core.exchange(deadline, db, identity).await
                } else {
                    let own = core.into_part(Stamp::new(db), db)?;
                    let parts = std::iter::once(own).chain(guards).collect();
                    let sent = send_parts(parts, None, deadline, db).await;
                    let sent = sent.map_err(|error| error.of_single_write(conditions.facts, &item, db));
                    sent.map(|parts| parts.into_iter().next().map(|own| own.written).unwrap_or_default())
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
        self.has_unique_fields() && self.conditions.existence != Existence::Refused
    }

    /// The same put, unless it is refused anyway.
    pub fn again(&self) -> Option<Self> {
        let item = self.item.as_ref().ok()?.clone();
        Some(Core { item: Ok(item), conditions: self.conditions.clone() })
    }

    /// The put as part of a transaction, with what it changes of its item's guards.
    pub fn into_parts<'a>(
        self,
        stamp: Stamp<'a>,
        deadline: Deadline,
        db: &'a Client,
    ) -> BoxFuture<'a, Result<Vec<WritePart>>> {
        Box::pin(async move {
            let (item, mut conditions) = self.encoded(db)?;
            let guards = unique::guard_put(&item, &mut conditions, deadline, db).await?;
            let own = Core { item: Ok(item), conditions }.into_part(stamp, db)?;
            Ok(std::iter::once(own).chain(guards).collect())
        })
    }

    /// Sends the put alone. What the runtime wrote itself becomes the response.
    async fn exchange<T>(self, deadline: Deadline, db: &Client, response: fn(Written) -> T) -> Result<T> {
        let (item, conditions, written) = self.stamped(Stamp::new(db), db)?;
        db.admit(conditions.facts, &item)?;
        let mut call = Call::item(db, "PutItem", conditions.facts, &item, deadline);
        let sent = conditions.version().is_some().then(|| item.clone());
        let table = db.table_name(conditions.facts.table);
        let (request, meaning) = request(item, conditions, db, table)?;
        let request = pin!(request.send());
        let sending =
            call.run_with_item(request, |call, output| call.record(1, output.consumed_capacity()), old_item);
        match sending.await {
            Ok(()) => {}
            Err(error) => {
                let contradicts =
                    |current: &Item| sent.as_ref().is_some_and(|sent| !same_items(sent, current));
                meaning.settle(meaning.explain(error), &written, &contradicts)?;
            }
        }
        Ok(response(written))
    }

    fn into_part(self, stamp: Stamp<'_>, db: &Client) -> Result<WritePart> {
        let (item, conditions, written) = self.stamped(stamp, db)?;
        let facts = conditions.facts;
        let mut placeholders = Placeholders::default();
        let prepared = conditions.prepare_part(&mut placeholders)?;
        let put = aws_sdk_dynamodb::types::Put::builder()
            .table_name(db.table_name(facts.table))
            .set_item(Some(item.clone()))
            .set_condition_expression(prepared.condition)
            .set_expression_attribute_names(placeholders.names)
            .set_expression_attribute_values(placeholders.values)
            .set_return_values_on_condition_check_failure(prepared.return_on_failure)
            .build()
            .map_err(|error| Error::construction(error.into()))?;
        let part = TransactWriteItem::builder().put(put).build();
        Ok(WritePart {
            facts,
            size: limits::item_size(&item),
            key: item,
            part,
            meaning: prepared.meaning,
            written,
            position: 0,
            role: Role::Operation,
        })
    }
}

fn request(
    item: Item,
    conditions: Conditions,
    db: &Client,
    table: String,
) -> Result<(PutItemFluentBuilder, Meaning)> {
    let facts = conditions.facts;
    let (demands, meaning) = conditions.prepare_alone().map_err(|error| error.at(facts, &item, db))?;
    let mut request = db
        .sdk()
        .put_item()
        .table_name(table)
        .set_item(Some(item))
        .set_return_consumed_capacity(db.consumed_capacity());
    // Every setter moves the whole request, and most puts need none of these.
    if let Some(demands) = demands {
        request = request
            .set_condition_expression(demands.condition)
            .set_expression_attribute_names(demands.names)
            .set_expression_attribute_values(demands.values)
            .set_return_values_on_condition_check_failure(demands.return_on_failure);
    }
    Ok((request, meaning))
}

fn old_item(error: &PutItemError) -> Option<&Item> {
    match error {
        PutItemError::ConditionalCheckFailedException(failed) => failed.item(),
        _ => None,
    }
}
