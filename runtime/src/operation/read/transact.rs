//! `TransactGetItems`, and the reasons for its cancellation.

use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_get_items::{TransactGetItemsError, TransactGetItemsOutput};
use aws_smithy_types::body::SdkBody;

use crate::client::{Call, Client, Deadline};
use crate::decode::Fields;
use crate::error::{Context, Error, Reason, Result};
use crate::facts::Facts;
use crate::future::BoxFuture;
use crate::limits::MAXIMUM_TRANSACTION_OPERATIONS;
use crate::operation::read::get::{GetItem, is_live};
use crate::validation::Violation;
use crate::wire::{self, Reader};

/// What happens to the items of a transaction.
pub(crate) type Finish<T> = Box<dyn FnOnce(&mut ItemsInOrder<'_>) -> Result<T> + Send>;

/// The items that were found, in the order of the reads.
#[doc(hidden)]
pub struct ItemsInOrder<'a> {
    pub(crate) db: &'a Client,
    pub(crate) items: std::vec::IntoIter<(&'static Facts, Option<Fields<'a>>)>,
}

/// The undecoded items of a transaction.
pub(crate) struct FoundItems<'a> {
    db: &'a Client,
    facts: Vec<&'static Facts>,
    /// The attributes that hold the items' expiry times, where they matter.
    ttls: Vec<Option<&'static str>>,
    /// `None` for a transaction without reads, which is not sent.
    received: Option<(Call<'a>, Received)>,
}

enum Received {
    Parsed(TransactGetItemsOutput),
    Body(SdkBody),
}

impl FoundItems<'_> {
    pub(crate) fn read<T>(mut self, finish: Finish<T>) -> Result<T> {
        match self.received.take() {
            None => finish(&mut self.items(Vec::new())),
            Some((call, Received::Parsed(output))) => {
                let responses = output.responses.unwrap_or_default();
                call.record(responses.len(), output.consumed_capacity.unwrap_or_default().first());
                let items = responses.into_iter().map(|response| response.item.map(Fields::from));
                finish(&mut self.items(items.collect()))
            }
            Some((call, Received::Body(body))) => {
                let broken = |failure| call.broken(failure);
                let reader = Reader::new(body.bytes().unwrap_or_default()).map_err(broken)?;
                let read = wire::transaction(&reader).map_err(broken)?;
                call.record_units(read.items.len(), read.capacity);
                let items = read.items.iter().map(|place| place.map(|place| Fields::at(&reader, place)));
                finish(&mut self.items(items.collect()))
            }
        }
    }

    /// The items that count, with their models.
    fn items<'i>(&'i self, items: Vec<Option<Fields<'i>>>) -> ItemsInOrder<'i> {
        let now = self.db.now();
        let items = self.facts.iter().zip(&self.ttls).zip(items).map(|((facts, ttl), fields)| {
            let counts =
                |fields: &Fields<'_>| ttl.is_none_or(|ttl| is_live(fields, ttl, now)) && facts.owns(fields);
            (*facts, fields.filter(counts))
        });
        ItemsInOrder { db: self.db, items: items.collect::<Vec<_>>().into_iter() }
    }
}

pub(crate) fn send(
    cores: Vec<GetItem>,
    deadline: Option<Duration>,
    db: &Client,
) -> BoxFuture<'_, Result<FoundItems<'_>>> {
    Box::pin(async move {
        if cores.len() > MAXIMUM_TRANSACTION_OPERATIONS {
            let message = format!(
                "a transaction reads at most {MAXIMUM_TRANSACTION_OPERATIONS} items, not {}",
                cores.len()
            );
            return Err(Error::validation(Context::default(), vec![Violation::new("", message)]));
        }
        let facts: Vec<_> = cores.iter().map(GetItem::facts).collect();
        let ttls = cores.iter().map(GetItem::ttl).collect();
        let parts: Vec<_> = cores.into_iter().map(|core| core.into_part(db)).collect::<Result<_>>()?;
        if parts.is_empty() {
            return Ok(FoundItems { db, facts, ttls, received: None });
        }
        let mut call = Call::new(db, "TransactGetItems", Context::default(), Deadline::of(deadline, db));
        call.keep_body();
        let request = db
            .sdk()
            .transact_get_items()
            .set_transact_items(Some(parts))
            .set_return_consumed_capacity(db.consumed_capacity());
        let request = pin!(request.send());
        let output = call.run_with(request, |error| cancellations(error, &facts, db)).await?;
        let received = call.take_body().map_or(Received::Parsed(output), Received::Body);
        Ok(FoundItems { db, facts, ttls, received: Some((call, received)) })
    })
}

fn cancellations(
    error: &TransactGetItemsError,
    facts: &[&'static Facts],
    db: &Client,
) -> Vec<(usize, Error)> {
    let TransactGetItemsError::TransactionCanceledException(cancelled) = error else { return Vec::new() };
    let reasons = cancelled.cancellation_reasons().iter().zip(facts).enumerate();
    let cancellation = |(position, (reason, facts)): (usize, (&_, &&'static Facts))| {
        let reason: &aws_sdk_dynamodb::types::CancellationReason = reason;
        let kind = match reason.code().unwrap_or("None") {
            "None" => return None,
            "TransactionConflict" => Reason::Conflict,
            "ProvisionedThroughputExceeded" | "ThrottlingError" => Reason::Throttled,
            _ => Reason::Rejected,
        };
        let context = Context { table: Some(db.table_name(facts.table)), ..Context::model(facts) };
        Some((position, Error::new(kind, context)))
    };
    reasons.filter_map(cancellation).collect()
}
