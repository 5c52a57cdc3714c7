//! Point-in-time recovery: turning it on and off, and reading it.

use aws_sdk_dynamodb::types::{
    PointInTimeRecoveryDescription, PointInTimeRecoverySpecification, PointInTimeRecoveryStatus,
};

use crate::admin::lifecycle::SETTLING;
use crate::admin::live::is_dynamodb_local;
use crate::admin::request::local_error;
use crate::admin::update::PAUSE;
use crate::client::{Call, Client, Deadline};
use crate::error::Result;
use crate::table::{PointInTimeRecovery, Table};

impl Client {
    /// Turns the declared point-in-time recovery on, if there is one. DynamoDB Local has none.
    pub(super) async fn enable_recovery(&self, table: &'static Table) -> Result<()> {
        match table.point_in_time_recovery.on() {
            Some(recovery) if !is_dynamodb_local(&self.describe_table(table).await?) => {
                self.set_recovery(table, Some(recovery)).await
            }
            _ => Ok(()),
        }
    }

    /// Whether point-in-time recovery is on, or the engine has none.
    pub(super) async fn has_recovery(&self, table: &'static Table) -> Result<bool> {
        Ok(is_dynamodb_local(&self.describe_table(table).await?)
            || self.live_recovery(table).await?.is_some())
    }

    pub(super) async fn set_recovery(
        &self,
        table: &'static Table,
        recovery: Option<PointInTimeRecovery>,
    ) -> Result<()> {
        let specification = PointInTimeRecoverySpecification::builder()
            .point_in_time_recovery_enabled(recovery.is_some())
            .set_recovery_period_in_days(recovery.and_then(|recovery| recovery.days))
            .build()
            .map_err(local_error)?;
        let available = Deadline::after(Some(SETTLING), self);
        loop {
            let name = self.table_name(table);
            let request = self.sdk().update_continuous_backups().table_name(&name);
            let request = request.point_in_time_recovery_specification(specification.clone());
            let mut call = Call::table(self, "UpdateContinuousBackups", name);
            match call.run(Box::pin(request.send()).as_mut()).await {
                // A new table has no backups for some seconds.
                Err(error) if error.is_table_in_use() && available.allows(PAUSE, self) => {
                    self.sleep(PAUSE).await;
                }
                Err(error) => return Err(error),
                Ok(_) => return Ok(()),
            }
        }
    }

    /// The point-in-time recovery that is on (`DescribeContinuousBackups`).
    pub(super) async fn live_recovery(&self, table: &'static Table) -> Result<Option<PointInTimeRecovery>> {
        let name = self.table_name(table);
        let request = self.sdk().describe_continuous_backups().table_name(&name);
        let mut call = Call::table(self, "DescribeContinuousBackups", name);
        let described = call.run(Box::pin(request.send()).as_mut()).await?.continuous_backups_description;
        let recovery = described.and_then(|backups| backups.point_in_time_recovery_description);
        let is_on = |recovery: &PointInTimeRecoveryDescription| {
            recovery.point_in_time_recovery_status() == Some(&PointInTimeRecoveryStatus::Enabled)
        };
        let recovery = recovery.filter(is_on);
        Ok(recovery.map(|recovery| PointInTimeRecovery { days: recovery.recovery_period_in_days() }))
    }
}
