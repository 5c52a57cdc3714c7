//! Transactions whose outcome is unknown are handed back as they were sent.

use std::time::Duration;

use dynamorm::{Client, Operations};
use end_to_end::connector::{Step, disturbed, recorded};
use end_to_end::samples::{database, instant};

use crate::models::{Lock, Order, tables};
use crate::{lock, order, read, stored};

async fn with_lock() -> Client {
    let db = database(&[&tables::LOCKS, &tables::ORDERS]).await;
    lock("me").put().send(&db).await.unwrap();
    db
}

async fn count(db: &Client) -> i64 {
    Lock::get("door").consistent().send(db).await.unwrap().unwrap().count
}

#[tokio::test]
async fn a_transaction_without_an_answer_is_handed_back_and_carried_out_once() {
    let engine = with_lock().await;
    let mut new = order();
    let (db, lost) = disturbed(&engine, vec![Step::LoseResponse; 3]);
    let update = Lock::update("door").add(Lock::COUNT, 1);
    let error = dynamorm::transaction().update(update).put(new.put()).send(&db).await.unwrap_err();
    assert!(error.is_outcome_unknown() && !error.is_cancelled(), "{error:?}");

    let (db, again) = recorded(&engine);
    error.into_prepared().unwrap().send(&db).await.unwrap();

    assert_eq!(count(&engine).await, 1);
    assert_eq!(lost.sent()[0], again.only());
    assert_eq!(read(&engine, new.id).await.version, 1);
}

#[tokio::test]
async fn one_that_never_arrived_is_carried_out_when_it_is_sent_again() {
    let engine = with_lock().await;
    let (db, _) = disturbed(&engine, vec![Step::LoseRequest; 3]);
    let update = Lock::update("door").add(Lock::COUNT, 1);
    let error = dynamorm::transaction().update(update).send(&db).await.unwrap_err();

    // Once more without an answer, and handed back once more.
    let error = error.into_prepared().unwrap().send(&disturbed(&engine, vec![Step::LoseRequest; 3]).0).await;
    error.unwrap_err().into_prepared().unwrap().send(&engine).await.unwrap();

    assert_eq!(count(&engine).await, 1);
}

#[tokio::test]
async fn one_that_was_cancelled_is_not_handed_back() {
    let engine = with_lock().await;
    let update = Lock::update("door").add(Lock::COUNT, 1).when(Lock::OWNER.eq("other"));

    let error = dynamorm::transaction().update(update).send(&engine).await.unwrap_err();

    assert!(error.is_cancelled() && !error.is_outcome_unknown(), "{error:?}");
    assert!(error.into_prepared().is_none());
}

#[tokio::test]
async fn one_that_is_cancelled_after_an_attempt_without_an_answer_is_unknown() {
    let engine = with_lock().await;
    let other = engine.clone();
    let taken = async move { Lock::update("door").set(Lock::OWNER, "other").send(&other).await.unwrap() };
    let (db, _) = disturbed(&engine, [Step::LoseRequest, Step::meanwhile(taken)]);
    let update = Lock::update("door").add(Lock::COUNT, 1).when(Lock::OWNER.eq("me"));

    let error = dynamorm::transaction().update(update).send(&db).await.unwrap_err();

    // The first attempt may still be on its way.
    assert!(error.is_outcome_unknown() && !error.is_cancelled(), "{error:?}");
    assert!(error.cancellations().all(|(position, cause)| position == 0 && cause.is_condition_failed()));
}

#[tokio::test(start_paused = true)]
async fn after_ten_minutes_it_is_not_sent_again() {
    let engine = test_support::on_path(Client::embedded().unwrap());
    engine.create_table(&tables::LOCKS).await.unwrap();
    lock("me").put().send(&engine).await.unwrap();
    let (db, _) = disturbed(&engine, vec![Step::LoseResponse; 3]);
    let update = Lock::update("door").add(Lock::COUNT, 1);
    let error = dynamorm::transaction().update(update).send(&db).await.unwrap_err();
    tokio::time::advance(Duration::from_secs(600)).await;

    let (db, record) = recorded(&engine);
    let error = error.into_prepared().unwrap().send(&db).await.unwrap_err();

    assert!(error.is_validation() && record.sent().is_empty(), "{error:?}");
}

#[tokio::test]
async fn another_process_sends_the_same_transaction_given_its_moment() {
    let engine = with_lock().await;
    let order = stored(&engine).await;
    let moment = instant("2026-03-01T12:00:00Z");
    let pay = |db: Client, order: &Order| {
        let update = Order::update(order).set(Order::STATUS, "paid").expect_version(1);
        let transaction = dynamorm::transaction().update(update).token(("payment-7", moment));
        async move { transaction.send(&db).await }
    };
    let at = |time: &'static str| engine.clone().with_clock(move || instant(time));

    pay(at("2026-03-01T12:00:00Z"), &order).await.unwrap();
    pay(at("2026-03-01T12:05:00Z"), &order).await.unwrap();

    let paid = read(&engine, order.id).await;
    assert_eq!((paid.version, paid.changed_at), (2, moment));
}

#[tokio::test]
async fn a_token_without_a_moment_stands_for_one_moment() {
    let engine = with_lock().await;
    let order = stored(&engine).await;
    let at = |time: &'static str| engine.clone().with_clock(move || instant(time));
    let send = |db: Client| {
        let update = Order::update(&order).set(Order::STATUS, "paid");
        let transaction = dynamorm::transaction().update(update).token("payment-7");
        async move { transaction.send(&db).await }
    };

    send(at("2026-03-01T12:00:00Z")).await.unwrap();
    let error = send(at("2026-03-01T12:05:00Z")).await.unwrap_err();

    assert!(error.is_rejected(), "{error:?}");
}

#[tokio::test]
async fn a_token_has_36_characters_at_most() {
    let (db, record) = recorded(&with_lock().await);
    for token in ["", "a-token-that-is-37-characters-long-01"] {
        let transaction =
            dynamorm::transaction().update(Lock::update("door").add(Lock::COUNT, 1)).token(token);

        let error = transaction.send(&db).await.unwrap_err();

        assert!(error.is_validation(), "{error:?}");
    }
    assert!(record.sent().is_empty());
}
