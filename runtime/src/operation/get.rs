//! `GetItem`.

use std::marker::PhantomData;
use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, TransactGetItem};
use jiff::Timestamp;

use super::revise::Revise;
use super::select::{Decoder, Selection};
use super::{BoxFuture, ResponseFuture, decoded};
use crate::client::{Call, Client};
use crate::deadline::Deadline;
use crate::decode::Item;
use crate::error::{Context, Error, Result};
use crate::kind::compare_numbers;
use crate::managed::{Expires, Versioned};
use crate::model::{Facts, IntoKey, Model, decode_with, key_attributes, read_record};
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
        read(self.core.send(db))
    }

    pub(super) fn into_core(self) -> Core {
        self.core
    }

    /// As [`send`](Self::send), as a part of an operation with a deadline of its own.
    pub(super) fn send_within(self, deadline: Deadline, db: &Client) -> ResponseFuture<'_, Option<M>> {
        read(self.core.send_within(deadline, db))
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

/// The item of a read as a value.
fn read<'a, M: Model>(found: BoxFuture<'a, Result<Option<(Item, String)>>>) -> ResponseFuture<'a, Option<M>> {
    decoded(found, |found| match found {
        Some((item, table)) => decode_with(M::FACTS, &table, None, item, &read_record::<M>).map(Some),
        None => Ok(None),
    })
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
        let (facts, key) = (core.facts, core.key.clone());
        decoded(core.send(db), move |found| match found {
            Some((mut item, table)) => {
                // An error of the item names its key, which need not be among the chosen attributes.
                item.extend(key);
                decode_with(facts, &table, None, item, &*decode).map(Some)
            }
            None => Ok(None),
        })
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

    /// The item.
    pub async fn item(self, deadline: Deadline, db: &Client) -> Result<Option<Item>> {
        Ok(self.send_within(deadline, db).await?.map(|(item, _)| item))
    }

    /// Whether an item counts, if it is read at some moment.
    pub fn counts(&self) -> impl Fn(&Item, Timestamp) -> bool + Send + use<> {
        let ttl = self.facts.table.ttl.filter(|_| self.live);
        move |item, now| ttl.is_none_or(|ttl| is_live(item, ttl, now))
    }

    fn request(mut self, db: &Client, table: String) -> Result<GetItemFluentBuilder> {
        if let Some(ttl) = self.facts.table.ttl.filter(|_| self.live)
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

    /// The item, and the table's name for its errors.
    fn send(self, db: &Client) -> BoxFuture<'_, Result<Option<(Item, String)>>> {
        let deadline = Deadline::of(self.deadline, db);
        self.send_within(deadline, db)
    }

    /// As [`send`](Self::send), as a part of an operation with a deadline of its own.
    fn send_within(self, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<Option<(Item, String)>>> {
        Box::pin(async move {
            db.admit(self.facts, &self.key)?;
            let mut call = Call::item(db, "GetItem", self.facts, &self.key, deadline);
            let counts = self.counts();
            let table = self.facts.table;
            let request = self.request(db, db.table_name(table))?;
            let output = call.run(pin!(request.send())).await?;
            call.record(usize::from(output.item.is_some()), output.consumed_capacity());
            let item = output.item.filter(|item| counts(item, db.now()));
            Ok(item.map(|item| (item, db.table_name(table))))
        })
    }
}

/// Whether an item has no moment of expiry, or one that is still to come.
fn is_live(item: &Item, ttl: &str, now: Timestamp) -> bool {
    match item.get(ttl) {
        Some(AttributeValue::N(digits)) => {
            compare_numbers(digits, &now.as_second().to_string()).is_none_or(std::cmp::Ordering::is_gt)
        }
        _ => true,
    }
}
