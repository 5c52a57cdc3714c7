//! The same records from every source are equal changes.

use dynamorm::changes::{self, LambdaEvent, TableChange};
use dynamorm::{Client, Timestamp};
use serde_json::{Value, json};

use crate::captured::{LAG, body, database, history, lambda_event, records};
use crate::models::{ShopChange, tables};
use crate::synthetic::{kinesis_body, kinesis_data, placed};

/// What Lambda's JSON says.
fn of_lambda(records: &[Value]) -> Vec<ShopChange> {
    let body = body("shop", records);
    let event = LambdaEvent::read(&body).expect("an event");
    event.changes().collect::<Result<_, _>>().expect("changes")
}

/// Whether two changes are equal but for what depends on their source.
fn is_alike(one: &ShopChange, other: &ShopChange) -> bool {
    let records = (one.record(), other.record());
    let is_same_item = match (one, other) {
        (ShopChange::Customer(one), ShopChange::Customer(other)) => {
            one.key == other.key && one.event == other.event
        }
        (ShopChange::Order(one), ShopChange::Order(other)) => {
            one.key == other.key && one.event == other.event
        }
        (ShopChange::Cart(one), ShopChange::Cart(other)) => one.key == other.key && one.event == other.event,
        (ShopChange::Internal(one), ShopChange::Internal(other)) => {
            (&one.key, &one.old, &one.new, one.by) == (&other.key, &other.old, &other.new, other.by)
        }
        _ => false,
    };
    is_same_item && records.0.event_id() == records.1.event_id() && records.0.kind() == records.1.kind()
}

async fn captured() -> (Client, Vec<Value>) {
    let db = database(&[&tables::SHOP]).await;
    history(&db).await;
    let records = records(&db, &tables::SHOP).await;
    (db, records)
}

#[tokio::test]
async fn the_types_of_aws_lambda_events_are_read_alike() {
    let (_, records) = captured().await;
    let event = lambda_event("shop", &records);
    let event: aws_lambda_events::dynamodb::Event = serde_json::from_value(event).expect("their types");
    let read: Vec<ShopChange> = event
        .records
        .into_iter()
        .map(|record| changes::from_lambda_record(record).expect("a change"))
        .collect();
    assert_eq!(read, of_lambda(&records));
}

#[tokio::test]
async fn the_records_of_the_sdk_are_read_alike() {
    let (db, records) = captured().await;
    let mut changes = db.changes::<ShopChange>().pause(LAG).until_idle(3);
    let mut read = Vec::new();
    while let Some(change) = changes.next().await {
        read.push(change.expect("a change"));
    }
    assert_eq!(read, of_lambda(&records));
}

#[tokio::test]
async fn the_data_of_kinesis_is_read_alike_in_both_precisions() {
    let (_, records) = captured().await;
    let expected = of_lambda(&records);
    let moment: Timestamp = "2026-01-01T00:00:00.123Z".parse().expect("a moment");
    for (precision, number) in [("MILLISECOND", 1_767_225_600_123), ("MICROSECOND", 1_767_225_600_123_000)] {
        let data: Vec<_> = records.iter().map(|record| kinesis_data(record, precision, number)).collect();
        let read = data.iter().map(|data| {
            let data = serde_json::to_vec(data).expect("JSON");
            changes::from_kinesis_data::<ShopChange>(&data).expect("a change")
        });
        let read: Vec<_> = read.collect();
        assert_eq!(read.len(), expected.len());
        for (read, expected) in read.iter().zip(&expected) {
            assert!(
                is_alike(read, expected),
                "{read:?}
{expected:?}"
            );
        }
        assert!(read.iter().all(|change| change.record().moment() == Some(moment)));
        assert!(read.iter().all(|change| change.record().sequence_number().is_none()));

        let body = kinesis_body(&data);
        let event = LambdaEvent::<ShopChange>::read_kinesis(&body).expect("an event");
        let of_event: Result<Vec<_>, _> = event.changes().collect();
        assert_eq!(of_event.expect("changes"), read);
    }
}

#[test]
fn records_of_kinesis_are_put_in_order_and_not_read_twice() {
    let data = |customer: &str, order: u32, number: u64, moment: u64| {
        kinesis_data(&placed(customer, order, number), "MILLISECOND", moment)
    };
    let late = data("ada", 2, 12, 2_000);
    let records =
        [late.clone(), data("bob", 9, 20, 5_000), data("ada", 1, 11, 1_000), late, data("ada", 3, 13, 3_000)];
    let body = kinesis_body(&records);
    let event = LambdaEvent::<ShopChange>::read_kinesis(&body).expect("an event");
    let ids: Vec<_> =
        event.changes().map(|change| change.expect("a change").record().event_id().to_owned()).collect();
    assert_eq!(ids, ["event-11", "event-20", "event-12", "event-13"]);
}

#[test]
fn what_is_no_record_of_kinesis_is_refused_alone() {
    let good = kinesis_data(&placed("ada", 1, 1), "MILLISECOND", 1_000);
    let whole = kinesis_body(&[good.clone(), good]);
    for data in [json!("%"), json!(7), Value::Null, json!("AAAA"), json!("/w==")] {
        let mut event: Value = serde_json::from_slice(&whole).expect("JSON");
        event["Records"][0]["kinesis"]["data"] = data.clone();
        let body = serde_json::to_vec(&event).expect("JSON");
        let event = LambdaEvent::<ShopChange>::read_kinesis(&body).expect("an event");
        let changes: Vec<_> = event.changes().collect();
        let error = changes[0].as_ref().expect_err("no record");
        assert!(error.is_malformed(), "{data}: {error}");
        assert!(changes[1].is_ok());
    }
    let other = kinesis_data(&placed("ada", 1, 1), "NANOSECOND", 1_000);
    let error = changes::from_kinesis_data::<ShopChange>(&serde_json::to_vec(&other).expect("JSON"));
    assert!(error.expect_err("a precision that nobody knows").is_malformed());
    assert!(changes::from_kinesis_data::<ShopChange>(b"\xff").expect_err("no text").is_malformed());
}
