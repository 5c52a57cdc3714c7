//! An item that equals what a client wanted to write need not be what it wrote.

use dynamorm::{Client, Operations};
use end_to_end::connector::{Step, disturbed};
use end_to_end::samples::{database, instant};

use crate::models::{Counter, Lock, Order, tables};
use crate::{lock, order, read, stored};

/// A client whose first request is lost after another client has done something.
fn overtaken(db: &Client, other: impl Future<Output = ()> + Send + 'static) -> Client {
    disturbed(db, [Step::meanwhile(other), Step::LoseRequest]).0
}

fn counter(name: &str, count: i64) -> Counter {
    Counter { name: name.to_owned(), count, version: 0 }
}

#[tokio::test]
async fn of_two_clients_that_take_one_each_one_alone_is_told_so() {
    let engine = database(&[&tables::COUNTERS]).await;
    counter("stock", 5).put().send(&engine).await.unwrap();
    let read = Counter::get("stock").consistent().send(&engine).await.unwrap().unwrap();
    let (mut mine, mut others) = (read.clone().tracked(), read.tracked());
    mine.count -= 1;
    others.count -= 1;
    let other = engine.clone();
    let db = overtaken(&engine, async move { others.save().send(&other).await.unwrap() });

    let error = mine.save().send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown() || error.is_version_conflict(), "{error:?}");
    let left = Counter::get("stock").consistent().send(&engine).await.unwrap().unwrap();
    assert_eq!((left.count, left.version), (4, 2));
}

#[tokio::test]
async fn of_two_clients_that_put_equal_versions_one_alone_is_told_so() {
    let engine = database(&[&tables::COUNTERS]).await;
    let other = engine.clone();
    let db = overtaken(&engine, async move { counter("a", 7).put().send(&other).await.unwrap() });

    let error = counter("a", 7).put().send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn of_two_clients_that_create_equal_items_one_alone_is_told_so() {
    let engine = database(&[&tables::COUNTERS]).await;
    let other = engine.clone();
    let db =
        overtaken(&engine, async move { counter("a", 7).put().if_not_exists().send(&other).await.unwrap() });

    let error = counter("a", 7).put().if_not_exists().send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown() || error.is_already_exists(), "{error:?}");
}

#[tokio::test]
async fn clients_whose_clocks_say_the_same_are_told_apart() {
    let engine = database(&[&tables::ORDERS]).await;
    let order = stored(&engine).await;
    let at = |db: Client| db.with_clock(|| instant("2026-03-01T12:00:00Z"));
    let (mut mine, mut others) = (order.clone(), order.clone());
    (mine.pieces, others.pieces) = (2, 2);
    let other = at(engine.clone());
    let db = at(overtaken(&engine, async move { others.put().send(&other).await.unwrap() }));

    let error = mine.put().send(&db).await.unwrap_err();

    assert!(error.is_version_conflict(), "{error:?}");
    assert_eq!(read(&engine, order.id).await.version, 2);
}

#[tokio::test]
async fn a_creation_that_meets_itself_has_succeeded_where_its_id_says_so() {
    let engine = database(&[&tables::LOCKS, &tables::ORDERS]).await;
    let (db, record) = disturbed(&engine, [Step::LoseResponse, Step::Pass, Step::LoseResponse]);

    lock("me").put().if_not_exists().send(&db).await.unwrap();
    let mut order = order();
    order.put().if_not_exists().send(&db).await.unwrap();

    assert_eq!((record.sent().len(), order.version), (4, 1));
}

#[tokio::test]
async fn a_creation_that_meets_anothers_is_not_said_to_have_been_refused() {
    let engine = database(&[&tables::LOCKS]).await;
    let other = engine.clone();
    let db = overtaken(&engine, async move { lock("me").put().if_not_exists().send(&other).await.unwrap() });

    let error = lock("me").put().if_not_exists().send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn a_put_or_get_that_meets_itself_has_written() {
    let engine = database(&[&tables::LOCKS]).await;
    let (db, _) = disturbed(&engine, [Step::LoseResponse]);

    let there = lock("me").put().or_get().send(&db).await.unwrap();

    assert_eq!(there, None);
}

#[tokio::test]
async fn an_addition_that_meets_itself_is_made_once() {
    let engine = database(&[&tables::LOCKS]).await;
    lock("me").put().send(&engine).await.unwrap();
    let (db, record) = disturbed(&engine, [Step::LoseResponse]);

    let locked = Lock::update("door").add(Lock::COUNT, 1).return_new().send(&db).await.unwrap();

    assert_eq!((locked.count, record.sent().len()), (1, 2));
}

#[tokio::test]
async fn an_addition_that_anothers_has_overtaken_has_an_unknown_outcome() {
    let engine = database(&[&tables::LOCKS]).await;
    lock("me").put().send(&engine).await.unwrap();
    let other = engine.clone();
    let later = async move { Lock::update("door").set(Lock::OWNER, "other").send(&other).await.unwrap() };
    let (db, _) = disturbed(&engine, [Step::LoseResponse, Step::meanwhile(later)]);

    let error = Lock::update("door").add(Lock::COUNT, 1).send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn an_update_by_key_increments_a_version_once_or_is_unknown() {
    let engine = database(&[&tables::COUNTERS, &tables::ORDERS]).await;
    let order = stored(&engine).await;
    counter("a", 0).put().send(&engine).await.unwrap();
    let (db, _) = disturbed(&engine, [Step::LoseResponse, Step::Pass, Step::LoseResponse]);

    // Its write id tells a second attempt of the first.
    Order::update(order.id).set(Order::STATUS, "paid").send(&db).await.unwrap();
    assert_eq!(read(&engine, order.id).await.version, 2);

    let error = Counter::update("a").set(Counter::COUNT, 9).send(&db).await.unwrap_err();
    assert!(error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn what_is_sent_exactly_once_is_carried_out_once() {
    let engine = database(&[&tables::COUNTERS, &tables::LOCKS]).await;
    counter("a", 0).put().send(&engine).await.unwrap();
    let lossy = || disturbed(&engine, [Step::LoseResponse]).0;

    Counter::update("a").add(Counter::COUNT, 1).exactly_once().send(&lossy()).await.unwrap();
    let mut created = counter("b", 1);
    created.put().if_not_exists().exactly_once().send(&lossy()).await.unwrap();
    let mut saved = created.clone().tracked();
    saved.count = 5;
    saved.save().exactly_once().send(&lossy()).await.unwrap();
    Counter::delete("b").if_exists().exactly_once().send(&lossy()).await.unwrap();
    lock("me").upsert().add(Lock::COUNT, 3).exactly_once().send(&lossy()).await.unwrap();

    assert_eq!((created.version, saved.version), (1, 2));
    let count = Counter::get("a").consistent().send(&engine).await.unwrap().unwrap();
    assert_eq!((count.count, count.version), (1, 2));
    assert_eq!(Counter::get("b").consistent().send(&engine).await.unwrap(), None);
    assert_eq!(Lock::get("door").consistent().send(&engine).await.unwrap().unwrap().count, 3);
}

#[tokio::test]
async fn what_is_sent_exactly_once_says_why_it_was_refused() {
    let db = database(&[&tables::COUNTERS]).await;
    counter("a", 0).put().send(&db).await.unwrap();

    let exists = counter("a", 0).put().if_not_exists().exactly_once().send(&db).await.unwrap_err();
    let absent = Counter::update("b").set(Counter::COUNT, 1).exactly_once().send(&db).await.unwrap_err();
    let failed = Counter::delete("a").when(Counter::COUNT.eq(1)).exactly_once().send(&db).await.unwrap_err();

    assert!(exists.is_already_exists(), "{exists:?}");
    assert!(absent.is_not_found(), "{absent:?}");
    assert!(failed.is_condition_failed() && failed.current::<Counter>().is_some(), "{failed:?}");
    assert_eq!(failed.key(), Some("name = \"a\""));
}
