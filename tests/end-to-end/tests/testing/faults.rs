//! Scripts of faults: each does what it says, and nothing else.

use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Delete, TransactWriteItem};
use dynamorm::testing::{Fault, Faults};
use dynamorm::{AttributeValue, Client, Error, Operations};
use end_to_end::operations::Parcel;
use end_to_end::samples::parcel;

use crate::{three_parcels, three_parcels_in_process, weight};

/// A client that tries every request once.
fn once(db: &Client) -> Client {
    let config = db.sdk().config().to_builder().retry_config(RetryConfig::disabled()).build();
    test_support::on_path(Client::new(aws_sdk_dynamodb::Client::from_conf(config)))
}

/// What an update of the weight of parcel 1 comes to when it meets a fault and is not tried again, and the weight then.
async fn updated_with(fault: Fault) -> (dynamorm::Result<()>, u32) {
    let db = three_parcels().await;
    let faulty = once(&db).with_faults(Faults::script([fault]));
    let outcome = Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 9).send(&faulty).await;
    (outcome.map(|_| ()), weight(&db, 1).await.unwrap())
}

async fn refused_with(fault: Fault) -> (Error, u32) {
    let (outcome, weight) = updated_with(fault).await;
    (outcome.unwrap_err(), weight)
}

#[tokio::test]
async fn a_request_that_passes_is_carried_out() {
    let (outcome, weight) = updated_with(Fault::Pass).await;

    outcome.unwrap();
    assert_eq!(weight, 9);
}

#[tokio::test]
async fn a_refused_connection_is_known_to_have_sent_nothing() {
    let (error, weight) = refused_with(Fault::RefuseConnection).await;

    assert!(error.is_connection(), "{error:?}");
    assert_eq!(weight, 1);
}

#[tokio::test]
async fn a_lost_request_is_not_carried_out_and_its_outcome_is_unknown() {
    let (error, weight) = refused_with(Fault::LoseRequest).await;

    assert!(error.is_outcome_unknown(), "{error:?}");
    assert_eq!(weight, 1);
}

#[tokio::test]
async fn a_lost_response_is_of_a_request_that_was_carried_out() {
    let (error, weight) = refused_with(Fault::LoseResponse).await;

    assert!(error.is_outcome_unknown(), "{error:?}");
    assert_eq!(weight, 9);
}

#[tokio::test]
async fn a_server_error_is_carried_out_or_not() {
    let (error, weight) = refused_with(Fault::ServerError).await;
    assert!(error.is_outcome_unknown(), "{error:?}");
    assert_eq!(weight, 1);

    let (error, weight) = refused_with(Fault::ServerErrorAfter).await;
    assert!(error.is_outcome_unknown(), "{error:?}");
    assert_eq!(weight, 9);
}

#[tokio::test]
async fn throttling_names_the_table() {
    let (error, weight) = refused_with(Fault::Throttle).await;

    assert!(error.is_throttled(), "{error:?}");
    assert_eq!(weight, 1);
    let [by] = error.throttled_by() else { panic!("{error:?}") };
    assert_eq!(by.reason(), "TableWriteKeyRangeThroughputExceeded");
    assert_eq!((by.table(), by.index()), (Some("parcels"), None));
}

#[tokio::test]
async fn throttling_names_the_index() {
    let faulty = once(&three_parcels().await).with_faults(Faults::script([Fault::Throttle]));

    let error = Parcel::by_recipient("Ada").send(&faulty).await.unwrap_err();

    let [by] = error.throttled_by() else { panic!("{error:?}") };
    assert_eq!(by.reason(), "IndexReadKeyRangeThroughputExceeded");
    assert_eq!((by.table(), by.index()), (Some("parcels"), Some("by-recipient")));
}

#[tokio::test]
async fn throttling_of_tables_is_throttling() {
    let faulty = once(&three_parcels().await).with_faults(Faults::script([Fault::Throttle]));

    let error = faulty.describe_table(&end_to_end::operations::tables::PARCELS).await.unwrap_err();

    assert!(error.is_throttled(), "{error:?}");
}

#[tokio::test]
async fn a_write_of_one_item_conflicts() {
    let (error, weight) = refused_with(Fault::Conflict).await;

    assert!(error.is_conflict(), "{error:?}");
    assert_eq!(weight, 1);
}

#[tokio::test(start_paused = true)]
async fn a_transaction_that_conflicts_is_sent_again() {
    let db = three_parcels_in_process().await;
    let (faulty, log) = once(&db).with_faults(Faults::script([Fault::Conflict])).with_request_log();

    let writes = dynamorm::transaction()
        .update(Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 9))
        .update(Parcel::update(("Ulm", 2)).set(Parcel::WEIGHT, 9));
    writes.send(&faulty).await.unwrap();

    log.assert_operations(&["TransactWriteItems", "TransactWriteItems"]);
    assert_eq!(log.requests()[0].status, Some(400));
    assert_eq!((weight(&db, 1).await, weight(&db, 2).await), (Some(9), Some(9)));
}

#[tokio::test]
async fn a_conflict_names_the_operation_that_is_in_the_way() {
    let db = three_parcels().await;
    let faulty = once(&db).with_faults(Faults::script([Fault::Conflict]));
    let delete = |number: u64| {
        let key = [
            ("depot", AttributeValue::S("Ulm".to_owned())),
            ("number", AttributeValue::N(number.to_string())),
        ];
        let key = key.map(|(name, value)| (name.to_owned(), value)).into();
        let delete = Delete::builder().table_name("parcels").set_key(Some(key)).build().unwrap();
        TransactWriteItem::builder().delete(delete).build()
    };

    let transaction = faulty.sdk().transact_write_items().transact_items(delete(1)).transact_items(delete(2));
    let error = transaction.send().await.unwrap_err().into_service_error();

    let TransactWriteItemsError::TransactionCanceledException(cancelled) = error else { panic!("{error:?}") };
    let codes: Vec<_> =
        cancelled.cancellation_reasons().iter().map(|reason| reason.code().unwrap()).collect();
    assert_eq!(codes, ["TransactionConflict", "None"]);
    assert_eq!(weight(&db, 1).await, Some(1));
}

#[tokio::test(start_paused = true)]
async fn a_delay_holds_a_request_back() {
    let db = three_parcels_in_process().await;
    let faulty = db.clone().with_faults(Faults::script([Fault::Delay(Duration::from_secs(5))]));
    let before = tokio::time::Instant::now();

    let update = Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 9);
    let update = update.send(&faulty);
    let early = async {
        tokio::time::sleep(Duration::from_secs(4)).await;
        weight(&db, 1).await
    };
    let (outcome, early) = tokio::join!(update, early);

    outcome.unwrap();
    assert_eq!(early, Some(1));
    assert_eq!(weight(&db, 1).await, Some(9));
    assert_eq!(before.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn what_is_left_over_of_a_batch_is_sent_again() {
    let db = three_parcels_in_process().await;
    let (db_with_log, engine) = db.clone().with_request_log();
    let (faulty, log) = db_with_log.with_faults(Faults::script([Fault::LeaveOver(2)])).with_request_log();

    let parcels = [4, 5, 6].map(|number| parcel("Ulm", number));
    dynamorm::batch_write().put_all(&parcels).send(&faulty).await.unwrap();

    let sent = |requests: Vec<dynamorm::testing::LoggedRequest>| -> Vec<usize> {
        requests
            .iter()
            .map(|request| request.body["RequestItems"]["parcels"].as_array().unwrap().len())
            .collect()
    };
    assert_eq!(sent(log.requests()), [3, 2]);
    assert_eq!(sent(engine.requests()), [1, 2]);
    assert_eq!(Parcel::scan().consistent().count(&db).await.unwrap(), 6);
}

#[tokio::test(start_paused = true)]
async fn keys_that_are_left_over_are_read_in_the_end() {
    let db = three_parcels_in_process().await;
    let (faulty, log) = db.with_faults(Faults::script([Fault::LeaveOver(9)])).with_request_log();

    let keys = [("Ulm", 1), ("Ulm", 2), ("Ulm", 3)];
    let found = Parcel::batch_get(keys).consistent().send(&faulty).await.unwrap().into_items().unwrap();

    let weights: Vec<_> = found.into_iter().flatten().map(|parcel| parcel.weight).collect();
    assert_eq!(weights, [1, 2, 3]);
    log.assert_operations(&["BatchGetItem", "BatchGetItem"]);
    assert_eq!(log.requests()[1].body["RequestItems"]["parcels"]["Keys"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_read_that_lags_is_answered_as_before() {
    let db = three_parcels().await;
    let script = [Fault::Pass, Fault::Lag, Fault::Pass, Fault::Lag];
    let faulty = db.clone().with_faults(Faults::script(script).on(["Query"]));
    let count = async |db: &Client| Parcel::by_recipient("Ada").send(db).await.unwrap().items().len();

    assert_eq!(count(&faulty).await, 3);
    parcel("Ulm", 4).put().send(&faulty).await.unwrap();

    assert_eq!(count(&faulty).await, 3, "as before the put");
    assert_eq!(count(&faulty).await, 4);
    assert_eq!(count(&faulty).await, 4, "as the last answer of the engine");
}

#[tokio::test]
async fn a_consistent_read_does_not_lag() {
    let faulty = three_parcels().await.with_faults(Faults::seeded(1).lag(1.0));

    assert_eq!(weight(&faulty, 1).await, Some(1));
    Parcel::update(("Ulm", 1)).set(Parcel::WEIGHT, 9).send(&faulty).await.unwrap();

    assert_eq!(weight(&faulty, 1).await, Some(9));
}

#[tokio::test]
async fn a_fault_that_does_not_apply_is_an_error_and_nothing_is_sent() {
    let db = three_parcels().await;
    let cases = [Fault::Conflict, Fault::LeaveOver(1), Fault::Lag];
    for fault in cases {
        let (engine, log) = db.clone().with_request_log();
        let faulty = engine.with_faults(Faults::script([fault.clone()]));

        let error = Parcel::get(("Ulm", 1)).send(&faulty).await.unwrap_err();

        assert!(error.is_construction(), "{error:?}");
        assert!(format!("{error:?}").contains(&format!("{fault:?} does not apply")), "{error:?}");
        log.assert_requests(0);
    }
}

#[tokio::test]
async fn nothing_can_be_left_over_of_a_batch_of_one() {
    let faulty = three_parcels().await.with_faults(Faults::script([Fault::LeaveOver(1)]));

    let error = dynamorm::batch_write().put(&parcel("Ulm", 4)).send(&faulty).await.unwrap_err();

    assert!(error.is_construction(), "{error:?}");
}

#[tokio::test]
async fn a_script_counts_retries_and_selected_operations_alone() {
    let db = three_parcels().await;
    let faults = Faults::script([Fault::Throttle, Fault::Pass, Fault::LoseRequest]).on(["UpdateItem"]);
    let (faulty, log) = db.with_faults(faults).with_request_log();

    for _ in 0..2 {
        assert_eq!(weight(&faulty, 1).await, Some(1));
    }
    Parcel::update(("Ulm", 2)).set(Parcel::WEIGHT, 9).send(&faulty).await.unwrap();
    Parcel::update(("Ulm", 3)).set(Parcel::WEIGHT, 9).send(&faulty).await.unwrap();
    Parcel::update(("Ulm", 3)).set(Parcel::WEIGHT, 8).send(&faulty).await.unwrap();

    let mut expected = vec!["GetItem"; 2];
    expected.extend(["UpdateItem"; 5]);
    log.assert_operations(&expected);
    let attempts: Vec<_> = log.requests().iter().map(|request| request.attempt).collect();
    assert_eq!(attempts, [1, 1, 1, 2, 1, 2, 1]);
    let statuses: Vec<_> = log.requests().iter().map(|request| request.status).collect();
    let ok = Some(200);
    assert_eq!(statuses, [ok, ok, Some(400), ok, None, ok, ok]);
}

#[tokio::test]
async fn the_sdk_tries_as_often_as_it_is_configured() {
    let db = three_parcels().await;
    for attempts in [1, 3, 5] {
        let retries = RetryConfig::standard().with_max_attempts(attempts);
        let config = db.sdk().config().to_builder().retry_config(retries).build();
        let client = test_support::on_path(Client::new(aws_sdk_dynamodb::Client::from_conf(config)));
        let (faulty, log) = client.with_faults(Faults::seeded(1).server_error(1.0)).with_request_log();
        let before = tokio::time::Instant::now();

        Parcel::get(("Ulm", 1)).send(&faulty).await.unwrap_err();

        log.assert_requests(attempts as usize);
        assert!(before.elapsed() < Duration::from_millis(500), "{:?}", before.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn the_sdks_pauses_are_kept_where_they_are_wanted() {
    let db = three_parcels_in_process().await;
    let waited = async |faults: Faults| {
        let faulty = db.clone().with_faults(faults);
        let before = tokio::time::Instant::now();
        for _ in 0..20 {
            Parcel::get(("Ulm", 1)).send(&faulty).await.unwrap_err();
        }
        before.elapsed()
    };
    let faults = Faults::seeded(1).throttle(1.0);

    let (short, long) = (waited(faults.clone()).await, waited(faults.with_sdk_pauses()).await);

    assert!(short < Duration::from_millis(100), "{short:?}");
    assert!(long > Duration::from_secs(2), "{long:?}");
}

/// The SDK's quota of retries is one for all clients of a region: those of other tests would use it up.
#[tokio::test]
async fn retries_have_no_quota() {
    let (faulty, log) =
        three_parcels().await.with_faults(Faults::seeded(1).server_error(1.0)).with_request_log();

    for _ in 0..200 {
        Parcel::get(("Ulm", 1)).send(&faulty).await.unwrap_err();
    }

    log.assert_requests(600);
}

#[tokio::test]
async fn a_client_with_faults_keeps_its_settings() {
    let db = three_parcels().await;
    let prefixed = db.clone().with_table_prefix("no-");

    let error = Parcel::get(("Ulm", 1)).send(&prefixed.with_faults(Faults::seeded(1))).await.unwrap_err();

    assert!(error.is_table_not_found(), "{error:?}");
    assert_eq!(error.table(), Some("no-parcels"));
}

#[tokio::test]
async fn without_an_http_client_requests_fail_and_say_why() {
    let db = three_parcels().await;
    let mut config = db.sdk().config().to_builder();
    config.set_http_client(None);
    let none = test_support::on_path(Client::new(aws_sdk_dynamodb::Client::from_conf(config.build())));

    for client in [none.clone().with_faults(Faults::seeded(1)), none.with_request_log().0] {
        let error = Parcel::get(("Ulm", 1)).send(&client).await.unwrap_err();
        // A build that has the SDK's default client takes that, which reaches nothing.
        assert!(error.is_construction() || error.is_connection(), "{error:?}");
    }
}
