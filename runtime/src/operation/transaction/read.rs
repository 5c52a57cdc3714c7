//! `TransactGetItems`.

use std::pin::pin;
use std::time::Duration;

use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsError;

use super::MAXIMUM_OPERATIONS;
use crate::client::{Call, Client};
use crate::deadline::Deadline;
use crate::decode::Item;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::model::{Facts, Model, decode_with, read_record};
use crate::operation::get::Core;
use crate::operation::{BoxFuture, Get, ResponseFuture, decoded};
use crate::validation::Violation;

/// Reads of any models and tables that see one state of all of them (`TransactGetItems`): at most 100 items.
#[must_use = "nothing is read until `.send(&db)`"]
#[derive(Debug)]
pub struct ReadTransaction<T> {
    reads: T,
    deadline: Option<Duration>,
}

/// What a transaction reads: a tuple of up to eight [`Get`]s, or a `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not what a transaction reads",
    label = "expected a tuple of up to eight `Get`s, or a `Vec` of them"
)]
pub trait TransactionReads {
    /// What is read: for each `Get` the item, or `None`.
    type Items: Send + 'static;

    #[doc(hidden)]
    fn into_reads(self) -> Reads<Self::Items>;
}

/// The parts of a transaction, and how their items become values.
#[doc(hidden)]
pub struct Reads<T> {
    cores: Vec<Core>,
    finish: Finish<T>,
}

type Finish<T> = Box<dyn FnOnce(&mut Found) -> Result<T> + Send>;

/// The items that were found, in the order of the reads.
#[doc(hidden)]
pub struct Found {
    items: std::vec::IntoIter<(&'static Facts, String, Option<Item>)>,
}

impl Found {
    fn next<M: Model>(&mut self) -> Result<Option<M>> {
        let Some((facts, table, Some(item))) = self.items.next() else { return Ok(None) };
        decode_with(facts, &table, None, item, &read_record::<M>).map(Some)
    }
}

impl<T: TransactionReads> ReadTransaction<T> {
    pub(crate) fn new(reads: T) -> Self {
        ReadTransaction { reads, deadline: None }
    }

    /// Ends the operation after `deadline`, instead of after the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Reads the items.
    ///
    /// # Errors
    /// A key is invalid or there are more than 100 (nothing was sent), another transaction was at work on an item
    /// ([`Error::is_conflict`]), the request failed, or an item is not what the declarations say.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, T::Items> {
        let Reads { cores, finish } = self.reads.into_reads();
        decoded(send(cores, self.deadline, db), |mut found| finish(&mut found))
    }
}

fn send(cores: Vec<Core>, deadline: Option<Duration>, db: &Client) -> BoxFuture<'_, Result<Found>> {
    Box::pin(async move {
        if cores.len() > MAXIMUM_OPERATIONS {
            let message =
                format!("a transaction reads at most {MAXIMUM_OPERATIONS} items, not {}", cores.len());
            return Err(Error::validation(Context::default(), vec![Violation::new("", message)]));
        }
        let facts: Vec<_> = cores.iter().map(Core::facts).collect();
        let counts: Vec<_> = cores.iter().map(Core::counts).collect();
        let parts: Vec<_> = cores.into_iter().map(|core| core.into_part(db)).collect::<Result<_>>()?;
        if parts.is_empty() {
            return Ok(Found { items: Vec::new().into_iter() });
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
        Ok(Found { items: items.collect::<Vec<_>>().into_iter() })
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

impl<M: Model> TransactionReads for Vec<Get<M>> {
    type Items = Vec<Option<M>>;

    fn into_reads(self) -> Reads<Vec<Option<M>>> {
        let cores: Vec<_> = self.into_iter().map(Get::into_core).collect();
        let count = cores.len();
        Reads { cores, finish: Box::new(move |found| (0..count).map(|_| found.next()).collect()) }
    }
}

macro_rules! tuple {
    ($($model:ident $field:tt),*) => {
        impl<$($model: Model),*> TransactionReads for ($(Get<$model>,)*) {
            type Items = ($(Option<$model>,)*);

            fn into_reads(self) -> Reads<Self::Items> {
                Reads {
                    cores: vec![$(self.$field.into_core()),*],
                    finish: Box::new(|found| Ok(($(found.next::<$model>()?,)*))),
                }
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
