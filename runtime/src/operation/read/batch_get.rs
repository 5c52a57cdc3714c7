//! `BatchGetItem`, as many times as it takes.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use aws_sdk_dynamodb::types::KeysAndAttributes;
use futures_util::StreamExt;

use crate::client::{Call, Client, Deadline};
use crate::error::{BoxError, Context, Error, ErrorKind, Result};
use crate::expression::placeholders::Placeholders;
use crate::facts::Facts;
use crate::future::BoxFuture;
use crate::item::Item;
use crate::operation::batch::{CONCURRENT_BATCHES, chunks, wire_size};
use crate::operation::keys::key_text;
use crate::operation::patience::Patience;
use crate::operation::read::select::projection;
use crate::validation::Violation;

#[derive(Debug)]
pub(crate) struct BatchGetItem {
    pub(crate) facts: &'static Facts,
    pub(crate) keys: Vec<Item>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) consistent: bool,
    pub(crate) attributes: Vec<&'static str>,
    pub(crate) deadline: Option<Duration>,
}

/// What was found, by key.
pub(crate) struct FoundByKey {
    pub(crate) facts: &'static Facts,
    pub(crate) keys: Vec<Item>,
    pub(crate) items: HashMap<String, Item>,
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
            Ok(FoundByKey { facts: self.facts, keys: self.keys, items })
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
