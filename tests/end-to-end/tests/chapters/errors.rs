//! What an error says: what happened, where, how often it was tried, and the SDK's own error.

use std::error::Error as _;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::get_item::GetItemError;
use dynamorm::Error;
use end_to_end::connector::{Step, disturbed};
use end_to_end::models::{Parcel, Stop, tables};
use end_to_end::samples::{database, instant, parcel, stored};
use test_support::client;

/// The error of a read, if the service answers it so.
async fn read_error(status: u16, code: &str) -> Error {
    let refusal = Step::exception(status, code);
    let (db, _) = disturbed(&client().await, vec![refusal; 3]);
    Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err()
}

/// The error of a write, if the service answers it so.
async fn write_error(status: u16, code: &str) -> Error {
    let refusal = Step::exception(status, code);
    let (db, _) = disturbed(&client().await, vec![refusal; 3]);
    Parcel::delete(("Ulm", 1)).send(&db).await.unwrap_err()
}

#[tokio::test]
async fn a_missing_table_is_named() {
    let db = client().await;

    let error = Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err();

    assert!(error.is_table_not_found(), "{error:?}");
    assert_eq!(error.table(), Some("parcels"));
}

#[tokio::test]
async fn a_missing_index_is_named() {
    let db = database(&[&tables::MARKS]).await.with_table_name(&tables::PARCELS, "marks");

    let error = Parcel::by_recipient("Ada").send(&db).await.unwrap_err();

    assert!(error.is_index_not_found(), "{error:?}");
    assert_eq!((error.table(), error.index()), (Some("marks"), Some("by-recipient")));
}

#[tokio::test]
async fn an_error_names_the_model_and_the_key() {
    let db = client().await;

    let error = Parcel::delete(("Ulm", 1)).send(&db).await.unwrap_err();

    assert_eq!(error.model(), Some("Parcel"));
    assert_eq!(error.key(), Some("depot = \"Ulm\", number = 1"));
}

#[tokio::test]
async fn the_text_of_an_error_says_what_happened_and_where() {
    let db = client().await;

    let text = Parcel::delete(("Ulm", 1)).send(&db).await.unwrap_err().to_string();

    for part in ["table does not exist", "DeleteItem", "Parcel", "parcels", "\"Ulm\""] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[tokio::test]
async fn the_error_of_the_sdk_is_the_source() {
    let db = client().await;

    let error = Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err();

    let source = error.source().unwrap().downcast_ref::<SdkError<GetItemError>>().unwrap();
    assert_eq!(source.code(), Some("ResourceNotFoundException"));
}

#[tokio::test]
async fn an_answer_is_one_attempt() {
    let db = client().await;

    assert_eq!(Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err().attempts(), 1);
}

#[tokio::test]
async fn retries_of_the_sdk_are_counted() {
    assert_eq!(read_error(500, "InternalServerError").await.attempts(), 3);
}

#[tokio::test]
async fn throttling_is_told_after_the_retries() {
    let error = read_error(400, "ThrottlingException").await;

    assert!(error.is_throttled(), "{error:?}");
    assert_eq!(error.attempts(), 3);
}

#[tokio::test]
async fn throttling_of_a_table_is_told_for_writes() {
    let error = write_error(400, "ProvisionedThroughputExceededException").await;

    assert!(error.is_throttled() && !error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn denied_access_is_told_and_not_retried() {
    for code in ["AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException"] {
        let error = read_error(400, code).await;
        assert!(error.is_access_denied(), "{error:?}");
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn a_transaction_in_the_way_is_told() {
    assert!(write_error(400, "TransactionConflictException").await.is_conflict());
}

#[tokio::test]
async fn an_item_collection_that_is_too_large_is_told() {
    assert!(
        write_error(400, "ItemCollectionSizeLimitExceededException").await.is_item_collection_too_large()
    );
}

#[tokio::test]
async fn an_invalid_request_is_told_and_not_retried() {
    let error = read_error(400, "ValidationException").await;

    assert!(error.is_rejected(), "{error:?}");
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn a_read_that_never_arrives_is_a_failed_connection() {
    let (db, _) = disturbed(&client().await, [Step::LoseRequest, Step::LoseRequest, Step::LoseRequest]);

    let error = Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err();

    assert!(error.is_connection() && !error.is_outcome_unknown(), "{error:?}");
    assert_eq!(error.attempts(), 3);
}

#[tokio::test]
async fn a_cut_response_is_an_error_and_never_half_an_item() {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;
    let (db, _) = disturbed(&db, vec![Step::CutResponse; 3]);

    let error = Parcel::get(("Ulm", 1)).consistent().send(&db).await.unwrap_err();

    assert!(error.is_connection(), "{error:?}");
}

#[tokio::test]
async fn an_error_has_one_kind() {
    let db = client().await;

    let error = Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err();

    let kinds = [
        error.is_validation(),
        error.is_item_error(),
        error.is_already_exists(),
        error.is_not_found(),
        error.is_condition_failed(),
        error.is_out_of_range(),
        error.is_invalid_cursor(),
        error.is_throttled(),
        error.is_conflict(),
        error.is_timeout(),
        error.is_outcome_unknown(),
        error.is_table_not_found(),
        error.is_table_in_use(),
        error.is_index_not_found(),
        error.is_item_too_large(),
        error.is_item_collection_too_large(),
        error.is_access_denied(),
        error.is_connection(),
        error.is_rejected(),
    ];
    assert_eq!(kinds.into_iter().filter(|kind| *kind).count(), 1);
}

#[test]
fn a_builder_reports_every_violation_with_its_path() {
    let stop = Stop { place: String::new(), arrival: instant("2024-03-01T00:00:00Z"), pieces: 0 };
    let parcel = Parcel::builder().depot("Ulm").number(1).arrived_at(stop.arrival).weight(1);

    let error = parcel.recipient("").route([stop]).build().unwrap_err();

    let paths: Vec<_> = error.violations().iter().map(|violation| violation.path()).collect();
    assert_eq!(paths, ["recipient", "route[0].place", "route[0].pieces"]);
}

#[test]
fn a_nested_builder_reports_its_own_paths() {
    let error = Stop::builder().place("").arrival(instant("2024-03-01T00:00:00Z")).build().unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    assert_eq!(error.attribute(), Some("place"));
}

#[test]
fn a_value_that_is_changed_afterwards_is_validated_when_asked() {
    let changed = Parcel { recipient: String::new(), ..parcel("Ulm", 1) };

    let error = changed.validate().unwrap_err();

    assert_eq!(error.attribute(), Some("recipient"));
    assert!(parcel("Ulm", 1).validate().is_ok());
}
