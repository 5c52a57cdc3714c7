//! Sending unprocessed parts again: less and less often, and not for ever.

use std::time::Duration;

use crate::client::{Client, Deadline};

/// How often in a row a batch is sent again without progress.
const ATTEMPTS_WITHOUT_PROGRESS: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// The patience of one batch or transaction.
#[derive(Debug)]
pub(crate) struct Patience {
    deadline: Deadline,
    fruitless: u32,
}

impl Patience {
    pub fn within(deadline: Deadline) -> Self {
        Patience { deadline, fruitless: 0 }
    }

    /// Waits before the next attempt, for a random pause whose limit grows without progress; `false` if there should be no
    /// attempt.
    pub async fn wait(&mut self, client: &Client, progress: bool) -> bool {
        self.fruitless = if progress { 0 } else { self.fruitless + 1 };
        if self.fruitless >= ATTEMPTS_WITHOUT_PROGRESS {
            return false;
        }
        let span = FIRST_PAUSE.saturating_mul(1 << self.fruitless).min(LONGEST_PAUSE);
        let pause = span.mul_f64(client.environment().fraction());
        if !self.deadline.allows(pause, client) {
            return false;
        }
        client.sleep(pause).await;
        true
    }
}
