//! An item that was deleted and created again is another one, although its versions begin anew: its write id says so.

use dynamorm::{Client, Operations};
use end_to_end::connector::{Step, disturbed};
use end_to_end::samples::database;

use crate::models::{Counter, Order, tables};
use crate::{read, stored};

/// An order of version 1 that is not there any more, and another one of version 1 with its key.
async fn two_lives() -> (Client, Order, Order) {
    let db = database(&[&tables::ORDERS]).await;
    let first = stored(&db).await;
    first.clone().delete_this().send(&db).await.unwrap();
    let mut second = Order { version: 0, write_id: None, customer: "Grace".to_owned(), ..first.clone() };
    second.put().send(&db).await.unwrap();
    assert_eq!(first.version, second.version);
    (db, first, second)
}

#[tokio::test]
async fn an_old_instance_does_not_overwrite_the_next_life() {
    let (db, mut first, second) = two_lives().await;

    let put = first.clone().put().send(&db).await.unwrap_err();
    let update = first.update_this().set(Order::STATUS, "paid").send(&db).await.unwrap_err();
    let mut tracked = first.tracked();
    tracked.status = "paid".to_owned();
    let save = tracked.save().send(&db).await.unwrap_err();

    for error in [put, update, save] {
        assert!(error.is_version_conflict(), "{error:?}");
        assert_eq!(error.current::<Order>().unwrap().unwrap(), second);
    }
    assert_eq!(read(&db, second.id).await, second);
}

#[tokio::test]
async fn an_old_instance_does_not_delete_the_next_life() {
    let (db, first, second) = two_lives().await;

    let error = first.delete_this().send(&db).await.unwrap_err();

    assert!(error.is_version_conflict(), "{error:?}");
    assert_eq!(read(&db, second.id).await, second);
}

#[tokio::test]
async fn a_deletion_that_is_sent_again_does_not_delete_the_next_life() {
    let engine = database(&[&tables::ORDERS]).await;
    let order = stored(&engine).await;
    let (id, other) = (order.id, engine.clone());
    let mut next = Order { version: 0, write_id: None, ..order.clone() };
    let created = async move { next.put().send(&other).await.unwrap() };
    let (db, record) = disturbed(&engine, [Step::LoseResponse, Step::meanwhile(created)]);

    let error = order.delete_this().send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown(), "{error:?}");
    assert_eq!((read(&engine, id).await.version, record.sent().len()), (1, 2));
}

#[tokio::test]
async fn without_a_write_id_an_old_instance_meets_the_next_life() {
    let db = database(&[&tables::COUNTERS]).await;
    let counter = || Counter { name: "a".to_owned(), count: 0, version: 0 };
    let mut first = counter();
    first.put().send(&db).await.unwrap();
    Counter::delete("a").send(&db).await.unwrap();
    counter().put().send(&db).await.unwrap();

    first.delete_this().send(&db).await.unwrap();

    assert_eq!(Counter::get("a").consistent().send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn an_item_that_was_never_written_with_an_id_gets_one() {
    let db = database(&[&tables::ORDERS]).await;
    let mut item = crate::order().to_item().unwrap();
    item.insert("version".to_owned(), dynamorm::AttributeValue::N("7".to_owned()));
    item.insert("changed".to_owned(), dynamorm::AttributeValue::S("2026-03-01T12:00:00.000000Z".to_owned()));
    let id = Order::from_item(item.clone()).unwrap().id;
    end_to_end::samples::put_raw(&db, "orders", item).await;

    let mut order = read(&db, id).await;
    assert_eq!((order.version, order.write_id), (7, None));
    order.put().send(&db).await.unwrap();

    assert_eq!(order.version, 8);
    assert!(order.write_id.is_some());
}
