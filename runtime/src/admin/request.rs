//! Declarations in the SDK's types.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, LocalSecondaryIndex,
    OnDemandThroughput, Projection as SdkProjection, ProjectionType, ProvisionedThroughput,
    ScalarAttributeType, SseSpecification, SseType, StreamSpecification, StreamViewType,
    TableClass as SdkTableClass, Tag,
};

use crate::error::{BoxError, Error, Result};
use crate::table::{
    Billing, Encryption, Index, IndexScope, KeyAttribute, OnDemandMaximum, Projection, Scalar, Setting,
    StreamView, Table, TableClass, Throughput,
};

/// The whole `CreateTable` request for a table.
pub(super) fn create_table(
    mut request: CreateTableFluentBuilder,
    table: &Table,
) -> Result<CreateTableFluentBuilder> {
    request = request
        .set_key_schema(Some(key_schema(
            std::slice::from_ref(&table.partition_key),
            table.sort_key.as_slice(),
        )?))
        .set_attribute_definitions(Some(attribute_definitions(table)?))
        .set_deletion_protection_enabled(table.deletion_protection.filter(|on| *on))
        .set_table_class(table.class.filter(|class| *class != TableClass::Standard).map(sdk_class))
        .set_sse_specification(
            table.encryption.filter(|key| *key != Encryption::AwsOwned).map(sdk_encryption),
        );
    let throughput = match table.billing {
        None | Some(Billing::OnDemand) => {
            request = request
                .billing_mode(BillingMode::PayPerRequest)
                .set_on_demand_throughput(new_maximum(table.on_demand_maximum));
            None
        }
        Some(Billing::Provisioned(throughput)) => {
            request = request
                .billing_mode(BillingMode::Provisioned)
                .provisioned_throughput(sdk_throughput(throughput)?);
            Some(throughput)
        }
    };
    if let Setting::On(view) = table.stream {
        request = request.stream_specification(stream_on(view)?);
    }
    for (key, value) in table.tags {
        request = request.tags(Tag::builder().key(*key).value(*value).build().map_err(local_error)?);
    }
    for index in table.indexes {
        request = match index.scope {
            IndexScope::Local => request.local_secondary_indexes(local_index(index)?),
            IndexScope::Global => request.global_secondary_indexes(global_index(index, throughput)?),
        };
    }
    Ok(request)
}

fn local_index(index: &Index) -> Result<LocalSecondaryIndex> {
    LocalSecondaryIndex::builder()
        .index_name(index.name)
        .set_key_schema(Some(key_schema(index.partition_key, index.sort_key)?))
        .projection(sdk_projection(index.projection))
        .build()
        .map_err(local_error)
}

/// `of_table` is the capacity of a provisioned table.
fn global_index(index: &Index, of_table: Option<Throughput>) -> Result<GlobalSecondaryIndex> {
    GlobalSecondaryIndex::builder()
        .index_name(index.name)
        .set_key_schema(Some(key_schema(index.partition_key, index.sort_key)?))
        .projection(sdk_projection(index.projection))
        .set_provisioned_throughput(index.throughput.or(of_table).map(sdk_throughput).transpose()?)
        .set_on_demand_throughput(new_maximum(index.on_demand_maximum))
        .build()
        .map_err(local_error)
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
fn attribute_definitions(table: &Table) -> Result<Vec<AttributeDefinition>> {
    let indexes = table.indexes.iter().flat_map(|index| index.partition_key.iter().chain(index.sort_key));
    let attributes: BTreeMap<_, _> =
        table.key().chain(indexes).map(|attribute| (attribute.name, attribute)).collect();
    attributes.into_values().map(attribute_definition).collect()
}

pub(super) fn attribute_definition(attribute: &KeyAttribute) -> Result<AttributeDefinition> {
    AttributeDefinition::builder()
        .attribute_name(attribute.name)
        .attribute_type(sdk_scalar(attribute.scalar))
        .build()
        .map_err(local_error)
}

pub(super) fn sdk_scalar(scalar: Scalar) -> ScalarAttributeType {
    match scalar {
        Scalar::Text => ScalarAttributeType::S,
        Scalar::Number => ScalarAttributeType::N,
        Scalar::Bytes => ScalarAttributeType::B,
    }
}

pub(super) fn sdk_throughput(throughput: Throughput) -> Result<ProvisionedThroughput> {
    ProvisionedThroughput::builder()
        .read_capacity_units(throughput.read)
        .write_capacity_units(throughput.write)
        .build()
        .map_err(local_error)
}

/// The maximum of something new; `None` if there is none.
pub(super) fn new_maximum(maximum: OnDemandMaximum) -> Option<OnDemandThroughput> {
    let (read, write) = (maximum.read.on(), maximum.write.on());
    let builder = OnDemandThroughput::builder().set_max_read_request_units(read);
    (read.is_some() || write.is_some()).then(|| builder.set_max_write_request_units(write).build())
}

/// The change of a maximum; -1 removes it.
pub(super) fn changed_maximum(maximum: OnDemandMaximum) -> OnDemandThroughput {
    let units = |setting| match setting {
        Setting::Undeclared => None,
        Setting::Off => Some(-1),
        Setting::On(units) => Some(units),
    };
    OnDemandThroughput::builder()
        .set_max_read_request_units(units(maximum.read))
        .set_max_write_request_units(units(maximum.write))
        .build()
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

pub(super) fn stream_on(view: StreamView) -> Result<StreamSpecification> {
    let stream = StreamSpecification::builder().stream_enabled(true).stream_view_type(sdk_view(view));
    stream.build().map_err(local_error)
}

pub(super) fn sdk_class(class: TableClass) -> SdkTableClass {
    match class {
        TableClass::Standard => SdkTableClass::Standard,
        TableClass::StandardInfrequentAccess => SdkTableClass::StandardInfrequentAccess,
    }
}

pub(super) fn sdk_encryption(encryption: Encryption) -> SseSpecification {
    let by_key = SseSpecification::builder().enabled(true).sse_type(SseType::Kms);
    match encryption {
        Encryption::AwsOwned => SseSpecification::builder().enabled(false),
        Encryption::AwsManaged => by_key,
        Encryption::Key(key) => by_key.kms_master_key_id(key),
    }
    .build()
}

pub(super) fn local_error(error: impl Into<BoxError>) -> Error {
    Error::construction(error.into())
}
