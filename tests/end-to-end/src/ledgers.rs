//! What consumers of streams remember, in models of their own.

use dynamorm::Attribute;
use dynamorm::changes::{AttemptCount, LedgerEntry};

use crate::changes::{Attempt, Handled};

impl LedgerEntry for Handled {
    fn of_event(event_id: &str) -> Self {
        Handled { event_id: event_id.to_owned() }
    }
}

impl AttemptCount for Attempt {
    fn of_event(event_id: &str) -> Self {
        Attempt { event_id: event_id.to_owned(), count: 0 }
    }

    fn attribute() -> Attribute<Self, u32> {
        Attempt::COUNT
    }

    fn count(&self) -> u32 {
        self.count
    }
}
