//! Which records have been handled, and how often one failed: what consumers of a stream remember, in models of their own.

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
/// The event id must be its whole key, or be part of it. A table's `ttl` keeps the ledger small: a record comes again for a day at
/// most, or for a year from a Kinesis data stream that keeps it as long.
pub trait LedgerEntry: Model {
    /// The entry of the record with this event id.
    fn of_event(event_id: &str) -> Self;
}

/// A declared model whose items count how often the handling of a record failed.
pub trait AttemptCount: Model {
    /// The count of the record with this id, before its first failure: 0.
    fn of_event(event_id: &str) -> Self;

    /// The attribute that counts.
    fn attribute() -> Attribute<Self, u32>;

    /// How many failures there were.
    fn count(&self) -> u32;
}

/// Counts one more failure of the record with this id, and returns how many there were: for
/// [`Handling::give_up`](super::Handling::give_up).
///
/// # Errors
/// The request failed. It may have been counted all the same.
pub async fn count_attempt<A: AttemptCount>(db: &Client, event_id: impl Argument<String>) -> Result<u32> {
    let first = A::of_event(&event_id.into_argument());
    let counted = Upsert::new(&first).add(A::attribute(), 1).return_new().send(db).await?;
    Ok(counted.count())
}

/// Remembers in items of `L` which records have been handled, so that a record which comes again is not handled again.
///
/// An entry is written in the handler's own transaction ([`transact`](Self::transact)), or after the handler has succeeded
/// ([`once`](Self::once)). It is never written before: a handler that stops half-way is called again.
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

/// Whether a record was handled now, or had been before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Once {
    /// It was handled by this call.
    Now,
    /// It had been handled before, and was not again.
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
    /// If the program stops between the two, the handler is called again for this record: what it does must bear that. What can be
    /// written to DynamoDB bears it by [`transact`](Self::transact).
    ///
    /// # Errors
    /// Of `handler`, or of the ledger: the entry could not be read, or, after the handler succeeded, not be written.
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
            // Another consumer handled it at the same time.
            Err(error) if !error.is_already_exists() => Err(error.into()),
            _ => Ok(Once::Now),
        }
    }

    /// Carries out `transaction` together with the entry: both are written, or neither. A transaction of a record that has been
    /// handled changes nothing.
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
