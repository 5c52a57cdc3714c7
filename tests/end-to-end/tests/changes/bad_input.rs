//! What is no event of the table, or not a record as it should be: an error of that record alone.

use dynamorm::changes::{LambdaEvent, RecordError, TableChange};
use serde_json::{Value, json};

use crate::captured::{body, database, history, lambda_event, records};
use crate::models::{ShopChange, tables};

/// The records of the shop's orders, and what becomes of the others when one of them is altered so.
async fn altered(alter: impl FnOnce(&mut Value)) -> RecordError {
    let db = database(&[&tables::SHOP]).await;
    history(&db).await;
    let records = records(&db, &tables::SHOP).await;
    let mut event = lambda_event("shop", &records);
    let position = records.iter().position(|record| record["eventName"] == "MODIFY").expect("a change");
    alter(&mut event["Records"][position]);
    let body = serde_json::to_vec(&event).expect("JSON");
    let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
    let mut changes: Vec<_> = event.changes().collect();
    assert_eq!(changes.len(), records.len());
    let error = changes.remove(position).expect_err("the altered record is refused");
    for (change, record) in
        changes.iter().zip(records.iter().enumerate().filter(|(at, _)| *at != position).map(|(_, one)| one))
    {
        let change = change.as_ref().expect("the others are read");
        assert_eq!(Some(change.record().event_id()), record["eventID"].as_str());
    }
    if error.event_id().is_some() {
        assert_eq!(error.event_id(), records[position]["eventID"].as_str());
        assert!(error.to_string().contains("event id "), "{error}");
    }
    error
}

#[tokio::test]
async fn a_record_without_keys_is_refused() {
    let error = altered(|record| {
        record["dynamodb"].as_object_mut().expect("an object").remove("Keys");
    });
    let error = error.await;
    assert!(error.is_without_key() && error.event_id().is_some(), "{error}");
    let error = altered(|record| record["dynamodb"]["Keys"] = json!({ "pk": { "S": "CUSTOMER#ada" } })).await;
    assert!(error.is_item_error() && error.attribute() == Some("sk"), "{error}");
    let error = altered(|record| record["dynamodb"] = Value::Null).await;
    assert!(error.is_without_key(), "{error}");
}

#[tokio::test]
async fn an_unknown_event_is_refused() {
    let error = altered(|record| record["eventName"] = json!("RESTORE")).await;
    assert!(error.is_unknown_event() && error.to_string().contains("RESTORE"), "{error}");
}

#[tokio::test]
async fn images_that_the_view_does_not_promise_are_refused() {
    let error = altered(|record| {
        record["dynamodb"].as_object_mut().expect("an object").remove("OldImage");
    });
    let error = error.await;
    assert!(error.is_of_another_view() && error.to_string().contains("lacks the old image"), "{error}");
    let error = altered(|record| record["eventName"] = json!("INSERT")).await;
    assert!(error.is_of_another_view() && error.to_string().contains("has an old image"), "{error}");
    let error = altered(|record| record["dynamodb"]["NewImage"] = Value::Null).await;
    assert!(error.is_of_another_view(), "{error}");
}

#[tokio::test]
async fn events_of_another_table_are_refused() {
    let error = altered(|record| {
        record["eventSourceARN"] = json!("arn:aws:dynamodb:eu-west-1:1:table/other/stream/2026");
    });
    let error = error.await;
    assert!(error.is_of_another_table() && error.to_string().contains("other"), "{error}");
}

#[tokio::test]
async fn the_table_is_called_as_the_client_calls_it() {
    let db = database(&[&tables::SHOP]).await;
    history(&db).await;
    let records = records(&db, &tables::SHOP).await;
    let prefixed = body("prod-shop", &records);
    let read = |event: LambdaEvent<'_, ShopChange>| event.changes().filter(Result::is_ok).count();
    assert_eq!(read(LambdaEvent::read(&prefixed).expect("an event")), 0);
    let db = db.with_table_prefix("prod-");
    assert_eq!(read(LambdaEvent::read_for(&db, &prefixed).expect("an event")), records.len());
}

#[tokio::test]
async fn a_corrupt_item_is_its_record_s_error() {
    let error = altered(|record| record["dynamodb"]["NewImage"]["total"] = json!({ "S": "ten" })).await;
    assert!(error.is_item_error(), "{error}");
    assert_eq!(error.attribute(), Some("total"));
    assert_eq!(error.key(), Some("pk = \"CUSTOMER#ada\", sk = \"ORDER#000001\""));
    let error = altered(|record| record["dynamodb"]["OldImage"]["status"] = json!({ "S": "lost" })).await;
    assert!(error.is_item_error() && error.attribute() == Some("status"), "{error}");
    // No number that the key's type holds.
    let error = altered(|record| {
        record["dynamodb"]["Keys"]["sk"] = json!({ "S": "ORDER#99999999999999999999" });
    });
    let error = error.await;
    assert!(error.is_item_error() && error.attribute() == Some("sk"), "{error}");
}

#[tokio::test]
async fn a_value_that_dynamodb_cannot_have_written_is_its_record_s_error() {
    for value in
        [json!({ "N": 5 }), json!({ "N": null }), json!({}), json!([]), json!({ "S": "a", "N": "1" })]
    {
        let error = altered(|record| record["dynamodb"]["NewImage"]["total"] = value.clone()).await;
        assert!(error.is_malformed(), "{value}: {error}");
        assert!(error.sequence_number().is_some(), "{value}: {error}");
    }
    for (part, value) in [("eventID", json!(5)), ("eventName", json!({})), ("eventID", Value::Null)] {
        let error = altered(|record| record[part] = value.clone()).await;
        assert!(error.is_malformed(), "{part}: {error}");
    }
    for (part, value) in [
        ("Keys", json!("pk")),
        ("NewImage", json!([1])),
        ("ApproximateCreationDateTime", json!("yesterday")),
        ("ApproximateCreationDateTime", json!(1e300)),
        ("SequenceNumber", json!(7)),
    ] {
        let error = altered(|record| record["dynamodb"][part] = value.clone()).await;
        assert!(error.is_malformed(), "{part}: {error}");
    }
    let error = altered(|record| *record = json!("a record")).await;
    assert!(error.is_malformed(), "{error}");
}

#[tokio::test]
async fn what_is_no_event_is_refused_as_a_whole() {
    let db = database(&[&tables::SHOP]).await;
    history(&db).await;
    let whole = body("shop", &records(&db, &tables::SHOP).await);
    for length in 0..whole.len() {
        let error = LambdaEvent::<ShopChange>::read(&whole[..length]).expect_err("a part is no event");
        assert!(error.to_string().starts_with("the event cannot be read: "), "{error}");
    }
    for body in [&b"{}"[..], b"[]", b"null", b"\xff", b"{\"Records\":{}}", b"{\"Records\":[]} []"] {
        assert!(LambdaEvent::<ShopChange>::read(body).is_err(), "{body:?}");
    }
    assert!(LambdaEvent::<ShopChange>::read(b"{\"Records\":[]}").expect("no record").is_empty());
}
