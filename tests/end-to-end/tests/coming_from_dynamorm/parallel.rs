//! Scans shared among several requests at a time.

use std::collections::BTreeSet;

use dynamorm::{AttributeValue, Client, Operations};
use end_to_end::connector::{Step, disturbed, recorded};

use crate::models::Counter;
use crate::{counter, database};

/// A database of 40 counters, named `0` to `39`.
async fn forty() -> Client {
    let db = database().await;
    let counters: Vec<_> = (0..40).map(|name| counter(&name.to_string())).collect();
    dynamorm::batch_write().put_all(&counters).send(&db).await.unwrap();
    db
}

fn names(counters: Vec<Counter>) -> BTreeSet<String> {
    counters.into_iter().map(|counter| counter.name).collect()
}

#[tokio::test]
async fn a_parallel_scan_reads_every_item_once() {
    let db = forty().await;

    let found = Counter::scan().page_size(3).parallel(4).items(&db).all().await.unwrap();

    assert_eq!(found.len(), 40);
    assert_eq!(names(found), (0..40).map(|name| name.to_string()).collect());
}

#[tokio::test]
async fn each_segment_is_read_by_requests_of_its_own() {
    let (db, record) = recorded(&forty().await);

    Counter::scan().parallel(4).items(&db).all().await.unwrap();

    let mut segments: Vec<_> = record
        .sent()
        .iter()
        .map(|request| {
            (request.body["Segment"].as_u64().unwrap(), request.body["TotalSegments"].as_u64().unwrap())
        })
        .collect();
    segments.sort_unstable();
    assert_eq!(segments, [(0, 4), (1, 4), (2, 4), (3, 4)]);
}

#[tokio::test]
async fn more_segments_than_are_read_at_a_time_are_all_read() {
    let db = forty().await;

    let found = Counter::scan().parallel(16).concurrency(3).items(&db).all().await.unwrap();

    assert_eq!(found.len(), 40);
}

#[tokio::test]
async fn a_parallel_count_counts_every_segment() {
    let db = forty().await;

    assert_eq!(Counter::scan().page_size(3).parallel(4).count(&db).await.unwrap(), 40);
    assert_eq!(Counter::scan().parallel(16).concurrency(2).count(&db).await.unwrap(), 40);
}

#[tokio::test]
async fn a_parallel_scan_filters() {
    let db = forty().await;
    Counter::update("7").set(Counter::COUNT, 70).send(&db).await.unwrap();
    let scan = || Counter::scan().filter(Counter::COUNT.gt(3)).parallel(4);

    assert_eq!(names(scan().items(&db).all().await.unwrap()), ["7".to_owned()].into());
    assert_eq!(scan().count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn a_parallel_scan_reads_chosen_attributes() {
    let db = forty().await;

    let found = Counter::scan().select(Counter::NAME).parallel(4).items(&db).all().await.unwrap();

    assert_eq!(found.len(), 40);
}

#[tokio::test]
async fn a_limit_holds_for_all_segments_together() {
    let db = forty().await;

    assert_eq!(Counter::scan().limit(5).parallel(4).items(&db).all().await.unwrap().len(), 5);
    assert_eq!(Counter::scan().limit(5).parallel(4).count(&db).await.unwrap(), 5);
}

#[tokio::test]
async fn a_parallel_scan_of_an_index_reads_every_item() {
    let db = forty().await;

    assert_eq!(Counter::scan_by_title().parallel(4).items(&db).all().await.unwrap().len(), 40);
}

#[tokio::test]
async fn an_item_that_cannot_be_read_does_not_end_a_parallel_scan() {
    let db = forty().await;
    let mut item = counter("7").to_item().unwrap();
    item.insert("count".to_owned(), AttributeValue::S("seven".to_owned()));
    end_to_end::samples::put_raw(&db, "counters", item).await;

    let mut stream = Counter::scan().parallel(4).items(&db);
    let (mut read, mut unread) = (0, 0);
    while let Some(item) = stream.next().await {
        if item.is_ok() { read += 1 } else { unread += 1 }
    }

    assert_eq!((read, unread), (39, 1));
}

#[tokio::test]
async fn a_failed_request_of_one_segment_ends_the_scan() {
    let (db, record) =
        disturbed(&forty().await, [Step::Pass, Step::exception(400, "AccessDeniedException"), Step::Pass]);

    let mut stream = Counter::scan().page_size(1).parallel(2).items(&db);
    let mut failures = 0;
    while let Some(item) = stream.next().await {
        if let Err(error) = item {
            assert!(error.is_access_denied(), "{error:?}");
            failures += 1;
        }
    }

    assert_eq!(failures, 1);
    assert!(record.sent().len() <= 3, "{}", record.sent().len());
}

#[tokio::test]
async fn nothing_is_read_before_a_stream_is_polled_or_after_it_is_dropped() {
    let (db, record) = recorded(&forty().await);

    let mut stream = Counter::scan().page_size(1).parallel(4).items(&db);
    assert!(record.sent().is_empty());
    stream.next().await.unwrap().unwrap();
    drop(stream);
    let sent = record.sent().len();
    tokio::task::yield_now().await;

    assert!(sent <= 4, "{sent}");
    assert_eq!(record.sent().len(), sent);
}

#[tokio::test]
async fn what_cannot_be_shared_is_refused_before_anything_is_sent() {
    let (db, record) = recorded(&database().await);
    let cursor = {
        let db = forty().await;
        Counter::scan().page_size(1).send(&db).await.unwrap().cursor().unwrap().clone()
    };

    let outcomes = [
        Counter::scan().parallel(0).count(&db).await,
        Counter::scan().parallel(1_000_001).concurrency(1).count(&db).await,
        Counter::scan().segment(0, 2).parallel(2).count(&db).await,
        Counter::scan().start_at(cursor).parallel(2).count(&db).await,
    ];

    for outcome in outcomes {
        let error = outcome.unwrap_err();
        assert!(error.is_validation(), "{error:?}");
    }
    let error = Counter::scan().parallel(0).items(&db).all().await.unwrap_err();
    assert_eq!(error.violations()[0].message(), "a scan has 1 to 1000000 segments, not 0");
    assert!(record.sent().is_empty());
}
