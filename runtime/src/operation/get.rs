//! `GetItem`.

use std::marker::PhantomData;
use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use aws_sdk_dynamodb::types::TransactGetItem;
use jiff::Timestamp;

use super::received::Received;
use super::revise::Revise;
use super::select::{Decoder, Selection};
use super::{BoxFuture, ResponseFuture, decoded};
use crate::client::{Call, Client};
use crate::deadline::Deadline;
use crate::decode::{DecodeError, Fields, Item};
use crate::error::{Context, Error, ItemKey, Result};
use crate::kind::compare_numbers;
use crate::managed::{Expires, Versioned};
use crate::model::{Facts, IntoKey, Model, Record, decode_fields, key_attributes};
use crate::placeholders::Placeholders;
use crate::validation::Violation;

/// Reads one item by its key (`GetItem`).
#[must_use = "nothing is read until `.send(&db)`"]
#[derive(Debug)]
pub struct Get<M> {
    core: Core,
    marker: PhantomData<fn() -> M>,
}

#[derive(Clone, Debug)]
pub(super) struct Core {
    facts: &'static Facts,
    key: Item,
    violations: Vec<Violation>,
    consistent: bool,
    /// Whether an item that has expired counts as none.
    live: bool,
    attributes: Vec<&'static str>,
    deadline: Option<Duration>,
}

impl<M: Model> Get<M> {
    /// A read of the item with this key: for generated code.
    pub fn new(key: impl IntoKey<M>) -> Self {
        Self::with_key(key.into_key())
    }

    pub(super) fn with_key(key: M::Key) -> Self {
        let (key, violations) = key_attributes::<M>(key);
        let core = Core {
            facts: M::FACTS,
            key,
            violations,
            consistent: false,
            live: false,
            attributes: Vec::new(),
            deadline: None,
        };
        Get { core, marker: PhantomData }
    }

    /// Reads what every earlier write left, at twice the capacity (`ConsistentRead`).
    pub fn consistent(mut self) -> Self {
        self.core.consistent = true;
        self
    }

    /// Ends the operation after `deadline`, instead of after the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.core.deadline = Some(deadline);
        self
    }

    /// Reads these attributes alone: `.select((Book::TITLE, Book::YEAR))`.
    pub fn select<S: Selection<M>>(mut self, selection: S) -> SelectedGet<S::Values> {
        let (attributes, decode) = selection.into_parts();
        self.core.attributes = attributes;
        SelectedGet { core: self.core, decode }
    }

    /// Reads the item; `None` where there is none.
    ///
    /// # Errors
    /// The key is invalid (nothing was sent), the request failed, or the item is not what the declarations say
    /// ([`is_item_error`](crate::Error::is_item_error)).
    pub fn send(self, db: &Client) -> ResponseFuture<'_, Option<M>> {
        let deadline = Deadline::of(self.core.deadline, db);
        self.send_within(deadline, db)
    }

    pub(super) fn into_core(self) -> Core {
        self.core
    }

    /// As [`send`](Self::send), as a part of an operation with a deadline of its own.
    pub(super) fn send_within(self, deadline: Deadline, db: &Client) -> ResponseFuture<'_, Option<M>> {
        decoded(self.core.send_within(deadline, db), |found| found.read(None, &<M as Record>::decode))
    }

    /// How long its caller gave it.
    pub(super) fn given_deadline(&self) -> Option<Duration> {
        self.core.deadline
    }

    pub(super) fn key(&self) -> &Item {
        &self.core.key
    }

    /// The SDK's own request, filled in so far.
    ///
    /// # Errors
    /// The key is invalid, or lies outside what the client [is held to](Client::within).
    pub fn into_sdk(self, db: &Client) -> Result<GetItemFluentBuilder> {
        db.admit(M::FACTS, &self.core.key)?;
        let table = db.table_name(M::FACTS.table);
        self.core.request(db, table)
    }
}

impl<M: Model + Expires> Get<M> {
    /// Reads an item that has expired as none: DynamoDB deletes it only later, within days.
    pub fn live_only(mut self) -> Self {
        self.core.live = true;
        self
    }
}

impl<M: Versioned> Get<M> {
    /// Reads the item consistently, applies `change` and saves what has changed; up to `retries` times again, with a random
    /// pause, where another client has written the item meanwhile. `change` may refuse: `Err(Error::refused("sold out"))`.
    pub fn retry_on_conflict<F: FnMut(&mut M) -> Result<()>>(self, retries: u32, change: F) -> Revise<M, F> {
        Revise::new(self, retries, change)
    }
}

impl<M> Clone for Get<M> {
    fn clone(&self) -> Self {
        Get { core: self.core.clone(), marker: PhantomData }
    }
}

/// Reads chosen attributes of one item by its key (`GetItem`).
#[must_use = "nothing is read until `.send(&db)`"]
pub struct SelectedGet<T> {
    core: Core,
    decode: Decoder<T>,
}

impl<T: 'static> SelectedGet<T> {
    /// Reads the attributes; `None` where there is no item.
    ///
    /// # Errors
    /// As [`Get::send`].
    pub fn send(self, db: &Client) -> ResponseFuture<'_, Option<T>> {
        let SelectedGet { core, decode } = self;
        let deadline = Deadline::of(core.deadline, db);
        // An error of the item names its key, which need not be among the chosen attributes.
        let key = ItemKey::of(core.facts.table, &core.key);
        decoded(core.send_within(deadline, db), move |found| found.read(Some(key), &*decode))
    }
}

impl<T> std::fmt::Debug for SelectedGet<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SelectedGet").field("core", &self.core).finish_non_exhaustive()
    }
}

impl Core {
    /// A consistent read of these attributes; of all of them, if none is named.
    pub fn consistent(facts: &'static Facts, key: Item, attributes: Vec<&'static str>) -> Self {
        let (violations, deadline) = (Vec::new(), None);
        Core { facts, key, violations, consistent: true, live: false, attributes, deadline }
    }

    /// The item as the SDK holds it.
    pub async fn item(self, deadline: Deadline, db: &Client) -> Result<Option<Item>> {
        let found = self.send_within(deadline, db).await?;
        let mut item = None;
        let has_item = found.visit(&mut |fields| item = fields.into_item())?;
        Ok(item.filter(|_| has_item))
    }

    /// The attribute that says until when the item counts, if items that have expired do not.
    pub fn ttl(&self) -> Option<&'static str> {
        self.facts.table.ttl.filter(|_| self.live)
    }

    fn request(mut self, db: &Client, table: String) -> Result<GetItemFluentBuilder> {
        if let Some(ttl) = self.ttl()
            && !self.attributes.is_empty()
            && !self.attributes.contains(&ttl)
        {
            self.attributes.push(ttl);
        }
        let mut projection = None;
        if !self.attributes.is_empty() {
            let mut placeholders = Placeholders::default();
            let text = super::select::projection(&self.attributes, &mut placeholders);
            self.violations.extend(placeholders.take_violations());
            projection = Some((text, placeholders.names));
        }
        if !self.violations.is_empty() {
            let error = Error::validation(Context::model(self.facts), self.violations);
            return Err(error.at(self.facts, &self.key, db));
        }
        let mut request = db
            .sdk()
            .get_item()
            .table_name(table)
            .set_key(Some(self.key))
            .set_return_consumed_capacity(db.consumed_capacity());
        // Every setter moves the whole request.
        if self.consistent {
            request = request.consistent_read(true);
        }
        if let Some((projection, names)) = projection {
            request = request.set_projection_expression(projection).set_expression_attribute_names(names);
        }
        Ok(request)
    }

    pub fn facts(&self) -> &'static Facts {
        self.facts
    }

    /// The read as a part of a transaction.
    ///
    /// # Errors
    /// The key is invalid.
    pub fn into_part(self, db: &Client) -> Result<TransactGetItem> {
        db.admit(self.facts, &self.key)?;
        if !self.violations.is_empty() {
            let error = Error::validation(Context::model(self.facts), self.violations);
            return Err(error.at(self.facts, &self.key, db));
        }
        let get = aws_sdk_dynamodb::types::Get::builder()
            .table_name(db.table_name(self.facts.table))
            .set_key(Some(self.key))
            .build()
            .map_err(|error| Error::construction(error.into()))?;
        Ok(TransactGetItem::builder().get(get).build())
    }

    fn send_within(self, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<Found<'_>>> {
        Box::pin(async move {
            db.admit(self.facts, &self.key)?;
            let facts = self.facts;
            let mut call = Call::item(db, "GetItem", facts, &self.key, deadline);
            call.keep_body();
            let ttl = self.ttl();
            let request = self.request(db, db.table_name(facts.table))?;
            let output = call.run(pin!(request.send())).await?;
            let received = match call.take_body() {
                Some(body) => Received::Body(body, "Item"),
                None => Received::Parsed(output.item, output.consumed_capacity),
            };
            Ok(Found { call, db, facts, ttl, received })
        })
    }
}

/// What a read found, before it is decoded.
struct Found<'a> {
    call: Call<'a>,
    db: &'a Client,
    facts: &'static Facts,
    /// Where the item says until when it counts.
    ttl: Option<&'static str>,
    received: Received,
}

impl Found<'_> {
    /// The item as a value. Its error names `key`, or else the key that it has.
    fn read<T>(
        self,
        key: Option<ItemKey>,
        decode: &dyn Fn(Fields<'_>) -> Result<T, DecodeError>,
    ) -> Result<Option<T>> {
        let (mut key, mut item) = (key, None);
        let (facts, db) = (self.facts, self.db);
        let has_item = self.visit(&mut |fields| {
            item = Some(decode_fields(facts, key.take(), &|| db.table_name(facts.table), fields, decode));
        })?;
        item.filter(|_| has_item).transpose()
    }

    /// Shows the item to `read`, if there is one that counts.
    fn visit(self, read: &mut dyn FnMut(Fields<'_>)) -> Result<bool> {
        let Found { call, db, ttl, received, .. } = self;
        let mut counts = true;
        let has_item = received.read(&call, &mut |fields| {
            counts = ttl.is_none_or(|ttl| is_live(&fields, ttl, db.now()));
            if counts {
                read(fields);
            }
        })?;
        Ok(has_item && counts)
    }
}

/// Whether an item has no moment of expiry, or one that is still to come.
pub(super) fn is_live(fields: &Fields<'_>, ttl: &str, now: Timestamp) -> bool {
    fields.digits(ttl).is_none_or(|digits| {
        compare_numbers(&digits, &now.as_second().to_string()).is_none_or(std::cmp::Ordering::is_gt)
    })
}
