//! Reading, changing and saving an item, repeated while other clients change it.

use std::time::Duration;

use crate::client::{Client, Deadline};
use crate::error::{Context, Error, Reason, Result};
use crate::model::Versioned;
use crate::operation::builder::get::Get;
use crate::operation::builder::save::Tracked;

/// Reads an item (`GetItem`), changes it, and saves the changes (`UpdateItem`). If another client has written the item meanwhile,
/// it begins anew. See [`Get::retry_on_conflict`].
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::shop::Product;
/// # example_models::examples::run(async |db| {
/// let product = Product::get("LA-0001")
///     .retry_on_conflict(3, |product: &mut Product| {
///         product.on_hand += 10;
///         Ok(())
///     })
///     .send(&db)
///     .await?;
/// assert_eq!(product.on_hand, 15);
/// # Ok(()) });
/// ```
#[must_use = "nothing is written until `.send(&db)`"]
#[derive(Debug)]
pub struct Revise<M, F> {
    get: Get<M>,
    retries: u32,
    change: F,
}

/// The longest pause before the first retry, and before any.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

impl<M: Versioned, F: FnMut(&mut M) -> Result<()>> Revise<M, F> {
    pub(crate) fn new(get: Get<M>, retries: u32, change: F) -> Self {
        Revise { get: get.consistent(), retries, change }
    }

    /// Changes the item, and returns the saved value. The deadline holds for everything together.
    ///
    /// # Errors
    /// The item does not exist, the change refuses it ([`Error::refused`]), there were more conflicts than retries, or as
    /// [`Get::send`] and [`Save::send`](crate::Save::send).
    pub async fn send(mut self, db: &Client) -> Result<M> {
        let deadline = Deadline::of(self.get.given_deadline(), db);
        let mut retry = 0;
        loop {
            // The item that a failed condition returns would be as old as the pause, so the item is read again after it.
            let Some(value) = self.get.clone().send_within(deadline, db).await? else {
                let context = Context::item(M::FACTS, db.table_name(M::FACTS.table), self.get.key());
                return Err(Error::new(Reason::NotFound, context));
            };
            let mut tracked = Tracked::new(value);
            (self.change)(&mut tracked)?;
            let error = match tracked.save().send_within(deadline, db).await {
                Ok(()) => return Ok(tracked.into_inner()),
                Err(error) => error,
            };
            let is_conflict = error.is_version_conflict() || error.is_conflict() || error.is_stale();
            let pause = pause(retry, db);
            if !is_conflict || retry == self.retries || !deadline.allows(pause, db) {
                return Err(error);
            }
            db.sleep(pause).await;
            retry += 1;
        }
    }
}

/// A random pause, whose limit grows with each retry.
fn pause(retry: u32, db: &Client) -> Duration {
    let span = FIRST_PAUSE.saturating_mul(1 << retry.min(16)).min(LONGEST_PAUSE);
    span.mul_f64(db.environment().fraction())
}

impl<M: Versioned> Get<M> {
    /// Reads the item consistently, applies `change`, and saves the changes. If another client has written the item meanwhile, it
    /// tries again after a random pause, up to `retries` times. `change` may refuse: `Err(Error::refused("sold out"))`.
    pub fn retry_on_conflict<F: FnMut(&mut M) -> Result<()>>(self, retries: u32, change: F) -> Revise<M, F> {
        Revise::new(self, retries, change)
    }
}
