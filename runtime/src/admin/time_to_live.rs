//! The expiry of items: turning it on and off, and reading it.

use aws_sdk_dynamodb::types::{TimeToLiveDescription, TimeToLiveSpecification, TimeToLiveStatus};

use crate::admin::request::local_error;
use crate::client::{Call, Client};
use crate::error::Result;
use crate::table::Table;

impl Client {
    pub(super) async fn set_time_to_live(
        &self,
        table: &'static Table,
        attribute: &str,
        enabled: bool,
    ) -> Result<()> {
        let name = self.table_name(table);
        let specification = TimeToLiveSpecification::builder().enabled(enabled).attribute_name(attribute);
        let request = self
            .sdk()
            .update_time_to_live()
            .table_name(&name)
            .time_to_live_specification(specification.build().map_err(local_error)?);
        let mut call = Call::table(self, "UpdateTimeToLive", name);
        call.run(Box::pin(request.send()).as_mut()).await?;
        Ok(())
    }

    /// Turns the declared time to live on, if there is one.
    pub(super) async fn enable_time_to_live(&self, table: &'static Table) -> Result<()> {
        let Some(attribute) = table.ttl.on() else { return Ok(()) };
        match self.set_time_to_live(table, attribute, true).await {
            // DynamoDB refuses to turn on what is on. Another client that creates the same tables was faster.
            Err(error)
                if (error.is_rejected() || error.is_outcome_unknown())
                    && self.has_time_to_live(table).await? =>
            {
                Ok(())
            }
            other => other,
        }
    }

    /// Whether items expire by some attribute, or stopped expiring so recently that it cannot be turned on yet.
    pub(super) async fn has_time_to_live(&self, table: &'static Table) -> Result<bool> {
        let live = self.describe_time_to_live(table).await?;
        let status = live.as_ref().and_then(TimeToLiveDescription::time_to_live_status);
        Ok(status.is_some_and(|status| *status != TimeToLiveStatus::Disabled))
    }

    /// DynamoDB's description of a table's time to live (`DescribeTimeToLive`).
    pub(super) async fn describe_time_to_live(
        &self,
        table: &'static Table,
    ) -> Result<Option<TimeToLiveDescription>> {
        let name = self.table_name(table);
        let request = self.sdk().describe_time_to_live().table_name(&name);
        let mut call = Call::table(self, "DescribeTimeToLive", name);
        Ok(call.run(Box::pin(request.send()).as_mut()).await?.time_to_live_description)
    }

    /// The attribute by which items expire, if they do.
    pub(super) async fn live_time_to_live(&self, table: &'static Table) -> Result<Option<String>> {
        let live = self.describe_time_to_live(table).await?.filter(|live| {
            matches!(live.time_to_live_status(), Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling))
        });
        Ok(live.and_then(|live| live.attribute_name))
    }
}
