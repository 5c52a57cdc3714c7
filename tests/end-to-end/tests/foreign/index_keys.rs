//! The keys of indexes.

use dynamorm::{Item, Operations};

use crate::models::{Reading, Task, tables};
use crate::{assert_differs, database, instant, item, stored, text, with, write};

const STATION: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

fn task() -> Item {
    let task = Task::builder().org("p").number(7).title("seven").owner("Ada");
    task.due(instant("2026-03-01T12:00:00Z")).build().unwrap().to_item().unwrap()
}

fn reading(station: &str, seen: &str) -> Item {
    let at = text("2021-09-06T17:04:21.000000Z");
    item([("device", text("d")), ("at", at), ("station", text(station)), ("seen", text(seen))])
}

#[tokio::test]
async fn a_stale_index_key_is_an_error_of_reads_through_that_index_alone() {
    let db = database(&[&tables::APP]).await;
    write(&db, &tables::APP, with(task(), "owner_key", text("OWNER#Bob"))).await;

    let error = Task::of_owner("Bob").items(&db).all().await.unwrap_err();
    assert_differs(&error, "owner_key", "OWNER#Bob", "OWNER#Ada");
    let error = Task::scan_of_owner().items(&db).all().await.unwrap_err();
    assert_differs(&error, "owner_key", "OWNER#Bob", "OWNER#Ada");

    let read = Task::get(("p", 7)).send(&db).await.unwrap().unwrap();
    assert_eq!(Task::titled("seven").count(&db).await.unwrap(), 1);
    assert_eq!(Task::titled("seven").items(&db).all().await.unwrap().len(), 1);

    read.put().send(&db).await.unwrap();
    assert_eq!(Task::of_owner("Ada").items(&db).all().await.unwrap(), [read]);
}

#[tokio::test]
async fn a_sort_key_of_an_index_that_is_stale_is_an_error_of_reads_through_it() {
    let db = database(&[&tables::APP]).await;
    write(&db, &tables::APP, with(task(), "due_key", text("2026-03-01T12:00:01Z"))).await;

    let error = Task::of_owner("Ada").items(&db).all().await.unwrap_err();
    assert_differs(&error, "due_key", "2026-03-01T12:00:01Z", "2026-03-01T12:00:00Z");
    assert!(Task::get(("p", 7)).send(&db).await.unwrap().is_some());
}

#[tokio::test]
async fn an_index_key_of_an_item_that_has_none_is_an_error_of_reads_through_it() {
    let db = database(&[&tables::APP]).await;
    let mut without_owner = task();
    without_owner.remove("owner");
    write(&db, &tables::APP, without_owner).await;

    let error = Task::of_owner("Ada").items(&db).all().await.unwrap_err();
    assert!(error.is_item_error(), "{error}");
    assert_eq!(error.attribute(), Some("owner_key"), "{error}");
    assert!(error.to_string().contains("\"OWNER#Ada\""), "{error}");
    assert!(Task::get(("p", 7)).send(&db).await.unwrap().is_some());
}

#[tokio::test]
async fn an_item_without_its_index_key_is_read() {
    let db = database(&[&tables::APP]).await;
    let mut waiting = task();
    for name in ["owner_key", "due_key", "title_key"] {
        waiting.remove(name);
    }
    write(&db, &tables::APP, waiting).await;

    let read = Task::query("p").items(&db).all().await.unwrap();
    assert_eq!(read.len(), 1);
    assert_eq!(Task::scan_of_owner().count(&db).await.unwrap(), 0);

    read[0].put().send(&db).await.unwrap();
    assert_eq!(stored(&db, &tables::APP).await, [task()]);
}

#[test]
fn an_index_key_that_is_a_field_is_read_in_its_one_form() {
    let seen = "2021-09-06T17:04:21.000000Z";
    assert!(Reading::from_item(reading(STATION, seen)).is_ok());

    let upper = STATION.to_uppercase();
    assert_differs(&Reading::from_item(reading(&upper, seen)).unwrap_err(), "station", &upper, STATION);
    let python = "2021-09-06T17:04:21.000000+0000";
    assert_differs(&Reading::from_item(reading(STATION, python)).unwrap_err(), "seen", python, seen);
}

#[tokio::test]
async fn what_an_index_keeps_is_read_in_its_one_form() {
    let db = database(&[&tables::READINGS]).await;
    let python = "2021-09-06T17:04:21.000000+0000";
    write(&db, &tables::READINGS, reading(STATION, python)).await;

    let error = Reading::scan_seen_at().items(&db).all().await.unwrap_err();
    assert_differs(&error, "seen", python, "2021-09-06T17:04:21.000000Z");
}

#[tokio::test]
async fn a_value_that_no_index_key_can_hold_is_the_item_s_error() {
    let db = database(&[&tables::APP]).await;
    let mut waiting = task();
    waiting.remove("due_key");
    write(&db, &tables::APP, with(waiting, "due", text("2026-03-01T12:00:00.500000Z"))).await;

    let error = Task::get(("p", 7)).send(&db).await.unwrap_err();
    assert!(error.is_item_error(), "{error}");
    assert_eq!(error.attribute(), Some("due"), "{error}");
    assert!(error.to_string().contains("seconds") && error.to_string().contains("due_key"), "{error}");
}
