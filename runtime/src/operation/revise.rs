//! Reading, changing and saving an item, again and again while others change it meanwhile.

use std::time::Duration;

use super::get::Get;
use super::save::Tracked;
use crate::client::Client;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::managed::Versioned;

/// Reads an item (`GetItem`), changes it, and saves what has changed (`UpdateItem`); begins anew where another client has
/// written the item meanwhile. See [`Get::retry_on_conflict`].
#[must_use = "nothing is written until `.send(&db)`"]
#[derive(Debug)]
pub struct Revise<M, F> {
    get: Get<M>,
    retries: u32,
    change: F,
}

/// The span within which the first retry begins, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

impl<M: Versioned, F: FnMut(&mut M) -> Result<()>> Revise<M, F> {
    pub(super) fn new(get: Get<M>, retries: u32, change: F) -> Self {
        Revise { get: get.consistent(), retries, change }
    }

    /// Changes the item, and returns it as it is saved.
    ///
    /// # Errors
    /// The item does not exist, the change refuses it ([`Error::refused`]), its versions conflicted more often than it was
    /// to be tried again, or as [`Get::send`] and [`Save::send`](super::Save::send).
    pub async fn send(mut self, db: &Client) -> Result<M> {
        let mut value = match self.get.clone().send(db).await? {
            Some(value) => value,
            None => return Err(self.not_found(db)),
        };
        let mut retry = 0;
        loop {
            let mut tracked = Tracked::new(value);
            (self.change)(&mut tracked)?;
            let error = match tracked.save().send(db).await {
                Ok(()) => return Ok(tracked.into_inner()),
                Err(error) => error,
            };
            if !error.is_version_conflict() || retry == self.retries {
                return Err(error);
            }
            // The failed condition returned the item as it is, so that it need not be read.
            let Some(current) = error.current::<M>() else { return Err(error) };
            value = current?;
            pause(retry, db).await;
            retry += 1;
        }
    }

    fn not_found(&self, db: &Client) -> Error {
        let context = Context::item(M::FACTS, db.table_name(M::FACTS.table), self.get.key());
        Error::new(ErrorKind::NotFound, context)
    }
}

/// Waits for a random part of a span that grows from retry to retry.
async fn pause(retry: u32, db: &Client) {
    let span = FIRST_PAUSE.saturating_mul(1 << retry.min(16)).min(LONGEST_PAUSE);
    db.sleep(span.mul_f64(fastrand::f64())).await;
}
