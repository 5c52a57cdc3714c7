//! What generated code states about tables, and what is done with whole tables.

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType,
    LocalSecondaryIndex, Projection as SdkProjection, ProjectionType, ProvisionedThroughput,
    ScalarAttributeType, StreamSpecification, StreamViewType, TableClass as SdkTableClass,
    TableDescription, TableStatus, Tag, TimeToLiveSpecification,
};
use std::collections::BTreeMap;
use std::time::Duration;

use crate::client::{Call, Client};
use crate::error::{BoxError, Error, Result};

/// A declared table.
#[derive(Debug)]
pub struct Table {
    /// What DynamoDB calls it, before a client's prefix, suffix or override.
    pub name: &'static str,
    /// The attribute that items are distributed by.
    pub partition_key: KeyAttribute,
    /// The attribute that items of one partition are ordered by.
    pub sort_key: Option<KeyAttribute>,
    /// How its capacity is paid for.
    pub billing: Billing,
    /// The attribute that holds the epoch second at which an item expires.
    pub ttl: Option<&'static str>,
    /// What its stream shows of each change.
    pub stream: Option<StreamView>,
    /// Whether `DeleteTable` is refused.
    pub deletion_protection: bool,
    /// Its tags.
    pub tags: &'static [(&'static str, &'static str)],
    /// Its storage class.
    pub class: TableClass,
    /// Its global and local secondary indexes.
    pub indexes: &'static [&'static Index],
}

/// A declared secondary index.
#[derive(Debug)]
pub struct Index {
    /// Its name.
    pub name: &'static str,
    /// Whether it is global or local.
    pub scope: IndexScope,
    /// The attributes that are given by equality.
    pub partition_key: &'static [KeyAttribute],
    /// The attributes that order what one partition holds.
    pub sort_key: &'static [KeyAttribute],
    /// What it keeps of an item.
    pub projection: Projection,
    /// Its own capacity, for a global index of a provisioned table.
    pub throughput: Option<Throughput>,
}

/// An attribute of a key, and its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyAttribute {
    /// The stored name.
    pub name: &'static str,
    /// The stored type.
    pub scalar: Scalar,
}

/// The types that keys can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// `S`
    Text,
    /// `N`
    Number,
    /// `B`
    Bytes,
}

/// Whether an index spans all partitions of its table, or lives within each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexScope {
    /// A global secondary index: read eventually consistent, with a key of its own.
    Global,
    /// A local secondary index: shares the table's partition key.
    Local,
}

/// What an index keeps of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Projection {
    /// Every attribute.
    All,
    /// The keys of the table and of the index.
    KeysOnly,
    /// The keys and these attributes.
    Include(&'static [&'static str]),
}

/// How a table's capacity is paid for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Billing {
    /// By request.
    OnDemand,
    /// By provisioned capacity units.
    Provisioned(Throughput),
}

/// Provisioned capacity units per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throughput {
    /// Read capacity units.
    pub read: i64,
    /// Write capacity units.
    pub write: i64,
}

/// What a stream record shows of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamView {
    /// The key alone.
    KeysOnly,
    /// The item after the change.
    NewImage,
    /// The item before the change.
    OldImage,
    /// Both.
    NewAndOldImages,
}

/// A table's storage class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableClass {
    /// `STANDARD`
    Standard,
    /// `STANDARD_INFREQUENT_ACCESS`
    StandardInfrequentAccess,
}

impl Table {
    /// The index of that name.
    pub fn index(&self, name: &str) -> Option<&'static Index> {
        self.indexes.iter().copied().find(|index| index.name == name)
    }

    /// The attributes of the table's primary key.
    pub(crate) fn key(&self) -> impl Iterator<Item = &KeyAttribute> {
        std::iter::once(&self.partition_key).chain(&self.sort_key)
    }
}

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
            self.wait_until_active(table).await?;
            self.enable_time_to_live(table).await
        })
        .await
    }

    /// Creates those of `tables` that do not exist yet, as [`create_table`](Self::create_table) does, and waits until
    /// all of them are active. The settings of a table that exists are left as they are.
    ///
    /// # Errors
    /// A request failed. Tables created before that stay; running it again creates the others.
    pub async fn create_tables(&self, tables: &[&'static Table]) -> Result<()> {
        for table in tables {
            match self.create_table(table).await {
                Err(error) if error.is_table_in_use() => self.wait_until_active(table).await?,
                other => other?,
            }
        }
        Ok(())
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
            .set_key_schema(Some(key_schema(std::slice::from_ref(&table.partition_key), table.sort_key.as_slice())?))
            .set_attribute_definitions(Some(attribute_definitions(table)?))
            .deletion_protection_enabled(table.deletion_protection);
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
        let call = Call::table(self, "CreateTable", name);
        let attempts = call.attempts();
        call.run(request.customize().interceptor(attempts).send()).await?;
        Ok(())
    }

    /// Waits until a table and all of its indexes are active (`DescribeTable`, repeated).
    ///
    /// # Errors
    /// The table does not exist ([`Error::is_table_not_found`]), or is not active within ten minutes
    /// ([`Error::is_timeout`]).
    pub async fn wait_until_active(&self, table: &'static Table) -> Result<()> {
        self.wait(table, |description| {
            description.is_some_and(|table| {
                let index_is_active = |status: Option<&aws_sdk_dynamodb::types::IndexStatus>| {
                    status.is_none_or(|status| *status == aws_sdk_dynamodb::types::IndexStatus::Active)
                };
                table.table_status() == Some(&TableStatus::Active)
                    && table.global_secondary_indexes().iter().all(|index| index_is_active(index.index_status()))
            })
        })
        .await
    }

    /// What DynamoDB says of a table, as the SDK's own type (`DescribeTable`).
    ///
    /// # Errors
    /// The table does not exist ([`Error::is_table_not_found`]), or the request failed.
    pub async fn describe_table(&self, table: &'static Table) -> Result<TableDescription> {
        let name = self.table_name(table);
        let request = self.sdk().describe_table().table_name(&name);
        let call = Call::table(self, "DescribeTable", name);
        let attempts = call.attempts();
        let error = call.protocol_error("the response describes no table");
        call.run(request.customize().interceptor(attempts).send()).await?.table.ok_or(error)
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
            self.wait(table, |description| description.is_none()).await
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
        let call = Call::table(self, "DeleteTable", name);
        let attempts = call.attempts();
        call.run(request.customize().interceptor(attempts).send()).await?;
        Ok(())
    }

    async fn enable_time_to_live(&self, table: &'static Table) -> Result<()> {
        let Some(attribute) = table.ttl else { return Ok(()) };
        let name = self.table_name(table);
        let specification = TimeToLiveSpecification::builder().enabled(true).attribute_name(attribute);
        let request = self
            .sdk()
            .update_time_to_live()
            .table_name(&name)
            .time_to_live_specification(specification.build().map_err(local_error)?);
        let call = Call::table(self, "UpdateTimeToLive", name);
        let attempts = call.attempts();
        call.run(request.customize().interceptor(attempts).send()).await?;
        Ok(())
    }

    /// Describes a table, less and less often, until `done` says so of what is there (`None`: no table).
    async fn wait(
        &self,
        table: &'static Table,
        done: impl Fn(Option<&TableDescription>) -> bool,
    ) -> Result<()> {
        const LONGEST: Duration = Duration::from_secs(600);
        let mut waited = Duration::ZERO;
        let mut pause = Duration::from_millis(50);
        loop {
            let description = match self.describe_table(table).await {
                Ok(description) => Some(description),
                Err(error) if error.is_table_not_found() && done(None) => return Ok(()),
                Err(error) => return Err(error),
            };
            if done(description.as_ref()) {
                return Ok(());
            }
            if waited >= LONGEST {
                let call = Call::table(self, "DescribeTable", self.table_name(table));
                return Err(call.timeout(LONGEST));
            }
            self.sleep(pause).await;
            waited += pause;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }
}

fn key_schema(partition: &[KeyAttribute], sort: &[KeyAttribute]) -> Result<Vec<KeySchemaElement>> {
    let element = |attribute: &KeyAttribute, role: KeyType| {
        KeySchemaElement::builder().attribute_name(attribute.name).key_type(role).build().map_err(local_error)
    };
    let partition = partition.iter().map(|attribute| element(attribute, KeyType::Hash));
    let sort = sort.iter().map(|attribute| element(attribute, KeyType::Range));
    partition.chain(sort).collect()
}

/// Exactly the attributes that are part of some key, once each.
fn attribute_definitions(table: &Table) -> Result<Vec<AttributeDefinition>> {
    let indexes = table.indexes.iter().flat_map(|index| index.partition_key.iter().chain(index.sort_key));
    let attributes: BTreeMap<_, _> =
        table.key().chain(indexes).map(|attribute| (attribute.name, attribute.scalar)).collect();
    let definition = |(name, scalar)| {
        let scalar = match scalar {
            Scalar::Text => ScalarAttributeType::S,
            Scalar::Number => ScalarAttributeType::N,
            Scalar::Bytes => ScalarAttributeType::B,
        };
        AttributeDefinition::builder().attribute_name(name).attribute_type(scalar).build().map_err(local_error)
    };
    attributes.into_iter().map(definition).collect()
}

fn sdk_throughput(throughput: Throughput) -> Result<ProvisionedThroughput> {
    ProvisionedThroughput::builder()
        .read_capacity_units(throughput.read)
        .write_capacity_units(throughput.write)
        .build()
        .map_err(local_error)
}

fn sdk_projection(projection: Projection) -> SdkProjection {
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

fn sdk_view(view: StreamView) -> StreamViewType {
    match view {
        StreamView::KeysOnly => StreamViewType::KeysOnly,
        StreamView::NewImage => StreamViewType::NewImage,
        StreamView::OldImage => StreamViewType::OldImage,
        StreamView::NewAndOldImages => StreamViewType::NewAndOldImages,
    }
}

fn local_error(error: impl Into<BoxError>) -> Error {
    Error::construction(error.into())
}
