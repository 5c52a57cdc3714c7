//! Creating tables, waiting for them, describing and deleting them.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, IndexStatus, KeySchemaElement, KeyType,
    LocalSecondaryIndex, Projection as SdkProjection, ProjectionType, ProvisionedThroughput,
    ScalarAttributeType, StreamSpecification, StreamViewType, TableClass as SdkTableClass, TableDescription,
    TableStatus, Tag, TimeToLiveDescription, TimeToLiveSpecification, TimeToLiveStatus,
};

use crate::client::{Call, Client, Deadline};
use crate::error::{BoxError, Context, Error, Result};
use crate::table::{
    Billing, IndexScope, KeyAttribute, Projection, Scalar, StreamView, Table, TableClass, Throughput,
};

/// Creating, describing and deleting tables.
impl Client {
    /// Creates a table with its indexes, waits until it is active, and turns on its time to live
    /// (`CreateTable`, `DescribeTable`, `UpdateTimeToLive`).
    ///
    /// # Errors
    /// The table exists ([`Error::is_table_in_use`]), or a request failed.
    pub async fn create_table(&self, table: &'static Table) -> Result<()> {
        Box::pin(async move {
            self.create_table_without_waiting(table).await?;
            self.wait_until_created(table).await?;
            self.enable_time_to_live(table).await
        })
        .await
    }

    /// Creates those of `tables` that do not exist yet, as [`create_table`](Self::create_table) does, and waits until
    /// all of them are active. Of a table that exists, a declared time to live that is off is turned on, since it stays
    /// off where a creation was interrupted; its other settings are left as they are.
    ///
    /// # Errors
    /// A request failed. What was done before that stays; running it again does the rest.
    pub async fn create_tables(&self, tables: &[&'static Table]) -> Result<()> {
        Box::pin(async move {
            for table in tables {
                match self.create_table_without_waiting(table).await {
                    // After an attempt that had no answer the table may be this call's own.
                    Err(error) if error.is_table_in_use() || error.is_outcome_unknown() => {
                        self.wait_until_created(table).await?;
                        if table.ttl.is_some() && !self.has_time_to_live(table).await? {
                            self.enable_time_to_live(table).await?;
                        }
                    }
                    other => {
                        other?;
                        self.wait_until_created(table).await?;
                        self.enable_time_to_live(table).await?;
                    }
                }
            }
            Ok(())
        })
        .await
    }

    /// Asks for a table and returns at once: it becomes active later, and its time to live stays off
    /// (`CreateTable`).
    ///
    /// # Errors
    /// As [`create_table`](Self::create_table).
    pub async fn create_table_without_waiting(&self, table: &'static Table) -> Result<()> {
        let name = self.table_name(table);
        let mut request = self
            .sdk()
            .create_table()
            .table_name(&name)
            .set_key_schema(Some(key_schema(
                std::slice::from_ref(&table.partition_key),
                table.sort_key.as_slice(),
            )?))
            .set_attribute_definitions(Some(attribute_definitions(table)?))
            .set_deletion_protection_enabled(table.deletion_protection.then_some(true));
        request = match table.billing {
            Billing::OnDemand => request.billing_mode(BillingMode::PayPerRequest),
            Billing::Provisioned(throughput) => request
                .billing_mode(BillingMode::Provisioned)
                .provisioned_throughput(sdk_throughput(throughput)?),
        };
        if let Some(view) = table.stream {
            let stream = StreamSpecification::builder().stream_enabled(true).stream_view_type(sdk_view(view));
            request = request.stream_specification(stream.build().map_err(local_error)?);
        }
        if table.class == TableClass::StandardInfrequentAccess {
            request = request.table_class(SdkTableClass::StandardInfrequentAccess);
        }
        for (key, value) in table.tags {
            request = request.tags(Tag::builder().key(*key).value(*value).build().map_err(local_error)?);
        }
        for index in table.indexes {
            let schema = key_schema(index.partition_key, index.sort_key)?;
            let projection = sdk_projection(index.projection);
            request = match index.scope {
                IndexScope::Local => request.local_secondary_indexes(
                    LocalSecondaryIndex::builder()
                        .index_name(index.name)
                        .set_key_schema(Some(schema))
                        .projection(projection)
                        .build()
                        .map_err(local_error)?,
                ),
                IndexScope::Global => request.global_secondary_indexes(
                    GlobalSecondaryIndex::builder()
                        .index_name(index.name)
                        .set_key_schema(Some(schema))
                        .projection(projection)
                        .set_provisioned_throughput(index.throughput.map(sdk_throughput).transpose()?)
                        .build()
                        .map_err(local_error)?,
                ),
            };
        }
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

    /// As [`wait_until_active`](Self::wait_until_active), for a table that DynamoDB has said to be there: a description is
    /// eventually consistent, and may not know a new table for some seconds.
    async fn wait_until_created(&self, table: &'static Table) -> Result<()> {
        self.wait(table, SETTLING, is_active).await
    }

    /// What DynamoDB says of a table, as the SDK's own type (`DescribeTable`).
    ///
    /// # Errors
    /// The table does not exist ([`Error::is_table_not_found`]), or the request failed.
    pub async fn describe_table(&self, table: &'static Table) -> Result<TableDescription> {
        self.describe_table_within(table, Deadline::of(None, self)).await
    }

    /// As [`describe_table`](Self::describe_table), as a part of an operation with a deadline of its own, where that is
    /// earlier than the client's.
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
    /// The table does not exist ([`Error::is_table_not_found`]), is protected against deletion, or a request failed.
    pub async fn delete_table(&self, table: &'static Table) -> Result<()> {
        Box::pin(async move {
            self.delete_table_without_waiting(table).await?;
            self.wait(table, Duration::ZERO, |description| description.is_none()).await
        })
        .await
    }

    /// Asks for a table's deletion and returns at once (`DeleteTable`).
    ///
    /// # Errors
    /// As [`delete_table`](Self::delete_table).
    pub async fn delete_table_without_waiting(&self, table: &'static Table) -> Result<()> {
        let name = self.table_name(table);
        let request = self.sdk().delete_table().table_name(&name);
        let mut call = Call::table(self, "DeleteTable", name);
        call.run(Box::pin(request.send()).as_mut()).await?;
        Ok(())
    }

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
    async fn enable_time_to_live(&self, table: &'static Table) -> Result<()> {
        let Some(attribute) = table.ttl else { return Ok(()) };
        match self.set_time_to_live(table, attribute, true).await {
            // DynamoDB refuses what is so already: another client that creates the same tables was faster.
            Err(error)
                if (error.is_rejected() || error.is_outcome_unknown())
                    && self.has_time_to_live(table).await? =>
            {
                Ok(())
            }
            other => other,
        }
    }

    /// Whether items expire by some attribute, or have just stopped to, so that it cannot be turned on yet.
    async fn has_time_to_live(&self, table: &'static Table) -> Result<bool> {
        let live = self.describe_time_to_live(table).await?;
        let status = live.as_ref().and_then(TimeToLiveDescription::time_to_live_status);
        Ok(status.is_some_and(|status| *status != TimeToLiveStatus::Disabled))
    }

    /// What DynamoDB says of a table's time to live (`DescribeTimeToLive`).
    pub(super) async fn describe_time_to_live(
        &self,
        table: &'static Table,
    ) -> Result<Option<TimeToLiveDescription>> {
        let name = self.table_name(table);
        let request = self.sdk().describe_time_to_live().table_name(&name);
        let mut call = Call::table(self, "DescribeTimeToLive", name);
        Ok(call.run(Box::pin(request.send()).as_mut()).await?.time_to_live_description)
    }

    /// Describes a table, less and less often, until `done` says so of what is there (`None`: no table). For as long as
    /// `unseen` a table that is not there is one that has yet to appear.
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
                // It says nothing of the table, and the next description comes later anyway.
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

/// How long a description, which is eventually consistent, may not show a change yet.
pub(super) const SETTLING: Duration = Duration::from_secs(30);

fn is_active(table: Option<&TableDescription>) -> bool {
    let index_is_active =
        |status: Option<&IndexStatus>| status.is_none_or(|status| *status == IndexStatus::Active);
    table.is_some_and(|table| {
        table.table_status() == Some(&TableStatus::Active)
            && table.global_secondary_indexes().iter().all(|index| index_is_active(index.index_status()))
    })
}

pub(super) fn key_schema(partition: &[KeyAttribute], sort: &[KeyAttribute]) -> Result<Vec<KeySchemaElement>> {
    let element = |attribute: &KeyAttribute, role: KeyType| {
        KeySchemaElement::builder().attribute_name(attribute.name).key_type(role).build().map_err(local_error)
    };
    let partition = partition.iter().map(|attribute| element(attribute, KeyType::Hash));
    let sort = sort.iter().map(|attribute| element(attribute, KeyType::Range));
    partition.chain(sort).collect()
}

/// Exactly the attributes that are part of some key, once each.
pub(super) fn attribute_definitions(table: &Table) -> Result<Vec<AttributeDefinition>> {
    let indexes = table.indexes.iter().flat_map(|index| index.partition_key.iter().chain(index.sort_key));
    let attributes: BTreeMap<_, _> =
        table.key().chain(indexes).map(|attribute| (attribute.name, attribute.scalar)).collect();
    let definition = |(name, scalar)| {
        let scalar = match scalar {
            Scalar::Text => ScalarAttributeType::S,
            Scalar::Number => ScalarAttributeType::N,
            Scalar::Bytes => ScalarAttributeType::B,
        };
        AttributeDefinition::builder()
            .attribute_name(name)
            .attribute_type(scalar)
            .build()
            .map_err(local_error)
    };
    attributes.into_iter().map(definition).collect()
}

pub(super) fn sdk_throughput(throughput: Throughput) -> Result<ProvisionedThroughput> {
    ProvisionedThroughput::builder()
        .read_capacity_units(throughput.read)
        .write_capacity_units(throughput.write)
        .build()
        .map_err(local_error)
}

pub(super) fn sdk_projection(projection: Projection) -> SdkProjection {
    let builder = SdkProjection::builder();
    match projection {
        Projection::All => builder.projection_type(ProjectionType::All),
        Projection::KeysOnly => builder.projection_type(ProjectionType::KeysOnly),
        Projection::Include(attributes) => builder
            .projection_type(ProjectionType::Include)
            .set_non_key_attributes(Some(attributes.iter().map(ToString::to_string).collect())),
    }
    .build()
}

pub(super) fn sdk_view(view: StreamView) -> StreamViewType {
    match view {
        StreamView::KeysOnly => StreamViewType::KeysOnly,
        StreamView::NewImage => StreamViewType::NewImage,
        StreamView::OldImage => StreamViewType::OldImage,
        StreamView::NewAndOldImages => StreamViewType::NewAndOldImages,
    }
}

pub(super) fn local_error(error: impl Into<BoxError>) -> Error {
    Error::construction(error.into())
}
