//! What begins anew after a conflict reads right before it writes.

use dynamorm::{Client, Operations};
use end_to_end::connector::{Step, disturbed};
use end_to_end::samples::database;

use crate::models::{Counter, tables};

async fn with_counter() -> Client {
    let db = database(&[&tables::COUNTERS]).await;
    Counter { name: "a".to_owned(), count: 0, version: 0 }.put().send(&db).await.unwrap();
    db
}

async fn increment(db: &Client) -> dynamorm::Result<Counter> {
    let change = |counter: &mut Counter| {
        counter.count += 1;
        Ok(())
    };
    Counter::get("a").retry_on_conflict(5, change).send(db).await
}

#[tokio::test]
async fn the_pause_comes_before_the_read() {
    let engine = with_counter().await;
    let other = engine.clone();
    let written = async move { Counter::update("a").set(Counter::COUNT, 40).send(&other).await.unwrap() };
    let (db, record) = disturbed(&engine, [Step::Pass, Step::meanwhile(written)]);

    let counter = increment(&db).await.unwrap();

    assert_eq!((counter.count, counter.version), (41, 3));
    assert_eq!(record.operations(), ["GetItem", "UpdateItem", "GetItem", "UpdateItem"]);
}

#[tokio::test]
async fn a_conflict_with_a_transaction_is_one() {
    let engine = with_counter().await;
    let conflict = Step::exception(400, "TransactionConflictException");
    let script = [Step::Pass, conflict.clone(), Step::Pass, conflict];
    let (db, _) = disturbed(&engine, script);

    let counter = increment(&db).await.unwrap();

    assert_eq!(counter.count, 1);
}
