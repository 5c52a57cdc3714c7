//! What consumers of a stream remember in models of their own: which records were handled, and how often one failed.

use std::future::Future;
use std::marker::PhantomData;

use super::info::RecordInfo;
use crate::argument::Argument;
use crate::attribute::Attribute;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::model::Model;
use crate::operation::{Get, Put, Transaction, Upsert};

/// A declared model whose items say which records have been handled.
///
/// ```text
/// impl LedgerEntry for Handled {
///     fn of_event(event_id: &str) -> Self {
///         Handled { event_id: event_id.to_owned() }
///     }
/// }
/// ```
///
/// The event id must be the whole key, or part of it. A `ttl` keeps the table small: a record may be delivered again for a day at
/// most, or from a Kinesis data stream for up to a year, as long as the stream keeps it.
pub trait LedgerEntry: Model {
    /// The entry of the record with this event id.
    fn of_event(event_id: &str) -> Self;
}

/// A declared model whose items count how often the handling of a record failed.
pub trait AttemptCount: Model {
    /// The count of the record with this id, before its first failure: 0.
    fn of_event(event_id: &str) -> Self;

    /// The attribute that holds the count.
    fn attribute() -> Attribute<Self, u32>;

    /// The number of failures.
    fn count(&self) -> u32;
}

/// Counts one more failure of the record with this id, and returns the number of failures. Use it with
/// [`Handling::give_up`](super::Handling::give_up).
///
/// # Errors
/// The request failed. The failure may have been counted nevertheless.
pub async fn count_attempt<A: AttemptCount>(db: &Client, event_id: impl Argument<String>) -> Result<u32> {
    let first = A::of_event(&event_id.into_argument());
    let counted = Upsert::new(&first).add(A::attribute(), 1).return_new().send(db).await?;
    Ok(counted.count())
}

/// Remembers handled records in items of `L`, so a record that is delivered again is not handled again.
///
/// An entry is written in the handler's own transaction ([`transact`](Self::transact)), or after the handler has succeeded
/// ([`once`](Self::once)), and never before. So a handler that stops half-way is called again.
///
/// ```
/// # use dynamorm::Client;
/// # use dynamorm::changes::{Ledger, LedgerEntry, Once, RecordInfo};
/// # async fn example<Handled: LedgerEntry>(db: &Client, record: &RecordInfo) -> dynamorm::Result<()> {
/// let ledger = Ledger::<Handled>::new(db); // `Handled` is a declared model
/// let once = ledger.once(record, async || { println!("a new record"); dynamorm::Result::Ok(()) }).await?;
/// assert!(matches!(once, Once::Now | Once::Before));
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Ledger<'a, L> {
    db: &'a Client,
    marker: PhantomData<fn() -> L>,
}

/// Whether a record was handled now or before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Once {
    /// This call handled it.
    Now,
    /// It was handled before, and this call did not handle it again.
    Before,
}

impl<'a, L: LedgerEntry> Ledger<'a, L> {
    /// A ledger in this client's database.
    pub fn new(db: &'a Client) -> Self {
        Ledger { db, marker: PhantomData }
    }

    /// Whether the record has been handled.
    ///
    /// # Errors
    /// The request failed, or the entry is not what the declarations say.
    pub async fn is_handled(&self, record: &RecordInfo) -> Result<bool> {
        let key = L::of_event(record.event_id()).key();
        Ok(Get::<L>::with_key(key).consistent().send(self.db).await?.is_some())
    }

    /// Calls `handler` unless the record has been handled, and writes the entry once it has succeeded.
    ///
    /// If the program stops between the two, the handler is called again for this record, and must tolerate that. For writes to
    /// DynamoDB, [`transact`](Self::transact) avoids it.
    ///
    /// # Errors
    /// `handler` failed, or the entry could not be read, or could not be written after `handler` had succeeded.
    pub async fn once<F, E>(&self, record: &RecordInfo, handler: impl FnOnce() -> F) -> Result<Once, E>
    where
        F: Future<Output = Result<(), E>>,
        E: From<Error>,
    {
        if self.is_handled(record).await? {
            return Ok(Once::Before);
        }
        handler().await?;
        let written = Put::owned(L::of_event(record.event_id())).if_not_exists().send(self.db).await;
        match written {
            // Another consumer handled the record at the same time.
            Err(error) if !error.is_already_exists() => Err(error.into()),
            _ => Ok(Once::Now),
        }
    }

    /// Carries out `transaction` together with the entry: both are written, or neither. If the record was handled before, nothing
    /// changes.
    ///
    /// # Errors
    /// As [`Transaction::send`].
    pub async fn transact(&self, record: &RecordInfo, transaction: Transaction<'_>) -> Result<Once> {
        let position = transaction.len();
        let entry = Put::owned(L::of_event(record.event_id())).if_not_exists();
        match transaction.put(entry).send(self.db).await {
            Ok(()) => Ok(Once::Now),
            Err(error) if is_there(&error, position) => Ok(Once::Before),
            Err(error) => Err(error),
        }
    }
}

/// Whether a transaction was cancelled because the operation at this position found its item.
fn is_there(error: &Error, position: usize) -> bool {
    error.is_cancelled()
        && error.cancellations().any(|(at, cause)| at == position && cause.is_already_exists())
}
