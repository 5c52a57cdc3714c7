//! Changes that begin anew after a conflict.

use std::sync::atomic::{AtomicU32, Ordering};

use dynamorm::{Client, Error, Operations, Ulid};
use end_to_end::connector::recorded;
use end_to_end::samples::database;

use crate::models::{Counter, Order, tables};
use crate::{read, stored};

/// Adds one to the pieces, and lets another client write the order before the first `conflicts` saves.
async fn add_one(db: &Client, id: Ulid, conflicts: u32, retries: u32) -> (dynamorm::Result<Order>, u32) {
    let calls = AtomicU32::new(0);
    let other = test_support::another(db);
    let change = Order::get(id).retry_on_conflict(retries, |order| {
        order.pieces += 1;
        if calls.fetch_add(1, Ordering::Relaxed) < conflicts {
            let other = other.clone();
            std::thread::scope(|scope| {
                scope.spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                    runtime.block_on(async {
                        Order::update(id).add(Order::PIECES, 10).send(&other).await.unwrap();
                    });
                });
            });
        }
        Ok(())
    });
    let outcome = change.send(db).await;
    (outcome, calls.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_change_without_conflicts_is_made_once() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;

    let (changed, calls) = add_one(&db, order.id, 0, 5).await;

    let changed = changed.unwrap();
    assert_eq!((changed.pieces, changed.version, calls), (2, 2, 1));
    assert_eq!(read(&db, order.id).await, changed);
}

#[tokio::test]
async fn a_change_is_made_again_to_what_others_have_written() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;

    let (changed, calls) = add_one(&db, order.id, 2, 5).await;

    assert_eq!((changed.unwrap().pieces, calls), (22, 3));
}

#[tokio::test]
async fn a_change_that_conflicts_too_often_is_a_conflict() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;

    let (changed, calls) = add_one(&db, order.id, 9, 2).await;

    let error = changed.unwrap_err();
    assert!(error.is_version_conflict(), "{error:?}");
    assert_eq!(calls, 3);
}

#[tokio::test]
async fn a_change_that_refuses_ends_with_its_error() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;

    let change = Order::get(order.id).retry_on_conflict(5, |_| Err(Error::refused("sold out")));
    let error = change.send(&db).await.unwrap_err();

    assert!(error.is_refused() && error.to_string().contains("sold out"), "{error}");
    assert_eq!(read(&db, order.id).await.version, 1);
}

#[tokio::test]
async fn a_change_of_a_missing_item_finds_nothing() {
    let db = database(&[&tables::COUNTERS]).await;

    let error = Counter::get("a").retry_on_conflict(5, |_| Ok(())).send(&db).await.unwrap_err();

    assert!(error.is_not_found() && error.key() == Some("name = \"a\""), "{error:?}");
}

#[tokio::test]
async fn a_change_that_changes_nothing_only_reads() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;
    let (db, record) = recorded(&db);

    let same = Order::get(order.id).retry_on_conflict(5, |_| Ok(())).send(&db).await.unwrap();

    assert_eq!(same, order);
    assert_eq!(record.operations(), ["GetItem"]);
}

#[tokio::test]
async fn many_clients_at_once_lose_no_change() {
    let db = database(&[&tables::COUNTERS]).await;
    Counter { name: "a".to_owned(), count: 0, version: 0 }.put().send(&db).await.unwrap();

    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let db = db.clone();
            tokio::spawn(async move {
                let change = Counter::get("a").retry_on_conflict(100, |counter| {
                    counter.count += 1;
                    Ok(())
                });
                change.send(&db).await.unwrap();
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }

    let counter = Counter::get("a").consistent().send(&db).await.unwrap().unwrap();
    assert_eq!((counter.count, counter.version), (8, 9));
}
