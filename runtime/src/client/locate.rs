//! Errors that name their table by a client's name for it.

use crate::client::handle::Client;
use crate::error::Error;
use crate::facts::Facts;
use crate::item::{ItemKey, KeyAttributes};

impl Error {
    /// Adds the item and its table, once they are known.
    pub(crate) fn at(mut self, facts: &'static Facts, key: &dyn KeyAttributes, db: &Client) -> Self {
        self.context_mut().key = ItemKey::of(facts.table, key).text();
        self.in_table(facts, db)
    }

    /// Adds this client's name of the table.
    pub(crate) fn in_table(mut self, facts: &'static Facts, db: &Client) -> Self {
        self.context_mut().table = Some(db.table_name(facts.table));
        self
    }

    /// The error of a write that is a transaction only because of its guards. A problem with its item counts more than a problem
    /// with a guard.
    pub(crate) fn of_single_write(
        mut self,
        facts: &'static Facts,
        key: &dyn KeyAttributes,
        db: &Client,
    ) -> Self {
        if self.cancellations_mut().is_empty() || self.is_unclear() {
            self.context_mut().model = Some(facts.model);
            self.cancellations_mut().clear();
            return self.at(facts, key, db);
        }
        let own = self.cancellations_mut().iter().position(|(_, cause)| !cause.is_not_unique());
        let (_, mut cause) = self.cancellations_mut().swap_remove(own.unwrap_or(0));
        cause.context_mut().operation = self.context_mut().operation;
        cause.with_attempts(self.attempts())
    }
}
