//! Where a sweep keeps how far it has come, and its lease.

use std::fmt;
use std::time::Duration;

use crate::client::Client;
use crate::future::BoxFuture;
use crate::sweep::error::SweepError;

/// Keeps how far a sweep has come, as a text, and its lease: the right to run.
///
/// [`SweepFile`](super::SweepFile) is one for programs on one machine, and [`SweepTable`](super::SweepTable) one for all
/// that share a table of DynamoDB. A sweep calls `acquire` first, then `save` again and again, and `release` at its end.
pub trait SweepStore: fmt::Debug + Send + Sync {
    /// Takes the lease of the sweep of that name, and returns what was saved last.
    ///
    /// # Errors
    /// Another run holds the lease ([`SweepError::Held`]), or the store failed.
    fn acquire<'a>(&'a self, lease: Lease<'a>) -> StoreFuture<'a, Option<String>>;

    /// Saves how far the sweep has come, and prolongs the lease, in one step.
    ///
    /// # Errors
    /// Another run has taken the lease over ([`SweepError::LeaseLost`]): nothing is saved. Or the store failed.
    fn save<'a>(&'a self, lease: Lease<'a>, state: &'a str) -> StoreFuture<'a, ()>;

    /// Gives the lease back.
    ///
    /// # Errors
    /// The store failed. The lease runs out by itself then.
    fn release<'a>(&'a self, lease: Lease<'a>) -> StoreFuture<'a, ()>;

    /// What was saved last, without taking the lease.
    ///
    /// # Errors
    /// The store failed.
    fn load<'a>(&'a self, sweep: &'a str, db: &'a Client) -> StoreFuture<'a, Option<String>>;

    /// Whether it keeps its state as items of this table.
    fn is_in_table(&self, table: &str, db: &Client) -> bool {
        let _ = (table, db);
        false
    }
}

/// What comes of a call of a [`SweepStore`].
pub type StoreFuture<'a, T> = BoxFuture<'a, Result<T, SweepError>>;

/// The right to run a sweep, as a holder asks for it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Lease<'a> {
    /// The name of the sweep.
    pub sweep: &'a str,
    /// Who wants it: a text that no other run has.
    pub holder: &'a str,
    /// How long it lasts unless it is prolonged.
    pub duration: Duration,
    /// The client, with its clock.
    pub db: &'a Client,
}
