//! What is sent, exactly: one request for each operation, and nothing in it that was not asked for.

use dynamorm::{Client, Operations};
use end_to_end::connector::{Sent, recorded};
use end_to_end::operations::{Mark, Parcel, State, tables};
use end_to_end::samples::database;
use serde_json::{Value, json};

/// The only request of an operation that succeeds, on a table of marks, which are empty or hold one mark, and one of
/// parcels.
macro_rules! sent {
    ($db:ident => $operation:expr) => {
        sent!(@on empty().await, $db => $operation)
    };
    ($db:ident with a mark => $operation:expr) => {
        sent!(@on with_a_mark().await, $db => $operation)
    };
    (@on $engine:expr, $db:ident => $operation:expr) => {{
        let (db, record) = recorded(&$engine);
        let $db = &db;
        $operation.await.unwrap();
        record.only()
    }};
}

async fn empty() -> Client {
    database(&[&tables::MARKS, &tables::PARCELS]).await
}

async fn with_a_mark() -> Client {
    let db = empty().await;
    mark().put().send(&db).await.unwrap();
    db
}

fn request(operation: &str, body: Value) -> Sent {
    Sent { operation: operation.to_owned(), body }
}

fn mark() -> Mark {
    Mark { name: "red".to_owned(), count: Some(1) }
}

#[tokio::test]
async fn a_get_sends_its_key() {
    let sent = sent!(db => Mark::get("red").send(db));

    let body = json!({
        "TableName": "marks",
        "Key": { "name": { "S": "red" } },
        "ReturnConsumedCapacity": "TOTAL",
    });
    assert_eq!(sent, request("GetItem", body));
}

#[tokio::test]
async fn a_consistent_get_says_so() {
    let sent = sent!(db => Mark::get("red").consistent().send(db));

    assert_eq!(sent.body["ConsistentRead"], true);
}

#[tokio::test]
async fn a_get_of_chosen_attributes_names_them_by_placeholders() {
    let sent = sent!(db => Mark::get("red").select((Mark::NAME, Mark::COUNT)).send(db));

    assert_eq!(sent.body["ProjectionExpression"], "#0, #1");
    assert_eq!(sent.body["ExpressionAttributeNames"], json!({ "#0": "name", "#1": "count" }));
}

#[tokio::test]
async fn a_put_sends_its_item() {
    let sent = sent!(db => mark().put().send(db));

    let body = json!({
        "TableName": "marks",
        "Item": { "name": { "S": "red" }, "count": { "N": "1" } },
        "ReturnConsumedCapacity": "TOTAL",
    });
    assert_eq!(sent, request("PutItem", body));
}

#[tokio::test]
async fn a_put_if_not_exists_sends_its_condition_and_wants_no_item_back() {
    let sent = sent!(db => mark().put().if_not_exists().send(db));

    let body = json!({
        "TableName": "marks",
        "Item": { "name": { "S": "red" }, "count": { "N": "1" } },
        "ConditionExpression": "attribute_not_exists(#0)",
        "ExpressionAttributeNames": { "#0": "name" },
        "ReturnConsumedCapacity": "TOTAL",
    });
    assert_eq!(sent, request("PutItem", body));
}

#[tokio::test]
async fn a_put_wants_the_old_item_where_the_kind_of_its_error_depends_on_it() {
    let sent = sent!(db => mark().put().if_not_exists().when(Mark::COUNT.not_exists()).send(db));

    assert_eq!(sent.body["ReturnValuesOnConditionCheckFailure"], "ALL_OLD");
}

#[tokio::test]
async fn an_update_sends_what_changes_and_that_the_item_exists() {
    let sent = sent!(db with a mark => Mark::update("red").set(Mark::COUNT, 2).send(db));

    let body = json!({
        "TableName": "marks",
        "Key": { "name": { "S": "red" } },
        "UpdateExpression": "SET #0 = :0",
        "ConditionExpression": "attribute_exists(#1)",
        "ExpressionAttributeNames": { "#0": "count", "#1": "name" },
        "ExpressionAttributeValues": { ":0": { "N": "2" } },
        "ReturnConsumedCapacity": "TOTAL",
    });
    assert_eq!(sent, request("UpdateItem", body));
}

#[tokio::test]
async fn an_update_with_a_condition_wants_the_old_item_on_failure() {
    let sent =
        sent!(db with a mark => Mark::update("red").set(Mark::COUNT, 2).when(Mark::COUNT.eq(1)).send(db));

    let body = json!({
        "TableName": "marks",
        "Key": { "name": { "S": "red" } },
        "UpdateExpression": "SET #0 = :0",
        "ConditionExpression": "attribute_exists(#1) AND #0 = :1",
        "ExpressionAttributeNames": { "#0": "count", "#1": "name" },
        "ExpressionAttributeValues": { ":0": { "N": "2" }, ":1": { "N": "1" } },
        "ReturnConsumedCapacity": "TOTAL",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    });
    assert_eq!(sent, request("UpdateItem", body));
}

#[tokio::test]
async fn an_update_wants_the_new_item_only_where_it_is_asked_for() {
    let sent = sent!(db with a mark => Mark::update("red").remove(Mark::COUNT).return_new().send(db));

    let body = json!({
        "TableName": "marks",
        "Key": { "name": { "S": "red" } },
        "UpdateExpression": "REMOVE #0",
        "ConditionExpression": "attribute_exists(#1)",
        "ExpressionAttributeNames": { "#0": "count", "#1": "name" },
        "ReturnConsumedCapacity": "TOTAL",
        "ReturnValues": "ALL_NEW",
    });
    assert_eq!(sent, request("UpdateItem", body));
}

#[tokio::test]
async fn a_deletion_sends_its_key() {
    let sent = sent!(db => Mark::delete("red").send(db));

    let body = json!({
        "TableName": "marks",
        "Key": { "name": { "S": "red" } },
        "ReturnConsumedCapacity": "TOTAL",
    });
    assert_eq!(sent, request("DeleteItem", body));
}

#[tokio::test]
async fn a_deletion_if_exists_wants_no_item_back() {
    let sent = sent!(db with a mark => Mark::delete("red").if_exists().send(db));

    let body = json!({
        "TableName": "marks",
        "Key": { "name": { "S": "red" } },
        "ConditionExpression": "attribute_exists(#0)",
        "ExpressionAttributeNames": { "#0": "name" },
        "ReturnConsumedCapacity": "TOTAL",
    });
    assert_eq!(sent, request("DeleteItem", body));
}

#[tokio::test]
async fn a_deletion_wants_the_old_item_only_where_it_is_asked_for() {
    let sent = sent!(db => Mark::delete("red").return_old().send(db));

    assert_eq!(sent.body["ReturnValues"], "ALL_OLD");
}

#[tokio::test]
async fn a_page_of_an_index_sends_its_key_condition() {
    let sent = sent!(db => Parcel::by_state(State::OnTheWay).number().between(1, 2).page_size(10).send(db));

    let body = json!({
        "TableName": "parcels",
        "IndexName": "by-state",
        "KeyConditionExpression": "#0 = :0 AND #1 BETWEEN :1 AND :2",
        "ExpressionAttributeNames": { "#0": "state", "#1": "number" },
        "ExpressionAttributeValues": { ":0": { "S": "on the way" }, ":1": { "N": "1" }, ":2": { "N": "2" } },
        "Limit": 10,
        "ReturnConsumedCapacity": "TOTAL",
    });
    assert_eq!(sent, request("Query", body));
}

#[tokio::test]
async fn a_page_of_a_query_sends_its_settings() {
    let sent = sent!(db => {
        Parcel::query("Ulm").consistent().descending().filter(Parcel::NOTE.exists()).send(db)
    });

    let body = json!({
        "TableName": "parcels",
        "KeyConditionExpression": "#0 = :0",
        "FilterExpression": "attribute_exists(#1)",
        "ExpressionAttributeNames": { "#0": "depot", "#1": "note" },
        "ExpressionAttributeValues": { ":0": { "S": "Ulm" } },
        "ConsistentRead": true,
        "ScanIndexForward": false,
        "ReturnConsumedCapacity": "TOTAL",
    });
    assert_eq!(sent, request("Query", body));
}

#[tokio::test]
async fn a_scan_sends_its_table() {
    let sent = sent!(db => Parcel::scan().send(db));

    assert_eq!(sent, request("Scan", json!({ "TableName": "parcels", "ReturnConsumedCapacity": "TOTAL" })));
}

#[tokio::test]
async fn a_segment_of_a_scan_says_which() {
    let sent = sent!(db => Parcel::scan().segment(1, 4).send(db));

    assert_eq!((&sent.body["Segment"], &sent.body["TotalSegments"]), (&json!(1), &json!(4)));
}

#[tokio::test]
async fn a_count_asks_for_the_count_alone() {
    let sent = sent!(db => Parcel::query("Ulm").count(db));

    assert_eq!(sent.body["Select"], "COUNT");
}

#[tokio::test]
async fn a_limit_without_a_filter_is_sent() {
    let sent = sent!(db => Parcel::query("Ulm").limit(3).send(db));

    assert_eq!(sent.body["Limit"], 3);
}

#[tokio::test]
async fn an_attribute_that_is_named_twice_has_one_placeholder() {
    let sent = sent!(db => Parcel::scan().filter(Parcel::WEIGHT.gt(1) & Parcel::WEIGHT.lt(9)).send(db));

    assert_eq!(sent.body["FilterExpression"], "#0 > :0 AND #0 < :1");
    assert_eq!(sent.body["ExpressionAttributeNames"], json!({ "#0": "weight" }));
}

#[tokio::test]
async fn no_parentheses_are_redundant() {
    let one = || Parcel::WEIGHT.gt(1);
    let condition = (one() & one() & !one()) | (one() & (one() | one()));
    let sent = sent!(db => Parcel::scan().filter(condition).send(db));

    let expected = "(#0 > :0 AND #0 > :1 AND (NOT #0 > :2)) OR (#0 > :3 AND (#0 > :4 OR #0 > :5))";
    assert_eq!(sent.body["FilterExpression"], expected);
}

#[tokio::test]
async fn the_consumed_capacity_is_not_asked_for_where_the_client_does_not_want_it() {
    let (db, record) = recorded(&database(&[&tables::MARKS]).await);
    let db = db.without_consumed_capacity();

    Mark::get("red").send(&db).await.unwrap();
    mark().put().send(&db).await.unwrap();
    Mark::update("red").set(Mark::COUNT, 1).send(&db).await.unwrap();
    Mark::scan().send(&db).await.unwrap();
    Mark::delete("red").send(&db).await.unwrap();

    assert!(record.sent().iter().all(|sent| sent.body.get("ReturnConsumedCapacity").is_none()));
}
