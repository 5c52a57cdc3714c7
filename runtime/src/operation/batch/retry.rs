//! Sending again what DynamoDB left over: less and less often, and not for ever.

use std::time::{Duration, Instant};

use crate::client::Client;

/// How often in a row a batch is sent again although nothing of it was done.
const ATTEMPTS_WITHOUT_PROGRESS: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The patience of one batch.
#[derive(Debug)]
pub(in crate::operation) struct Patience {
    end: Option<Instant>,
    fruitless: u32,
}

impl Patience {
    pub fn until(end: Option<Instant>) -> Self {
        Patience { end, fruitless: 0 }
    }

    /// The patience of an operation with this deadline, or the client's.
    pub fn within(deadline: Option<Duration>, client: &Client) -> Self {
        Self::until(deadline.or(client.deadline()).map(|deadline| Instant::now() + deadline))
    }

    /// Waits before the next attempt, for a random part of a span that grows while nothing is done; `false` if there
    /// should be none.
    pub async fn wait(&mut self, client: &Client, progress: bool) -> bool {
        self.fruitless = if progress { 0 } else { self.fruitless + 1 };
        if self.fruitless >= ATTEMPTS_WITHOUT_PROGRESS {
            return false;
        }
        let span = FIRST_PAUSE.saturating_mul(1 << self.fruitless).min(LONGEST_PAUSE);
        let pause = span.mul_f64(fastrand::f64());
        if self.end.is_some_and(|end| Instant::now() + pause >= end) {
            return false;
        }
        client.sleep(pause).await;
        true
    }

    /// What is left of the time for the whole batch.
    pub fn left(&self) -> Option<Duration> {
        self.end.map(|end| end.saturating_duration_since(Instant::now()))
    }
}
