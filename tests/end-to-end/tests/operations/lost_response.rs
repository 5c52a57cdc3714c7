//! Lost responses: the SDK sends again, and the second answer may be about the first attempt's own doing.

use dynamorm::{Client, Operations};
use end_to_end::connector::{Record, Step, disturbed};
use end_to_end::operations::{Parcel, tables};
use end_to_end::samples::{database, parcel, raw, stored};

/// A database with parcel 1 in Ulm, where the first requests fare so.
async fn parcel_and(script: impl IntoIterator<Item = Step>) -> (Client, Client, Record) {
    let db = database(&[&tables::PARCELS]).await;
    stored(&db, "Ulm", 1).await;
    let (disturbed, record) = disturbed(&db, script);
    (db, disturbed, record)
}

#[tokio::test]
async fn a_read_whose_response_is_lost_is_read_again() {
    let (_, db, record) = parcel_and([Step::LoseResponse]).await;

    let read = Parcel::get(("Ulm", 1)).consistent().send(&db).await.unwrap();

    assert_eq!(read, Some(parcel("Ulm", 1)));
    assert_eq!(record.sent().len(), 2);
}

#[tokio::test]
async fn a_put_that_may_have_met_itself_is_not_said_to_exist_already() {
    let (engine, db, _) = parcel_and([Step::LoseResponse]).await;
    let new = parcel("Ulm", 2);

    let error = new.put().if_not_exists().send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown(), "{error:?}");
    assert!(!error.is_already_exists() && !error.is_condition_failed(), "{error:?}");
    assert_eq!(error.attempts(), 2);
    assert!(raw(&engine, &new).await.is_some());
}

#[tokio::test]
async fn an_update_that_may_have_met_itself_is_not_said_to_have_failed() {
    let (_, db, _) = parcel_and([Step::LoseResponse]).await;

    let update = Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 2).when(Parcel::WEIGHT.eq(1));
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown() && !error.is_condition_failed(), "{error:?}");
}

#[tokio::test]
async fn a_deletion_that_may_have_met_itself_is_not_said_to_have_found_nothing() {
    let (_, db, _) = parcel_and([Step::LoseResponse]).await;

    let error = Parcel::delete(("Ulm", 1)).if_exists().send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown() && !error.is_not_found(), "{error:?}");
}

#[tokio::test]
async fn a_failed_condition_without_a_lost_response_is_a_failed_condition() {
    let (_, db, _) = parcel_and([]).await;

    let update = Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 2).when(Parcel::WEIGHT.eq(9));
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_condition_failed() && !error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn a_failed_condition_after_throttling_is_a_failed_condition() {
    let (_, db, _) = parcel_and([Step::exception(400, "ThrottlingException")]).await;

    let update = Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 2).when(Parcel::WEIGHT.eq(9));
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_condition_failed() && !error.is_outcome_unknown(), "{error:?}");
    assert_eq!(error.attempts(), 2);
}

#[tokio::test]
async fn a_failed_condition_after_a_server_error_leaves_the_outcome_unknown() {
    let (_, db, _) = parcel_and([Step::exception(500, "InternalServerError")]).await;

    let update = Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 2).when(Parcel::WEIGHT.eq(9));
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn throttling_after_a_lost_response_leaves_the_outcome_unknown() {
    let throttled = Step::exception(400, "ThrottlingException");
    let (_, db, _) = parcel_and([Step::LoseResponse, throttled.clone(), throttled]).await;

    let error = Parcel::update(("Ulm", 1)).add(Parcel::WEIGHT, 1).send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn denied_access_after_a_lost_response_leaves_the_outcome_unknown() {
    let denied = Step::exception(400, "ExpiredTokenException");
    let (_, db, _) = parcel_and([Step::LoseResponse, denied]).await;

    let error = Parcel::update(("Ulm", 1)).add(Parcel::WEIGHT, 1).send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn a_write_of_which_every_response_is_lost_has_an_unknown_outcome() {
    let (engine, db, record) = parcel_and(vec![Step::LoseResponse; 3]).await;
    let new = parcel("Ulm", 2);

    let error = new.put().send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown(), "{error:?}");
    assert_eq!((error.attempts(), record.sent().len()), (3, 3));
    assert!(raw(&engine, &new).await.is_some());
}

#[tokio::test]
async fn a_write_whose_answer_is_cut_has_an_unknown_outcome() {
    let (_, db, _) = parcel_and(vec![Step::CutResponse; 3]).await;

    let update = Parcel::update(("Ulm", 1)).add(Parcel::WEIGHT, 1).return_new();
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn a_put_that_succeeds_after_a_lost_response_has_succeeded() {
    let (engine, db, record) = parcel_and([Step::LoseResponse]).await;
    let new = parcel("Ulm", 2);

    new.put().send(&db).await.unwrap();

    assert_eq!(record.sent().len(), 2);
    assert!(raw(&engine, &new).await.is_some());
}

#[tokio::test]
async fn what_adds_up_is_not_said_to_have_been_done_once() {
    let add = || Parcel::update(("Ulm", 1));
    let remarks = ["one", "two", "three"].map(str::to_owned);
    let updates = [
        add().add(Parcel::WEIGHT, 1),
        add().append(Parcel::REMARKS, ["four"]),
        add().prepend(Parcel::REMARKS, ["zero"]),
        add().remove(Parcel::REMARKS.at(0)),
        add().set(Parcel::REMARKS.at(9), "last"),
        add().set_if_absent(Parcel::REMARKS.at(9), "last"),
    ];
    for update in updates {
        let (engine, db, _) = parcel_and([Step::LoseResponse]).await;
        Parcel::update(("Ulm", 1)).set(Parcel::REMARKS, remarks.to_vec()).send(&engine).await.unwrap();

        let error = update.send(&db).await.unwrap_err();

        assert!(error.is_outcome_unknown(), "{error:?}");
        assert_eq!(error.attempts(), 2);
    }
}

#[tokio::test]
async fn an_item_that_was_changed_twice_comes_with_the_error_where_it_was_asked_for() {
    let (_, db, _) = parcel_and([Step::LoseResponse]).await;

    let update = Parcel::update(("Ulm", 1)).add(Parcel::WEIGHT, 1).return_new();
    let error = update.send(&db).await.unwrap_err();

    let twice: Parcel = error.current().unwrap().unwrap();
    assert_eq!(twice.weight, parcel("Ulm", 1).weight + 2);
}

#[tokio::test]
async fn what_is_the_same_when_done_twice_succeeds() {
    let (engine, db, record) = parcel_and([Step::LoseResponse]).await;

    let update = Parcel::update(("Ulm", 1))
        .set(Parcel::WEIGHT, 7)
        .set_if_absent(Parcel::NOTE, "handle with care")
        .remove(Parcel::COURIER)
        .add(Parcel::TAGS, ["new".to_owned()]);
    update.send(&db).await.unwrap();

    assert_eq!(record.sent().len(), 2);
    let stored = Parcel::get(("Ulm", 1)).consistent().send(&engine).await.unwrap().unwrap();
    assert_eq!((stored.weight, stored.tags.contains("new")), (7, true));
}

#[tokio::test]
async fn an_old_item_whose_deletion_may_have_met_itself_is_not_said_to_be_none() {
    let (engine, db, _) = parcel_and([Step::LoseResponse]).await;

    let error = Parcel::delete(("Ulm", 1)).return_old().send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown(), "{error:?}");
    assert_eq!(raw(&engine, &parcel("Ulm", 1)).await, None);
}
