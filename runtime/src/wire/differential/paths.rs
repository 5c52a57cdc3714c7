//! Reading a body on both paths: by the SDK, and from its bytes.

use std::fmt::Debug;

use aws_sdk_dynamodb::operation as sdk;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::ser_de::DeserializeResponse;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use proptest::prelude::TestCaseError;

use super::bodies::without_repeats;
use super::everything::{Decoded, decoded, sorted};
use crate::decode::Fields;
use crate::wire::answer::{batch, one_item, page, transaction};
use crate::wire::{Operation, Reader};

/// What a response contains besides its items.
pub(super) type Around = String;

/// Reads a body on one of the paths.
pub(super) type Path = fn(&[u8]) -> Outcome;

/// The items of a response, and the rest of it; `None` if it cannot be read.
pub(super) type Outcome = Option<(Vec<Option<Decoded>>, Around)>;

fn parsed<T: Debug + Send + Sync + 'static>(operation: Operation, body: &[u8]) -> Option<T> {
    let response =
        HttpResponse::new(StatusCode::try_from(200).expect("200 is a status"), SdkBody::from(body));
    let deserializer = operation.deserializer().expect("the SDK has one");
    let output = deserializer.deserialize_nonstreaming_with_config(&response, &ConfigBag::base()).ok()?;
    Some(output.downcast().expect("the output is the operation's"))
}

fn items_of(items: Option<Vec<crate::Item>>) -> Vec<Option<Decoded>> {
    items.unwrap_or_default().into_iter().map(|item| Some(decoded(Fields::from(item)))).collect()
}

pub(super) fn query_by_sdk(body: &[u8]) -> Outcome {
    let output: sdk::query::QueryOutput = parsed(Operation::Query, body)?;
    let next = output.last_evaluated_key().filter(|key| !key.is_empty()).map(sorted);
    let units = output.consumed_capacity().and_then(|consumed| consumed.capacity_units());
    let around = format!(
        "{} {} {next:?} {units:?}",
        output.count().unsigned_abs(),
        output.scanned_count().unsigned_abs()
    );
    Some((items_of(output.items), around))
}

pub(super) fn query_by_bytes(body: &[u8]) -> Outcome {
    let mut items = Vec::new();
    let end = page(body, usize::MAX, None, &mut |index, fields| {
        items.truncate(index);
        items.push(Some(decoded(fields)));
    })
    .ok()?;
    items.truncate(end.items);
    let (next, units) = (end.next.as_ref().map(sorted), end.capacity);
    Some((items, format!("{} {} {next:?} {units:?}", end.count, end.scanned)))
}

pub(super) fn get_by_sdk(body: &[u8]) -> Outcome {
    let output: sdk::get_item::GetItemOutput = parsed(Operation::GetItem, body)?;
    let units = output.consumed_capacity().and_then(|consumed| consumed.capacity_units());
    Some((vec![output.item.map(|item| decoded(Fields::from(item)))], format!("{units:?}")))
}

pub(super) fn get_by_bytes(body: &[u8]) -> Outcome {
    let mut item = None;
    let end = one_item(body, "Item", &mut |fields| item = Some(decoded(fields))).ok()?;
    Some((vec![item.filter(|_| end.has_item)], format!("{:?}", end.capacity)))
}

pub(super) fn batch_by_sdk(body: &[u8]) -> Outcome {
    let mut output: sdk::batch_get_item::BatchGetItemOutput = parsed(Operation::BatchGetItem, body)?;
    let left = output.unprocessed_keys.as_ref().and_then(|left| left.get("books"));
    let left: Vec<_> = left.map(|left| left.keys().iter().map(sorted).collect()).unwrap_or_default();
    let units = output.consumed_capacity().first().and_then(|consumed| consumed.capacity_units());
    let around = format!("{left:?} {units:?}");
    Some((items_of(output.responses.as_mut().and_then(|responses| responses.remove("books"))), around))
}

pub(super) fn batch_by_bytes(body: &[u8]) -> Outcome {
    let reader = Reader::new(body).ok()?;
    let read = batch(&reader, "books").ok()?;
    let items = read.items.iter().map(|place| Some(decoded(Fields::at(&reader, *place)))).collect();
    let left: Vec<_> = read.left.iter().map(sorted).collect();
    Some((items, format!("{left:?} {:?}", read.capacity)))
}

fn transaction_by_sdk(body: &[u8]) -> Outcome {
    let output: sdk::transact_get_items::TransactGetItemsOutput = parsed(Operation::TransactGetItems, body)?;
    let units = output.consumed_capacity().first().and_then(|consumed| consumed.capacity_units());
    let responses = output.responses.unwrap_or_default().into_iter();
    let items = responses.map(|response| response.item.map(|item| decoded(Fields::from(item))));
    Some((items.collect(), format!("{units:?}")))
}

fn transaction_by_bytes(body: &[u8]) -> Outcome {
    let reader = Reader::new(body).ok()?;
    let read = transaction(&reader).ok()?;
    let items = read.items.iter().map(|place| place.map(|place| decoded(Fields::at(&reader, place))));
    Some((items.collect(), format!("{:?}", read.capacity)))
}

/// Compares both paths.
pub(super) fn compare(body: &[u8], by_sdk: Path, by_bytes: Path) -> Result<(), String> {
    let shown = || String::from_utf8_lossy(body).into_owned();
    match (by_sdk(body), by_bytes(body)) {
        (None, None) => Ok(()),
        (Some((sdk_items, sdk_around)), Some((items, around))) => {
            if sdk_around != around {
                return Err(format!("{sdk_around} is not {around} around the items of {}", shown()));
            }
            if sdk_items.len() != items.len() {
                return Err(format!("{} items are not {} of {}", sdk_items.len(), items.len(), shown()));
            }
            for (sdk, bytes) in sdk_items.iter().zip(&items) {
                let is_same = match (sdk, bytes) {
                    (None, None) => true,
                    (Some(sdk), Some(bytes)) => {
                        sdk.key == bytes.key
                            && sdk.type_name == bytes.type_name
                            && match (&sdk.value, &bytes.value) {
                                // Compares the `Debug` output, because a float may be `NaN`.
                                (Ok(sdk), Ok(bytes)) => format!("{sdk:?}") == format!("{bytes:?}"),
                                (Err(_), Err(_)) => true,
                                // The SDK does not show the first of two values with one name.
                                (Ok(_), Err(_)) => without_repeats(body)
                                    .is_some_and(|body| compare(body.as_bytes(), by_sdk, by_bytes).is_ok()),
                                (Err(_), Ok(_)) => false,
                            }
                    }
                    _ => false,
                };
                if !is_same {
                    return Err(format!("{sdk:#?}\nis not\n{bytes:#?}\nof {}", shown()));
                }
            }
            Ok(())
        }
        (sdk, bytes) => Err(format!(
            "only one path reads it (the SDK {}, the bytes {}): {}",
            sdk.is_some(),
            bytes.is_some(),
            shown()
        )),
    }
}

pub(super) fn compare_all(body: &[u8]) -> Result<(), TestCaseError> {
    let paths: [(Path, Path); 4] = [
        (query_by_sdk, query_by_bytes),
        (get_by_sdk, get_by_bytes),
        (batch_by_sdk, batch_by_bytes),
        (transaction_by_sdk, transaction_by_bytes),
    ];
    for (by_sdk, by_bytes) in paths {
        compare(body, by_sdk, by_bytes).map_err(TestCaseError::fail)?;
    }
    Ok(())
}
