//! A live table, in the words of declarations.

use aws_sdk_dynamodb::types::{
    BillingMode, GlobalSecondaryIndexDescription, KeySchemaElement, KeyType, OnDemandThroughput,
    ProvisionedThroughputDescription, SseStatus, StreamViewType, TableClass as SdkTableClass,
    TableDescription,
};

use crate::client::Client;
use crate::error::Result;
use crate::table::{Billing, PointInTimeRecovery, Setting, StreamView, Table, TableClass, Throughput};

/// The state of a live table.
#[derive(Debug)]
pub(super) struct Live {
    pub table: TableDescription,
    /// The attribute by which items expire.
    pub ttl: Option<String>,
    /// Requested only if it is declared, or declared to be off.
    pub recovery: Option<PointInTimeRecovery>,
}

impl Client {
    pub(super) async fn live(&self, declared: &'static Table) -> Result<Live> {
        let table = self.describe_table(declared).await?;
        let ttl = self.live_time_to_live(declared).await?;
        let recovery = match declared.point_in_time_recovery {
            Setting::Undeclared => None,
            _ if is_dynamodb_local(&table) => None,
            _ => self.live_recovery(declared).await?,
        };
        Ok(Live { table, ttl, recovery })
    }
}

/// Whether the description comes from DynamoDB Local. It accepts an encryption and on-demand maximums without keeping them, and
/// it has no backups.
pub(super) fn is_dynamodb_local(table: &TableDescription) -> bool {
    table.table_arn().is_some_and(|arn| arn.starts_with("arn:aws:dynamodb:ddblocal:"))
}

pub(super) fn billing(live: &TableDescription) -> Billing {
    let mode = live.billing_mode_summary().and_then(|summary| summary.billing_mode());
    let throughput = throughput(live.provisioned_throughput());
    if mode == Some(&BillingMode::PayPerRequest) || (mode.is_none() && throughput == NO_THROUGHPUT) {
        Billing::OnDemand
    } else {
        Billing::Provisioned(throughput)
    }
}

/// The throughput that descriptions show for on-demand tables and indexes.
const NO_THROUGHPUT: Throughput = Throughput { read: 0, write: 0 };

pub(super) fn throughput(live: Option<&ProvisionedThroughputDescription>) -> Throughput {
    Throughput {
        read: live.and_then(|throughput| throughput.read_capacity_units()).unwrap_or_default(),
        write: live.and_then(|throughput| throughput.write_capacity_units()).unwrap_or_default(),
    }
}

/// The capacity of a provisioned index.
pub(super) fn index_throughput(live: &GlobalSecondaryIndexDescription) -> Option<Throughput> {
    Some(throughput(live.provisioned_throughput())).filter(|throughput| *throughput != NO_THROUGHPUT)
}

/// The most request units that are read and written.
pub(super) fn maximum(live: Option<&OnDemandThroughput>) -> (Option<i64>, Option<i64>) {
    let units = |units: Option<i64>| units.filter(|units| *units >= 0);
    let Some(live) = live else { return (None, None) };
    (units(live.max_read_request_units()), units(live.max_write_request_units()))
}

/// The view of the stream, if it is on. A view that this crate does not know has DynamoDB's name.
pub(super) fn stream(live: &TableDescription) -> Option<std::result::Result<StreamView, String>> {
    let stream = live.stream_specification().filter(|stream| stream.stream_enabled())?;
    Some(match stream.stream_view_type()? {
        StreamViewType::KeysOnly => Ok(StreamView::KeysOnly),
        StreamViewType::NewImage => Ok(StreamView::NewImage),
        StreamViewType::OldImage => Ok(StreamView::OldImage),
        StreamViewType::NewAndOldImages => Ok(StreamView::NewAndOldImages),
        other => Err(other.as_str().to_owned()),
    })
}

/// The class, if the engine reports it.
pub(super) fn class(live: &TableDescription) -> Option<TableClass> {
    match live.table_class_summary()?.table_class()? {
        SdkTableClass::Standard => Some(TableClass::Standard),
        SdkTableClass::StandardInfrequentAccess => Some(TableClass::StandardInfrequentAccess),
        _ => None,
    }
}

/// Whether the table has another key than AWS's own, and the ARN of that key.
pub(super) fn encryption(live: &TableDescription) -> (bool, Option<&str>) {
    let on = [SseStatus::Enabled, SseStatus::Enabling, SseStatus::Updating];
    let encryption = live.sse_description();
    let encryption = encryption.filter(|live| live.status().is_none_or(|status| on.contains(status)));
    (encryption.is_some(), encryption.and_then(|encryption| encryption.kms_master_key_arn()))
}

/// The attributes of a key that have this role.
pub(super) fn key_attributes(key: &[KeySchemaElement], role: KeyType) -> impl Iterator<Item = &str> {
    key.iter().filter(move |key| *key.key_type() == role).map(KeySchemaElement::attribute_name)
}
