//! Checking that every unique value has its guard.

use crate::client::Client;
use crate::error::Result;
use crate::model::Model;
use crate::operation::unique::audit::UniqueReport;
use crate::operation::unique::audit::check;

impl Client {
    /// Reads every item of `M`'s table, and finds unique values without a guard, and guards without a value. Other writers may
    /// have left them, or they may be older than the declaration of the unique fields. Each value is kept in memory.
    ///
    /// ```
    /// # use dynamorm::Operations;
    /// # use example_models::shop::Customer;
    /// # example_models::examples::run(async |db| {
    /// # example_models::examples::customer(&db).await?;
    /// let report = db.check_unique::<Customer>().await?;
    /// assert!(report.missing().is_empty() && report.left_over().is_empty());
    /// report.repair(&db).await?; // nothing to do here
    /// # Ok(()) });
    /// ```
    ///
    /// The report may contain writes that are under way. A repair leaves those alone.
    ///
    /// # Errors
    /// A request failed.
    pub async fn check_unique<M: Model>(&self) -> Result<UniqueReport> {
        check(M::FACTS, self).await
    }
}
