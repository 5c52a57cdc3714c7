//! Which failures pass, and how patiently what fails is tried again.

use std::time::Duration;

use crate::client::Client;
use crate::error::Error;

/// How often a request is sent again that fails for a reason which passes.
const ATTEMPTS: u32 = 10;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);

/// How patiently what fails is tried again.
#[derive(Default)]
pub(crate) struct Tries(u32);

impl Tries {
    /// Waits before the next attempt, for a random part of a span that doubles; `false` if there should be none.
    pub async fn wait(&mut self, db: &Client) -> bool {
        self.0 += 1;
        if self.0 > ATTEMPTS {
            return false;
        }
        let span = FIRST_PAUSE.saturating_mul(1 << self.0.min(16)).min(LONGEST_PAUSE);
        db.sleep(span.mul_f64(db.environment().fraction())).await;
        true
    }
}

/// Whether the same request may succeed a little later.
pub(crate) fn passes(error: &Error) -> bool {
    error.is_throttled()
        || error.is_connection()
        || error.is_service_error()
        || error.is_timeout()
        || error.is_conflict()
        || error.is_outcome_unknown()
}

/// Whether no item of the table could be written, for all that is known.
pub(crate) fn is_of_every_item(error: &Error) -> bool {
    error.is_access_denied()
        || error.is_table_not_found()
        || error.is_construction()
        || error.is_limit_exceeded()
}
