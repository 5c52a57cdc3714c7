//! Items that are read from the bytes of a response: what the SDK still does, what it no longer does, and what is checked.

mod canned;
mod requests;

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::config::StalledStreamProtectionConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use canned::{Answer, Canned, client};
use dynamorm::{Client, Operations, Result};
use end_to_end::operations::Mark;
use serde_json::{Value, json};

fn mark(name: &str, count: u32) -> Mark {
    Mark { name: name.to_owned(), count: Some(count) }
}

/// As DynamoDB writes it.
fn item(name: &str, count: u32) -> Value {
    json!({ "name": { "S": name }, "count": { "N": count.to_string() } })
}

const RED: &str = "red";

/// The response of each operation that has one item.
fn response(operation: &str) -> Value {
    let item = item(RED, 7);
    match operation {
        "GetItem" => json!({ "Item": item }),
        "Query" | "Scan" => json!({ "Items": [item], "Count": 1, "ScannedCount": 1 }),
        "BatchGetItem" => json!({ "Responses": { "marks": [item] }, "UnprocessedKeys": {} }),
        "TransactGetItems" => json!({ "Responses": [{ "Item": item }] }),
        _ => json!({ "Attributes": item }),
    }
}

/// One call of an operation, and the items that it returns.
async fn call(operation: &str, db: &Client) -> Result<Vec<Mark>> {
    let key = RED;
    Ok(match operation {
        "GetItem" => Mark::get(key).send(db).await?.into_iter().collect(),
        "Query" => Mark::by_count(7).send(db).await?.into_items()?,
        "Scan" => Mark::scan().send(db).await?.into_items()?,
        "BatchGetItem" => Mark::batch_get([key]).send(db).await?.into_found()?,
        "TransactGetItems" => {
            dynamorm::read_transaction((Mark::get(key),)).send(db).await?.0.into_iter().collect()
        }
        "PutItem" => {
            mark(key, 1).put().send(db).await?;
            Vec::new()
        }
        "UpdateItem" => vec![Mark::update(key).set(Mark::COUNT, 7).return_new().send(db).await?],
        "DeleteItem" => Mark::delete(key).return_old().send(db).await?.into_iter().collect(),
        "BatchWriteItem" => {
            dynamorm::batch_write().put(&mark(key, 1)).send(db).await?;
            Vec::new()
        }
        "TransactWriteItems" => {
            dynamorm::transaction().put(mark(key, 1).put()).send(db).await?;
            Vec::new()
        }
        other => unreachable!("no call of {other}"),
    })
}

/// Those that return items from their bytes.
const READS: [&str; 5] = ["GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems"];

const ALL: [&str; 10] = [
    "GetItem",
    "Query",
    "Scan",
    "BatchGetItem",
    "TransactGetItems",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
    "TransactWriteItems",
];

fn answering() -> Canned {
    Canned::new(|operation, _| Answer::new(response(operation)))
}

/// Fails where a new version of the SDK no longer takes another deserializer: its outputs would have the items then.
#[tokio::test]
async fn the_sdk_leaves_the_items_of_every_read_alone() {
    let (db, outputs) = client(answering());
    for operation in READS {
        assert_eq!(call(operation, &db).await.unwrap(), [mark(RED, 7)], "{operation}");
        let seen = outputs.take();
        assert!(seen.len() == 1 && !seen[0].contains(RED), "{operation}: {seen:?}");
    }
}

#[tokio::test]
async fn outputs_have_their_items_where_the_client_was_told_so_and_in_requests_of_ones_own() {
    let (db, outputs) = client(answering());
    let parsed = db.clone().without_wire_decoding();
    for operation in READS {
        assert_eq!(call(operation, &parsed).await.unwrap(), [mark(RED, 7)], "{operation}");
        assert!(outputs.take().iter().all(|output| output.contains(RED)), "{operation}");
    }

    let output = Mark::get(RED).into_sdk(&db).unwrap().send().await.unwrap();

    assert_eq!(output.item.unwrap()["name"].as_s().unwrap(), RED);
    assert!(outputs.take()[0].contains(RED));
}

#[tokio::test]
async fn a_client_of_another_clients_sdk_client_reads_the_same() {
    let (db, _) = client(answering());
    let db = Client::new(db.sdk().clone());
    for operation in READS {
        assert_eq!(call(operation, &db).await.unwrap(), [mark(RED, 7)], "{operation}");
    }
}

fn crc32(body: &str) -> u32 {
    body.bytes().fold(u32::MAX, |checksum, byte| {
        (0..8).fold(
            checksum ^ u32::from(byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 },
        )
    }) ^ u32::MAX
}

/// A response whose checksum is off by so much.
fn checked(body: &Value, off_by: u32) -> Answer {
    let checksum = crc32(&body.to_string()) ^ off_by;
    Answer::new(body).header("x-amz-crc32", checksum)
}

/// Also fails where the SDK no longer takes another deserializer, of writes too.
#[tokio::test]
async fn a_response_with_a_wrong_checksum_is_none() {
    for operation in ALL {
        let body = response(operation);
        let (db, _) = client(Canned::in_order([checked(&body, 1), checked(&body, 0)]));
        call(operation, &db).await.unwrap_or_else(|error| panic!("{operation}: {error:?}"));

        let (db, _) = client(Canned::in_order([checked(&body, 1)]));
        let error = call(operation, &db).await.unwrap_err();
        assert_eq!(error.attempts(), 3, "{operation}: {error:?}");
        if READS.contains(&operation) {
            assert!(error.is_connection(), "{operation}: {error:?}");
        } else {
            assert!(error.is_outcome_unknown(), "{operation}: {error:?}");
        }

        let db = db.without_wire_decoding();
        call(operation, &db).await.unwrap_or_else(|error| panic!("{operation}: {error:?}"));
    }
}

#[tokio::test]
async fn an_attempt_whose_answer_is_corrupt_may_have_been_carried_out() {
    let refused = json!({ "__type": "ConditionalCheckFailedException", "message": "no" });
    let answers = [checked(&json!({}), 1), Answer::new(refused).status(400)];
    let (db, _) = client(Canned::in_order(answers));

    let error = mark(RED, 1).put().if_not_exists().send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn a_body_that_was_changed_on_its_way_has_no_checksum_to_be_compared_with() {
    let body = response("GetItem");
    let decoded = checked(&body, 1).header("content-encoding", "gzip");
    let mut without_length = checked(&body, 1);
    without_length.headers.retain(|(name, _)| *name != "content-length");
    for answer in [decoded, without_length] {
        let (db, _) = client(Canned::in_order([answer]));
        assert_eq!(call("GetItem", &db).await.unwrap(), [mark(RED, 7)]);
    }
}

#[tokio::test]
async fn what_breaks_off_is_no_page() {
    let whole = response("Scan").to_string();
    for length in [1, whole.len() / 2, whole.len() - 1] {
        let (db, _) = client(Canned::in_order([Answer::new(&whole[..length])]));
        for db in [db.clone(), db.without_wire_decoding()] {
            let page = Mark::scan().send(&db).await.unwrap_err();
            let count = Mark::scan().count(&db).await.unwrap_err();
            let mut items = Mark::scan().items(&db);
            let streamed = items.next().await.unwrap().unwrap_err();
            assert!(items.next().await.is_none());
            for error in [page, count, streamed] {
                assert!(error.is_connection() && error.attempts() == 1, "{error:?}");
            }
        }
    }
}

#[tokio::test]
async fn what_a_write_returns_and_breaks_off_leaves_its_outcome_unknown() {
    let whole = response("UpdateItem").to_string();
    let (db, _) = client(Canned::in_order([Answer::new(&whole[..whole.len() - 3])]));
    for db in [db.clone(), db.without_wire_decoding()] {
        for operation in ["UpdateItem", "DeleteItem"] {
            let error = call(operation, &db).await.unwrap_err();
            assert!(error.is_outcome_unknown() && error.attempts() == 1, "{operation}: {error:?}");
        }
    }
}

#[tokio::test]
async fn an_item_that_is_not_what_its_model_says_is_an_error_of_its_own() {
    let broken = json!({ "name": { "S": "green" }, "count": { "L": [{ "S": "many" }] } });
    let items = [item("red", 1), broken, item("blue", 3)];
    let body = json!({ "Items": items, "Count": 3, "ScannedCount": 5 });
    let (db, _) = client(Canned::in_order([Answer::new(body)]));
    for db in [db.clone(), db.without_wire_decoding()] {
        let page = Mark::scan().send(&db).await.unwrap();
        assert_eq!(page.scanned(), 5);
        let [red, green, blue] = <[_; 3]>::try_from(page.into_iter().collect::<Vec<_>>()).unwrap();
        assert_eq!((red.unwrap(), blue.unwrap()), (mark("red", 1), mark("blue", 3)));
        let error = green.unwrap_err();
        assert!(error.is_item_error());
        assert_eq!(error.key(), Some("name = \"green\""));
        assert_eq!(error.attribute(), Some("count"));
        assert_eq!(error.table(), Some("marks"));
    }
}

#[tokio::test]
async fn members_may_come_in_any_order() {
    let items = "[{\"count\":{\"N\":\"1\"},\"name\":{\"S\":\"a\\u00e9\"}}]";
    let capacity = "{\"TableName\":\"marks\",\"CapacityUnits\":2.5}";
    for body in [
        format!("{{\"Count\":1,\"ScannedCount\":4,\"ConsumedCapacity\":{capacity},\"Items\":{items}}}"),
        format!(
            " {{ \"Items\" : {items} , \"New\":[{{}}],\"ConsumedCapacity\":{capacity},\"ScannedCount\":4,\"Count\":1}} "
        ),
    ] {
        let (db, _) = client(Canned::in_order([Answer::new(body)]));
        let page = Mark::scan().send(&db).await.unwrap();
        assert_eq!((page.scanned(), page.consumed_capacity()), (4, Some(2.5)));
        assert_eq!(page.into_items().unwrap(), [mark("aé", 1)]);
    }
}

/// Every call gets the body of its own request, on whatever thread it goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_call_sees_the_body_of_another() {
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    let refused = Mutex::new(HashSet::new());
    let (db, _) = client(Canned::new(move |operation, body| {
        // Some are refused at first, so that attempts interleave; none twice.
        if counted.fetch_add(1, Ordering::Relaxed) % 11 == 3
            && refused.lock().unwrap().insert(body.to_string())
        {
            return Answer::new(json!({ "__type": "InternalServerError" })).status(500);
        }
        match operation {
            "GetItem" => {
                let name = body["Key"]["name"]["S"].as_str().unwrap();
                Answer::new(json!({ "Item": item(name, 7) }))
            }
            "BatchGetItem" => {
                let keys = body["RequestItems"]["marks"]["Keys"].as_array().unwrap();
                let items: Vec<_> =
                    keys.iter().map(|key| item(key["name"]["S"].as_str().unwrap(), 7)).collect();
                Answer::new(json!({ "Responses": { "marks": items } }))
            }
            _ => Answer::new(json!({ "Items": [item("scanned", 7)], "Count": 1, "ScannedCount": 1 })),
        }
    }));
    let parsed = db.clone().without_wire_decoding();
    let calls: Vec<_> = (0..600_u32)
        .map(|number| {
            let db = if number % 5 == 0 { parsed.clone() } else { db.clone() };
            tokio::spawn(async move {
                let name = format!("mark {number}");
                match number % 3 {
                    0 => assert_eq!(Mark::get(&*name).send(&db).await.unwrap(), Some(mark(&name, 7))),
                    1 => {
                        let other = format!("other {number}");
                        let found = Mark::batch_get([&*name, &*other]).send(&db).await.unwrap();
                        assert_eq!(found.into_found().unwrap(), [mark(&name, 7), mark(&other, 7)]);
                    }
                    // Several at once in one task, polled by turns.
                    _ => {
                        let (page, found) = tokio::join!(Mark::scan().send(&db), Mark::get(&*name).send(&db));
                        assert_eq!(page.unwrap().into_items().unwrap(), [mark("scanned", 7)]);
                        assert_eq!(found.unwrap(), Some(mark(&name, 7)));
                    }
                }
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap();
    }
    assert!(requests.load(Ordering::Relaxed) > 600);
}

/// One that never answers the first request.
fn hanging_at_first() -> Canned {
    let requests = AtomicUsize::new(0);
    Canned::new(move |operation, _| {
        let answer = Answer::new(response(operation));
        if requests.fetch_add(1, Ordering::Relaxed) == 0 { answer.status(0) } else { answer }
    })
}

#[tokio::test(start_paused = true)]
async fn an_attempt_without_an_answer_ends_at_its_timeout() {
    let (db, _) = client(hanging_at_first());
    let db = db.with_attempt_timeout(Duration::from_secs(2));
    let start = tokio::time::Instant::now();

    assert_eq!(call("GetItem", &db).await.unwrap(), [mark(RED, 7)]);

    assert!(start.elapsed() >= Duration::from_secs(2) && start.elapsed() < Duration::from_secs(3));
}

#[test]
fn an_attempt_timeout_takes_the_place_of_what_nobody_has_set() {
    let (db, _) = client(answering());
    let changed = db.clone().with_attempt_timeout(Duration::from_secs(2));
    let config = changed.sdk().config();
    assert!(config.stalled_stream_protection().is_some_and(|protection| !protection.is_enabled()));
    let timeout = |db: &Client| db.sdk().config().timeout_config().unwrap().operation_attempt_timeout();
    assert_eq!(timeout(&changed), Some(Duration::from_secs(2)));

    let owners = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(9)).build();
    let protection = StalledStreamProtectionConfig::enabled().grace_period(Duration::from_secs(7)).build();
    let config = db.sdk().config().to_builder();
    let config = config.timeout_config(owners).stalled_stream_protection(protection).build();
    let own = Client::new(aws_sdk_dynamodb::Client::from_conf(config));
    let own = own.with_attempt_timeout(Duration::from_secs(2));
    let protection = own.sdk().config().stalled_stream_protection().unwrap();
    assert!(protection.is_enabled() && protection.grace_period() == Duration::from_secs(7));
    assert_eq!(timeout(&own), Some(Duration::from_secs(9)));
}
