//! Version conflicts: an error of its own, with the item as it is.

use dynamorm::Operations;
use end_to_end::connector::recorded;
use end_to_end::samples::database;

use crate::models::{Order, tables};
use crate::{order, read, stored};

#[tokio::test]
async fn a_put_of_a_stale_value_is_a_conflict_with_the_current_item() {
    let db = database(&[&tables::ORDERS]).await;
    let mut stale = stored(&db).await;
    Order::update(stale.id).set(Order::STATUS, "paid").send(&db).await.unwrap();

    let error = stale.put().send(&db).await.unwrap_err();

    assert!(
        error.is_version_conflict() && !error.is_condition_failed() && !error.is_not_found(),
        "{error:?}"
    );
    let current: Order = error.current().unwrap().unwrap();
    assert_eq!((current.version, current.status.as_str()), (2, "paid"));
    assert_eq!((error.model(), stale.version), (Some("Order"), 1));
    assert_eq!(read(&db, stale.id).await, current);
}

#[tokio::test]
async fn a_second_put_of_a_new_value_is_a_conflict() {
    let db = database(&[&tables::ORDERS]).await;
    let mut first = order();
    let mut second = first.clone();
    first.put().send(&db).await.unwrap();

    let error = second.put().send(&db).await.unwrap_err();

    assert!(error.is_version_conflict(), "{error:?}");
    assert_eq!(second.version, 0);
}

#[tokio::test]
async fn of_two_saves_the_second_is_a_conflict() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;
    let (mut first, mut second) = (order.clone().tracked(), order.tracked());
    (first.pieces, second.status) = (7, "paid".to_owned());

    first.save().send(&db).await.unwrap();
    let error = second.save().send(&db).await.unwrap_err();

    assert!(error.is_version_conflict(), "{error:?}");
    assert_eq!((second.version, read(&db, first.id).await), (1, first.into_inner()));
}

#[tokio::test]
async fn an_update_of_a_stale_instance_is_a_conflict_and_leaves_the_value_as_it_was() {
    let db = database(&[&tables::ORDERS]).await;
    let mut stale = stored(&db).await;
    let before = stale.clone();
    Order::update(stale.id).add(Order::PIECES, 1).send(&db).await.unwrap();

    let error = stale.update_this().set(Order::STATUS, "paid").send(&db).await.unwrap_err();

    assert!(error.is_version_conflict(), "{error:?}");
    assert_eq!(stale, before);
}

#[tokio::test]
async fn a_write_of_an_instance_that_is_gone_is_not_a_conflict() {
    let db = database(&[&tables::ORDERS]).await;
    let mut gone = stored(&db).await;
    Order::delete(gone.id).send(&db).await.unwrap();
    let mut tracked = gone.clone().tracked();
    tracked.pieces = 9;

    let errors = [
        gone.put().send(&db).await.unwrap_err(),
        gone.update_this().set(Order::PIECES, 2).send(&db).await.unwrap_err(),
        tracked.save().send(&db).await.unwrap_err(),
        gone.delete_this().send(&db).await.unwrap_err(),
    ];

    for error in errors {
        assert!(error.is_not_found() && !error.is_version_conflict(), "{error:?}");
    }
}

#[tokio::test]
async fn a_condition_beside_a_version_that_holds_is_a_failed_condition() {
    let db = database(&[&tables::ORDERS]).await;
    let mut order = stored(&db).await;

    let put = order.put().when(Order::STATUS.eq("paid")).send(&db).await.unwrap_err();
    let update = order.update_this().set(Order::PIECES, 2).when(Order::STATUS.eq("paid"));
    let update = update.send(&db).await.unwrap_err();

    for error in [put, update] {
        assert!(error.is_condition_failed() && !error.is_version_conflict(), "{error:?}");
    }
}

#[tokio::test]
async fn a_conflict_names_the_version_that_was_expected() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;

    let error = Order::update(order.id).set(Order::PIECES, 2).expect_version(5).send(&db).await.unwrap_err();

    let text = error.to_string();
    assert!(text.contains("version 5") && text.contains("model Order"), "{text}");
}

#[tokio::test]
async fn a_conflict_costs_one_request() {
    let db = database(&[&tables::ORDERS]).await;
    let mut stale = stored(&db).await;
    Order::update(stale.id).add(Order::PIECES, 1).send(&db).await.unwrap();
    let (db, record) = recorded(&db);

    stale.put().send(&db).await.unwrap_err();

    assert_eq!(record.operations(), ["PutItem"]);
}
