//! What builders and writes give to fields that were not given.

use dynamorm::{AttributeValue, Operations, Timestamp, Ulid, Uuid};
use end_to_end::samples::{database, instant};

use crate::models::{Line, Note, Order, tables};
use crate::{at, order, read, stored};

fn seconds_between(left: Timestamp, right: Timestamp) -> i64 {
    right.as_second() - left.as_second()
}

#[test]
fn a_builder_generates_ids_and_instants() {
    let before = dynamorm::now();
    let (first, second) = (order(), order());

    assert_ne!(first.id, second.id);
    assert!(first.placed_at >= before && second.placed_at >= first.placed_at);
    assert_eq!(first.version, 0);
    let expires_at = first.expires_at.unwrap();
    assert!((30 * 86_400 - 1..=30 * 86_400).contains(&seconds_between(first.placed_at, expires_at)));
    assert_eq!(expires_at.subsec_nanosecond(), 0);
}

#[test]
fn a_builder_keeps_what_it_is_given() {
    let (id, placed_at) = (Ulid::from_bytes([7; 16]), instant("2024-03-01T12:00:00Z"));

    let order =
        Order::builder().customer("Ada").lines(Vec::new()).id(id).placed_at(placed_at).expires_at(None);
    let order = order.build().unwrap();

    assert_eq!((order.id, order.placed_at, order.expires_at), (id, placed_at, None));
}

#[test]
fn a_nested_type_generates_ids_and_instants_that_its_stored_form_holds() {
    let line = Line::builder().sku("A-1").build().unwrap();
    let later = Line::builder().sku("A-2").build().unwrap();

    assert_eq!(line.number.get_version_num(), 7);
    assert!(later.number > line.number);
    assert_eq!(line.added_at.subsec_nanosecond() % 1_000_000, 0);
    assert_eq!(Note::builder().text("a").build().unwrap().id.get_version_num(), 4);
}

#[tokio::test]
async fn a_put_sets_the_moment_of_change_and_writes_it_back() {
    let db = database(&[&tables::NOTES]).await;
    let mut note = Note::builder().text("first").build().unwrap();

    note.put().send(&at(&db, "2024-03-01T12:00:00.999999Z")).await.unwrap();

    assert_eq!(note.changed_at, instant("2024-03-01T12:00:00Z"));
    assert_eq!(Note::get(note.id).consistent().send(&db).await.unwrap(), Some(note));
}

#[tokio::test]
async fn an_update_by_key_sets_the_moment_of_change() {
    let db = database(&[&tables::NOTES]).await;
    let mut note = Note::builder().text("first").build().unwrap();
    note.put().send(&db).await.unwrap();

    Note::update(note.id).set(Note::TEXT, "second").send(&at(&db, "2030-01-01T00:00:00.5Z")).await.unwrap();

    let read = Note::get(note.id).consistent().send(&db).await.unwrap().unwrap();
    assert_eq!((read.text.as_str(), read.changed_at), ("second", instant("2030-01-01T00:00:00Z")));
}

#[tokio::test]
async fn a_save_sets_the_moment_of_change_and_writes_it_back() {
    let db = database(&[&tables::ORDERS]).await;
    let mut tracked = stored(&db).await.tracked();

    tracked.status = "paid".to_owned();
    tracked.save().send(&at(&db, "2030-01-01T00:00:00.000001Z")).await.unwrap();

    assert_eq!(tracked.changed_at, instant("2030-01-01T00:00:00.000001Z"));
    assert_eq!(read(&db, tracked.id).await, *tracked);
}

#[tokio::test]
async fn a_save_without_changes_sends_nothing() {
    let db = database(&[&tables::ORDERS]).await;
    let mut tracked = stored(&db).await.tracked();

    tracked.save().send(&at(&db, "2030-01-01T00:00:00Z")).await.unwrap();

    assert_eq!(tracked.version, 1);
    assert_eq!(read(&db, tracked.id).await, *tracked);
}

#[tokio::test]
async fn what_is_managed_cannot_be_changed_by_hand() {
    let db = database(&[&tables::ORDERS]).await;
    let mut tracked = stored(&db).await.tracked();

    tracked.version = 77;
    tracked.changed_at = instant("1999-01-01T00:00:00Z");
    tracked.status = "paid".to_owned();
    tracked.save().send(&at(&db, "2030-01-01T00:00:00Z")).await.unwrap();

    assert_eq!((tracked.version, tracked.changed_at), (2, instant("2030-01-01T00:00:00Z")));
}

#[tokio::test]
async fn a_batch_sets_the_moment_of_change() {
    let db = database(&[&tables::NOTES]).await;
    let notes: Vec<_> = (0..3).map(|_| Note::builder().text("a").build().unwrap()).collect();

    dynamorm::batch_write().put_all(&notes).send(&at(&db, "2030-01-01T00:00:00Z")).await.unwrap();

    let all = Note::scan().items(&db).all().await.unwrap();
    assert_eq!(all.len(), 3);
    assert!(all.iter().all(|note| note.changed_at == instant("2030-01-01T00:00:00Z")));
}

#[tokio::test]
async fn a_request_for_the_sdk_has_what_is_managed() {
    let db = at(&database(&[&tables::ORDERS]).await, "2030-01-01T00:00:00Z");
    let mut order = order();

    let request = order.put().into_sdk(&db).unwrap();

    let item = request.get_item().clone().unwrap();
    assert_eq!(item["version"], AttributeValue::N("1".to_owned()));
    assert_eq!(item["changed"], AttributeValue::S("2030-01-01T00:00:00.000000Z".to_owned()));
    assert_eq!(order.version, 0);
}

#[test]
fn generated_ids_are_of_their_kind() {
    assert_ne!(dynamorm::generated::uuid_v4(), Uuid::nil());
    let (first, second) = (dynamorm::generated::ulid(), dynamorm::generated::ulid());
    assert!(first.datetime() <= second.datetime() && first != second);
}
