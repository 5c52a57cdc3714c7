//! Checking that every unique value has its guard.

use crate::client::Client;
use crate::error::Result;
use crate::model::Model;
use crate::operation::unique::audit::UniqueReport;
use crate::operation::unique::audit::check;

impl Client {
    /// Reads every item of `M`'s table, and finds unique values without a guard and guards without a value: those that
    /// other writers left, or that were there before the fields became unique. It keeps each value in memory.
    ///
    /// Writes that are under way meanwhile may be reported; a repair leaves them alone.
    ///
    /// # Errors
    /// A request failed.
    pub async fn check_unique<M: Model>(&self) -> Result<UniqueReport> {
        check(M::FACTS, self).await
    }
}
