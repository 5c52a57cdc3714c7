//! Changing a live table into its declaration, one permitted change at a time.

use std::time::Duration;

use aws_sdk_dynamodb::operation::update_table::builders::UpdateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, CreateGlobalSecondaryIndexAction, DeleteGlobalSecondaryIndexAction,
    GlobalSecondaryIndexUpdate, StreamSpecification, TableDescription, UpdateGlobalSecondaryIndexAction,
};

use crate::admin::lifecycle::SETTLING;
use crate::admin::live;
use crate::admin::plan::{TablePlan, mismatch, plan};
use crate::admin::request::{
    attribute_definition, changed_maximum, key_schema, local_error, new_maximum, sdk_class, sdk_encryption,
    sdk_projection, sdk_throughput, stream_on,
};
use crate::admin::step::TableStep;
use crate::client::{Call, Client, Deadline};
use crate::error::Result;
use crate::future::ResponseFuture;
use crate::table::{Billing, Index, IndexScope, Table, Throughput};

/// The pause between two descriptions of a table that does not show a step yet.
pub(super) const PAUSE: Duration = Duration::from_millis(500);

/// A plan for a table, made when it is awaited. [`Client::plan_table`] returns it and has an example.
#[derive(Clone, Copy, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct PlanTable<'a> {
    client: &'a Client,
    table: &'static Table,
    deletions: bool,
}

/// An update of a table, carried out when it is awaited. [`Client::update_table`] returns it and has an example.
#[derive(Clone, Copy, Debug)]
#[must_use = "nothing is sent until it is awaited"]
pub struct UpdateTable<'a> {
    client: &'a Client,
    table: &'static Table,
    deletions: bool,
}

/// Changing live tables into what is declared.
impl Client {
    /// The steps that [`update_table`](Self::update_table) would take, without taking them (`DescribeTable`,
    /// `DescribeTimeToLive`, and `DescribeContinuousBackups` where point-in-time recovery is declared).
    ///
    /// ```
    /// # example_models::examples::run(async |db| {
    /// # let books = example_models::catalogue::TABLES[0];
    /// let plan = db.plan_table(books).await?;
    /// assert!(plan.steps.is_empty()); // the table is what is declared
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    /// * The table does not exist ([`Error::is_table_not_found`](crate::Error::is_table_not_found)).
    /// * Its key or a local index differs, and neither can be changed
    ///   ([`Error::is_table_mismatch`](crate::Error::is_table_mismatch)).
    /// * A declared change deletes something first, and deletions are not
    ///   [allowed](PlanTable::allow_deletions)
    ///   ([`Error::is_deletion_not_allowed`](crate::Error::is_deletion_not_allowed)).
    /// * Others manage it ([`Error::is_managed_elsewhere`](crate::Error::is_managed_elsewhere)).
    pub fn plan_table(&self, table: &'static Table) -> PlanTable<'_> {
        PlanTable { client: self, table, deletions: false }
    }

    /// Changes a table into its declaration, one permitted change at a time (`UpdateTable`, `UpdateTimeToLive`,
    /// `UpdateContinuousBackups`). Between changes it waits until the table and its indexes are active. It returns the steps
    /// taken: none for a table that is as declared.
    ///
    /// It leaves undeclared parts alone. If the table has an index, a stream, a time to live or a protection that nothing
    /// declares, the plan lists the step that would remove it as [withheld](TablePlan::withheld), unless deletions are
    /// [allowed](UpdateTable::allow_deletions). It never changes tags.
    ///
    /// ```
    /// # use dynamorm::{Client, table::Table};
    /// # async fn example(db: &Client, books: &'static Table) -> dynamorm::Result<()> {
    /// let update = db.update_table(books).await?;
    /// for step in &update.withheld {
    ///     println!("not done: {step}");
    /// }
    /// db.update_table(books).allow_deletions().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`plan_table`](Self::plan_table), before any step is taken; or a step failed. The steps before it were taken. Call it
    /// again to take the others.
    pub fn update_table(&self, table: &'static Table) -> UpdateTable<'_> {
        UpdateTable { client: self, table, deletions: false }
    }
}

impl PlanTable<'_> {
    /// Plans deletions as well: of undeclared parts, and of an index, a stream or a time to live that the declared one replaces.
    pub fn allow_deletions(self) -> Self {
        PlanTable { deletions: true, ..self }
    }
}

impl UpdateTable<'_> {
    /// Deletes undeclared parts, and parts that declared ones replace: global indexes, the stream, the time to live, protection
    /// against deletion. Look at the [plan](PlanTable::allow_deletions) first.
    pub fn allow_deletions(self) -> Self {
        UpdateTable { deletions: true, ..self }
    }
}

impl<'a> IntoFuture for PlanTable<'a> {
    type Output = Result<TablePlan>;
    type IntoFuture = ResponseFuture<'a, TablePlan>;

    fn into_future(self) -> Self::IntoFuture {
        let PlanTable { client, table, deletions } = self;
        ResponseFuture::new(async move {
            client.admit_change(table)?;
            let live = client.live(table).await?;
            plan(table, &live, &client.table_name(table), deletions)
        })
    }
}

impl<'a> IntoFuture for UpdateTable<'a> {
    type Output = Result<TablePlan>;
    type IntoFuture = ResponseFuture<'a, TablePlan>;

    fn into_future(self) -> Self::IntoFuture {
        ResponseFuture::new(self.run())
    }
}

impl UpdateTable<'_> {
    async fn run(self) -> Result<TablePlan> {
        let UpdateTable { client, table, deletions } = self;
        client.admit_change(table)?;
        let name = client.table_name(table);
        let mut taken: Vec<TableStep> = Vec::new();
        let mut shows = Deadline::after(Some(SETTLING), client);
        loop {
            client.wait_until_active(table).await?;
            let live = client.live(table).await?;
            let left = plan(table, &live, &name, deletions)?;
            let Some(step) = left.steps.into_iter().next() else {
                return Ok(TablePlan { steps: taken, withheld: left.withheld });
            };
            if !taken.contains(&step) {
                client.take_step(table, &live.table, &step).await?;
                taken.push(step);
                shows = Deadline::after(Some(SETTLING), client);
            } else if !shows.is_past(client) {
                // The description may be older than the step.
                client.sleep(PAUSE).await;
            } else {
                return Err(mismatch(&name, format!("it does not {step}, although asked to")));
            }
        }
    }
}

impl Client {
    async fn take_step(
        &self,
        table: &'static Table,
        live: &TableDescription,
        step: &TableStep,
    ) -> Result<()> {
        match step {
            TableStep::DisableTimeToLive(attribute) => self.set_time_to_live(table, attribute, false).await,
            TableStep::EnableTimeToLive(attribute) => self.set_time_to_live(table, attribute, true).await,
            TableStep::DisablePointInTimeRecovery => self.set_recovery(table, None).await,
            TableStep::EnablePointInTimeRecovery(recovery) => self.set_recovery(table, Some(*recovery)).await,
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
            let indexes = index_throughputs(table, live, *throughput)?;
            request
                .provisioned_throughput(sdk_throughput(*throughput)?)
                .set_global_secondary_index_updates((!indexes.is_empty()).then_some(indexes))
        }
        TableStep::OnDemandMaximum(maximum) => request.on_demand_throughput(changed_maximum(*maximum)),
        TableStep::Encryption(encryption) => request.sse_specification(sdk_encryption(*encryption)),
        TableStep::Class(class) => request.table_class(sdk_class(*class)),
        TableStep::DisableStream => {
            let stream = StreamSpecification::builder().stream_enabled(false);
            request.stream_specification(stream.build().map_err(local_error)?)
        }
        TableStep::EnableStream(view) => request.stream_specification(stream_on(*view)?),
        TableStep::DeleteIndex(name) => {
            let delete =
                DeleteGlobalSecondaryIndexAction::builder().index_name(name).build().map_err(local_error)?;
            request.global_secondary_index_updates(index_update.delete(delete).build())
        }
        TableStep::CreateIndex(name) => {
            let index = declared_index(table, name)?;
            let create = create_index(index, table, live)?;
            request
                .set_attribute_definitions(Some(attribute_definitions(live, index)?))
                .global_secondary_index_updates(index_update.create(create).build())
        }
        TableStep::IndexThroughput(name, throughput) => {
            request.global_secondary_index_updates(index_throughput(name, *throughput)?)
        }
        TableStep::IndexOnDemandMaximum(name, maximum) => {
            let update = UpdateGlobalSecondaryIndexAction::builder().index_name(*name);
            let update =
                update.on_demand_throughput(changed_maximum(*maximum)).build().map_err(local_error)?;
            request.global_secondary_index_updates(index_update.update(update).build())
        }
        TableStep::DisableTimeToLive(_)
        | TableStep::EnableTimeToLive(_)
        | TableStep::DisablePointInTimeRecovery
        | TableStep::EnablePointInTimeRecovery(_) => request,
    })
}

/// The capacities to send for indexes: of every index, declared or not, if the table becomes provisioned; otherwise of those
/// whose declared capacity differs.
fn index_throughputs(
    table: &Table,
    live: &TableDescription,
    of_table: Throughput,
) -> Result<Vec<GlobalSecondaryIndexUpdate>> {
    let becomes_provisioned = live::billing(live) == Billing::OnDemand;
    let indexes = live.global_secondary_indexes().iter().filter_map(|found| {
        let name = found.index_name()?;
        let declared = table.index(name).and_then(|index| index.throughput);
        let wanted = if becomes_provisioned { Some(declared.unwrap_or(of_table)) } else { declared };
        wanted.filter(|wanted| live::index_throughput(found) != Some(*wanted)).map(|wanted| (name, wanted))
    });
    indexes.map(|(name, throughput)| index_throughput(name, throughput)).collect()
}

fn index_throughput(name: &str, throughput: Throughput) -> Result<GlobalSecondaryIndexUpdate> {
    let update = UpdateGlobalSecondaryIndexAction::builder().index_name(name);
    let update = update.provisioned_throughput(sdk_throughput(throughput)?).build().map_err(local_error)?;
    Ok(GlobalSecondaryIndexUpdate::builder().update(update).build())
}

fn create_index(
    index: &Index,
    table: &Table,
    live: &TableDescription,
) -> Result<CreateGlobalSecondaryIndexAction> {
    let (throughput, maximum) = match (live::billing(live), table.billing) {
        (Billing::OnDemand, _) => (None, new_maximum(index.on_demand_maximum)),
        (_, Some(Billing::Provisioned(of_table))) | (Billing::Provisioned(of_table), _) => {
            (Some(index.throughput.unwrap_or(of_table)), None)
        }
    };
    CreateGlobalSecondaryIndexAction::builder()
        .index_name(index.name)
        .set_key_schema(Some(key_schema(index.partition_key, index.sort_key)?))
        .projection(sdk_projection(index.projection))
        .set_provisioned_throughput(throughput.map(sdk_throughput).transpose()?)
        .set_on_demand_throughput(maximum)
        .build()
        .map_err(local_error)
}

/// Exactly the attributes of the existing keys and of the new index. The table may have undeclared indexes.
fn attribute_definitions(live: &TableDescription, index: &Index) -> Result<Vec<AttributeDefinition>> {
    let mut definitions = live.attribute_definitions().to_vec();
    for key in index.partition_key.iter().chain(index.sort_key) {
        if !definitions.iter().any(|known| known.attribute_name() == key.name) {
            definitions.push(attribute_definition(key)?);
        }
    }
    Ok(definitions)
}

fn declared_index(table: &'static Table, name: &str) -> Result<&'static Index> {
    let index = table.index(name).filter(|index| index.scope == IndexScope::Global);
    index.ok_or_else(|| mismatch(table.name, format!("it declares no global index {name}")))
}
