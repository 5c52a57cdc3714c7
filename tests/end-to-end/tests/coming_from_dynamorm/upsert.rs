//! Creating an item or updating the one that is there.

use dynamorm::{AttributeValue, Operations};
use end_to_end::connector::recorded;

use crate::models::Counter;
use crate::{counter, database, lacking, raw, read};

#[tokio::test]
async fn an_item_that_is_not_there_is_created_as_the_value_with_its_actions() {
    let db = database().await;
    let value = Counter { note: Some("of the value".to_owned()), ..counter("a") };

    let upsert = Counter::upsert(&value).set(Counter::TITLE, "set").add(Counter::COUNT, 1);
    upsert.append(Counter::LOG, ["ended"]).remove(Counter::NOTE).send(&db).await.unwrap();

    let log = vec!["begun".to_owned(), "ended".to_owned()];
    assert_eq!(read(&db, "a").await, Counter { title: "set".to_owned(), count: 4, log, ..counter("a") });
}

#[tokio::test]
async fn of_an_item_that_is_there_only_what_the_actions_name_changes() {
    let db = database().await;
    let stored = Counter { count: 100, note: Some("stored".to_owned()), ..counter("a") };
    stored.put().send(&db).await.unwrap();

    let value = Counter { title: "of the value".to_owned(), note: None, ..counter("a") };
    Counter::upsert(&value).add(Counter::COUNT, 1).prepend(Counter::LOG, ["first"]).send(&db).await.unwrap();

    let log = vec!["first".to_owned(), "begun".to_owned()];
    assert_eq!(read(&db, "a").await, Counter { count: 101, log, ..stored });
}

#[tokio::test]
async fn an_attribute_that_the_stored_item_lacks_is_given_the_value_of_the_value() {
    let (db, counter) = lacking(&["title", "level"]).await;

    Counter::upsert(&Counter { level: 77, ..counter }).add(Counter::COUNT, 1).send(&db).await.unwrap();

    let after = read(&db, "a").await;
    assert_eq!((after.title.as_str(), after.level, after.count), ("a title", 77, 4));
}

#[tokio::test]
async fn an_upsert_without_actions_creates_the_item_and_changes_none() {
    let db = database().await;

    Counter::upsert(&counter("a")).send(&db).await.unwrap();
    Counter::upsert(&Counter { count: 9, ..counter("a") }).send(&db).await.unwrap();

    assert_eq!(read(&db, "a").await, counter("a"));
}

#[tokio::test]
async fn attributes_that_the_model_does_not_know_stay() {
    let db = database().await;
    let mut item = counter("a").to_item().unwrap();
    item.insert("unknown".to_owned(), AttributeValue::Bool(true));
    end_to_end::samples::put_raw(&db, "counters", item).await;

    Counter::upsert(&counter("a")).add(Counter::COUNT, 1).send(&db).await.unwrap();

    assert_eq!(raw(&db, "a").await.unwrap()["unknown"], AttributeValue::Bool(true));
}

#[tokio::test]
async fn the_item_is_returned_where_it_is_wanted() {
    let db = database().await;

    let created = Counter::upsert(&counter("a")).add(Counter::COUNT, 1).return_new().send(&db).await.unwrap();
    let updated = Counter::upsert(&counter("a")).add(Counter::COUNT, 1).return_new().send(&db).await.unwrap();

    assert_eq!((created.count, updated.count), (4, 5));
}

#[tokio::test]
async fn a_condition_is_demanded_of_an_item_that_is_there_alone() {
    let db = database().await;
    let upsert = || Counter::upsert(&counter("a")).set(Counter::COUNT, 9).when(Counter::COUNT.lt(9));

    upsert().send(&db).await.unwrap();
    let error = upsert().send(&db).await.unwrap_err();

    assert!(error.is_condition_failed(), "{error:?}");
    assert_eq!(error.current::<Counter>().unwrap().unwrap().count, 9);
}

#[tokio::test]
async fn members_are_added_to_a_set() {
    let db = database().await;
    let upsert = |tag: &'static str| Counter::upsert(&counter("a")).add(Counter::TAGS, [tag]);

    upsert("x").send(&db).await.unwrap();
    upsert("y").send(&db).await.unwrap();

    assert_eq!(read(&db, "a").await.tags, ["x".to_owned(), "y".to_owned()].into());
}

#[tokio::test]
async fn members_of_the_value_that_are_not_added_are_refused_before_anything_is_sent() {
    let (db, record) = recorded(&database().await);
    let value = Counter { tags: ["x".to_owned()].into(), ..counter("a") };

    let added = Counter::upsert(&value).add(Counter::TAGS, ["y"]).send(&db).await.unwrap_err();
    let taken = Counter::upsert(&value).delete_from(Counter::TAGS, ["x"]).send(&db).await.unwrap_err();

    for error in [added, taken] {
        assert!(error.is_validation(), "{error:?}");
        assert_eq!(error.attribute(), Some("tags"));
    }
    assert!(record.sent().is_empty());
}

#[tokio::test]
async fn an_addition_out_of_range_neither_creates_nor_changes() {
    let db = database().await;

    let created = Counter::upsert(&counter("a")).add(Counter::COUNT, -4).send(&db).await.unwrap_err();
    let absent = Counter::upsert(&counter("a")).add(Counter::DRIFT, -200).send(&db).await.unwrap_err();
    assert!(raw(&db, "a").await.is_none());
    counter("a").put().send(&db).await.unwrap();
    let changed = Counter::upsert(&counter("a")).add(Counter::COUNT, -4).send(&db).await.unwrap_err();

    for (error, attribute) in [(created, "count"), (absent, "drift"), (changed, "count")] {
        assert!(error.is_out_of_range(), "{error:?}");
        assert_eq!(error.attribute(), Some(attribute));
    }
    assert_eq!(read(&db, "a").await, counter("a"));
}

#[tokio::test]
async fn every_invalid_value_is_reported_and_nothing_is_sent() {
    let (db, record) = recorded(&database().await);
    let value = Counter { title: String::new(), ..counter("a") };

    let upsert = Counter::upsert(&value).set(Counter::NOTE, "x").set(Counter::TITLE, "");
    let error = upsert.send(&db).await.unwrap_err();

    assert!(error.is_validation(), "{error:?}");
    assert!(error.violations().len() >= 2, "{error:?}");
    assert!(record.sent().is_empty());
}

#[tokio::test]
async fn an_upsert_is_part_of_a_transaction() {
    let db = database().await;
    counter("b").put().send(&db).await.unwrap();

    dynamorm::transaction()
        .upsert(Counter::upsert(&counter("a")).add(Counter::COUNT, 1))
        .upsert(Counter::upsert(&Counter { count: 50, ..counter("b") }).add(Counter::COUNT, 1))
        .send(&db)
        .await
        .unwrap();

    assert_eq!((read(&db, "a").await.count, read(&db, "b").await.count), (4, 4));
}

#[tokio::test]
async fn a_created_item_is_in_its_indexes() {
    let db = database().await;

    Counter::upsert(&counter("a")).set(Counter::TITLE, "indexed").send(&db).await.unwrap();

    let found = Counter::by_title("indexed").send(&db).await.unwrap().into_items().unwrap();
    assert_eq!(found, [Counter { title: "indexed".to_owned(), ..counter("a") }]);
}
