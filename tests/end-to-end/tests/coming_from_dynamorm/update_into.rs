//! Updates whose outcome is taken over into a value.

use dynamorm::Operations;
use end_to_end::connector::recorded;

use crate::models::{Counter, Inner};
use crate::{counter, database, read};

#[tokio::test]
async fn the_updated_attributes_are_taken_over_and_no_others() {
    let db = database().await;
    let mut instance = counter("a");
    instance.put().send(&db).await.unwrap();
    Counter::update("a").set(Counter::TITLE, "of another").add(Counter::COUNT, 10).send(&db).await.unwrap();

    let update = Counter::update(&instance).add(Counter::COUNT, 1).set(Counter::NOTE, "new");
    update.return_updated_into(&mut instance).send(&db).await.unwrap();

    assert_eq!(instance, Counter { count: 14, note: Some("new".to_owned()), ..counter("a") });
    assert_eq!(read(&db, "a").await.title, "of another");
}

#[tokio::test]
async fn a_removed_attribute_is_removed_from_the_value() {
    let db = database().await;
    let mut instance = Counter { note: Some("old".to_owned()), ..counter("a") };
    instance.put().send(&db).await.unwrap();

    let update = Counter::update(&instance).remove(Counter::NOTE);
    update.return_updated_into(&mut instance).send(&db).await.unwrap();

    assert_eq!(instance, counter("a"));
}

#[tokio::test]
async fn a_change_within_an_attribute_takes_the_whole_attribute_over() {
    let db = database().await;
    let inner = Inner::builder().text("kept").build().unwrap();
    let mut instance = Counter { inner: Some(inner.clone()), ..counter("a") };
    instance.put().send(&db).await.unwrap();

    let update = Counter::update(&instance)
        .set(Counter::INNER.field(Inner::WORDS).at(0), "changed")
        .add(Counter::INNER.field(Inner::NUMBER), 1);
    update.return_updated_into(&mut instance).send(&db).await.unwrap();

    let expected = Inner { words: vec!["changed".to_owned()], number: 101, ..inner };
    assert_eq!(instance, Counter { inner: Some(expected), ..counter("a") });
}

#[tokio::test]
async fn a_failed_update_leaves_the_value_as_it_is() {
    let db = database().await;
    let mut instance = counter("a");
    instance.put().send(&db).await.unwrap();

    let update = Counter::update(&instance).add(Counter::COUNT, 1);
    let update = update.return_updated_into(&mut instance).when(Counter::NOTE.exists());
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_condition_failed(), "{error:?}");
    assert_eq!(instance, counter("a"));
}

#[tokio::test]
async fn a_value_of_another_item_is_refused_before_anything_is_sent() {
    let (db, record) = recorded(&database().await);
    let mut instance = counter("b");

    let update = Counter::update("a").add(Counter::COUNT, 1).return_updated_into(&mut instance);
    let error = update.send(&db).await.unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    assert!(record.sent().is_empty());
}
