//! Unique values in transactions of the caller.

use std::time::Duration;

use dynamorm::{Client, Operations, Transaction};
use end_to_end::connector::{Step, disturbed, recorded};
use end_to_end::samples::database;
use serde_json::json;

use crate::models::{Member, Note, Reservation, tables};
use crate::unique::{assert_clean, guards, member, members, put, read};
use crate::until_sent;

async fn two_members() -> Client {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    put(&db, "2", Some("grace@example.org"), 2).await.unwrap();
    db
}

#[tokio::test]
async fn a_value_moves_from_one_item_to_another() {
    let db = two_members().await;

    // Either may come first.
    dynamorm::transaction()
        .put(member("1", None, 1).put())
        .put(member("2", Some("ada@example.org"), 2).put())
        .send(&db)
        .await
        .unwrap();
    dynamorm::transaction()
        .put(member("1", Some("ada@example.org"), 1).put())
        .delete(Member::delete(("acme", "2")))
        .send(&db)
        .await
        .unwrap();

    assert_eq!((guards(&db).await, read(&db, "2").await), (2, None));
    assert_clean(&db).await;
}

#[tokio::test]
async fn two_items_exchange_their_values() {
    let db = two_members().await;
    let (recording, record) = recorded(&db);

    dynamorm::transaction()
        .put(member("1", Some("grace@example.org"), 2).put())
        .put(member("2", Some("ada@example.org"), 1).put())
        .send(&recording)
        .await
        .unwrap();

    let sent = record.sent().pop().unwrap();
    assert_eq!(sent.body["TransactItems"].as_array().unwrap().len(), 6);
    assert_eq!(read(&db, "1").await, Some(member("1", Some("grace@example.org"), 2)));
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_value_that_moves_must_be_one_of_its_two_items() {
    let db = two_members().await;
    // The guard of "ada" is that of a third item, which has the value too.
    let third = member("3", Some("ada@example.org"), 3);
    put(&db, "1", None, 1).await.unwrap();
    third.put().send(&db).await.unwrap();
    let first = member("1", Some("ada@example.org"), 1).to_item().unwrap();
    end_to_end::samples::put_raw(&db, "members", first).await;

    let transaction = dynamorm::transaction()
        .put(member("1", None, 1).put())
        .put(member("2", Some("ada@example.org"), 2).put());
    let error = transaction.send(&db).await.unwrap_err();

    let (position, cause) = error.cancellations().next().unwrap();
    assert!(position == 1 && cause.is_not_unique() && cause.attribute() == Some("email"), "{error:?}");
}

#[tokio::test]
async fn what_changes_while_a_transaction_is_prepared_is_read_again() {
    let db = two_members().await;
    let slow = [Step::Pass, Step::Pass, Step::Delay(Duration::from_millis(200))];
    let (slow, record) = disturbed(&db, slow);

    let task = tokio::spawn(async move {
        let transaction = dynamorm::transaction()
            .put(member("1", Some("new@example.org"), 1).put())
            .delete(Member::delete(("acme", "2")));
        transaction.send(&slow).await
    });
    until_sent(&record, 3).await;
    put(&db, "1", Some("other@example.org"), 1).await.unwrap();
    task.await.unwrap().unwrap();

    assert_eq!((guards(&db).await, read(&db, "2").await), (2, None));
    assert_eq!(read(&db, "1").await.unwrap().email.as_deref(), Some("new@example.org"));
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_named_transaction_whose_unique_values_have_changed_is_a_conflict_at_once() {
    let db = two_members().await;
    let slow = [Step::Pass, Step::Delay(Duration::from_millis(200))];
    let (slow, record) = disturbed(&db, slow);
    let record_of_task = record.clone();

    let task = tokio::spawn(async move {
        let transaction = dynamorm::transaction().put(member("1", Some("new@example.org"), 1).put());
        transaction.token("a name").send(&slow).await
    });
    until_sent(&record, 2).await;
    put(&db, "1", Some("other@example.org"), 1).await.unwrap();
    let error = task.await.unwrap().unwrap_err();

    assert!(error.is_conflict() && error.cancellations().next().unwrap().1.is_conflict(), "{error:?}");
    assert!(error.to_string().contains("what the write depends on has changed since it was read"), "{error}");
    assert_eq!(record_of_task.operations(), ["GetItem", "TransactWriteItems"]);
}

#[tokio::test]
async fn a_condition_that_does_not_hold_beside_a_changed_value_is_final() {
    let db = two_members().await;
    let slow = [Step::Pass, Step::Delay(Duration::from_millis(200))];
    let (slow, record) = disturbed(&db, slow);

    let task = tokio::spawn(async move {
        let transaction = dynamorm::transaction()
            .put(member("1", Some("new@example.org"), 1).put())
            .check(Member::check(("acme", "2")).when(Member::NAME.eq("nobody")));
        transaction.send(&slow).await
    });
    until_sent(&record, 2).await;
    put(&db, "1", Some("other@example.org"), 1).await.unwrap();
    let error = task.await.unwrap().unwrap_err();

    let causes: Vec<_> = error.cancellations().collect();
    assert!(causes[0].0 == 0 && causes[0].1.is_conflict(), "{error:?}");
    assert!(causes[1].0 == 1 && causes[1].1.is_condition_failed(), "{error:?}");
}

#[tokio::test]
async fn a_named_transaction_whose_response_is_lost_takes_its_values_once() {
    let db = two_members().await;
    let (disturbed, record) = disturbed(&db, [Step::Pass, Step::LoseResponse]);

    let transaction = dynamorm::transaction()
        .put(member("1", Some("new@example.org"), 1).put())
        .put(member("3", Some("ada@example.org"), 3).put().if_not_exists());
    transaction.token("a name").send(&disturbed).await.unwrap();

    let sent = record.sent();
    assert_eq!(sent[1], sent[2]);
    assert_eq!(sent[1].body["ClientRequestToken"], "a name");
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_cancelled_transaction_has_the_item_that_stood_in_the_way_of_each_operation() {
    let db = two_members().await;

    let error = dynamorm::transaction()
        .update(Member::update(("acme", "1")).set(Member::NAME, "Ada").when(Member::NAME.eq("nobody")))
        .put(member("2", Some("new@example.org"), 2).put().if_not_exists())
        .check(Member::check(("acme", "9")))
        .send(&db)
        .await
        .unwrap_err();

    let causes: Vec<_> = error.cancellations().collect();
    assert_eq!(causes.iter().map(|(position, _)| *position).collect::<Vec<_>>(), [0, 1, 2]);
    assert!(causes[0].1.is_condition_failed() && causes[1].1.is_already_exists(), "{error:?}");
    assert!(causes[2].1.is_not_found(), "{error:?}");
    let current = causes[0].1.current::<Member>().unwrap().unwrap();
    assert_eq!(current, member("1", Some("ada@example.org"), 1));
    assert!(error.is_cancelled() && !error.is_not_unique());
}

#[tokio::test]
async fn a_token_that_named_another_transaction_is_refused_as_that() {
    let db = database(&[&tables::NOTES]).await;
    let (db, _) = disturbed(&db, [Step::exception(400, "IdempotentParameterMismatchException")]);
    let mut note = Note::builder().text("a").build().unwrap();

    let error = dynamorm::transaction().put(note.put()).token("a").send(&db).await.unwrap_err();

    assert!(error.is_rejected() && !error.is_cancelled(), "{error:?}");
}

/// Reservations without unique values, each of which is one operation.
fn plain(count: usize, room: &str) -> Transaction<'static> {
    (0..count).fold(dynamorm::transaction(), |transaction, number| {
        let reservation = Reservation::builder().id(number.to_string()).room(room.to_owned());
        transaction.put(reservation.build().unwrap().put().if_not_exists())
    })
}

#[tokio::test]
async fn a_transaction_has_at_most_a_hundred_operations_with_its_guards() {
    let db = database(&[&tables::MEMBERS, &tables::RESERVATIONS]).await;
    let full = plain(97, "a").put(member("1", Some("ada@example.org"), 1).put().if_not_exists());
    full.send(&db).await.unwrap();

    let (recording, record) = recorded(&db);
    let over = plain(98, "a").put(member("2", Some("grace@example.org"), 2).put().if_not_exists());
    let error = over.send(&recording).await.unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    let expected = "at most 100 operations, not 101, of which 2 are those of guards";
    assert!(error.to_string().contains(expected), "{error}");
    assert_eq!(record.operations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_hundred_operations_are_carried_out_and_one_more_is_refused() {
    let db = database(&[&tables::RESERVATIONS]).await;

    plain(100, "a").send(&db).await.unwrap();
    let error = plain(101, "a").send(&db).await.unwrap_err();

    assert!(error.is_validation() && error.to_string().contains("not 101"), "{error}");
    assert_eq!(Reservation::scan().count(&db).await.unwrap(), 100);
}

#[tokio::test]
async fn four_megabytes_are_carried_out_and_more_is_refused() {
    let db = database(&[&tables::RESERVATIONS]).await;
    plain(11, &"a".repeat(380_000)).send(&db).await.unwrap();

    let error = plain(12, &"a".repeat(380_000)).send(&db).await.unwrap_err();

    assert!(error.is_validation() && error.to_string().contains("at most 4 MB"), "{error}");
}

#[tokio::test]
async fn two_operations_on_one_item_are_refused_before_anything_is_sent() {
    let db = database(&[&tables::RESERVATIONS]).await;
    let (db, record) = recorded(&db);

    let error = dynamorm::transaction()
        .check(Reservation::check("1"))
        .update(Reservation::update("2").set(Reservation::GUESTS, 1))
        .update(Reservation::update("1").set(Reservation::GUESTS, 1))
        .send(&db)
        .await
        .unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    assert_eq!(error.violations().len(), 1);
    assert_eq!(error.violations()[0].path(), "[2]");
    assert!(error.to_string().contains("concerns the same item as [0]"), "{error}");
    assert_eq!(record.operations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_transaction_in_the_way_of_others_is_sent_again_under_its_name() {
    let db = two_members().await;
    let reasons =
        json!([{ "Code": "None" }, { "Code": "TransactionConflict" }, { "Code": "ThrottlingError" }]);
    let cancelled = Step::Answer(
        400,
        json!({
            "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
            "Message": "by the script",
            "CancellationReasons": reasons,
        }),
    );
    let (disturbed, record) = disturbed(&db, [Step::Pass, cancelled.clone(), cancelled]);

    put(&disturbed, "1", Some("new@example.org"), 1).await.unwrap();

    let sent = record.sent();
    assert_eq!(
        record.operations(),
        ["GetItem"].into_iter().chain(["TransactWriteItems"; 3]).collect::<Vec<_>>()
    );
    assert!(sent[1..].windows(2).all(|pair| pair[0].body == pair[1].body));
    assert_clean(&db).await;
}
