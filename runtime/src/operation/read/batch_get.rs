//! `BatchGetItem`, as many times as it takes.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use aws_smithy_types::body::SdkBody;
use futures_util::StreamExt;

use crate::client::{Call, Client, Deadline};
use crate::decode::{DecodeError, Fields};
use crate::encode::wire_size;
use crate::error::{BoxError, Context, Error, Reason, Result};
use crate::expression::placeholders::Placeholders;
use crate::facts::Facts;
use crate::future::BoxFuture;
use crate::item::Item;
use crate::model_item::decode_fields;
use crate::operation::batch::{CONCURRENT_BATCHES, chunks};
use crate::operation::keys::key_text;
use crate::operation::patience::Patience;
use crate::operation::read::select::projection;
use crate::validation::Violation;
use crate::wire::{self, Mark, Reader};

#[derive(Debug)]
pub(crate) struct BatchGetItem {
    pub(crate) facts: &'static Facts,
    pub(crate) keys: Vec<Item>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) consistent: bool,
    pub(crate) attributes: Vec<&'static str>,
    pub(crate) deadline: Option<Duration>,
}

/// The items that were found.
pub(crate) struct FoundByKey {
    facts: &'static Facts,
    keys: Vec<Item>,
    pages: Vec<Received>,
}

/// The items of one response.
enum Received {
    Parsed(Vec<Item>),
    Body(SdkBody, Vec<Mark>),
}

impl FoundByKey {
    pub(crate) fn decode<T>(
        self,
        db: &Client,
        decode: &(dyn Fn(Fields<'_>) -> Result<T, DecodeError> + Send + Sync),
    ) -> Vec<Result<Option<T>>> {
        let FoundByKey { facts, keys, pages } = &self;
        let readers: Vec<_> = pages.iter().map(Received::reader).collect();
        let places = self.places(&readers);
        let item = |key: &Item| {
            let fields = match places.get(&key_text(facts, key))? {
                Place::Item(item) => Fields::from((*item).clone()),
                Place::Body(reader, mark) => Fields::at(reader, *mark),
            };
            facts
                .owns(&fields)
                .then(|| decode_fields(facts, None, &|| db.table_name(facts.table), fields, decode))
        };
        keys.iter().map(|key| item(key).transpose()).collect()
    }

    /// The items by their keys.
    fn places<'a>(&'a self, readers: &'a [Option<Reader<'a>>]) -> HashMap<String, Place<'a>> {
        let names: Vec<_> = self.facts.table.key().map(|key| key.name).collect();
        let mut places = HashMap::new();
        for (page, reader) in self.pages.iter().zip(readers) {
            match (page, reader) {
                (Received::Body(_, marks), Some(reader)) => places.extend(marks.iter().map(|mark| {
                    let key = key_text(self.facts, &reader.find_all(*mark, &names));
                    (key, Place::Body(reader, *mark))
                })),
                (Received::Body(..), None) => {}
                (Received::Parsed(items), _) => {
                    places.extend(items.iter().map(|item| (key_text(self.facts, item), Place::Item(item))));
                }
            }
        }
        places
    }
}

/// The place of an item.
enum Place<'a> {
    Item(&'a Item),
    Body(&'a Reader<'a>, Mark),
}

impl Received {
    /// A new reader of the body, which was already read to its end once.
    fn reader(&self) -> Option<Reader<'_>> {
        match self {
            Received::Parsed(_) => None,
            Received::Body(body, _) => Reader::new(body.bytes()?).ok(),
        }
    }
}

impl BatchGetItem {
    pub(crate) fn send(self, db: &Client) -> BoxFuture<'_, Result<FoundByKey>> {
        Box::pin(async move {
            if !self.violations.is_empty() {
                let error = Error::validation(Context::model(self.facts), self.violations);
                return Err(error.in_table(self.facts, db));
            }
            self.keys.iter().try_for_each(|key| db.admit(self.facts, key))?;
            let deadline = Deadline::after(self.deadline, db);
            let mut known = HashSet::new();
            let distinct = self.keys.iter().filter(|key| known.insert(key_text(self.facts, *key)));
            let batches = chunks(distinct.cloned().collect(), 100, wire_size);
            let pages: Vec<Result<Vec<Received>>> = futures_util::stream::iter(batches)
                .map(|keys| self.read(keys, deadline, db))
                .buffer_unordered(CONCURRENT_BATCHES)
                .collect()
                .await;
            let pages: Result<Vec<Vec<Received>>> = pages.into_iter().collect();
            Ok(FoundByKey {
                facts: self.facts,
                keys: self.keys,
                pages: pages?.into_iter().flatten().collect(),
            })
        })
    }

    async fn read(&self, mut keys: Vec<Item>, deadline: Deadline, db: &Client) -> Result<Vec<Received>> {
        let mut patience = Patience::within(deadline);
        let table = db.table_name(self.facts.table);
        let context = Context { table: Some(table.clone()), ..Context::model(self.facts) };
        let mut pages = Vec::new();
        loop {
            let before = keys.len();
            let mut call = Call::new(db, "BatchGetItem", context.clone(), deadline.or_request(db));
            let wanted = self.keys_and_attributes(keys).map_err(Error::construction)?;
            let request = db
                .sdk()
                .batch_get_item()
                .request_items(&table, wanted)
                .set_return_consumed_capacity(db.consumed_capacity());
            call.keep_body();
            let mut output = call.run(Box::pin(request.send()).as_mut()).await?;
            if let Some(body) = call.take_body() {
                let read = Reader::new(body.bytes().unwrap_or_default())
                    .and_then(|reader| wire::batch(&reader, &table))
                    .map_err(|failure| call.broken(failure))?;
                call.record_units(read.items.len(), read.capacity);
                keys = read.left;
                pages.push(Received::Body(body, read.items));
            } else {
                let page =
                    output.responses.as_mut().and_then(|pages| pages.remove(&table)).unwrap_or_default();
                call.record(page.len(), output.consumed_capacity.unwrap_or_default().first());
                let mut left = output.unprocessed_keys.unwrap_or_default();
                keys = left.remove(&table).map(|left| left.keys).unwrap_or_default();
                pages.push(Received::Parsed(page));
            }
            if keys.is_empty() {
                return Ok(pages);
            }
            if !patience.wait(db, keys.len() < before).await {
                return Err(call.error(Reason::Incomplete(keys.len())));
            }
        }
    }

    /// The keys of one request. With chosen attributes, they include those that identify the items.
    fn keys_and_attributes(&self, keys: Vec<Item>) -> Result<KeysAndAttributes, BoxError> {
        let mut placeholders = Placeholders::default();
        let mut attributes = self.attributes.clone();
        if !attributes.is_empty() {
            let needed = self.facts.table.key().map(|key| key.name).chain(self.facts.owner_attribute());
            let missing = needed.filter(|name| !attributes.contains(name));
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
