//! Creating tables, waiting for them, describing and deleting them.

use std::time::Duration;

use aws_sdk_dynamodb::types::{IndexStatus, TableDescription, TableStatus};

use crate::admin::request;
use crate::client::{Call, Client, Deadline};
use crate::error::{Context, Error, Reason, Result};
use crate::table::{Managed, Table};

/// Creating, describing and deleting tables.
impl Client {
    /// Creates a table with its indexes, waits until it is active, and turns on its time to live and its point-in-time
    /// recovery (`CreateTable`, `DescribeTable`, `UpdateTimeToLive`, `UpdateContinuousBackups`).
    ///
    /// # Errors
    /// The table exists ([`Error::is_table_in_use`]), others manage it ([`Error::is_managed_elsewhere`]), or a request failed.
    pub async fn create_table(&self, table: &'static Table) -> Result<()> {
        Box::pin(async move {
            self.create_table_without_waiting(table).await?;
            self.wait_until_created(table).await?;
            self.enable_time_to_live(table).await?;
            self.enable_recovery(table).await
        })
        .await
    }

    /// Creates those of `tables` that do not exist yet, as [`create_table`](Self::create_table) does, and waits until all of them
    /// are active. If a table exists, the call turns on its declared time to live and point-in-time recovery, because an
    /// interrupted creation leaves them off. It does not touch the other settings.
    ///
    /// For a table that is declared `managed = "elsewhere"` it only waits, unless the client [takes the place of the
    /// others](Self::with_tables_of_others), as a client on the embedded engine does.
    ///
    /// # Errors
    /// A table that others manage does not exist ([`Error::is_table_not_found`]), or a request failed. The work done before that
    /// stays. Call it again to do the rest.
    pub async fn create_tables(&self, tables: &[&'static Table]) -> Result<()> {
        Box::pin(async move {
            for table in tables {
                if self.admit_change(table).is_err() {
                    self.wait_until_active(table).await?;
                    continue;
                }
                match self.create_table_without_waiting(table).await {
                    // After an unanswered attempt, this call itself may have created the table.
                    Err(error) if error.is_table_in_use() || error.is_outcome_unknown() => {
                        self.wait_until_created(table).await?;
                        if table.ttl.on().is_some() && !self.has_time_to_live(table).await? {
                            self.enable_time_to_live(table).await?;
                        }
                        if table.point_in_time_recovery.on().is_some() && !self.has_recovery(table).await? {
                            self.enable_recovery(table).await?;
                        }
                    }
                    other => {
                        other?;
                        self.wait_until_created(table).await?;
                        self.enable_time_to_live(table).await?;
                        self.enable_recovery(table).await?;
                    }
                }
            }
            Ok(())
        })
        .await
    }

    /// Requests a table and returns at once. The table becomes active later, and its time to live and point-in-time recovery stay
    /// off (`CreateTable`).
    ///
    /// # Errors
    /// As [`create_table`](Self::create_table).
    pub async fn create_table_without_waiting(&self, table: &'static Table) -> Result<()> {
        self.admit_change(table)?;
        let name = self.table_name(table);
        let request = request::create_table(self.sdk().create_table().table_name(&name), table)?;
        let mut call = Call::table(self, "CreateTable", name);
        call.run(Box::pin(request.send()).as_mut()).await?;
        Ok(())
    }

    /// Waits until a table and all of its indexes are active (`DescribeTable`, repeated).
    ///
    /// # Errors
    /// The table does not exist ([`Error::is_table_not_found`]), or is not active within ten minutes
    /// ([`Error::is_timeout`]).
    pub async fn wait_until_active(&self, table: &'static Table) -> Result<()> {
        self.wait(table, Duration::ZERO, is_active).await
    }

    /// As [`wait_until_active`](Self::wait_until_active), for a table that is known to exist. Descriptions are eventually
    /// consistent, so they may not show a new table for some seconds.
    async fn wait_until_created(&self, table: &'static Table) -> Result<()> {
        self.wait(table, SETTLING, is_active).await
    }

    /// DynamoDB's description of a table, as the SDK's own type (`DescribeTable`).
    ///
    /// # Errors
    /// The table does not exist ([`Error::is_table_not_found`]), or the request failed.
    pub async fn describe_table(&self, table: &'static Table) -> Result<TableDescription> {
        self.describe_table_within(table, Deadline::of(None, self)).await
    }

    /// As [`describe_table`](Self::describe_table), within an operation whose own deadline may be earlier than the client's.
    async fn describe_table_within(
        &self,
        table: &'static Table,
        deadline: Deadline,
    ) -> Result<TableDescription> {
        let name = self.table_name(table);
        let request = self.sdk().describe_table().table_name(&name);
        let context = Context { table: Some(name), ..Context::default() };
        let deadline = Deadline::of(None, self).or_earlier(deadline);
        let mut call = Call::new(self, "DescribeTable", context, deadline);
        let error = call.protocol_error("the response describes no table");
        call.run(Box::pin(request.send()).as_mut()).await?.table.ok_or(error)
    }

    /// Whether a table exists, active or not (`DescribeTable`).
    ///
    /// # Errors
    /// The request failed.
    pub async fn table_exists(&self, table: &'static Table) -> Result<bool> {
        match self.describe_table(table).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_table_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Deletes a table with all its items, and waits until it is gone (`DeleteTable`, `DescribeTable`).
    ///
    /// # Errors
    /// The table does not exist ([`Error::is_table_not_found`]), is protected against deletion, is managed by others
    /// ([`Error::is_managed_elsewhere`]), or a request failed.
    pub async fn delete_table(&self, table: &'static Table) -> Result<()> {
        Box::pin(async move {
            self.delete_table_without_waiting(table).await?;
            self.wait(table, Duration::ZERO, |description| description.is_none()).await
        })
        .await
    }

    /// Requests the deletion of a table and returns at once (`DeleteTable`).
    ///
    /// # Errors
    /// As [`delete_table`](Self::delete_table).
    pub async fn delete_table_without_waiting(&self, table: &'static Table) -> Result<()> {
        self.admit_change(table)?;
        let name = self.table_name(table);
        let request = self.sdk().delete_table().table_name(&name);
        let mut call = Call::table(self, "DeleteTable", name);
        call.run(Box::pin(request.send()).as_mut()).await?;
        Ok(())
    }

    /// Refuses the change if others manage the table.
    pub(super) fn admit_change(&self, table: &Table) -> Result<()> {
        if table.managed == Managed::Here || self.changes_tables_of_others() {
            return Ok(());
        }
        let context = Context { table: Some(self.table_name(table)), ..Context::default() };
        Err(Error::new(Reason::ManagedElsewhere, context))
    }

    /// Describes a table, less and less often, until `done` accepts the description (`None`: no table). During `unseen`, a
    /// missing table counts as one that has yet to appear.
    async fn wait(
        &self,
        table: &'static Table,
        unseen: Duration,
        done: impl Fn(Option<&TableDescription>) -> bool,
    ) -> Result<()> {
        const LONGEST: Duration = Duration::from_secs(600);
        let deadline = Deadline::after(Some(LONGEST), self);
        let appears = Deadline::after(Some(unseen), self);
        let mut pause = Duration::from_millis(50);
        loop {
            match self.describe_table_within(table, deadline).await {
                Ok(description) if done(Some(&description)) => return Ok(()),
                Ok(_) => {}
                Err(error) if error.is_table_not_found() && done(None) => return Ok(()),
                Err(error) if error.is_table_not_found() && !appears.is_past(self) => {}
                // The error says nothing about the table, and another description follows anyway.
                Err(error) if error.is_throttled() => {}
                Err(error) => return Err(error),
            }
            if !deadline.allows(pause, self) {
                let table = Some(self.table_name(table));
                return Err(deadline.timeout(Context { table, ..Context::default() }));
            }
            self.sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }
}

/// How long a description, which is eventually consistent, may lag behind a change.
pub(super) const SETTLING: Duration = Duration::from_secs(30);

fn is_active(table: Option<&TableDescription>) -> bool {
    let index_is_active =
        |status: Option<&IndexStatus>| status.is_none_or(|status| *status == IndexStatus::Active);
    table.is_some_and(|table| {
        table.table_status() == Some(&TableStatus::Active)
            && table.global_secondary_indexes().iter().all(|index| index_is_active(index.index_status()))
    })
}
