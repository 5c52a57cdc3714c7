//! Versions in transactions.

use dynamorm::Operations;
use end_to_end::samples::database;

use crate::models::{Order, tables};
use crate::{order, read, stored};

#[tokio::test]
async fn a_transaction_writes_versions_back_once_it_has_succeeded() {
    let db = database(&[&tables::ORDERS]).await;
    let (mut old, mut new) = (stored(&db).await, order());
    old.status = "paid".to_owned();

    dynamorm::transaction().put(old.put()).put(new.put()).send(&db).await.unwrap();

    assert_eq!((old.version, new.version), (2, 1));
    assert_eq!((read(&db, old.id).await, read(&db, new.id).await), (old, new));
}

#[tokio::test]
async fn a_transaction_that_is_cancelled_leaves_values_as_they_were() {
    let db = database(&[&tables::ORDERS]).await;
    let (mut stale, mut new) = (stored(&db).await, order());
    Order::update(stale.id).set(Order::STATUS, "paid").send(&db).await.unwrap();

    let error = dynamorm::transaction().put(new.put()).put(stale.put()).send(&db).await.unwrap_err();

    let (position, cause) = error.cancellations().next().unwrap();
    assert!(position == 1 && cause.is_version_conflict() && error.is_version_conflict(), "{error:?}");
    assert_eq!(cause.current::<Order>().unwrap().unwrap().status, "paid");
    assert_eq!((stale.version, new.version), (1, 0));
    assert_eq!(Order::get(new.id).consistent().send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn an_update_in_a_transaction_increments_the_version_and_may_expect_one() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;
    let update = || Order::update(order.id).set(Order::STATUS, "paid");

    dynamorm::transaction().update(update()).send(&db).await.unwrap();
    let stale = dynamorm::transaction().update(update().expect_version(1)).send(&db).await.unwrap_err();
    dynamorm::transaction().update(update().expect_version(2)).send(&db).await.unwrap();

    assert!(stale.is_version_conflict(), "{stale:?}");
    assert_eq!(read(&db, order.id).await.version, 3);
}

#[tokio::test]
async fn a_transaction_deletes_an_instance_of_its_version_alone() {
    let db = database(&[&tables::ORDERS]).await;
    let (stale, order) = (stored(&db).await, stored(&db).await);
    Order::update(stale.id).set(Order::STATUS, "paid").send(&db).await.unwrap();

    let error = dynamorm::transaction().delete(stale.delete_this()).send(&db).await.unwrap_err();
    dynamorm::transaction().delete(order.delete_this()).send(&db).await.unwrap();

    assert!(error.is_version_conflict(), "{error:?}");
    assert_eq!(Order::scan().count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn a_transaction_may_demand_the_version_of_an_item_that_it_does_not_change() {
    let db = database(&[&tables::ORDERS]).await;
    let (watched, mut new) = (stored(&db).await, order());

    let check = |version| Order::check(watched.id).expect_version(version);
    let error = dynamorm::transaction().check(check(2)).put(new.put()).send(&db).await.unwrap_err();
    dynamorm::transaction().check(check(1)).put(new.put()).send(&db).await.unwrap();

    assert!(error.is_version_conflict(), "{error:?}");
    assert_eq!(read(&db, watched.id).await.version, 1);
}
