//! `PutItem`.

use std::convert::identity;
use std::pin::pin;

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::TransactWriteItem;

use crate::client::{Call, Client, Deadline};
use crate::error::{Context, Error, Result};
use crate::expression::placeholders::Placeholders;
use crate::future::{BoxFuture, ResponseFuture, decoded};
use crate::item::Item;
use crate::kind::same_items;
use crate::managed::Written;
use crate::operation::unique::guard;
use crate::operation::unique::guards;
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::meaning::Meaning;
use crate::operation::write::part::{Role, WritePart};
use crate::operation::write::transact::send_parts;
use crate::stamp::Stamp;
use crate::{hooks, limits};

#[derive(Debug)]
pub(crate) struct PutItem {
    pub(crate) item: Result<Item>,
    pub(crate) conditions: Conditions,
}

impl PutItem {
    /// As `send`, for a caller that wants nothing back: not compiled for every model.
    pub(crate) fn send_only(self, db: &Client) -> ResponseFuture<'_, ()> {
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
        !guard::fields(self.conditions.facts).is_empty()
    }

    pub fn new(item: Item, conditions: Conditions) -> Self {
        PutItem { item: Ok(item), conditions }
    }

    /// The item, if it is fit to be written.
    fn encoded(self, db: &Client) -> Result<(Item, Conditions)> {
        match self.item {
            Ok(item) => Ok((item, self.conditions)),
            Err(error) => Err(error.in_table(self.conditions.facts, db)),
        }
    }

    /// The item as it is to be written, and what the runtime wrote into it.
    pub(crate) fn stamped(self, stamp: Stamp<'_>, db: &Client) -> Result<(Item, Conditions, Written)> {
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
                let mut core = PutItem { item: Ok(item.clone()), conditions: conditions.clone() };
                let guards = guards::guard_put(&item, &mut core.conditions, deadline, db).await?;
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
                    Err(error) if error.is_stale() && attempt < guard::ATTEMPTS => attempt += 1,
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
        Some(PutItem { item: Ok(item), conditions: self.conditions.clone() })
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
            let guards = guards::guard_put(&item, &mut conditions, deadline, db).await?;
            let own = PutItem { item: Ok(item), conditions }.into_part(stamp, db)?;
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

pub(crate) fn request(
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
