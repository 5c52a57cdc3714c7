//! The operations whose requests are completed, or whose responses are read from their bytes.

use std::sync::LazyLock;

use aws_sdk_dynamodb::operation as sdk;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::client::interceptors::context::Output;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::{
    DeserializeResponse, SharedRequestSerializer, SharedResponseDeserializer,
};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::{ConfigBag, FrozenLayer};

/// An operation of the SDK's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operation {
    GetItem,
    Query,
    Scan,
    BatchGetItem,
    TransactGetItems,
    PutItem,
    UpdateItem,
    DeleteItem,
    BatchWriteItem,
    TransactWriteItems,
}

impl Operation {
    /// The operation of that name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "GetItem" => Operation::GetItem,
            "Query" => Operation::Query,
            "Scan" => Operation::Scan,
            "BatchGetItem" => Operation::BatchGetItem,
            "TransactGetItems" => Operation::TransactGetItems,
            "PutItem" => Operation::PutItem,
            "UpdateItem" => Operation::UpdateItem,
            "DeleteItem" => Operation::DeleteItem,
            "BatchWriteItem" => Operation::BatchWriteItem,
            "TransactWriteItems" => Operation::TransactWriteItems,
            _ => return None,
        })
    }

    /// An empty output, instead of one whose items are read from the body.
    pub(super) fn empty_output(self) -> Output {
        match self {
            Operation::GetItem => Output::erase(sdk::get_item::GetItemOutput::builder().build()),
            Operation::Query => Output::erase(sdk::query::QueryOutput::builder().build()),
            Operation::Scan => Output::erase(sdk::scan::ScanOutput::builder().build()),
            Operation::BatchGetItem => {
                Output::erase(sdk::batch_get_item::BatchGetItemOutput::builder().build())
            }
            Operation::TransactGetItems => {
                Output::erase(sdk::transact_get_items::TransactGetItemsOutput::builder().build())
            }
            Operation::PutItem => Output::erase(sdk::put_item::PutItemOutput::builder().build()),
            Operation::UpdateItem => Output::erase(sdk::update_item::UpdateItemOutput::builder().build()),
            Operation::DeleteItem => Output::erase(sdk::delete_item::DeleteItemOutput::builder().build()),
            Operation::BatchWriteItem => {
                Output::erase(sdk::batch_write_item::BatchWriteItemOutput::builder().build())
            }
            Operation::TransactWriteItems => {
                Output::erase(sdk::transact_write_items::TransactWriteItemsOutput::builder().build())
            }
        }
    }

    /// The SDK's own deserializer of the operation.
    pub(super) fn deserializer(self) -> Option<&'static SharedResponseDeserializer> {
        self.configuration().as_ref()?.load::<SharedResponseDeserializer>()
    }

    /// The SDK's own serializer of the operation.
    pub(super) fn serializer(self) -> Option<&'static SharedRequestSerializer> {
        self.configuration().as_ref()?.load::<SharedRequestSerializer>()
    }

    fn configuration(self) -> &'static Option<FrozenLayer> {
        /// What the SDK sets for each request of the operation.
        macro_rules! of {
            ($operation:expr) => {{
                static CONFIGURATION: LazyLock<Option<FrozenLayer>> =
                    LazyLock::new(|| RuntimePlugin::config(&$operation));
                &CONFIGURATION
            }};
        }
        match self {
            Operation::GetItem => of!(sdk::get_item::GetItem::new()),
            Operation::Query => of!(sdk::query::Query::new()),
            Operation::Scan => of!(sdk::scan::Scan::new()),
            Operation::BatchGetItem => of!(sdk::batch_get_item::BatchGetItem::new()),
            Operation::TransactGetItems => of!(sdk::transact_get_items::TransactGetItems::new()),
            Operation::PutItem => of!(sdk::put_item::PutItem::new()),
            Operation::UpdateItem => of!(sdk::update_item::UpdateItem::new()),
            Operation::DeleteItem => of!(sdk::delete_item::DeleteItem::new()),
            Operation::BatchWriteItem => of!(sdk::batch_write_item::BatchWriteItem::new()),
            Operation::TransactWriteItems => of!(sdk::transact_write_items::TransactWriteItems::new()),
        }
    }
}

/// A value of a type that the SDK does not know. Only the SDK's deserializer can make one.
pub(super) static UNKNOWN: LazyLock<Option<AttributeValue>> = LazyLock::new(|| {
    let body = SdkBody::from(r#"{"Item":{"":{"another type":{}}}}"#);
    let response = HttpResponse::new(StatusCode::try_from(200).ok()?, body);
    let deserializer = Operation::GetItem.deserializer()?;
    let output = deserializer.deserialize_nonstreaming_with_config(&response, &ConfigBag::base()).ok()?;
    output.downcast::<sdk::get_item::GetItemOutput>().ok()?.item?.remove("")
});
