//! A put that returns the item that is there instead.

use dynamorm::{AttributeValue, Operations};
use end_to_end::connector::recorded;

use crate::models::Counter;
use crate::{counter, database, read};

#[tokio::test]
async fn an_item_that_is_not_there_is_written() {
    let db = database().await;

    let there = counter("a").put().or_get().send(&db).await.unwrap();

    assert_eq!(there, None);
    assert_eq!(read(&db, "a").await, counter("a"));
}

#[tokio::test]
async fn an_item_that_is_there_is_returned_and_stays() {
    let db = database().await;
    let first = Counter { note: Some("first".to_owned()), ..counter("a") };
    first.put().send(&db).await.unwrap();
    let (db, record) = recorded(&db);

    let there = counter("a").put().or_get().send(&db).await.unwrap();

    assert_eq!(there.as_ref(), Some(&first));
    assert_eq!(record.sent().len(), 1);
    assert_eq!(read(&db, "a").await, first);
}

#[tokio::test]
async fn an_item_that_is_there_and_cannot_be_read_is_an_item_error() {
    let db = database().await;
    let mut item = counter("a").to_item().unwrap();
    item.insert("count".to_owned(), AttributeValue::S("three".to_owned()));
    end_to_end::samples::put_raw(&db, "counters", item).await;

    let error = counter("a").put().or_get().send(&db).await.unwrap_err();

    assert!(error.is_item_error(), "{error:?}");
    assert_eq!(error.attribute(), Some("count"));
}
