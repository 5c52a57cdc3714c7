//! Why a transaction was cancelled.

use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::CancellationReason;

use crate::client::Client;
use crate::error::{Context, Error, Reason};
use crate::operation::write::part::WritePart;

/// The parts whose conditions failed.
pub(crate) fn failed(error: &TransactWriteItemsError) -> Vec<usize> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else { return Vec::new() };
    let reasons = cancelled.cancellation_reasons().iter().enumerate();
    let failed = reasons.filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"));
    failed.map(|(index, _)| index).collect()
}

/// The reason of each failed operation.
pub(crate) fn cancellations(
    error: &TransactWriteItemsError,
    parts: &[WritePart],
    db: &Client,
) -> Vec<(usize, Error)> {
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else { return Vec::new() };
    let reasons = cancelled.cancellation_reasons().iter().zip(parts);
    reasons.filter_map(|(reason, part)| Some((part.position, cancellation(reason, part, db)?))).collect()
}

fn cancellation(reason: &CancellationReason, part: &WritePart, db: &Client) -> Option<Error> {
    let (kind, item) = match reason.code().unwrap_or("None") {
        "None" => return None,
        "ConditionalCheckFailed" => part.meaning.of_failure(reason.item().cloned()),
        "TransactionConflict" => (Reason::Conflict, None),
        "ProvisionedThroughputExceeded" | "ThrottlingError" => (Reason::Throttled, None),
        "ItemCollectionSizeLimitExceeded" => (Reason::ItemCollectionTooLarge, None),
        _ => (Error::rejected(reason.message().unwrap_or_default()), None),
    };
    let context = Context::item(part.facts, db.table_name(part.facts.table), part.subject());
    let error = Error::new(kind, context).with_item(item);
    Some(match reason.message() {
        Some(message) => error.with_source(message.into()),
        None => error,
    })
}
