//! What a put is, and its request.

use std::pin::pin;

use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::{PutItemError, PutItemOutput};

use crate::client::{Call, Client, Deadline};
use crate::encode::EncodedItem;
use crate::error::{Context, Error, Result};
use crate::facts::Facts;
use crate::hooks;
use crate::item::Item;
use crate::kind::same_items;
use crate::managed::Written;
use crate::operation::unique::{guard, guards};
use crate::operation::write::conditions::Conditions;
use crate::operation::write::demands::Existence;
use crate::operation::write::meaning::Meaning;
use crate::operation::write::operation::{Operation, Preparation, Seen, Sent, SingleWrite, Write};
use crate::operation::write::part::{PartWrite, WritePart};
use crate::operation::write::returned::returned;
use crate::stamp::Stamp;
use crate::wire::{Large, Part};

/// A put of an item, whatever its model is.
pub(crate) struct PutItem {
    pub item: Result<EncodedItem>,
    pub conditions: Conditions,
}

impl PutItem {
    /// A put of this item, or of one that was refused when it was made.
    pub fn new(item: Result<EncodedItem>, conditions: Conditions) -> Self {
        PutItem { item, conditions }
    }

    /// The put among the operations of a transaction.
    pub fn into_operation(self) -> Box<dyn Operation> {
        Box::new(self)
    }

    /// The SDK's own request, with what is managed of the item.
    ///
    /// # Errors
    /// The item is refused, or its key lies outside what the client is held to.
    pub fn into_request(self, db: &Client) -> Result<PutItemFluentBuilder> {
        let table = db.table_name(self.conditions.facts.table);
        let (item, conditions, _) = self.stamped(Stamp::new(db), db)?;
        db.admit(conditions.facts, &item)?;
        let (request, _) = request(&item, conditions, db, table)?;
        Ok(request.set_item(Some(item.into_map())))
    }

    /// The item, if it is fit to be written.
    fn encoded(self, db: &Client) -> Result<(EncodedItem, Conditions)> {
        match self.item {
            Ok(item) => Ok((item, self.conditions)),
            Err(error) => Err(error.in_table(self.conditions.facts, db)),
        }
    }

    /// The item as it is to be written, and what the runtime wrote into it.
    fn stamped(self, stamp: Stamp<'_>, db: &Client) -> Result<(EncodedItem, Conditions, Written)> {
        let (mut encoded, mut conditions) = self.encoded(db)?;
        conditions.expect_expired_by(|| stamp.moment());
        let facts = conditions.facts;
        let Some(managed) = facts.managed else {
            downgrade(&mut encoded, facts, db)?;
            return Ok((encoded, conditions, Written::default()));
        };
        let item = encoded.as_map();
        conditions.expect(managed.expected(item));
        conditions.expect_write_id(managed.expected_write_id(item));
        let written = managed
            .next(conditions.version(), stamp)
            .map_err(|violation| Error::validation(Context::model(conditions.facts), vec![*violation]))
            .map_err(|error| error.at(conditions.facts, item, db))?;
        written.add_to(item);
        downgrade(&mut encoded, facts, db)?;
        Ok((encoded, conditions, written))
    }
}

impl Write for PutItem {
    fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    fn may_have_guards(&self) -> bool {
        !guard::fields(self.conditions.facts).is_empty()
    }

    fn reads(&self) -> bool {
        self.may_have_guards() && self.conditions.existence != Existence::Refused
    }

    fn again(&self) -> Option<Self> {
        let item = self.item.as_ref().ok()?.clone();
        Some(PutItem { item: Ok(item), conditions: self.conditions.clone() })
    }

    async fn before(&mut self, db: &Client) -> Result<Seen> {
        let facts = self.conditions.facts;
        let (item, is_hooked) = match &mut self.item {
            Ok(item) if self.conditions.violations().is_empty() => {
                let item = item.as_map();
                let is_hooked = hooks::before_put(db, facts, item).await?;
                (item.clone(), is_hooked)
            }
            Ok(item) => (item.as_map().clone(), false),
            Err(_) => (Item::new(), false),
        };
        Ok(Seen::Put { facts, item, is_hooked })
    }

    async fn prepare(self, deadline: Deadline, db: &Client) -> Result<(Self, Preparation)> {
        let may_have_guards = self.may_have_guards();
        let (mut item, mut conditions) = self.encoded(db)?;
        let guards = match may_have_guards {
            true => guards::guard_put(item.as_map(), &mut conditions, deadline, db).await?,
            false => Vec::new(),
        };
        Ok((PutItem { item: Ok(item), conditions }, Preparation::of(guards)))
    }

    fn into_part(self, stamp: Stamp<'_>, db: &Client) -> Result<WritePart> {
        let (item, conditions, written) = self.stamped(stamp, db)?;
        let facts = conditions.facts;
        let (demands, meaning) = conditions.prepare_part()?;
        let size = item.size();
        let part = WritePart::new(facts, PartWrite::Put(item), size, meaning, db);
        Ok(part.with_demands(demands).with_written(written))
    }
}

impl SingleWrite for PutItem {
    const IS_PREPARED_ANEW: bool = true;

    async fn exchange<T>(self, deadline: Deadline, db: &Client, response: fn(Sent) -> T) -> Result<T> {
        let (item, conditions, written) = self.stamped(Stamp::new(db), db)?;
        db.admit(conditions.facts, &item)?;
        let mut call = Call::item(db, "PutItem", conditions.facts, &item, deadline);
        let sent = conditions.version().is_some().then(|| item.clone());
        let table = db.table_name(conditions.facts.table);
        let (request, meaning) = request(&item, conditions, db, table)?;
        let json = if db.is_wire_decoding() { item.to_json() } else { None };
        let item = if json.is_some() { Item::new() } else { item.into_map() };
        call.complete(json.map(|json| Large::Member(Part::item(json))));
        call.keep_body();
        let request = pin!(request.set_item(Some(item)).send());
        match call.run_with_item(request, recorded, old_item).await {
            Ok(()) => {}
            Err(error) => {
                let sent = sent.map(EncodedItem::into_map);
                let contradicts =
                    |current: &Item| sent.as_ref().is_some_and(|sent| !same_items(sent, current));
                meaning.settle(meaning.explain(error), &written, &contradicts)?;
            }
        }
        Ok(response(Sent { item: None, written }))
    }
}

/// Makes the older shape of an item, where that is written.
fn downgrade(encoded: &mut EncodedItem, facts: &'static Facts, db: &Client) -> Result<()> {
    let Some(shape) = facts.shape.filter(|shape| shape.written.is_some()) else { return Ok(()) };
    let item = encoded.as_map();
    match shape.as_written(item.clone()) {
        Ok(older) => {
            *item = older;
            Ok(())
        }
        Err(error) => {
            let error = Error::validation(Context::model(facts), vec![error.into_violation()]);
            Err(error.at(facts, item, db))
        }
    }
}

/// The request without its item.
fn request(
    item: &EncodedItem,
    conditions: Conditions,
    db: &Client,
    table: String,
) -> Result<(PutItemFluentBuilder, Meaning)> {
    let facts = conditions.facts;
    let (demands, meaning) = conditions.prepare_alone().map_err(|error| error.at(facts, item, db))?;
    let mut request =
        db.sdk().put_item().table_name(table).set_return_consumed_capacity(db.consumed_capacity());
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

fn recorded(call: &mut Call<'_>, output: PutItemOutput) -> Result<()> {
    returned(call, None, output.consumed_capacity.as_ref()).map(drop)
}

fn old_item(error: &PutItemError) -> Option<&Item> {
    match error {
        PutItemError::ConditionalCheckFailedException(failed) => failed.item(),
        _ => None,
    }
}
