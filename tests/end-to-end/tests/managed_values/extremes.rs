//! Versions, instants and retries at their limits.

use std::time::Duration;

use dynamorm::{Error, Operations, Timestamp};
use end_to_end::connector::{Step, disturbed, recorded};
use end_to_end::samples::{database, instant};

use crate::models::{Counter, Order, Session, tables};
use crate::{at, counter, order, read, stored, until_sent};

#[tokio::test]
async fn a_version_at_its_types_greatest_is_the_last_for_every_write() {
    let db = database(&[&tables::COUNTERS]).await;
    counter("a", 254).put().if_not_exists().send(&db).await.unwrap();
    let (db, record) = recorded(&db);
    let full = Counter::get("a").consistent().send(&db).await.unwrap().unwrap();
    assert_eq!(full.version, 255);
    record.forget();

    let mut tracked = full.clone().tracked();
    tracked.count = 1;
    let errors = [
        full.clone().put().send(&db).await.unwrap_err(),
        full.clone().update_this().add(Counter::COUNT, 1).send(&db).await.unwrap_err(),
        tracked.save().send(&db).await.unwrap_err(),
        dynamorm::transaction().put(full.clone().put()).send(&db).await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.is_validation(), "{error:?}");
    }
    assert_eq!(record.operations(), Vec::<String>::new());
    let by_key = Counter::update("a").add(Counter::COUNT, 1).send(&db).await.unwrap_err();
    let upsert = counter("a", 0).upsert().add(Counter::COUNT, 1).send(&db).await.unwrap_err();
    for error in [by_key, upsert] {
        assert!(error.is_out_of_range() && error.attribute() == Some("version"), "{error:?}");
    }
    full.delete_this().send(&db).await.unwrap();
}

#[tokio::test]
async fn an_upsert_begins_the_versions_and_continues_them() {
    let db = database(&[&tables::COUNTERS]).await;

    for (turn, count) in [(1, 5), (2, 6)] {
        let upserted = Counter { count: 4, ..counter("a", 0) };
        let upserted = upserted.upsert().add(Counter::COUNT, 1).return_new().send(&db).await.unwrap();
        assert_eq!((upserted.version, upserted.count), (turn, count));
    }
}

#[tokio::test]
async fn what_a_version_says_of_a_value_that_is_upserted_is_not_stored() {
    let db = database(&[&tables::COUNTERS]).await;

    counter("a", 200).upsert().send(&db).await.unwrap();

    assert_eq!(Counter::get("a").consistent().send(&db).await.unwrap().unwrap().version, 1);
}

#[tokio::test]
async fn a_moment_of_creation_is_kept_by_every_write_of_what_was_read() {
    let db = database(&[&tables::ORDERS]).await;
    let mut first = stored(&db).await;
    let created = first.placed_at;
    let later = at(&db, "2100-01-01T00:00:00Z");

    first.put().send(&later).await.unwrap();
    first.update_this().set(Order::STATUS, "paid").send(&later).await.unwrap();
    let mut tracked = first.tracked();
    tracked.pieces = 3;
    tracked.save().send(&later).await.unwrap();
    tracked.clone().upsert().set(Order::PIECES, 4).send(&later).await.unwrap();

    let now = read(&db, tracked.id).await;
    assert_eq!((now.placed_at, now.changed_at), (created, instant("2100-01-01T00:00:00Z")));
    assert_eq!((now.version, now.pieces), (5, 4));
}

#[tokio::test]
async fn an_upsert_keeps_the_moment_of_creation_of_the_item_that_is_there() {
    let db = database(&[&tables::ORDERS]).await;
    let first = stored(&db).await;
    let again = Order { placed_at: instant("2100-01-01T00:00:00Z"), ..first.clone() };

    let upserted = again.upsert().set(Order::PIECES, 9).return_new().send(&db).await.unwrap();

    assert_eq!((upserted.placed_at, upserted.pieces), (first.placed_at, 9));
}

#[tokio::test]
async fn without_retries_there_is_one_attempt() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;
    let slow = Step::Delay(Duration::from_millis(100));
    let (slow, record) = disturbed(&db, [Step::Pass, slow]);
    let change = Order::get(order.id).retry_on_conflict(0, |order: &mut Order| {
        order.pieces += 1;
        Ok(())
    });

    let overtaken = tokio::spawn(async move { change.send(&slow).await });
    until_sent(&record, 2).await;
    Order::update(order.id).set(Order::STATUS, "paid").send(&db).await.unwrap();

    let error = overtaken.await.unwrap().unwrap_err();
    assert!(error.is_version_conflict(), "{error:?}");
    assert_eq!(record.operations(), ["GetItem", "UpdateItem"]);
}

#[tokio::test]
async fn what_a_change_makes_of_the_version_has_no_effect() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;

    let changed = Order::get(order.id).retry_on_conflict(0, |order| {
        (order.pieces, order.version) = (7, 70);
        Ok(())
    });

    assert_eq!(changed.send(&db).await.unwrap().version, 2);
    assert_eq!(read(&db, order.id).await.pieces, 7);
}

#[tokio::test]
async fn a_change_that_refuses_writes_nothing_and_is_not_tried_again() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;
    let (db, record) = recorded(&db);
    let mut calls = 0;

    let refused = Order::get(order.id).retry_on_conflict(5, |order| {
        calls += 1;
        order.pieces = 0;
        Err(Error::refused("sold out"))
    });
    let error = refused.send(&db).await.unwrap_err();

    assert!(error.is_refused(), "{error:?}");
    assert_eq!((calls, record.operations()), (1, vec!["GetItem".to_owned()]));
}

#[tokio::test]
async fn a_change_that_changes_nothing_writes_nothing() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;
    let (db, record) = recorded(&db);

    let same = Order::get(order.id).retry_on_conflict(5, |_| Ok(())).send(&db).await.unwrap();

    assert_eq!((same, record.operations()), (order, vec!["GetItem".to_owned()]));
}

#[tokio::test]
async fn a_change_of_the_key_is_refused() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;
    let other = crate::order();

    let moved = Order::get(order.id).retry_on_conflict(5, move |order| {
        order.id = other.id;
        Ok(())
    });
    let error = moved.send(&db).await.unwrap_err();

    assert!(error.is_validation() && error.attribute() == Some("id"), "{error:?}");
}

#[tokio::test]
async fn a_deletion_by_key_with_an_expected_version_tells_a_conflict_from_what_is_gone() {
    let db = database(&[&tables::ORDERS]).await;
    let order = stored(&db).await;

    let conflict = Order::delete(order.id).expect_version(9).send(&db).await.unwrap_err();
    let conflict_of_old = Order::delete(order.id).expect_version(0).return_old().send(&db).await.unwrap_err();
    Order::delete(order.id).expect_version(1).send(&db).await.unwrap();
    let gone = Order::delete(order.id).expect_version(1).send(&db).await.unwrap_err();

    for error in [conflict, conflict_of_old] {
        assert!(error.is_version_conflict() && !error.is_not_found(), "{error:?}");
        assert_eq!(error.current::<Order>().unwrap().unwrap(), order);
    }
    assert!(gone.is_not_found() && !gone.is_version_conflict(), "{gone:?}");
}

#[tokio::test]
async fn moments_of_expiry_may_lie_anywhere() {
    let db = database(&[&tables::SESSIONS]).await;
    let until = [
        None,
        Some(Timestamp::MIN),
        Some(instant("1969-12-31T23:59:59Z")),
        Some(instant("1970-01-01T00:00:00Z")),
        Some(instant("9999-12-30T22:00:00Z")),
    ];
    for (number, until) in (0..).zip(until) {
        let session = Session::builder().user("ada").number(number).until(until).build().unwrap();
        match session.put().send(&db).await {
            Ok(()) => {}
            Err(error) => assert!(error.is_validation(), "{error:?}"),
        }
    }

    let live: Vec<_> = Session::query("ada").live_only().items(&db).all().await.unwrap();
    assert_eq!(live.iter().map(|session| session.number).collect::<Vec<_>>(), [0, 4]);
}

#[test]
fn a_value_is_built_with_the_moment_of_its_expiry_in_whole_seconds() {
    let order = order();

    let until = order.expires_at.unwrap();
    assert_eq!(until.subsec_nanosecond(), 0);
    let span = until.as_second() - order.placed_at.as_second();
    assert!((30 * 86_400 - 1..=30 * 86_400 + 1).contains(&span), "{span}");
}
