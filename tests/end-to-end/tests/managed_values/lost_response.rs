//! Versions where responses are lost: a write never conflicts with itself.

use dynamorm::{Client, Operations};
use end_to_end::connector::{Record, Step, disturbed};
use end_to_end::samples::database;

use crate::models::{Counter, Order, tables};
use crate::{order, read, stored};

/// A database with one order of version 1, where the first requests fare so.
async fn order_and(script: impl IntoIterator<Item = Step>) -> (Client, Client, Record, Order) {
    let db = database(&[&tables::ORDERS, &tables::COUNTERS]).await;
    let order = stored(&db).await;
    let (disturbed, record) = disturbed(&db, script);
    (db, disturbed, record, order)
}

#[tokio::test]
async fn a_put_that_meets_itself_has_succeeded() {
    let (engine, db, record, mut order) = order_and([Step::LoseResponse]).await;

    order.status = "paid".to_owned();
    order.put().send(&db).await.unwrap();

    assert_eq!((order.version, record.sent().len()), (2, 2));
    assert_eq!(read(&engine, order.id).await, order);
}

#[tokio::test]
async fn a_first_put_that_meets_itself_has_succeeded() {
    let (engine, db, record, _) = order_and([Step::LoseResponse]).await;
    let mut new = order();

    new.put().send(&db).await.unwrap();

    assert_eq!((new.version, record.sent().len()), (1, 2));
    assert_eq!(read(&engine, new.id).await, new);
}

#[tokio::test]
async fn a_save_that_meets_itself_has_succeeded() {
    let (engine, db, record, order) = order_and([Step::LoseResponse]).await;
    let mut tracked = order.tracked();

    tracked.status = "paid".to_owned();
    tracked.expires_at = None;
    tracked.save().send(&db).await.unwrap();

    assert_eq!((tracked.version, record.sent().len()), (2, 2));
    assert_eq!(read(&engine, tracked.id).await, *tracked);
}

#[tokio::test]
async fn an_update_of_an_instance_that_meets_itself_has_succeeded() {
    let (engine, db, _, mut order) = order_and([Step::LoseResponse]).await;

    order.update_this().set(Order::STATUS, "paid").add(Order::PIECES, 1).send(&db).await.unwrap();

    assert_eq!((order.version, order.pieces, order.status.as_str()), (2, 2, "paid"));
    assert_eq!(read(&engine, order.id).await, order);
}

#[tokio::test]
async fn an_addition_that_cannot_be_told_from_anothers_has_an_unknown_outcome() {
    let (_, db, _, _) = order_and([]).await;
    Counter { name: "a".to_owned(), count: 0, version: 0 }.put().send(&db).await.unwrap();
    let (db, _) = disturbed(&db, [Step::LoseResponse]);

    let update = Counter::update("a").add(Counter::COUNT, 1).expect_version(1);
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown() && !error.is_version_conflict(), "{error:?}");
    assert_eq!(error.current::<Counter>().unwrap().unwrap().count, 1);
}

#[tokio::test]
async fn a_conflict_with_another_client_after_a_lost_request_is_a_conflict() {
    let (engine, db, record, mut order) = order_and([Step::LoseRequest]).await;
    Order::update(order.id).set(Order::STATUS, "other").send(&engine).await.unwrap();

    let error = order.put().send(&db).await.unwrap_err();

    assert!(error.is_version_conflict(), "{error:?}");
    assert_eq!((record.sent().len(), order.version), (2, 1));
}

#[tokio::test]
async fn a_write_that_others_have_overtaken_has_an_unknown_outcome() {
    let (engine, db, _, mut order) = order_and([Step::LoseRequest]).await;
    for _ in 0..2 {
        Order::update(order.id).set(Order::STATUS, "other").send(&engine).await.unwrap();
    }

    let error = order.put().send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown() && !error.is_version_conflict(), "{error:?}");
    assert_eq!(error.current::<Order>().unwrap().unwrap().version, 3);
}

#[tokio::test]
async fn a_failed_condition_of_an_item_that_has_the_version_still_is_a_failed_condition() {
    let (_, db, _, mut order) = order_and([Step::LoseRequest]).await;

    let error = order.put().when(Order::STATUS.eq("paid")).send(&db).await.unwrap_err();

    assert!(error.is_condition_failed(), "{error:?}");
}

#[tokio::test]
async fn a_deletion_that_may_have_met_itself_has_an_unknown_outcome() {
    let (engine, db, _, order) = order_and([Step::LoseResponse]).await;
    let id = order.id;

    let error = order.delete_this().send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown() && !error.is_not_found(), "{error:?}");
    assert_eq!(Order::get(id).consistent().send(&engine).await.unwrap(), None);
}

#[tokio::test]
async fn a_deletion_of_an_item_that_others_have_written_meanwhile_is_a_conflict() {
    let (engine, db, _, order) = order_and([Step::LoseRequest]).await;
    Order::update(order.id).set(Order::STATUS, "other").send(&engine).await.unwrap();

    let error = order.delete_this().send(&db).await.unwrap_err();

    assert!(error.is_version_conflict(), "{error:?}");
}

#[tokio::test]
async fn a_transaction_whose_response_is_lost_is_carried_out_once() {
    let (engine, db, record, mut order) = order_and([Step::LoseResponse]).await;

    dynamorm::transaction().put(order.put()).send(&db).await.unwrap();

    assert_eq!((order.version, record.sent().len()), (2, 2));
    assert_eq!(read(&engine, order.id).await, order);
}
