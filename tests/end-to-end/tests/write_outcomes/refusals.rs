//! A refusal after an attempt that had no answer says nothing of that attempt.

use dynamorm::{Client, Operations};
use end_to_end::connector::{Step, disturbed};
use end_to_end::operations::{Parcel, tables};
use end_to_end::samples::{database, parcel};

async fn parcels() -> Client {
    let db = database(&[&tables::PARCELS]).await;
    parcel("Ulm", 1).put().send(&db).await.unwrap();
    db
}

#[tokio::test]
async fn an_append_that_was_made_once_is_not_said_to_be_too_large() {
    let engine = parcels().await;
    Parcel::update(("Ulm", 1)).set(Parcel::REMARKS, vec!["x".repeat(200_000)]).send(&engine).await.unwrap();
    let (db, _) = disturbed(&engine, [Step::LoseResponse]);

    let append = Parcel::update(("Ulm", 1)).append(Parcel::REMARKS, ["y".repeat(150_000)]);
    let error = append.send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown() && !error.is_item_too_large(), "{error:?}");
    let stored = Parcel::get(("Ulm", 1)).consistent().send(&engine).await.unwrap().unwrap();
    assert_eq!(stored.remarks.unwrap().len(), 2);
}

#[tokio::test]
async fn whatever_refuses_a_later_attempt_leaves_the_outcome_unknown() {
    let codes = [
        "ValidationException",
        "ResourceNotFoundException",
        "ResourceInUseException",
        "ItemCollectionSizeLimitExceededException",
        "TransactionConflictException",
        "ReplicatedWriteConflictException",
        "ThrottlingException",
        "AccessDeniedException",
        "SerializationException",
        "ConditionalCheckFailedException",
        "SomethingNewException",
    ];
    for code in codes {
        let engine = parcels().await;
        let refusal = Step::exception(400, code);
        let (db, _) = disturbed(&engine, [Step::LoseResponse, refusal.clone(), refusal]);

        let error = Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 7).send(&db).await.unwrap_err();

        assert!(error.is_outcome_unknown(), "{code}: {error:?}");
        let definite = error.is_rejected()
            || error.is_table_not_found()
            || error.is_table_in_use()
            || error.is_conflict()
            || error.is_throttled()
            || error.is_condition_failed()
            || error.is_service_error();
        assert!(!definite, "{code}: {error:?}");
    }
}

#[tokio::test]
async fn a_path_that_a_first_attempt_removed_is_not_said_to_be_missing() {
    let engine = parcels().await;
    let remarks = vec!["a".to_owned()];
    Parcel::update(("Ulm", 1)).set(Parcel::REMARKS, remarks).send(&engine).await.unwrap();
    let other = engine.clone();
    let removed =
        async move { Parcel::update(("Ulm", 1)).remove(Parcel::REMARKS).send(&other).await.unwrap() };
    let (db, _) = disturbed(&engine, [Step::LoseResponse, Step::meanwhile(removed)]);

    let error = Parcel::update(("Ulm", 1)).set(Parcel::REMARKS.at(0), "b").send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown() && !error.is_rejected(), "{error:?}");
}

#[tokio::test]
async fn a_table_whose_creation_had_no_answer_is_not_said_to_be_another_ones() {
    let engine = test_support::client().await;
    let (db, _) = disturbed(&engine, [Step::LoseResponse]);

    let error = db.create_table_without_waiting(&tables::PARCELS).await.unwrap_err();

    assert!(error.is_outcome_unknown() && !error.is_table_in_use(), "{error:?}");
}

#[tokio::test]
async fn tables_are_created_whatever_becomes_of_the_responses() {
    let engine = test_support::client().await;
    let (db, _) =
        disturbed(&engine, [Step::LoseResponse, Step::Pass, Step::LoseResponse, Step::LoseResponse]);

    db.create_tables(&[&tables::PARCELS]).await.unwrap();

    assert!(engine.table_exists(&tables::PARCELS).await.unwrap());
}

#[tokio::test]
async fn a_table_whose_deletion_had_no_answer_is_not_said_to_have_been_missing() {
    let engine = parcels().await;
    let (db, _) = disturbed(&engine, [Step::LoseResponse]);

    let outcome = db.delete_table_without_waiting(&tables::PARCELS).await;

    // An engine may answer that it is being deleted.
    if let Err(error) = outcome {
        assert!(error.is_outcome_unknown() && !error.is_table_not_found(), "{error:?}");
    }
}
