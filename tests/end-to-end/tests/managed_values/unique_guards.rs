//! Guards of unique values: which there are, and those that no item stands behind any more.

use std::time::Duration;

use dynamorm::{Client, Operations, Timestamp, Ulid, Uuid};
use end_to_end::connector::{Step, disturbed, recorded};
use end_to_end::samples::{database, instant, put_raw};

use crate::models::{Account, Member, Reservation, Seat, tables};
use crate::unique::{assert_clean, guards, member, members, put, read};
use crate::until_sent;

async fn reservations() -> Client {
    database(&[&tables::RESERVATIONS]).await
}

fn reservation(id: &str) -> Reservation {
    Reservation::builder().id(id).build().unwrap()
}

/// What DynamoDB does to an item that has expired, and writers do that know nothing of guards.
async fn vanish(db: &Client, id: &str) {
    let key = member(id, None, 0).to_item().unwrap();
    let delete = db.sdk().delete_item().table_name(db.table_name(&tables::MEMBERS));
    delete.key("tenant", key["tenant"].clone()).key("id", key["id"].clone()).send().await.unwrap();
}

#[tokio::test]
async fn fields_that_are_unique_together_are_free_where_one_has_no_value() {
    let db = reservations().await;
    let slot = Some(instant("2026-03-01T12:00:00Z"));
    let room = Some("blue".to_owned());
    for (id, room, slot) in
        [("1", room.clone(), None), ("2", room.clone(), None), ("3", None, slot), ("4", None, slot)]
    {
        Reservation { room, slot, ..reservation(id) }.put().send(&db).await.unwrap();
    }

    let full = |id: &str| Reservation { room: room.clone(), slot, ..reservation(id) };
    full("1").put().send(&db).await.unwrap();
    let error = full("2").put().send(&db).await.unwrap_err();
    assert!(error.is_not_unique() && error.attribute() == Some("room, slot"), "{error:?}");

    // Without one of them it is free again.
    let mut first = full("1").tracked();
    first.slot = None;
    first.save().send(&db).await.unwrap();
    full("2").put().send(&db).await.unwrap();
    assert!(db.check_unique::<Reservation>().await.unwrap().is_clean());
}

#[tokio::test]
async fn equal_values_are_one_however_they_were_written() {
    let db = reservations().await;
    let utc = "2026-03-01T12:00:00Z".parse::<Timestamp>().unwrap();
    let elsewhere = "2026-03-01T14:00:00.000+02:00".parse::<Timestamp>().unwrap();
    let lower = "67e55044-10b1-426f-9247-bb680e5fe0c8".parse::<Uuid>().unwrap();
    let upper = "67E5504410B1426F9247BB680E5FE0C8".parse::<Uuid>().unwrap();
    let room = Some("blue".to_owned());
    let first = Reservation {
        room: room.clone(),
        slot: Some(utc),
        ticket: Some(lower),
        seat: Some(Seat::Window),
        ..reservation("1")
    };
    first.put().send(&db).await.unwrap();

    let others = [
        (Reservation { room, slot: Some(elsewhere), ..reservation("2") }, "room, slot"),
        (Reservation { ticket: Some(upper), ..reservation("2") }, "ticket"),
        (Reservation { seat: Some(Seat::Window), ..reservation("2") }, "seat"),
    ];
    for (other, attribute) in others {
        let error = other.put().send(&db).await.unwrap_err();
        assert!(error.is_not_unique() && error.attribute() == Some(attribute), "{error:?}");
    }
    Reservation { seat: Some(Seat::Aisle), ..reservation("2") }.put().send(&db).await.unwrap();
}

#[tokio::test]
async fn the_value_of_an_item_that_has_vanished_goes_to_the_next_that_wants_it() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    put(&db, "2", Some("grace@example.org"), 2).await.unwrap();
    put(&db, "3", Some("mary@example.org"), 3).await.unwrap();
    vanish(&db, "1").await;
    vanish(&db, "2").await;

    put(&db, "4", Some("ada@example.org"), 1).await.unwrap();
    let mut tracked = read(&db, "3").await.unwrap().tracked();
    tracked.email = Some("grace@example.org".to_owned());
    tracked.save().send(&db).await.unwrap();
    let again = dynamorm::transaction().put(member("2", None, 2).put().if_not_exists());
    again.send(&db).await.unwrap();

    assert_eq!(guards(&db).await, 5);
    assert_clean(&db).await;
}

#[tokio::test]
async fn the_value_of_an_item_that_has_expired_is_free_once_it_is_deleted() {
    let db = reservations().await;
    let code = || Some("x".to_owned());
    let until = Some(instant("2020-01-01T00:00:00Z"));
    Reservation { code: code(), until, ..reservation("1") }.put().send(&db).await.unwrap();

    let second = Reservation { code: code(), ..reservation("2") };
    assert!(second.put().send(&db).await.unwrap_err().is_not_unique());
    let delete = db.sdk().delete_item().table_name(db.table_name(&tables::RESERVATIONS));
    delete.key("id", dynamorm::AttributeValue::S("1".to_owned())).send().await.unwrap();
    second.put().send(&db).await.unwrap();

    assert!(db.check_unique::<Reservation>().await.unwrap().is_clean());
}

#[tokio::test]
async fn a_value_that_its_item_does_not_have_any_more_goes_to_the_next_that_wants_it() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    put_raw(&db, "members", member("1", Some("other@example.org"), 1).to_item().unwrap()).await;

    put(&db, "2", Some("ada@example.org"), 2).await.unwrap();

    // The value that the other writer gave the first has no guard yet.
    let report = db.check_unique::<Member>().await.unwrap();
    assert_eq!((report.missing().len(), report.left_over().len()), (1, 0));
}

#[tokio::test]
async fn a_left_over_value_is_not_taken_where_its_item_gets_it_back_meanwhile() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    vanish(&db, "1").await;
    let (slow, record) = disturbed(
        &db,
        [Step::Pass, Step::Pass, Step::Pass, Step::Pass, Step::Delay(Duration::from_millis(200))],
    );

    let taking = tokio::spawn(async move { put(&slow, "2", Some("ada@example.org"), 2).await });
    until_sent(&record, 5).await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    let error = taking.await.unwrap().unwrap_err();

    assert!(error.is_not_unique() && error.attribute() == Some("email"), "{error:?}");
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_value_that_is_in_use_costs_no_second_transaction() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    let (recording, record) = recorded(&db);

    let error = put(&recording, "2", Some("ada@example.org"), 2).await.unwrap_err();

    assert!(error.is_not_unique(), "{error:?}");
    assert_eq!(record.operations(), ["GetItem", "TransactWriteItems", "GetItem", "GetItem"]);
}

#[tokio::test]
async fn an_item_can_give_up_a_value_that_another_item_holds() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    for id in ["2", "3", "4", "5"] {
        let item = member(id, Some("ada@example.org"), id.parse().unwrap()).to_item().unwrap();
        put_raw(&db, "members", item).await;
    }

    put(&db, "2", Some("grace@example.org"), 2).await.unwrap();
    Member::delete(("acme", "3")).send(&db).await.unwrap();
    let mut tracked = read(&db, "4").await.unwrap().tracked();
    tracked.email = None;
    tracked.save().send(&db).await.unwrap();
    dynamorm::transaction().delete(Member::delete(("acme", "5"))).send(&db).await.unwrap();

    let report = db.check_unique::<Member>().await.unwrap();
    assert_eq!((report.duplicates().len(), report.left_over().len()), (0, 0));
    let error = put(&db, "6", Some("ada@example.org"), 6).await.unwrap_err();
    assert!(error.is_not_unique(), "{error:?}");
}

#[tokio::test]
async fn a_value_may_be_as_long_as_the_key_of_its_guard_allows_and_no_longer() {
    let db = database(&[&tables::ACCOUNTS]).await;
    let longest = 2_048 - "$dynamorm:unique:Account:5:loginS1234:".len();
    let account =
        |length| Account::builder().id(Ulid::generate()).login("ä".repeat(length / 2)).build().unwrap();

    account(longest).put().send(&db).await.unwrap();
    let taken = account(longest).put().send(&db).await.unwrap_err();
    let longer = account(longest + 2).put().send(&db).await.unwrap_err();

    assert!(taken.is_not_unique(), "{taken:?}");
    assert!(longer.is_validation() && longer.attribute() == Some("login"), "{longer:?}");
    assert!(db.check_unique::<Account>().await.unwrap().is_clean());
}
