//! Write ids: every kind of write stores one of its own, and gives it back to the value that was sent.

use std::collections::BTreeSet;

use dynamorm::{AttributeValue, Client, Operations, Uuid};
use end_to_end::samples::database;

use crate::models::{Lock, Order, tables};
use crate::{order, read, stored};

fn lock(name: &str) -> Lock {
    Lock::builder().name(name).owner("ada").build().unwrap()
}

/// The write id of the stored item.
async fn stored_id(db: &Client, name: &str) -> Uuid {
    let lock = Lock::get(name).consistent().send(db).await.unwrap().unwrap();
    lock.write_id.unwrap()
}

/// Asserts that each write id is of one write alone.
fn assert_all_differ<const N: usize>(ids: [Uuid; N]) {
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), N, "{ids:?}");
    assert!(ids.iter().all(|id| id.get_version_num() == 4), "{ids:?}");
}

#[test]
fn a_value_that_has_not_been_written_has_no_write_id() {
    assert_eq!(lock("a").write_id, None);
    assert_eq!(order().write_id, None);
}

#[tokio::test]
async fn every_put_stores_another_write_id_and_writes_it_back() {
    let db = database(&[&tables::LOCKS]).await;
    let mut lock = lock("a");

    lock.put().send(&db).await.unwrap();
    let first = lock.write_id.unwrap();
    assert_eq!(stored_id(&db, "a").await, first);
    lock.put().send(&db).await.unwrap();
    let second = lock.write_id.unwrap();
    assert_eq!(stored_id(&db, "a").await, second);

    assert_all_differ([first, second]);
}

#[tokio::test]
async fn a_put_of_a_new_item_stores_a_write_id_and_one_that_is_refused_leaves_the_value_as_it_was() {
    let db = database(&[&tables::LOCKS]).await;
    let (mut first, mut second) = (lock("a"), lock("a"));

    first.put().if_not_exists().send(&db).await.unwrap();
    let error = second.put().if_not_exists().send(&db).await.unwrap_err();

    assert!(error.is_already_exists(), "{error:?}");
    assert_eq!(second.write_id, None);
    assert_eq!(stored_id(&db, "a").await, first.write_id.unwrap());
}

#[tokio::test]
async fn every_update_by_key_stores_another_write_id() {
    let db = database(&[&tables::LOCKS]).await;
    let mut lock = lock("a");
    lock.put().send(&db).await.unwrap();
    let update = || Lock::update("a").add(Lock::COUNT, 1);

    update().send(&db).await.unwrap();
    let first = stored_id(&db, "a").await;
    let second = update().return_new().send(&db).await.unwrap().write_id.unwrap();

    assert_eq!(stored_id(&db, "a").await, second);
    assert_all_differ([lock.write_id.unwrap(), first, second]);
}

#[tokio::test]
async fn an_update_of_an_instance_writes_the_write_id_back() {
    let db = database(&[&tables::ORDERS]).await;
    let mut order = stored(&db).await;
    let before = order.write_id.unwrap();

    order.update_this().set(Order::STATUS, "paid").send(&db).await.unwrap();

    assert_eq!(read(&db, order.id).await, order);
    assert_all_differ([before, order.write_id.unwrap()]);
}

#[tokio::test]
async fn an_update_whose_outcome_is_taken_over_gives_the_write_id() {
    let db = database(&[&tables::LOCKS]).await;
    let mut lock = lock("a");
    lock.put().send(&db).await.unwrap();
    let before = lock.write_id.unwrap();

    Lock::update("a").add(Lock::COUNT, 1).return_updated_into(&mut lock).send(&db).await.unwrap();

    assert_eq!((lock.count, lock.write_id.unwrap()), (1, stored_id(&db, "a").await));
    assert_all_differ([before, lock.write_id.unwrap()]);
}

#[tokio::test]
async fn a_save_writes_the_write_id_back() {
    let db = database(&[&tables::LOCKS, &tables::ORDERS]).await;
    let mut lock = lock("a");
    lock.put().send(&db).await.unwrap();
    let (mut lock, mut order) = (lock.tracked(), stored(&db).await.tracked());
    let before = (lock.write_id.unwrap(), order.write_id.unwrap());

    lock.owner = "bob".to_owned();
    lock.save().send(&db).await.unwrap();
    order.status = "paid".to_owned();
    order.save().send(&db).await.unwrap();

    assert_eq!(stored_id(&db, "a").await, lock.write_id.unwrap());
    assert_eq!(read(&db, order.id).await, *order);
    assert_all_differ([before.0, before.1, lock.write_id.unwrap(), order.write_id.unwrap()]);
}

#[tokio::test]
async fn a_write_id_that_was_changed_by_hand_is_neither_saved_nor_put() {
    let db = database(&[&tables::LOCKS]).await;
    let mut lock = lock("a");
    lock.put().send(&db).await.unwrap();
    let first = lock.write_id.unwrap();
    let mut tracked = lock.tracked();

    tracked.write_id = Some(Uuid::nil());
    tracked.save().send(&db).await.unwrap();
    assert_eq!(stored_id(&db, "a").await, first, "nothing else has changed");
    tracked.owner = "bob".to_owned();
    tracked.save().send(&db).await.unwrap();
    let second = stored_id(&db, "a").await;
    let mut lock = tracked.into_inner();
    lock.write_id = Some(Uuid::nil());
    lock.put().send(&db).await.unwrap();

    assert_all_differ([first, second, stored_id(&db, "a").await]);
}

#[tokio::test]
async fn every_upsert_stores_another_write_id() {
    let db = database(&[&tables::LOCKS]).await;
    let lock = lock("a");

    lock.upsert().send(&db).await.unwrap();
    let first = stored_id(&db, "a").await;
    let second = lock.upsert().add(Lock::COUNT, 1).return_new().send(&db).await.unwrap();

    assert_eq!(second.count, 1);
    assert_eq!(stored_id(&db, "a").await, second.write_id.unwrap());
    assert_all_differ([first, second.write_id.unwrap()]);
}

#[tokio::test]
async fn a_batch_stores_a_write_id_with_each_put() {
    let db = database(&[&tables::LOCKS]).await;
    let locks = [lock("a"), lock("b")];

    dynamorm::batch_write().put_all(&locks).send(&db).await.unwrap();
    let first = (stored_id(&db, "a").await, stored_id(&db, "b").await);
    dynamorm::batch_write().put_all(&locks).send(&db).await.unwrap();

    assert_all_differ([first.0, first.1, stored_id(&db, "a").await, stored_id(&db, "b").await]);
}

#[tokio::test]
async fn a_transaction_stores_a_write_id_with_each_put_update_and_upsert() {
    let db = database(&[&tables::LOCKS]).await;
    let (mut put, mut updated, upserted) = (lock("a"), lock("b"), lock("c"));
    updated.put().send(&db).await.unwrap();

    dynamorm::transaction()
        .put(put.put())
        .update(Lock::update("b").add(Lock::COUNT, 1))
        .upsert(upserted.upsert())
        .send(&db)
        .await
        .unwrap();

    let stored = [stored_id(&db, "a").await, stored_id(&db, "b").await, stored_id(&db, "c").await];
    assert_eq!(put.write_id, Some(stored[0]));
    assert_all_differ([updated.write_id.unwrap(), stored[0], stored[1], stored[2]]);
}

#[tokio::test]
async fn an_item_of_another_program_has_no_write_id_until_it_is_written() {
    let db = database(&[&tables::LOCKS]).await;
    let table = db.table_name(&tables::LOCKS);
    let item = lock("a").to_item().unwrap();
    assert!(!item.contains_key("write_id"), "{item:?}");
    db.sdk().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();

    let mut tracked = Lock::get("a").consistent().send(&db).await.unwrap().unwrap().tracked();
    assert_eq!(tracked.write_id, None);
    tracked.count += 1;
    tracked.save().send(&db).await.unwrap();

    assert_eq!(stored_id(&db, "a").await, tracked.write_id.unwrap());
}

#[tokio::test]
async fn a_request_for_the_sdk_has_a_write_id_in_the_form_of_every_uuid() {
    let db = database(&[&tables::LOCKS]).await;
    let mut lock = lock("a");

    let request = lock.put().into_sdk(&db).unwrap();

    let item = request.get_item().clone().unwrap();
    let AttributeValue::S(text) = &item["write_id"] else { panic!("{item:?}") };
    assert_eq!(text.parse::<Uuid>().unwrap().hyphenated().to_string(), *text);
}
