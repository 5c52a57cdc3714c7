//! The SDK's stream records.

use std::borrow::Cow;
use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_dynamodbstreams::types as sdk;
use jiff::Timestamp;

use crate::changes::error::RecordError;
use crate::changes::json::EXPIRY_PRINCIPAL;
use crate::changes::problem::Problem;
use crate::changes::raw::{Raw, RawImage};
use crate::changes::record::StreamRecord;
use crate::changes::table_change::TableChange;
use crate::item::Item;

/// Reads a record from the SDK's client for streams. Such a record does not name its table.
///
/// # Errors
/// The record, or its item, is not what it should be.
pub fn from_sdk_record<C: TableChange>(record: sdk::Record) -> Result<C, RecordError> {
    let (_, record) = StreamRecord::new(raw(record), C::TABLE, C::TABLE.name);
    record.and_then(C::read)
}

fn raw<'a>(record: sdk::Record) -> Raw<'a> {
    let is_expiry = record.user_identity.is_some_and(|identity| {
        identity.r#type.as_deref() == Some("Service")
            && identity.principal_id.as_deref() == Some(EXPIRY_PRINCIPAL)
    });
    let mut raw = Raw {
        event_id: record.event_id.map(Cow::Owned),
        event_name: record.event_name.map(|name| Cow::Owned(name.as_str().to_owned())),
        is_expiry,
        ..Raw::default()
    };
    let Some(body) = record.dynamodb else { return raw };
    raw.sequence_number = body.sequence_number.map(Cow::Owned);
    raw.moment = body
        .approximate_creation_date_time
        .and_then(|moment| Timestamp::from_nanosecond(moment.as_nanos()).ok());
    let mut image = |attributes: Option<HashMap<String, sdk::AttributeValue>>| {
        let item = attributes.map(item)?;
        if item.is_none() {
            let unknown = "it has a value of a type that this version does not know";
            raw.problem = Some(Problem::Malformed(unknown.to_owned()));
        }
        item.map(RawImage::Item)
    };
    let (keys, old, new) = (image(body.keys), image(body.old_image), image(body.new_image));
    Raw { keys, old, new, ..raw }
}

/// The same item in the types of the SDK for DynamoDB; `None` if a value has a type that the SDK does not know.
fn item(attributes: HashMap<String, sdk::AttributeValue>) -> Option<Item> {
    attributes.into_iter().map(|(name, value)| Some((name, self::value(value)?))).collect()
}

fn value(value: sdk::AttributeValue) -> Option<AttributeValue> {
    Some(match value {
        sdk::AttributeValue::S(text) => AttributeValue::S(text),
        sdk::AttributeValue::N(digits) => AttributeValue::N(digits),
        sdk::AttributeValue::B(bytes) => AttributeValue::B(bytes),
        sdk::AttributeValue::Bool(truth) => AttributeValue::Bool(truth),
        sdk::AttributeValue::Null(null) => AttributeValue::Null(null),
        sdk::AttributeValue::Ss(members) => AttributeValue::Ss(members),
        sdk::AttributeValue::Ns(members) => AttributeValue::Ns(members),
        sdk::AttributeValue::Bs(members) => AttributeValue::Bs(members),
        sdk::AttributeValue::L(list) => {
            AttributeValue::L(list.into_iter().map(self::value).collect::<Option<_>>()?)
        }
        sdk::AttributeValue::M(map) => AttributeValue::M(item(map)?),
        _ => return None,
    })
}
