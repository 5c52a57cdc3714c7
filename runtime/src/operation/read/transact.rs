//! `TransactGetItems`, and why it was cancelled.

use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsError;

use crate::client::{Call, Client, Deadline};
use crate::error::{Context, Error, ErrorKind, Result};
use crate::facts::Facts;
use crate::future::BoxFuture;
use crate::item::Item;
use crate::limits::MAXIMUM_TRANSACTION_OPERATIONS;
use crate::operation::read::get::GetItem;
use crate::validation::Violation;

/// The items that were found, in the order of the reads.
#[doc(hidden)]
pub struct FoundItems {
    pub(crate) items: std::vec::IntoIter<(&'static Facts, String, Option<Item>)>,
}

pub(crate) fn send(
    cores: Vec<GetItem>,
    deadline: Option<Duration>,
    db: &Client,
) -> BoxFuture<'_, Result<FoundItems>> {
    Box::pin(async move {
        if cores.len() > MAXIMUM_TRANSACTION_OPERATIONS {
            let message = format!(
                "a transaction reads at most {MAXIMUM_TRANSACTION_OPERATIONS} items, not {}",
                cores.len()
            );
            return Err(Error::validation(Context::default(), vec![Violation::new("", message)]));
        }
        let facts: Vec<_> = cores.iter().map(GetItem::facts).collect();
        let counts: Vec<_> = cores.iter().map(GetItem::counts).collect();
        let parts: Vec<_> = cores.into_iter().map(|core| core.into_part(db)).collect::<Result<_>>()?;
        if parts.is_empty() {
            return Ok(FoundItems { items: Vec::new().into_iter() });
        }
        let mut call = Call::new(db, "TransactGetItems", Context::default(), Deadline::of(deadline, db));
        let request = db
            .sdk()
            .transact_get_items()
            .set_transact_items(Some(parts))
            .set_return_consumed_capacity(db.consumed_capacity());
        let request = pin!(request.send());
        let output = call.run_with(request, |error| cancellations(error, &facts, db)).await?;
        let items = output.responses.unwrap_or_default();
        call.record(items.len(), output.consumed_capacity.unwrap_or_default().first());
        let now = db.now();
        let items = facts.into_iter().zip(counts).zip(items);
        let items = items.map(|((facts, counts), response)| {
            (facts, db.table_name(facts.table), response.item.filter(|item| counts(item, now)))
        });
        Ok(FoundItems { items: items.collect::<Vec<_>>().into_iter() })
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
            "TransactionConflict" => ErrorKind::Conflict,
            "ProvisionedThroughputExceeded" | "ThrottlingError" => ErrorKind::Throttled,
            _ => ErrorKind::Rejected,
        };
        let context = Context { table: Some(db.table_name(facts.table)), ..Context::model(facts) };
        Some((position, Error::new(kind, context)))
    };
    reasons.filter_map(cancellation).collect()
}
