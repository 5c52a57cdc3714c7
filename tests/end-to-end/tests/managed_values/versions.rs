//! Versions: counted by every write, demanded by writes of an instance.

use dynamorm::{AttributeValue, Client, Operations};
use end_to_end::samples::database;

use crate::models::{Counter, Note, Order, tables};
use crate::{counter, order, read, stored};

/// Puts an order without a version, as a writer that knows none.
async fn put_without_version(db: &Client, order: &Order) {
    let mut item = order.to_item().unwrap();
    item.remove("version");
    let table = db.table_name(&tables::ORDERS);
    db.sdk().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
}

#[tokio::test]
async fn every_put_of_a_value_increments_its_version() {
    let db = database(&[&tables::ORDERS]).await;
    let mut order = order();
    assert_eq!(order.version, 0);

    for version in 1..=3 {
        order.put().send(&db).await.unwrap();
        assert_eq!(order.version, version);
        assert_eq!(read(&db, order.id).await, order);
    }
}

#[tokio::test]
async fn a_save_increments_the_version() {
    let db = database(&[&tables::ORDERS]).await;
    let mut tracked = stored(&db).await.tracked();

    for version in 2..=3 {
        tracked.pieces += 1;
        tracked.save().send(&db).await.unwrap();
        assert_eq!(tracked.version, version);
    }
    assert_eq!(read(&db, tracked.id).await, *tracked);
}

#[tokio::test]
async fn an_update_of_an_instance_increments_its_version_and_brings_it_up_to_date() {
    let db = database(&[&tables::ORDERS]).await;
    let mut order = stored(&db).await;

    order.update_this().set(Order::STATUS, "paid").add(Order::PIECES, 2).send(&db).await.unwrap();

    assert_eq!((order.version, order.status.as_str(), order.pieces), (2, "paid", 3));
    assert_eq!(read(&db, order.id).await, order);
}

#[tokio::test]
async fn an_update_by_key_increments_the_version_without_a_condition() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;

    for _ in 0..2 {
        Order::update(order.id).add(Order::PIECES, 1).send(&db).await.unwrap();
    }

    let read = read(&db, order.id).await;
    assert_eq!((read.version, read.pieces), (3, 3));
}

#[tokio::test]
async fn an_update_by_key_may_expect_a_version() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;

    let update = || Order::update(order.id).add(Order::PIECES, 1).expect_version(1);
    update().send(&db).await.unwrap();
    let error = update().send(&db).await.unwrap_err();

    assert!(error.is_version_conflict(), "{error:?}");
    assert_eq!(read(&db, order.id).await.pieces, 2);
}

#[tokio::test]
async fn a_deletion_of_an_instance_demands_its_version() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;
    Order::update(order.id).add(Order::PIECES, 1).send(&db).await.unwrap();

    let error = order.clone().delete_this().send(&db).await.unwrap_err();
    assert!(error.is_version_conflict(), "{error:?}");

    let current: Order = error.current().unwrap().unwrap();
    current.delete_this().send(&db).await.unwrap();
    assert_eq!(Order::get(order.id).consistent().send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn a_deletion_by_key_demands_no_version_unless_it_says_so() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;

    let error = Order::delete(order.id).expect_version(9).send(&db).await.unwrap_err();
    assert!(error.is_version_conflict(), "{error:?}");
    Order::delete(order.id).send(&db).await.unwrap();
}

#[tokio::test]
async fn an_item_without_a_version_has_version_0() {
    let db = database(&[&tables::ORDERS]).await;
    let old = order();
    put_without_version(&db, &old).await;

    let mut order = read(&db, old.id).await;
    assert_eq!(order.version, 0);
    order.update_this().set(Order::STATUS, "paid").send(&db).await.unwrap();

    assert_eq!(order.version, 1);
    let mut order = read(&db, old.id).await;
    order.put().send(&db).await.unwrap();
    assert_eq!(order.version, 2);
}

#[tokio::test]
async fn an_update_by_key_begins_the_versions_of_an_item_without_one() {
    let db = database(&[&tables::ORDERS]).await;
    let old = order();
    put_without_version(&db, &old).await;

    Order::update(old.id).set(Order::STATUS, "paid").send(&db).await.unwrap();

    assert_eq!(read(&db, old.id).await.version, 1);
}

#[tokio::test]
async fn a_stored_version_of_0_is_that_of_an_item_without_one() {
    let db = database(&[&tables::ORDERS]).await;
    let mut order = order();
    let table = db.table_name(&tables::ORDERS);
    let item = Some(order.to_item().unwrap());
    db.sdk().put_item().table_name(table).set_item(item).send().await.unwrap();

    order.put().send(&db).await.unwrap();

    assert_eq!(order.version, 1);
}

#[tokio::test]
async fn an_item_that_was_deleted_can_be_put_again_if_it_is_not_there() {
    let db = database(&[&tables::ORDERS]).await;
    let mut order = stored(&db).await;
    Order::delete(order.id).send(&db).await.unwrap();

    let error = order.put().send(&db).await.unwrap_err();
    assert!(error.is_not_found() && !error.is_version_conflict(), "{error:?}");

    order.put().if_not_exists().send(&db).await.unwrap();
    assert_eq!(order.version, 2);
    let error = order.put().if_not_exists().send(&db).await.unwrap_err();
    assert!(error.is_already_exists(), "{error:?}");
}

#[tokio::test]
async fn a_version_that_its_type_cannot_hold_is_refused() {
    let db = database(&[&tables::COUNTERS]).await;
    let table = db.table_name(&tables::COUNTERS);
    let item = Some(counter("a", 254).to_item().unwrap());
    db.sdk().put_item().table_name(table).set_item(item).send().await.unwrap();

    Counter::update("a").add(Counter::COUNT, 1).send(&db).await.unwrap();
    let by_key = Counter::update("a").add(Counter::COUNT, 1).send(&db).await.unwrap_err();
    let mut counter = Counter::get("a").consistent().send(&db).await.unwrap().unwrap();
    let of_instance = counter.put().send(&db).await.unwrap_err();

    assert_eq!(counter.version, 255);
    assert!(by_key.is_out_of_range() && by_key.attribute() == Some("version"), "{by_key:?}");
    assert!(of_instance.is_validation() && of_instance.attribute() == Some("version"), "{of_instance:?}");
}

#[tokio::test]
async fn an_addition_out_of_range_is_no_version_conflict() {
    let db = database(&[&tables::ORDERS]).await;
    let mut order = stored(&db).await;

    let error = order.update_this().add(Order::PIECES, -2).send(&db).await.unwrap_err();

    assert!(error.is_out_of_range() && !error.is_version_conflict(), "{error:?}");
    assert_eq!(order.version, 1);
}

#[tokio::test]
async fn a_value_that_is_invalid_is_neither_sent_nor_counted() {
    let db = database(&[&tables::ORDERS]).await;
    let mut order = stored(&db).await;

    order.status = "far too long a status".to_owned();
    let error = order.put().send(&db).await.unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    assert_eq!((order.version, read(&db, order.id).await.version), (1, 1));
}

#[tokio::test]
async fn a_batch_deletes_what_has_versions() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;

    dynamorm::batch_write().delete::<Order>(order.key()).send(&db).await.unwrap();

    assert_eq!(Order::scan().count(&db).await.unwrap(), 0);
}

#[tokio::test]
async fn a_version_can_be_compared_and_is_stored_as_a_number() {
    let db = database(&[&tables::ORDERS]).await;
    let mut order = stored(&db).await;
    order.put().send(&db).await.unwrap();

    assert_eq!(Order::scan().filter(Order::VERSION.ge(2)).count(&db).await.unwrap(), 1);
    assert_eq!(order.to_item().unwrap()["version"], AttributeValue::N("2".to_owned()));
}

/// Whether a batch may put `M`, as the compiler sees it.
struct MayBePutByABatch<M>(std::marker::PhantomData<M>);

trait Otherwise {
    const ANSWER: bool = false;
}
impl<M> Otherwise for MayBePutByABatch<M> {}
impl<M: dynamorm::BatchPut> MayBePutByABatch<M> {
    const ANSWER: bool = true;
}

#[test]
fn a_batch_puts_only_what_has_no_version() {
    const { assert!(MayBePutByABatch::<Note>::ANSWER) };
    const { assert!(!MayBePutByABatch::<Order>::ANSWER) };
}
