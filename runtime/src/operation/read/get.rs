//! `GetItem`, and a read within a transaction.

use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use aws_sdk_dynamodb::types::TransactGetItem;
use jiff::Timestamp;

use crate::client::{Call, Client, Deadline};
use crate::decode::{DecodeError, Fields};
use crate::error::{Context, Error, Result};
use crate::expression::placeholders::Placeholders;
use crate::facts::Facts;
use crate::future::BoxFuture;
use crate::item::{Item, ItemKey};
use crate::kind::compare_numbers;
use crate::model_item::decode_fields;
use crate::operation::read::received::Received;
use crate::operation::read::select;
use crate::validation::Violation;

#[derive(Clone, Debug)]
pub(crate) struct GetItem {
    pub(crate) facts: &'static Facts,
    pub(crate) key: Item,
    pub(crate) violations: Vec<Violation>,
    pub(crate) consistent: bool,
    /// Whether an expired item counts as missing.
    pub(crate) live: bool,
    pub(crate) attributes: Vec<&'static str>,
    pub(crate) deadline: Option<Duration>,
}

impl GetItem {
    /// A consistent read of these attributes, or of all if none is named.
    pub fn consistent(facts: &'static Facts, key: Item, attributes: Vec<&'static str>) -> Self {
        let (violations, deadline) = (Vec::new(), None);
        GetItem { facts, key, violations, consistent: true, live: false, attributes, deadline }
    }

    /// The item in the SDK's types.
    pub async fn item(self, deadline: Deadline, db: &Client) -> Result<Option<Item>> {
        let found = self.send_within(deadline, db).await?;
        let mut item = None;
        let has_item = found.visit(&mut |fields| item = fields.into_item())?;
        Ok(item.filter(|_| has_item))
    }

    /// The attribute that holds the expiry time, if expired items count as missing.
    pub fn ttl(&self) -> Option<&'static str> {
        self.facts.table.ttl.on().filter(|_| self.live)
    }

    pub(crate) fn request(mut self, db: &Client, table: String) -> Result<GetItemFluentBuilder> {
        for needed in self.ttl().into_iter().chain(self.facts.owner_attribute()) {
            if !self.attributes.is_empty() && !self.attributes.contains(&needed) {
                self.attributes.push(needed);
            }
        }
        let mut projection = None;
        if !self.attributes.is_empty() {
            let mut placeholders = Placeholders::default();
            let text = select::projection(&self.attributes, &mut placeholders);
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

    /// Sends the read.
    pub(crate) fn send_within(self, deadline: Deadline, db: &Client) -> BoxFuture<'_, Result<FoundItem<'_>>> {
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
            Ok(FoundItem { call, db, facts, ttl, received })
        })
    }
}

/// What a read found, before it is decoded.
pub(crate) struct FoundItem<'a> {
    call: Call<'a>,
    db: &'a Client,
    facts: &'static Facts,
    /// The attribute that holds the item's expiry time, if it matters.
    ttl: Option<&'static str>,
    received: Received,
}

impl FoundItem<'_> {
    /// The item as a value. Its error names `key`, or else the item's own key.
    pub(crate) fn read<T>(
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

    /// Passes the item to `read`, if there is one that counts.
    fn visit(self, read: &mut dyn FnMut(Fields<'_>)) -> Result<bool> {
        let FoundItem { call, db, facts, ttl, received } = self;
        let mut counts = true;
        let has_item = received.read(&call, &mut |fields| {
            counts = ttl.is_none_or(|ttl| is_live(&fields, ttl, db.now()))
                // Another model that shares the keys may own the item.
                && facts.owns(&fields);
            if counts {
                read(fields);
            }
        })?;
        Ok(has_item && counts)
    }
}

/// Whether an item has no expiry time, or one in the future.
pub(crate) fn is_live(fields: &Fields<'_>, ttl: &str, now: Timestamp) -> bool {
    fields.digits(ttl).is_none_or(|digits| {
        compare_numbers(&digits, &now.as_second().to_string()).is_none_or(std::cmp::Ordering::is_gt)
    })
}
