//! Saves of what is not stored as the value was read: what was missing then, or was changed by another client since.

use dynamorm::{Client, Operations};

use crate::models::{Counter, Inner, Outcome};
use crate::{counter, database, lacking, raw, read};

async fn tracked(db: &Client) -> dynamorm::Tracked<Counter> {
    read(db, "a").await.tracked()
}

#[tokio::test]
async fn a_change_within_a_missing_map_stores_its_default_with_the_change() {
    let (db, _) = lacking(&["table"]).await;
    let mut counter = tracked(&db).await;

    counter.table_s.insert("key".to_owned(), 1);
    counter.save().send(&db).await.unwrap();

    assert_eq!(read(&db, "a").await.table_s, [("key".to_owned(), 1)].into());
}

#[tokio::test]
async fn a_changed_element_of_a_missing_list_stores_its_default_with_the_change() {
    let (db, _) = lacking(&["log"]).await;
    let mut counter = tracked(&db).await;

    counter.log[0] = "ended".to_owned();
    counter.save().send(&db).await.unwrap();

    assert_eq!(read(&db, "a").await.log, ["ended"]);
}

#[tokio::test]
async fn a_change_within_a_missing_part_of_a_structure_stores_the_structure() {
    let (db, _) = lacking(&[]).await;
    let inner = dynamorm::AttributeValue::M(Default::default());
    let mut item = raw(&db, "a").await.unwrap();
    item.insert("inner".to_owned(), inner);
    end_to_end::samples::put_raw(&db, "counters", item).await;
    let mut counter = tracked(&db).await;

    counter.inner.as_mut().unwrap().words[0] = "second".to_owned();
    counter.save().send(&db).await.unwrap();

    let words = vec!["second".to_owned()];
    assert_eq!(read(&db, "a").await.inner, Some(Inner { words, number: 100, text: None }));
}

#[tokio::test]
async fn a_change_within_what_another_client_has_removed_is_a_conflict() {
    let db = database().await;
    let mut value = counter("a");
    value.outcome = Some(Outcome::Won { by: 1 });
    value.put().send(&db).await.unwrap();
    let mut counter = tracked(&db).await;
    Counter::update("a").remove(Counter::OUTCOME).send(&db).await.unwrap();

    counter.outcome = Some(Outcome::Won { by: 2 });
    let error = counter.save().send(&db).await.unwrap_err();

    assert!(error.is_conflict(), "{error:?}");
    assert_eq!(read(&db, "a").await.outcome, None);
}

#[tokio::test]
async fn clients_that_save_different_variants_at_once_leave_one() {
    let db = database().await;
    let mut value = counter("a");
    value.outcome = Some(Outcome::Won { by: 1 });
    value.put().send(&db).await.unwrap();
    let (mut first, mut second) = (tracked(&db).await, tracked(&db).await);

    first.outcome = Some(Outcome::Lost { by: 1 });
    first.save().send(&db).await.unwrap();
    second.outcome = Some(Outcome::Drawn { after: 3 });
    second.save().send(&db).await.unwrap();

    assert_eq!(read(&db, "a").await.outcome, Some(Outcome::Drawn { after: 3 }));
}

#[tokio::test]
async fn a_condition_holds_for_a_save_that_is_sent_whole() {
    let (db, _) = lacking(&["table"]).await;
    let mut counter = tracked(&db).await;

    counter.table_s.insert("key".to_owned(), 1);
    let error = counter.save().when(Counter::COUNT.gt(3)).send(&db).await.unwrap_err();

    assert!(error.is_condition_failed());
    assert_eq!(raw(&db, "a").await.unwrap().get("table"), None);
}
