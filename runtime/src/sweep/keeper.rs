//! Keeps how far a sweep has come, and holds its lease.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::client::Client;
use crate::sweep::error::SweepError;
use crate::sweep::store::{Lease, SweepStore};
use crate::sweep::tries::{Tries, passes};

/// Keeps how far a sweep has come, and holds its lease.
#[derive(Debug)]
pub(crate) struct Keeper {
    store: Arc<dyn SweepStore>,
    sweep: String,
    holder: String,
    lease: Duration,
    every: Duration,
    times: Mutex<Times>,
    /// One checkpoint is saved at a time: an older one must not replace a newer.
    saving: futures_util::lock::Mutex<()>,
}

#[derive(Clone, Copy, Debug)]
struct Times {
    /// Until when the lease lasts, at the least.
    held_until: Instant,
    saved: Instant,
}

impl Keeper {
    pub fn new(
        store: Arc<dyn SweepStore>,
        sweep: String,
        lease: Duration,
        every: Duration,
        db: &Client,
    ) -> Self {
        let now = db.environment().moment();
        Keeper {
            store,
            sweep,
            holder: db.environment().uuid_v4().to_string(),
            lease,
            every,
            times: Mutex::new(Times { held_until: now, saved: now }),
            saving: futures_util::lock::Mutex::new(()),
        }
    }

    fn asked<'a>(&'a self, db: &'a Client) -> Lease<'a> {
        Lease { sweep: &self.sweep, holder: &self.holder, duration: self.lease, db }
    }

    /// Takes the lease, and returns what was saved last.
    pub async fn acquire(&self, db: &Client) -> Result<Option<String>, SweepError> {
        let mut tries = Tries::default();
        loop {
            let asked = db.environment().moment();
            match self.store.acquire(self.asked(db)).await {
                Err(SweepError::Request(error)) if passes(&error) && tries.wait(db).await => {}
                Err(error) => return Err(error),
                Ok(state) => {
                    self.was_saved(asked);
                    return Ok(state);
                }
            }
        }
    }

    /// Saves how far the sweep has come, which prolongs the lease.
    pub async fn save(&self, state: &(dyn Fn() -> String + Sync), db: &Client) -> Result<(), SweepError> {
        let _one = self.saving.lock().await;
        let mut tries = Tries::default();
        loop {
            let asked = db.environment().moment();
            let text = state();
            match self.store.save(self.asked(db), &text).await {
                Err(SweepError::Request(error)) if passes(&error) && tries.wait(db).await => {}
                Err(error) => return Err(error),
                Ok(()) => {
                    self.was_saved(asked);
                    return Ok(());
                }
            }
        }
    }

    pub async fn release(&self, db: &Client) -> Result<(), SweepError> {
        self.store.release(self.asked(db)).await
    }

    /// The lease lasts from before it was asked for: by when an answer comes, some of it has passed.
    fn was_saved(&self, asked: Instant) {
        let held_until = asked.checked_add(self.lease).unwrap_or(asked);
        *self.times.lock().unwrap_or_else(PoisonError::into_inner) = Times { held_until, saved: asked };
    }

    fn times(&self) -> Times {
        *self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the lease lasts long enough for another write.
    pub fn is_held(&self, db: &Client) -> bool {
        db.environment().moment() + self.lease / 10 < self.times().held_until
    }

    /// Whether it is time for another checkpoint.
    pub fn is_due(&self, db: &Client) -> bool {
        db.environment().moment().saturating_duration_since(self.times().saved) >= self.every
    }

    /// Waits until the lease has to be prolonged.
    pub async fn wait(&self, db: &Client) {
        if !db.can_sleep() {
            return std::future::pending().await;
        }
        loop {
            let passed = db.environment().moment().saturating_duration_since(self.times().saved);
            let left = (self.lease / 3).saturating_sub(passed);
            // A sleep may be a little shorter than asked for.
            if left < Duration::from_millis(1) {
                return;
            }
            db.sleep(left).await;
        }
    }
}
