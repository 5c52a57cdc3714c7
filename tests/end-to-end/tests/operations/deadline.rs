//! Deadlines: an operation ends by itself where no answer comes.

use dynamorm::Operations;
use std::time::Duration;

use end_to_end::connector::{Step, disturbed};
use end_to_end::operations::{Parcel, tables};
use end_to_end::samples::{database, parcel};
use test_support::client;

const SHORT: Duration = Duration::from_millis(50);

#[tokio::test]
async fn a_read_without_an_answer_times_out() {
    let (db, record) = disturbed(&client().await, [Step::Hang]);

    let error = Parcel::get(("Ulm", 1)).send(&db.with_deadline(SHORT)).await.unwrap_err();

    assert!(error.is_timeout(), "{error:?}");
    assert_eq!((error.attempts(), record.sent().len()), (1, 1));
}

#[tokio::test]
async fn the_outcome_of_a_read_is_never_unknown() {
    let (db, _) = disturbed(&client().await, [Step::Hang]);

    let error = Parcel::get(("Ulm", 1)).send(&db.with_deadline(SHORT)).await.unwrap_err();

    assert!(!error.is_outcome_unknown(), "{error:?}");
}

#[tokio::test]
async fn the_outcome_of_a_write_without_an_answer_is_unknown() {
    let steps = [Step::Hang, Step::Hang, Step::Hang];
    let (db, _) = disturbed(&client().await, steps);
    let db = db.with_deadline(SHORT);

    let put = parcel("Ulm", 1).put().send(&db).await;
    let update = Parcel::update(("Ulm", 1)).add(Parcel::WEIGHT, 1).send(&db).await;
    let delete = Parcel::delete(("Ulm", 1)).send(&db).await;

    for outcome in [put, update, delete] {
        let error = outcome.unwrap_err();
        assert!(error.is_timeout() && error.is_outcome_unknown(), "{error:?}");
    }
}

#[tokio::test]
async fn a_call_has_a_deadline_of_its_own() {
    let (db, _) = disturbed(&client().await, vec![Step::Hang; 4]);
    let db = db.without_deadline();

    let get = Parcel::get(("Ulm", 1)).deadline(SHORT).send(&db).await.map(|_| ());
    let put = parcel("Ulm", 1).put().deadline(SHORT).send(&db).await;
    let update = Parcel::update(("Ulm", 1)).deadline(SHORT).send(&db).await;
    let query = Parcel::query("Ulm").deadline(SHORT).send(&db).await.map(|_| ());

    for outcome in [get, put, update, query] {
        assert!(outcome.unwrap_err().is_timeout());
    }
}

#[tokio::test]
async fn an_operation_has_a_deadline_by_default() {
    let (db, _) = disturbed(&client().await, [Step::Hang]);
    tokio::time::pause();
    let start = tokio::time::Instant::now();

    let error = Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err();

    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(start.elapsed().as_secs(), dynamorm::DEFAULT_DEADLINE.as_secs());
}

#[tokio::test]
async fn a_client_may_have_no_deadline() {
    let (db, _) = disturbed(&database(&[&tables::PARCELS]).await, [Step::Delay(Duration::from_millis(50))]);
    let db = db.with_deadline(SHORT).without_deadline();

    assert_eq!(Parcel::get(("Ulm", 1)).send(&db).await.unwrap(), None);
}

#[tokio::test]
async fn the_deadline_includes_the_retries() {
    let steps = [Step::LoseRequest, Step::Hang];
    let (db, _) = disturbed(&client().await, steps);

    let error = Parcel::get(("Ulm", 1)).deadline(Duration::from_millis(100)).send(&db).await.unwrap_err();

    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(error.attempts(), 2);
}

#[tokio::test]
async fn a_stream_ends_behind_a_page_that_times_out() {
    let (db, _) = disturbed(&client().await, [Step::Hang]);
    let mut stream = Parcel::query("Ulm").deadline(SHORT).items(&db);

    let error = stream.next().await.unwrap().unwrap_err();

    assert!(error.is_timeout(), "{error:?}");
    assert!(stream.next().await.is_none());
}
