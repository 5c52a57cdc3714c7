//! How an update is sent, alone and as a part of a transaction.

use std::pin::pin;

use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;

use crate::client::{Call, Client, Deadline};
use crate::encode::json_of;
use crate::error::{Error, Result};
use crate::expression::action::expression;
use crate::expression::placeholders::Placeholders;
use crate::facts::ShapeFacts;
use crate::hooks::Changed;
use crate::item::Item;
use crate::operation::unique::{guard, guards};
use crate::operation::write::conditions::Conditions;
use crate::operation::write::operation::{Preparation, Seen, Sent, SingleWrite, Write};
use crate::operation::write::part::{PartWrite, WritePart};
use crate::operation::write::returned::{ReturnedItem, returned};
use crate::operation::write::settle::contradicts;
use crate::operation::write::update::{UpdateItem, old_item};
use crate::operation::write::upgrade;
use crate::stamp::Stamp;
use crate::wire::{Large, Part};
use crate::{hooks, limits};

/// To complete a request costs about as much as the SDK takes to serialize so many bytes of values.
const FEW_BYTES: usize = 512;

/// The request, and the values of its expressions as what it is completed by, unless they are few.
fn without_values(request: UpdateItemFluentBuilder, db: &Client) -> (UpdateItemFluentBuilder, Option<Large>) {
    let values = request.get_expression_attribute_values().as_ref();
    let values = values.filter(|values| db.is_wire_decoding() && limits::item_size(values) > FEW_BYTES);
    match values.and_then(json_of) {
        Some(json) => {
            let request = request.set_expression_attribute_values(Some(Item::new()));
            (request, Some(Large::Member(Part::values(json))))
        }
        None => (request, None),
    }
}

fn returned_item(call: &mut Call<'_>, output: UpdateItemOutput) -> Result<Option<ReturnedItem>> {
    returned(call, output.attributes, output.consumed_capacity.as_ref())
}

impl Write for Box<UpdateItem> {
    fn conditions(&self) -> &Conditions {
        &self.conditions
    }

    fn may_have_guards(&self) -> bool {
        self.conditions.has_moves()
    }

    fn again(&self) -> Option<Self> {
        Some(self.clone())
    }

    async fn follow_shape(&mut self, refused: Error, deadline: Deadline, db: &Client) -> Result<()> {
        let Some(shape) = self.conditions.facts.shape else { return Ok(()) };
        upgrade::follow(self, shape, refused, deadline, db).await
    }

    async fn before(&mut self, db: &Client) -> Result<Seen> {
        let (kind, facts) = (self.kind, self.conditions.facts);
        let changed = Changed { kind, facts, key: self.key.clone(), actions: self.actions.clone() };
        if self.conditions.violations().is_empty() {
            hooks::before_update(db, &changed).await?;
        }
        Ok(Seen::Update(changed))
    }

    /// What the unique values are that it changes was read by its caller.
    async fn prepare(mut self, _: Deadline, db: &Client) -> Result<(Self, Preparation)> {
        let Some(moves) = self.conditions.take_moves() else { return Ok((self, Preparation::default())) };
        let (old, new) = *moves;
        let facts = self.conditions.facts;
        let guards = guards::changes(facts, &self.key, Some(&old), Some(&new), db)?;
        self.conditions.expect_unchanged(guard::as_read(facts, Some(&old)));
        Ok((self, Preparation::of(guards)))
    }

    fn into_part(mut self, stamp: Stamp<'_>, db: &Client) -> Result<WritePart> {
        let written = self.stamp(stamp);
        self.check_limits();
        self.refuse_further_names();
        self.demand_shape();
        let facts = self.conditions.facts;
        let size = limits::item_size(&self.key)
            + self.actions.iter().map(|(_, action)| action.size()).sum::<usize>();
        let mut placeholders = Placeholders::default();
        let expression = expression(self.actions, facts, &mut placeholders);
        let (demands, meaning) = self.conditions.prepare_part_after(placeholders)?;
        let part = WritePart::new(facts, PartWrite::Update(self.key, expression), size, meaning, db);
        Ok(part.with_demands(demands).with_written(written))
    }
}

impl SingleWrite for Box<UpdateItem> {
    const IS_PREPARED_ANEW: bool = false;

    async fn exchange<T>(self, deadline: Deadline, db: &Client, response: fn(Sent) -> T) -> Result<T> {
        match self.conditions.facts.shape.filter(|shape| shape.has_older()) {
            None => self.exchange_once(deadline, db, response).await,
            // Boxed, since the others would carry it along.
            Some(shape) => Box::pin(self.exchange_upgrading(shape, deadline, db, response)).await,
        }
    }
}

impl UpdateItem {
    /// Sends it, and upgrades an older item first.
    async fn exchange_upgrading<T>(
        mut self: Box<Self>,
        shape: &'static ShapeFacts,
        deadline: Deadline,
        db: &Client,
        response: fn(Sent) -> T,
    ) -> Result<T> {
        for _ in 1..guard::ATTEMPTS {
            let again = self.clone();
            let refused = match self.exchange_once(deadline, db, response).await {
                Err(error) if error.is_older_shape() => error,
                outcome => return outcome,
            };
            if let Some(sent) = upgrade::update_older(again.clone(), shape, refused, deadline, db).await? {
                return Ok(response(sent));
            }
            self = again;
        }
        self.exchange_once(deadline, db, response).await
    }

    /// Sends it to an item of today's shape.
    async fn exchange_once<T>(
        mut self: Box<Self>,
        deadline: Deadline,
        db: &Client,
        response: fn(Sent) -> T,
    ) -> Result<T> {
        let facts = self.conditions.facts;
        db.admit(facts, &self.key)?;
        let mut call = Call::item(db, "UpdateItem", facts, &self.key, deadline);
        let written = self.stamp(Stamp::new(db));
        // Where no version is demanded, a managed one adds up like any other number.
        let adds_up = self.adds_up();
        let sent = self.conditions.version().is_some().then(|| self.actions.clone());
        let (request, meaning) = self.request(db, db.table_name(facts.table))?;
        let (request, large) = without_values(request, db);
        call.complete(large);
        call.keep_body();
        let request = pin!(request.send());
        let item = match call.run_with_item(request, returned_item, old_item).await {
            Ok(item) if adds_up && call.was_unanswered() => {
                return Err(call.unclear(item.map(ReturnedItem::into_item)));
            }
            Ok(item) => item,
            Err(error) => {
                let contradicts =
                    |current: &Item| sent.as_ref().is_some_and(|actions| contradicts(actions, current));
                let current = meaning.settle(meaning.explain(error), &written, &contradicts)?;
                // Another write may have come between two attempts that were both carried out.
                if adds_up && call.was_unanswered_repeatedly() {
                    return Err(call.unclear(Some(current)));
                }
                Some(ReturnedItem::Map(current))
            }
        };
        Ok(response(Sent { item, written }))
    }
}
