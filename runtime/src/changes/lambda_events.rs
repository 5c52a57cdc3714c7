//! The types of `aws_lambda_events`.

use std::borrow::Cow;

use aws_lambda_events::dynamodb::EventRecord;
use jiff::Timestamp;

use super::error::RecordError;
use super::json::{EXPIRY_PRINCIPAL, table_of_arn};
use super::raw::{Raw, RawImage};
use super::record::StreamRecord;
use super::table_change::TableChange;
use crate::item::Item;

/// Reads a record of a Lambda event that `aws_lambda_events` has parsed. The table has its declared name.
///
/// Those types represent an absent image as an empty item, and an absent time as the beginning of 1970. Both count as absent.
///
/// # Errors
/// The record, or its item, is not what it should be.
pub fn from_lambda_record<C: TableChange>(record: EventRecord) -> Result<C, RecordError> {
    let table = record.event_source_arn.as_deref().and_then(table_of_arn).map(str::to_owned);
    let moment = record.change.approximate_creation_date_time;
    let seconds = moment.timestamp();
    let moment = Timestamp::new(seconds, moment.timestamp_subsec_nanos().cast_signed());
    let image = |item: serde_dynamo::Item| {
        let item = Item::from(item);
        (!item.is_empty()).then_some(RawImage::Item(item))
    };
    let raw = Raw {
        event_id: Some(record.event_id).filter(|id| !id.is_empty()).map(Cow::Owned),
        event_name: Some(Cow::Owned(record.event_name)),
        sequence_number: record.change.sequence_number.map(Cow::Owned),
        moment: moment.ok().filter(|moment| *moment != Timestamp::UNIX_EPOCH),
        table: table.or(record.table_name).map(Cow::Owned),
        is_expiry: record
            .user_identity
            .is_some_and(|identity| identity.type_ == "Service" && identity.principal_id == EXPIRY_PRINCIPAL),
        keys: image(record.change.keys),
        old: image(record.change.old_image),
        new: image(record.change.new_image),
        ..Raw::default()
    };
    let (_, record) = StreamRecord::new(raw, C::TABLE, C::TABLE.name);
    record.and_then(C::read)
}
