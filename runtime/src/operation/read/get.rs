//! `GetItem`, and a read as part of a transaction.

use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, TransactGetItem};
use jiff::Timestamp;

use crate::client::{Call, Client, Deadline};
use crate::error::{Context, Error, Result};
use crate::expression::placeholders::Placeholders;
use crate::facts::Facts;
use crate::future::BoxFuture;
use crate::item::Item;
use crate::kind::compare_numbers;
use crate::operation::read::select;
use crate::validation::Violation;

#[derive(Clone, Debug)]
pub(crate) struct GetItem {
    pub(crate) facts: &'static Facts,
    pub(crate) key: Item,
    pub(crate) violations: Vec<Violation>,
    pub(crate) consistent: bool,
    /// Whether an item that has expired counts as none.
    pub(crate) live: bool,
    pub(crate) attributes: Vec<&'static str>,
    pub(crate) deadline: Option<Duration>,
}

impl GetItem {
    /// A consistent read of these attributes; of all of them, if none is named.
    pub fn consistent(facts: &'static Facts, key: Item, attributes: Vec<&'static str>) -> Self {
        let (violations, deadline) = (Vec::new(), None);
        GetItem { facts, key, violations, consistent: true, live: false, attributes, deadline }
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

    pub(crate) fn request(mut self, db: &Client, table: String) -> Result<GetItemFluentBuilder> {
        if let Some(ttl) = self.facts.table.ttl.filter(|_| self.live)
            && !self.attributes.is_empty()
            && !self.attributes.contains(&ttl)
        {
            self.attributes.push(ttl);
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

    /// The item, and the table's name for its errors.
    pub(crate) fn send(self, db: &Client) -> BoxFuture<'_, Result<Option<(Item, String)>>> {
        let deadline = Deadline::of(self.deadline, db);
        self.send_within(deadline, db)
    }

    /// As [`send`](Self::send), as a part of an operation with a deadline of its own.
    pub(crate) fn send_within(
        self,
        deadline: Deadline,
        db: &Client,
    ) -> BoxFuture<'_, Result<Option<(Item, String)>>> {
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
