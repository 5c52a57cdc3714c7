//! Walking a live table to what is declared, one permitted change at a time.

use std::fmt;
use std::time::Duration;

use aws_sdk_dynamodb::operation::update_table::builders::UpdateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    BillingMode, CreateGlobalSecondaryIndexAction, DeleteGlobalSecondaryIndexAction,
    GlobalSecondaryIndexDescription, GlobalSecondaryIndexUpdate, KeySchemaElement, KeyType, ProjectionType,
    StreamSpecification, TableClass as SdkTableClass, TableDescription, TimeToLiveStatus,
    UpdateGlobalSecondaryIndexAction,
};

use crate::admin::lifecycle::{
    SETTLING, attribute_definitions, key_schema, local_error, sdk_projection, sdk_throughput, sdk_view,
};
use crate::client::{Call, Client, Deadline};
use crate::error::{Context, Error, ErrorKind, Result};
use crate::table::{
    Billing, Index, IndexScope, KeyAttribute, Projection, StreamView, Table, TableClass, Throughput,
};

/// Between two descriptions of a table that does not show a step yet.
const PAUSE: Duration = Duration::from_millis(500);

/// One change on a table's way to what is declared. DynamoDB permits one at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableStep {
    /// Turns protection against deletion on or off.
    DeletionProtection(bool),
    /// Changes how capacity is paid for, or how much is provisioned.
    Billing(Billing),
    /// Changes the storage class.
    Class(TableClass),
    /// Turns the stream off. To show something else it is turned off and on again.
    DisableStream,
    /// Turns the stream on.
    EnableStream(StreamView),
    /// Deletes a global index that is not declared, or whose key or projection has changed.
    DeleteIndex(String),
    /// Creates a global index.
    CreateIndex(&'static str),
    /// Changes the provisioned capacity of a global index.
    IndexThroughput(&'static str, Throughput),
    /// Turns the expiry of items by an attribute off.
    DisableTimeToLive(String),
    /// Turns the expiry of items by an attribute on.
    EnableTimeToLive(&'static str),
}

impl fmt::Display for TableStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TableStep::DeletionProtection(true) => f.write_str("turn deletion protection on"),
            TableStep::DeletionProtection(false) => f.write_str("turn deletion protection off"),
            TableStep::Billing(Billing::OnDemand) => f.write_str("pay by request"),
            TableStep::Billing(Billing::Provisioned(Throughput { read, write })) => {
                write!(f, "provision {read} read and {write} write units")
            }
            TableStep::Class(class) => write!(f, "change the table class to {class:?}"),
            TableStep::DisableStream => f.write_str("turn the stream off"),
            TableStep::EnableStream(view) => write!(f, "turn the stream on, showing {view:?}"),
            TableStep::DeleteIndex(name) => write!(f, "delete index {name}"),
            TableStep::CreateIndex(name) => write!(f, "create index {name}"),
            TableStep::IndexThroughput(name, Throughput { read, write }) => {
                write!(f, "provision {read} read and {write} write units for index {name}")
            }
            TableStep::DisableTimeToLive(attribute) => write!(f, "turn expiry by {attribute} off"),
            TableStep::EnableTimeToLive(attribute) => write!(f, "turn expiry by {attribute} on"),
        }
    }
}

/// Comparing live tables with what is declared.
impl Client {
    /// The steps that [`update_table`](Self::update_table) would take, without taking them (`DescribeTable`,
    /// `DescribeTimeToLive`).
    ///
    /// # Errors
    /// The table does not exist, or differs in what cannot be changed: its key or a local index
    /// ([`Error::is_table_mismatch`]).
    pub async fn plan_table(&self, table: &'static Table) -> Result<Vec<TableStep>> {
        Box::pin(async move {
            let live = self.describe_table(table).await?;
            self.plan(table, &live).await
        })
        .await
    }

    /// Walks a table to what is declared, one permitted change at a time, waiting between them until the table and its
    /// indexes are active; returns the steps taken (`UpdateTable`, `UpdateTimeToLive`). A table that is as declared
    /// takes none. Global indexes that are not declared are deleted; tags are left as they are.
    ///
    /// # Errors
    /// As [`plan_table`](Self::plan_table), or a step failed. The steps before it were taken; running it again takes the
    /// others.
    pub async fn update_table(&self, table: &'static Table) -> Result<Vec<TableStep>> {
        Box::pin(async move {
            let mut taken: Vec<TableStep> = Vec::new();
            let mut shows = Deadline::after(Some(SETTLING), self);
            loop {
                self.wait_until_active(table).await?;
                let live = self.describe_table(table).await?;
                let Some(step) = self.plan(table, &live).await?.into_iter().next() else { return Ok(taken) };
                if !taken.contains(&step) {
                    self.take_step(table, &live, &step).await?;
                    taken.push(step);
                    shows = Deadline::after(Some(SETTLING), self);
                } else if !shows.is_past(self) {
                    // The description may be older than the step.
                    self.sleep(PAUSE).await;
                } else {
                    return Err(mismatch(table, format!("it does not {step}, although asked to")));
                }
            }
        })
        .await
    }

    async fn plan(&self, table: &'static Table, live: &TableDescription) -> Result<Vec<TableStep>> {
        check_fixed(table, live)?;
        let mut steps = settings(table, live);
        steps.extend(indexes(table, live));
        steps.extend(self.time_to_live(table).await?);
        Ok(steps)
    }

    async fn time_to_live(&self, table: &'static Table) -> Result<Vec<TableStep>> {
        let live = self.describe_time_to_live(table).await?.filter(|live| {
            matches!(live.time_to_live_status(), Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling))
        });
        let live = live.and_then(|live| live.attribute_name);
        Ok(match (table.ttl, live) {
            (Some(declared), Some(live)) if declared == live => Vec::new(),
            (declared, live) => {
                let off = live.map(TableStep::DisableTimeToLive);
                off.into_iter().chain(declared.map(TableStep::EnableTimeToLive)).collect()
            }
        })
    }

    async fn take_step(
        &self,
        table: &'static Table,
        live: &TableDescription,
        step: &TableStep,
    ) -> Result<()> {
        match step {
            TableStep::DisableTimeToLive(attribute) => self.set_time_to_live(table, attribute, false).await,
            TableStep::EnableTimeToLive(attribute) => self.set_time_to_live(table, attribute, true).await,
            step => {
                let name = self.table_name(table);
                let request = request(self.sdk().update_table().table_name(&name), table, live, step)?;
                let mut call = Call::table(self, "UpdateTable", name);
                call.run(Box::pin(request.send()).as_mut()).await?;
                Ok(())
            }
        }
    }
}

/// What can be changed of the table itself. What an engine does not report is taken to be as declared.
fn settings(table: &Table, live: &TableDescription) -> Vec<TableStep> {
    let mut steps = Vec::new();
    if live.deletion_protection_enabled().is_some_and(|live| live != table.deletion_protection) {
        steps.push(TableStep::DeletionProtection(table.deletion_protection));
    }
    if live_billing(live) != table.billing {
        steps.push(TableStep::Billing(table.billing));
    }
    let class = live.table_class_summary().and_then(|summary| summary.table_class());
    if class.is_some_and(|class| *class != sdk_class(table.class)) {
        steps.push(TableStep::Class(table.class));
    }
    let stream = live.stream_specification().filter(|stream| stream.stream_enabled());
    let view = stream.and_then(|stream| stream.stream_view_type());
    if view != table.stream.map(sdk_view).as_ref() {
        steps.extend(view.map(|_| TableStep::DisableStream));
        steps.extend(table.stream.map(TableStep::EnableStream));
    }
    steps
}

/// Indexes to delete come before those to create: there is a quota.
fn indexes(table: &'static Table, live: &TableDescription) -> Vec<TableStep> {
    let live = live.global_secondary_indexes();
    let named = |name: &str| live.iter().find(|live| live.index_name() == Some(name));
    let declared = || table.indexes.iter().copied().filter(|index| index.scope == IndexScope::Global);
    let mut steps = Vec::new();
    for live in live {
        let name = live.index_name().unwrap_or_default();
        if !declared().any(|index| index.name == name && is_same_index(index, live)) {
            steps.push(TableStep::DeleteIndex(name.to_owned()));
        }
    }
    for index in declared() {
        match named(index.name) {
            Some(live) if is_same_index(index, live) => {
                let throughput = index.throughput.filter(|declared| live_throughput(live) != *declared);
                // Changing the table's billing sets the capacity of its indexes too.
                steps.extend(throughput.map(|throughput| TableStep::IndexThroughput(index.name, throughput)));
            }
            _ => steps.push(TableStep::CreateIndex(index.name)),
        }
    }
    steps
}

fn request(
    request: UpdateTableFluentBuilder,
    table: &'static Table,
    live: &TableDescription,
    step: &TableStep,
) -> Result<UpdateTableFluentBuilder> {
    let index_update = GlobalSecondaryIndexUpdate::builder();
    Ok(match step {
        TableStep::DeletionProtection(on) => request.deletion_protection_enabled(*on),
        TableStep::Billing(Billing::OnDemand) => request.billing_mode(BillingMode::PayPerRequest),
        TableStep::Billing(Billing::Provisioned(throughput)) => {
            let request = request.billing_mode(BillingMode::Provisioned);
            let indexes = index_throughputs(table, live)?;
            request
                .provisioned_throughput(sdk_throughput(*throughput)?)
                .set_global_secondary_index_updates((!indexes.is_empty()).then_some(indexes))
        }
        TableStep::Class(class) => request.table_class(sdk_class(*class)),
        TableStep::DisableStream => {
            let stream = StreamSpecification::builder().stream_enabled(false);
            request.stream_specification(stream.build().map_err(local_error)?)
        }
        TableStep::EnableStream(view) => {
            let stream =
                StreamSpecification::builder().stream_enabled(true).stream_view_type(sdk_view(*view));
            request.stream_specification(stream.build().map_err(local_error)?)
        }
        TableStep::DeleteIndex(name) => {
            let delete =
                DeleteGlobalSecondaryIndexAction::builder().index_name(name).build().map_err(local_error)?;
            request.global_secondary_index_updates(index_update.delete(delete).build())
        }
        TableStep::CreateIndex(name) => {
            let create = create_index(declared_index(table, name)?)?;
            request
                .set_attribute_definitions(Some(attribute_definitions(table)?))
                .global_secondary_index_updates(index_update.create(create).build())
        }
        TableStep::IndexThroughput(name, throughput) => {
            request.global_secondary_index_updates(index_throughput(name, *throughput)?)
        }
        TableStep::DisableTimeToLive(_) | TableStep::EnableTimeToLive(_) => request,
    })
}

/// What a table that becomes provisioned must say of the indexes that it has.
fn index_throughputs(table: &Table, live: &TableDescription) -> Result<Vec<GlobalSecondaryIndexUpdate>> {
    let live = live.global_secondary_indexes();
    let is_other = |live: &GlobalSecondaryIndexDescription, name, throughput| {
        live.index_name() == Some(name) && live_throughput(live) != throughput
    };
    let changes = table.indexes.iter().filter_map(|index| {
        let throughput = index.throughput?;
        live.iter().any(|live| is_other(live, index.name, throughput)).then_some((index.name, throughput))
    });
    changes.map(|(name, throughput)| index_throughput(name, throughput)).collect()
}

fn index_throughput(name: &str, throughput: Throughput) -> Result<GlobalSecondaryIndexUpdate> {
    let update = UpdateGlobalSecondaryIndexAction::builder().index_name(name);
    let update = update.provisioned_throughput(sdk_throughput(throughput)?).build().map_err(local_error)?;
    Ok(GlobalSecondaryIndexUpdate::builder().update(update).build())
}

fn create_index(index: &Index) -> Result<CreateGlobalSecondaryIndexAction> {
    CreateGlobalSecondaryIndexAction::builder()
        .index_name(index.name)
        .set_key_schema(Some(key_schema(index.partition_key, index.sort_key)?))
        .projection(sdk_projection(index.projection))
        .set_provisioned_throughput(index.throughput.map(sdk_throughput).transpose()?)
        .build()
        .map_err(local_error)
}

/// The key and the local indexes are decided when a table is created.
fn check_fixed(table: &Table, live: &TableDescription) -> Result<()> {
    if !is_same_key(std::slice::from_ref(&table.partition_key), table.sort_key.as_slice(), live.key_schema())
    {
        return Err(mismatch(
            table,
            "its key is another, and the key of a table cannot be changed".to_owned(),
        ));
    }
    let live = live.local_secondary_indexes();
    let declared: Vec<_> = table.indexes.iter().filter(|index| index.scope == IndexScope::Local).collect();
    let is_there = |index: &&&&Index| {
        live.iter().any(|live| {
            live.index_name() == Some(index.name)
                && is_same_key(index.partition_key, index.sort_key, live.key_schema())
                && is_same_projection(index.projection, live.projection())
        })
    };
    if declared.len() != live.len() || declared.iter().filter(is_there).count() != declared.len() {
        let message = "its local indexes are others, and they can only be given when a table is created";
        return Err(mismatch(table, message.to_owned()));
    }
    Ok(())
}

fn is_same_index(index: &Index, live: &GlobalSecondaryIndexDescription) -> bool {
    is_same_key(index.partition_key, index.sort_key, live.key_schema())
        && is_same_projection(index.projection, live.projection())
}

fn is_same_key(partition: &[KeyAttribute], sort: &[KeyAttribute], live: &[KeySchemaElement]) -> bool {
    let names = |role: KeyType| -> Vec<&str> {
        live.iter().filter(|key| *key.key_type() == role).map(KeySchemaElement::attribute_name).collect()
    };
    partition.iter().map(|key| key.name).eq(names(KeyType::Hash))
        && sort.iter().map(|key| key.name).eq(names(KeyType::Range))
}

fn is_same_projection(declared: Projection, live: Option<&aws_sdk_dynamodb::types::Projection>) -> bool {
    let Some(live) = live else { return true };
    match (declared, live.projection_type()) {
        (Projection::All, Some(ProjectionType::All))
        | (Projection::KeysOnly, Some(ProjectionType::KeysOnly)) => true,
        (Projection::Include(declared), Some(ProjectionType::Include)) => {
            let live = live.non_key_attributes();
            declared.len() == live.len() && declared.iter().all(|name| live.iter().any(|live| live == name))
        }
        _ => false,
    }
}

fn live_billing(live: &TableDescription) -> Billing {
    let mode = live.billing_mode_summary().and_then(|summary| summary.billing_mode());
    let throughput = live.provisioned_throughput();
    let read = throughput.and_then(|throughput| throughput.read_capacity_units()).unwrap_or_default();
    let write = throughput.and_then(|throughput| throughput.write_capacity_units()).unwrap_or_default();
    if mode == Some(&BillingMode::PayPerRequest) || (mode.is_none() && read == 0 && write == 0) {
        Billing::OnDemand
    } else {
        Billing::Provisioned(Throughput { read, write })
    }
}

fn live_throughput(live: &GlobalSecondaryIndexDescription) -> Throughput {
    let throughput = live.provisioned_throughput();
    Throughput {
        read: throughput.and_then(|throughput| throughput.read_capacity_units()).unwrap_or_default(),
        write: throughput.and_then(|throughput| throughput.write_capacity_units()).unwrap_or_default(),
    }
}

fn declared_index(table: &'static Table, name: &str) -> Result<&'static Index> {
    table.index(name).ok_or_else(|| mismatch(table, format!("it declares no index {name}")))
}

fn sdk_class(class: TableClass) -> SdkTableClass {
    match class {
        TableClass::Standard => SdkTableClass::Standard,
        TableClass::StandardInfrequentAccess => SdkTableClass::StandardInfrequentAccess,
    }
}

fn mismatch(table: &Table, message: String) -> Error {
    let context = Context { table: Some(table.name.to_owned()), ..Context::default() };
    Error::new(ErrorKind::TableMismatch(message), context)
}
