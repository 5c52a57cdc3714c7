//! The log of requests.

use dynamorm::testing::{RequestLog, Units};
use dynamorm::{Client, Operations};
use end_to_end::operations::Parcel;
use end_to_end::samples::parcel;
use serde_json::json;

use crate::{three_parcels, weight};

/// A client that has read parcel 1 and put parcel 4.
async fn read_and_put() -> (Client, RequestLog) {
    let (db, log) = three_parcels().await.with_request_log();
    assert_eq!(weight(&db, 1).await, Some(1));
    parcel("Ulm", 4).put().send(&db).await.unwrap();
    (db, log)
}

#[tokio::test]
async fn every_request_is_there_as_it_was_sent() {
    let (_, log) = read_and_put().await;

    log.assert_requests(2);
    log.assert_operations(&["GetItem", "PutItem"]);
    assert_eq!(log.operations(), ["GetItem", "PutItem"]);
    let [get, put] = &log.requests()[..] else { panic!("{log:?}") };
    let key = json!({ "depot": { "S": "Ulm" }, "number": { "N": "1" } });
    let body = json!({ "TableName": "parcels", "Key": key, "ConsistentRead": true, "ReturnConsumedCapacity": "TOTAL" });
    assert_eq!(get.body, body);
    assert_eq!(
        (get.tables.as_slice(), get.attempt, get.status),
        (["parcels".to_owned()].as_slice(), 1, Some(200))
    );
    assert_eq!(put.body["Item"]["number"], json!({ "N": "4" }));
}

#[tokio::test]
async fn units_are_what_dynamodb_reports() {
    let (db, log) = read_and_put().await;

    let [get, put] = &log.requests()[..] else { panic!("{log:?}") };
    assert_eq!(get.units(), Units { read: 1.0, write: 0.0 });
    assert!(put.units().write >= 1.0 && put.units().read == 0.0, "{put:?}");
    assert_eq!(log.units(), get.units() + put.units());
    assert_eq!(log.units_by_resource(), [("parcels".to_owned(), log.units())].into());

    log.clear();
    log.assert_requests(0);
    assert_eq!(log.units(), Units::default());
    Parcel::get(("Ulm", 1)).send(&db).await.unwrap();
    assert_eq!(log.units(), Units { read: 0.5, write: 0.0 });

    log.clear();
    Parcel::get(("Ulm", 1)).send(&db.without_consumed_capacity()).await.unwrap();
    log.assert_requests(1);
    assert_eq!(log.units(), Units::default());
}

#[tokio::test]
async fn units_of_indexes_are_told_apart_where_a_request_asks_for_them() {
    let (db, log) = three_parcels().await.with_request_log();
    let item = parcel("Ulm", 4).to_item().unwrap();
    let put = db.sdk().put_item().table_name("parcels").set_item(Some(item));
    put.return_consumed_capacity("INDEXES".into()).send().await.unwrap();

    let units = log.units_by_resource();

    assert!(units["parcels"].write >= 1.0, "{units:?}");
    assert!(units["parcels/by-recipient"].write >= 1.0, "{units:?}");
    let all: f64 = units.values().map(|units| units.write).sum();
    assert_eq!(log.units().write, all);
}

#[tokio::test]
async fn batches_and_transactions_name_their_tables() {
    let (db, log) = three_parcels().await.with_request_log();
    let parcels = [parcel("Ulm", 5), parcel("Ulm", 6)];
    dynamorm::batch_write().put_all(&parcels).send(&db).await.unwrap();
    dynamorm::transaction().put(parcels[0].put()).put(parcels[1].put()).send(&db).await.unwrap();
    let reads = (Parcel::get(("Ulm", 1)), Parcel::get(("Ulm", 2)));
    dynamorm::read_transaction(reads).send(&db).await.unwrap();

    log.assert_operations(&["BatchWriteItem", "TransactWriteItems", "TransactGetItems"]);
    for request in log.requests() {
        assert_eq!(request.tables, ["parcels"], "{request:?}");
        assert!(request.units() != Units::default(), "{request:?}");
    }
}

#[tokio::test]
#[should_panic(
    expected = "expected 1 requests, but 2 were sent:\n  1. GetItem parcels -> 200\n     {\"ConsistentRead\":true"
)]
async fn a_wrong_number_of_requests_is_a_panic_that_lists_them() {
    read_and_put().await.1.assert_requests(1);
}

#[tokio::test]
#[should_panic(
    expected = "expected [\"PutItem\", \"GetItem\"], but 2 were sent:\n  1. GetItem parcels -> 200"
)]
async fn another_order_of_operations_is_a_panic() {
    read_and_put().await.1.assert_operations(&["PutItem", "GetItem"]);
}

#[tokio::test]
#[should_panic(expected = "expected [\"PutItem\"], but none was sent")]
async fn no_request_is_a_panic() {
    let (_, log) = three_parcels().await.with_request_log();
    log.assert_operations(&["PutItem"]);
}

#[tokio::test]
async fn an_answer_to_a_request_that_was_forgotten_is_not_recorded() {
    let db = three_parcels().await;
    let slow = dynamorm::testing::Faults::seeded(1)
        .delay(1.0, std::time::Duration::from_millis(50)..std::time::Duration::from_millis(60))
        .on(["GetItem"]);
    let (db, log) = db.with_faults(slow).with_request_log();

    let get = Parcel::get(("Ulm", 1));
    let get = get.send(&db);
    let meanwhile = async {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        log.assert_operations(&["GetItem"]);
        log.clear();
        parcel("Ulm", 4).put().send(&db).await.unwrap();
    };
    let (outcome, ()) = tokio::join!(get, meanwhile);

    assert!(outcome.unwrap().is_some());
    log.assert_operations(&["PutItem"]);
    assert_eq!(log.units().read, 0.0);
}
