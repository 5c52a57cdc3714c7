//! `BatchGetItem`, for any number of keys.

use std::collections::{HashMap, HashSet};
use std::marker::PhantomData;
use std::time::Duration;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use futures_util::StreamExt;

use super::retry::Patience;
use super::{CONCURRENT_BATCHES, chunks, key_text, wire_size};
use crate::client::{Call, Client};
use crate::deadline::Deadline;
use crate::decode::{DecodeError, Fields, Item};
use crate::error::{BoxError, Context, Error, ErrorKind, Result};
use crate::item_key::ItemKey;
use crate::model::{Facts, IntoKey, Model, decode_with, key_attributes, read_record};
use crate::operation::select::{Decoder, Selection, projection};
use crate::operation::{BoxFuture, ResponseFuture, decoded};
use crate::placeholders::Placeholders;
use crate::validation::Violation;

/// Reads any number of items by their keys (`BatchGetItem`).
///
/// Keys are sent in batches of 100, several at once; what DynamoDB leaves over is asked for again until there is no
/// progress. A key that is given twice is read once.
#[must_use = "nothing is read until `.send(&db)`"]
#[derive(Debug)]
pub struct BatchGet<M> {
    core: Core,
    marker: PhantomData<fn() -> M>,
}

#[derive(Debug)]
struct Core {
    facts: &'static Facts,
    keys: Vec<Item>,
    violations: Vec<Violation>,
    consistent: bool,
    attributes: Vec<&'static str>,
    deadline: Option<Duration>,
}

impl<M: Model> BatchGet<M> {
    /// A read of the items with these keys: for generated code.
    pub fn new<K: IntoKey<M>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self::with_keys(keys.into_iter().map(K::into_key))
    }

    pub(in crate::operation) fn with_keys(keys: impl Iterator<Item = M::Key>) -> Self {
        let (mut items, mut violations) = (Vec::new(), Vec::new());
        for (position, key) in keys.enumerate() {
            let (item, found) = key_attributes::<M>(key);
            items.push(item);
            violations.extend(found.iter().map(|violation| violation.within_element(position)));
        }
        let core = Core {
            facts: M::FACTS,
            keys: items,
            violations,
            consistent: false,
            attributes: Vec::new(),
            deadline: None,
        };
        BatchGet { core, marker: PhantomData }
    }

    /// Reads what every earlier write left, at twice the capacity (`ConsistentRead`).
    pub fn consistent(mut self) -> Self {
        self.core.consistent = true;
        self
    }

    /// Gives up after `deadline`. Without it the batch ends when there is no progress, and each of its requests after
    /// the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.core.deadline = Some(deadline);
        self
    }

    /// Reads these attributes alone: `.select((Book::TITLE, Book::YEAR))`.
    pub fn select<S: Selection<M>>(mut self, selection: S) -> SelectedBatchGet<S::Values> {
        let (attributes, decode) = selection.into_parts();
        self.core.attributes = attributes;
        SelectedBatchGet { core: self.core, decode }
    }

    /// Reads the items.
    ///
    /// # Errors
    /// A key is invalid (nothing was sent), a request failed, or DynamoDB left keys over again and again
    /// ([`Error::is_incomplete`]). An item that cannot be read is an error within the items.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, BatchItems<M>> {
        decoded(self.core.send(db), |found| Ok(found.decode(db, &read_record::<M>)))
    }
}

/// Reads chosen attributes of any number of items by their keys (`BatchGetItem`).
#[must_use = "nothing is read until `.send(&db)`"]
pub struct SelectedBatchGet<T> {
    core: Core,
    decode: Decoder<T>,
}

impl<T: 'static> SelectedBatchGet<T> {
    /// Reads the attributes.
    ///
    /// # Errors
    /// As [`BatchGet::send`].
    pub fn send(self, db: &Client) -> ResponseFuture<'_, BatchItems<T>> {
        let SelectedBatchGet { core, decode } = self;
        decoded(core.send(db), move |found| Ok(found.decode(db, &*decode)))
    }
}

impl<T> std::fmt::Debug for SelectedBatchGet<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SelectedBatchGet").field("core", &self.core).finish_non_exhaustive()
    }
}

/// What a batch of keys found: a result for each key, in the order of the keys; `None` where there is no item.
#[derive(Debug)]
pub struct BatchItems<T> {
    items: Vec<Result<Option<T>>>,
}

impl<T> BatchItems<T> {
    /// The results, in the order of the keys.
    pub fn items(&self) -> &[Result<Option<T>>] {
        &self.items
    }

    /// The items in the order of the keys, if all of them could be read; `None` where there is no item.
    ///
    /// # Errors
    /// The first item's that could not.
    pub fn into_items(self) -> Result<Vec<Option<T>>> {
        self.items.into_iter().collect()
    }

    /// The items that exist, if all of them could be read.
    ///
    /// # Errors
    /// The first item's that could not.
    pub fn into_found(self) -> Result<Vec<T>> {
        self.items.into_iter().filter_map(Result::transpose).collect()
    }
}

impl<T> IntoIterator for BatchItems<T> {
    type Item = Result<Option<T>>;
    type IntoIter = std::vec::IntoIter<Result<Option<T>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

/// What was found, by key.
struct Found {
    facts: &'static Facts,
    keys: Vec<Item>,
    items: HashMap<String, Item>,
}

impl Found {
    fn decode<T>(
        self,
        db: &Client,
        decode: &(dyn Fn(Fields, &ItemKey) -> Result<T, DecodeError> + Send + Sync),
    ) -> BatchItems<T> {
        let table = db.table_name(self.facts.table);
        let item = |key: &Item| {
            let item = self.items.get(&key_text(self.facts, key)).cloned();
            item.map(|item| decode_with(self.facts, &table, None, item, decode)).transpose()
        };
        BatchItems { items: self.keys.iter().map(item).collect() }
    }
}

impl Core {
    fn send(self, db: &Client) -> BoxFuture<'_, Result<Found>> {
        Box::pin(async move {
            if !self.violations.is_empty() {
                let error = Error::validation(Context::model(self.facts), self.violations);
                return Err(error.in_table(self.facts, db));
            }
            self.keys.iter().try_for_each(|key| db.admit(self.facts, key))?;
            let deadline = Deadline::after(self.deadline, db);
            let mut known = HashSet::new();
            let distinct = self.keys.iter().filter(|key| known.insert(key_text(self.facts, key)));
            let batches = chunks(distinct.cloned().collect(), 100, wire_size);
            let pages: Vec<Result<Vec<Item>>> = futures_util::stream::iter(batches)
                .map(|keys| self.read(keys, deadline, db))
                .buffer_unordered(CONCURRENT_BATCHES)
                .collect()
                .await;
            let mut items = HashMap::new();
            for page in pages {
                items.extend(page?.into_iter().map(|item| (key_text(self.facts, &item), item)));
            }
            Ok(Found { facts: self.facts, keys: self.keys, items })
        })
    }

    async fn read(&self, mut keys: Vec<Item>, deadline: Deadline, db: &Client) -> Result<Vec<Item>> {
        let mut patience = Patience::within(deadline);
        let table = db.table_name(self.facts.table);
        let context = Context { table: Some(table.clone()), ..Context::model(self.facts) };
        let mut items = Vec::with_capacity(keys.len());
        loop {
            let before = keys.len();
            let mut call = Call::new(db, "BatchGetItem", context.clone(), deadline.or_request(db));
            let wanted = self.keys_and_attributes(keys).map_err(Error::construction)?;
            let request = db
                .sdk()
                .batch_get_item()
                .request_items(&table, wanted)
                .set_return_consumed_capacity(db.consumed_capacity());
            let mut output = call.run(Box::pin(request.send()).as_mut()).await?;
            let page = output.responses.as_mut().and_then(|pages| pages.remove(&table)).unwrap_or_default();
            call.record(page.len(), output.consumed_capacity.unwrap_or_default().first());
            items.extend(page);
            let mut left = output.unprocessed_keys.unwrap_or_default();
            keys = left.remove(&table).map(|left| left.keys).unwrap_or_default();
            if keys.is_empty() {
                return Ok(items);
            }
            if !patience.wait(db, keys.len() < before).await {
                return Err(call.error(ErrorKind::Incomplete(keys.len())));
            }
        }
    }

    /// The keys of one request; with chosen attributes, also those that say whose they are.
    fn keys_and_attributes(&self, keys: Vec<Item>) -> Result<KeysAndAttributes, BoxError> {
        let mut placeholders = Placeholders::default();
        let mut attributes = self.attributes.clone();
        if !attributes.is_empty() {
            let missing =
                self.facts.table.key().map(|key| key.name).filter(|name| !attributes.contains(name));
            attributes.extend(missing.collect::<Vec<_>>());
        }
        let projection = projection(&attributes, &mut placeholders);
        Ok(KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .set_consistent_read(self.consistent.then_some(true))
            .set_projection_expression(projection)
            .set_expression_attribute_names(placeholders.names)
            .build()?)
    }
}
