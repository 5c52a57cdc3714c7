//! Putting an item or getting the one that is there, where values are unique or versions count.

use dynamorm::Ulid;
use end_to_end::connector::{Step, disturbed, recorded};
use end_to_end::samples::database;

use crate::models::{Account, Order, tables};
use crate::order;
use crate::unique::{assert_clean, guards, member, members, put, read};

#[tokio::test]
async fn a_new_item_takes_its_unique_values_in_one_request() {
    let (db, record) = recorded(&members().await);

    let there = member("1", Some("ada@example.org"), 1).put().or_get().send(&db).await.unwrap();

    assert_eq!((there, record.operations()), (None, vec!["TransactWriteItems".to_owned()]));
    assert_eq!(guards(&db).await, 2);
    assert_clean(&db).await;
}

#[tokio::test]
async fn the_item_that_has_the_key_is_returned_and_keeps_its_unique_values() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();
    put(&db, "2", Some("grace@example.org"), 2).await.unwrap();
    let first = read(&db, "1").await;

    // With its own values, with new ones, and with those of another item.
    for email in ["ada@example.org", "new@example.org", "grace@example.org"] {
        let there = member("1", Some(email), 9).put().or_get().send(&db).await.unwrap();
        assert_eq!(there, first, "{email}");
    }

    assert_eq!(guards(&db).await, 4);
    assert_clean(&db).await;
}

#[tokio::test]
async fn a_new_item_with_a_value_of_another_item_is_an_error_that_names_the_field() {
    let db = members().await;
    put(&db, "1", Some("ada@example.org"), 1).await.unwrap();

    let error = member("2", Some("ada@example.org"), 2).put().or_get().send(&db).await.unwrap_err();

    assert!(error.is_not_unique() && error.attribute() == Some("email"), "{error:?}");
    assert_eq!(read(&db, "2").await, None);
}

#[tokio::test]
async fn a_value_is_written_back_into_only_if_it_was_written() {
    let db = database(&[&tables::ACCOUNTS]).await;
    let id = Ulid::generate();
    let mut first = Account::builder().id(id).login("ada").build().unwrap();
    let mut second = Account::builder().id(id).login("grace").build().unwrap();

    assert_eq!(first.put().or_get().send(&db).await.unwrap(), None);
    let there = second.put().or_get().send(&db).await.unwrap();

    assert_eq!((first.version, second.version), (1, 0));
    assert_eq!(there, Some(first));
}

#[tokio::test]
async fn an_item_with_unique_values_whose_response_is_lost_is_new() {
    let db = members().await;
    let (disturbed, record) = disturbed(&db, [Step::LoseResponse]);

    let there = member("1", Some("ada@example.org"), 1).put().or_get().send(&disturbed).await.unwrap();

    assert_eq!((there, record.operations().len()), (None, 2));
    assert_clean(&db).await;
}

#[tokio::test]
async fn an_item_that_is_there_after_a_lost_response_is_never_said_to_be_anothers() {
    let db = database(&[&tables::ORDERS]).await;
    let (disturbed, _) = disturbed(&db, [Step::LoseResponse, Step::Pass, Step::LoseResponse]);
    let (mut first, mut second) = (order(), order());

    let there = first.put().or_get().send(&disturbed).await;
    let refused = second.put().if_not_exists().send(&disturbed).await;

    assert_eq!(there.unwrap(), None);
    refused.unwrap();
    assert_eq!((first.version, second.version), (1, 1));
    assert_eq!(Order::scan().count(&db).await.unwrap(), 2);
}
