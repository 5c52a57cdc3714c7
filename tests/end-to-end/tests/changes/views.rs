//! What a change has follows from the declared view; whose it is, from its key or from an attribute.

use dynamorm::changes::{
    BothImages, KeysOnly, LambdaEvent, NewImage, OldImage, RecordError, RemovedBy, TableChange,
};
use dynamorm::table::Table;
use dynamorm::testing::proptest::{self, prelude::*};
use dynamorm::{Client, Operations, Uuid};
use serde_json::json;

use crate::captured::{body, database, records};
use crate::models::{
    Draft, DraftsChange, Memo, NotesChange, Reading, ReadingsChange, ShopChange, Stop, StopsChange, Task,
    Trip, TripsChange, Visit, VisitsChange, tables,
};

async fn read<C: TableChange>(db: &Client, table: &'static Table) -> Vec<Result<C, RecordError>> {
    let body = body(table.name, &records(db, table).await);
    let event = LambdaEvent::<C>::read(&body).expect("an event");
    event.changes().collect()
}

#[tokio::test]
async fn a_stream_of_new_images_has_the_items_after_the_change() {
    let db = database(&[&tables::READINGS]).await;
    let reading = |value| Reading { sensor: vec![0, 255], number: -7, value };
    for value in [0.5, 1.5] {
        reading(value).put().send(&db).await.expect("put");
    }
    Reading::delete(&reading(0.0)).send(&db).await.expect("deleted");
    let changes: Vec<_> = read::<ReadingsChange>(&db, &tables::READINGS)
        .await
        .into_iter()
        .map(|change| match change.expect("a change") {
            ReadingsChange::Reading(change) => {
                assert_eq!(change.key, reading(0.0).key());
                change.event
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        NewImage::Inserted { new: reading(0.5) },
        NewImage::Modified { new: reading(1.5) },
        NewImage::Removed { by: RemovedBy::Writer },
    ];
    assert_eq!(changes, expected);
}

#[tokio::test]
async fn a_stream_of_old_images_has_the_items_before_the_change() {
    let db = database(&[&tables::DRAFTS]).await;
    let draft = |text: &str| Draft {
        author: "ada".to_owned(),
        day: "2026-01-01".parse().expect("a day"),
        text: text.to_owned(),
    };
    for text in ["one", "two"] {
        draft(text).put().send(&db).await.expect("put");
    }
    Draft::delete(&draft("")).send(&db).await.expect("deleted");
    let changes: Vec<_> = read::<DraftsChange>(&db, &tables::DRAFTS)
        .await
        .into_iter()
        .map(|change| match change.expect("a change") {
            DraftsChange::Draft(change) => {
                assert_eq!(change.key, draft("").key());
                assert_eq!(change.before(Draft::TEXT), change.old_image().map(|old| old.text.clone()));
                change.event
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        OldImage::Inserted,
        OldImage::Modified { old: draft("one") },
        OldImage::Removed { old: draft("two"), by: RemovedBy::Writer },
    ];
    assert_eq!(changes, expected);
}

#[tokio::test]
async fn a_stream_of_keys_has_the_keys() {
    let db = database(&[&tables::VISITS]).await;
    let mut visit = Visit { visitor: 7, page: "home".to_owned() };
    visit.put().send(&db).await.expect("put");
    visit.page = "shop".to_owned();
    visit.put().send(&db).await.expect("put");
    Visit::delete(7_u64).send(&db).await.expect("deleted");
    let changes: Vec<_> = read::<VisitsChange>(&db, &tables::VISITS)
        .await
        .into_iter()
        .map(|change| match change.expect("a change") {
            VisitsChange::Visit(change) => (change.key.visitor, change.event),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [KeysOnly::Inserted, KeysOnly::Modified, KeysOnly::Removed { by: RemovedBy::Writer }];
    assert_eq!(changes, expected.map(|event| (7, event)));
}

proptest::proptest! {
    #[test]
    fn a_key_of_any_form_is_read(trip in Trip::strategy()) {
        let item = trip.to_item().expect("an item");
        let text = |name: &str| json!({ "S": item[name].as_s().expect("text") });
        let record = json!({
            "eventID": "1",
            "eventName": "REMOVE",
            "dynamodb": { "Keys": { "pk": text("pk"), "sk": text("sk") }, "SequenceNumber": "1" },
        });
        let body = body("trips", &[record]);
        let event = LambdaEvent::<TripsChange>::read(&body).expect("an event");
        match event.changes().next().expect("a record").expect("a change") {
            TripsChange::Trip(change) => prop_assert_eq!(change.key, trip.key()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_key_that_tells_its_fields_in_part_is_read_as_one_of_the_same_item(stop in Stop::strategy()) {
        let item = stop.to_item().expect("an item");
        let text = |name: &str| json!({ "S": item[name].as_s().expect("text") });
        let record = json!({
            "eventID": "1",
            "eventName": "REMOVE",
            "dynamodb": { "Keys": { "pk": text("pk"), "sk": text("sk") }, "SequenceNumber": "1" },
        });
        let body = body("stops", &[record]);
        let event = LambdaEvent::<StopsChange>::read(&body).expect("an event");
        let change = event.changes().next().expect("a record").expect("a change");
        let StopsChange::Stop(change) = change else { panic!("{change:?}") };
        let again = Stop { place: change.key.place, at: change.key.at }.to_item().expect("an item");
        prop_assert_eq!(["pk", "sk"].map(|name| &again[name]), ["pk", "sk"].map(|name| &item[name]));
    }
}

#[tokio::test]
async fn images_that_a_stream_of_keys_does_not_promise_are_refused() {
    let db = database(&[&tables::VISITS]).await;
    Visit { visitor: 7, page: "home".to_owned() }.put().send(&db).await.expect("put");
    let mut records = records(&db, &tables::VISITS).await;
    records[0]["dynamodb"]["NewImage"] = json!({ "visitor": { "N": "7" }, "page": { "S": "home" } });
    let body = body("visits", &records);
    let event = LambdaEvent::<VisitsChange>::read(&body).expect("an event");
    let error = event.changes().next().expect("a record").expect_err("an image");
    assert!(error.is_of_another_view(), "{error}");
    // A Kinesis data stream has them whatever the view of the table's own stream.
    let data = crate::synthetic::kinesis_data(&records[0], "MILLISECOND", 1_000);
    let mut data = data;
    data["tableName"] = json!("visits");
    let change = dynamorm::changes::from_kinesis_data(&serde_json::to_vec(&data).expect("JSON"));
    assert!(matches!(change, Ok(VisitsChange::Visit(_))), "{change:?}");
}

#[tokio::test]
async fn an_attribute_tells_the_model_of_a_change() {
    let db = database(&[&tables::NOTES]).await;
    let owner = Uuid::from_u128(1);
    Memo { owner, at: 1, text: "buy milk".to_owned() }.put().send(&db).await.expect("put");
    Task { owner, at: 2, done: false }.put().send(&db).await.expect("put");
    // The memo becomes a task: of no one model before and after.
    Task { owner, at: 1, done: true }.put().send(&db).await.expect("put");
    Task::delete((owner, 1_u64)).send(&db).await.expect("deleted");
    let changes: Vec<NotesChange> =
        read(&db, &tables::NOTES).await.into_iter().collect::<Result<_, _>>().expect("changes");
    let [
        NotesChange::Memo(memo),
        NotesChange::Task(task),
        NotesChange::Unknown(both),
        NotesChange::Task(gone),
    ] = changes.as_slice()
    else {
        panic!("{changes:?}")
    };
    assert_eq!((memo.key.at, task.key.at), (1, 2));
    assert_eq!(
        both.old.as_ref().map(|item| &item["kind"]),
        Some(&dynamorm::AttributeValue::S("Memo".to_owned()))
    );
    assert_eq!(
        both.new.as_ref().map(|item| &item["kind"]),
        Some(&dynamorm::AttributeValue::S("Task".to_owned()))
    );
    assert!(matches!(gone.event, BothImages::Removed { old: Task { done: true, .. }, .. }));
}

#[tokio::test]
async fn an_item_of_no_model_is_whole() {
    let db = database(&[&tables::SHOP]).await;
    let item = [("pk", "INVOICE#1"), ("sk", "INVOICE"), ("note", "by another program")];
    let item = item.map(|(name, text)| (name.to_owned(), dynamorm::AttributeValue::S(text.to_owned())));
    end_to_end::samples::put_raw(&db, "shop", item.clone().into()).await;
    let changes: Vec<ShopChange> =
        read(&db, &tables::SHOP).await.into_iter().collect::<Result<_, _>>().expect("changes");
    let [ShopChange::Unknown(change)] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!(change.new, Some(item.clone().into()));
    assert_eq!((&change.old, change.by), (&None, None));
    assert_eq!(change.key.len(), 2);
    let shown = format!("{change:?}");
    assert!(shown.contains("\"note\"") && !shown.contains("another program"), "names and no values: {shown}");
}

#[tokio::test]
async fn a_deletion_by_dynamodb_is_told_from_one_by_a_writer() {
    let db = database(&[&tables::SHOP]).await;
    crate::captured::history(&db).await;
    let mut records = records(&db, &tables::SHOP).await;
    records.retain(|record| record["eventName"] == "REMOVE");
    let by = |identity| {
        let mut record = records[0].clone();
        record["userIdentity"] = identity;
        let body = body("shop", &[record]);
        let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
        match event.changes().next().expect("a record").expect("a change") {
            ShopChange::Order(change) => match change.event {
                BothImages::Removed { by, .. } => by,
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    };
    let service = json!({ "type": "Service", "principalId": "dynamodb.amazonaws.com" });
    assert_eq!(by(service), RemovedBy::Expiry);
    assert_eq!(by(json!(null)), RemovedBy::Writer);
    assert_eq!(
        by(json!({ "type": "Service", "principalId": "replication.dynamodb.amazonaws.com" })),
        RemovedBy::Writer
    );
}
