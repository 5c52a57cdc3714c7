//! What consumers remember: which records have been handled, and how often one failed.

use dynamorm::changes::{Handling, LambdaEvent, Ledger, Once, TableChange, count_attempt, handle};
use dynamorm::{Client, Decimal, Operations};

use crate::captured::database;
use crate::handling::{Refused, key};
use crate::models::{Attempt, DeadLetter, Handled, ShopChange, Summary, tables};
use crate::synthetic::{body, corrupt, placed, sequence_number};

/// Adds an order to its customer's summary, once.
async fn summarize(db: &Client, change: ShopChange) -> dynamorm::Result<Once> {
    let ShopChange::Order(change) = &change else { return Ok(Once::Before) };
    let Some(order) = change.new_image() else { return Ok(Once::Before) };
    let first = Summary { customer_id: order.customer_id.clone(), orders: 0, total: Decimal::from(0) };
    let added = first.upsert().add(Summary::ORDERS, 1).add(Summary::TOTAL, order.total.clone());
    let ledger = Ledger::<Handled>::new(db);
    ledger.transact(&change.record, dynamorm::transaction().upsert(added)).await
}

async fn summary(db: &Client, customer: &str) -> Option<(u32, Decimal)> {
    let summary = Summary::get(customer).send(db).await.expect("read");
    summary.map(|summary| (summary.orders, summary.total))
}

#[tokio::test]
async fn a_record_that_comes_again_changes_nothing() {
    let db = database(&[&tables::CONSUMERS]).await;
    let body = body(&[placed("ada", 1, 1), placed("bob", 2, 2), placed("ada", 3, 3)]);
    let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
    for _ in 0..3 {
        let response = handle(&event, |change| async {
            summarize(&db, change).await?;
            Ok::<_, dynamorm::Error>(())
        });
        assert_eq!(response.await.handled(), 3);
        assert_eq!(summary(&db, "ada").await, Some((2, Decimal::from(4))));
        assert_eq!(summary(&db, "bob").await, Some((1, Decimal::from(2))));
    }
}

#[tokio::test]
async fn the_entry_is_written_with_the_transaction_or_not_at_all() {
    let db = database(&[&tables::CONSUMERS]).await;
    let body = body(&[placed("ada", 1, 1)]);
    let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
    let change = event.changes().next().expect("a record").expect("a change");
    let ledger = Ledger::<Handled>::new(&db);
    let refused = dynamorm::transaction().check(Summary::check("ada").exists());
    let error = ledger.transact(change.record(), refused).await.expect_err("there is no summary");
    assert!(error.is_cancelled(), "{error}");
    assert!(!ledger.is_handled(change.record()).await.expect("read"));
    assert_eq!(summarize(&db, change.clone()).await.expect("written"), Once::Now);
    assert!(ledger.is_handled(change.record()).await.expect("read"));
    assert_eq!(summarize(&db, change).await.expect("nothing to write"), Once::Before);
}

#[tokio::test]
async fn a_handler_is_called_until_it_has_succeeded_and_not_again() {
    let db = database(&[&tables::CONSUMERS]).await;
    let body = body(&[placed("ada", 1, 1)]);
    let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
    let change = event.changes().next().expect("a record").expect("a change");
    let ledger = Ledger::<Handled>::new(&db);
    let mut calls = 0;
    let mut outcomes = Vec::new();
    for fails in [true, false, false] {
        let outcome = ledger.once(change.record(), async || {
            calls += 1;
            if fails { Err(dynamorm::Error::refused("not now")) } else { Ok(()) }
        });
        outcomes.push(outcome.await.ok());
    }
    assert_eq!((calls, outcomes), (2, vec![None, Some(Once::Now), Some(Once::Before)]));
}

#[tokio::test]
async fn a_record_that_cannot_succeed_goes_to_its_place() {
    let db = database(&[&tables::CONSUMERS]).await;
    let body = body(&[corrupt(placed("ada", 1, 1)), placed("ada", 2, 2), placed("bob", 3, 3)]);
    let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
    let handling = Handling::new().give_up(
        3,
        |id| {
            let db = db.clone();
            async move { count_attempt::<Attempt>(&db, id).await }
        },
        |letter| {
            let db = db.clone();
            // The error of a letter names the key, and the event shows nothing.
            assert!(!format!("{event:?}").contains("ada"), "{event:?}");
            async move {
                let error = letter.error.to_string();
                let letter = DeadLetter { event_id: letter.id, error, record: letter.record };
                letter.put().send(&db).await
            }
        },
    );
    for delivery in 1..=3 {
        // Each delivery may be that of another process: only the ledger knows of those before.
        let response = handling.handle(&event, |change| {
            let db = &db;
            async move {
                let event_id = format!("{} {}", key(&change).number, change.record().event_id());
                Handled { event_id }.put().send(db).await
            }
        });
        let response = response.await;
        if delivery < 3 {
            assert_eq!((response.handled(), response.given_up()), (1, 0));
            assert_eq!(response.again_from(), Some(sequence_number(1).as_str()));
        } else {
            assert_eq!((response.handled(), response.given_up(), response.again_from()), (2, 1, None));
        }
    }
    let letter = DeadLetter::get("event-1").send(&db).await.expect("read").expect("it is there");
    assert!(letter.error.contains("total"), "{}", letter.error);
    let record: serde_json::Value = serde_json::from_str(&letter.record).expect("the record as it came");
    assert_eq!(record, corrupt(placed("ada", 1, 1)));
}

#[tokio::test]
async fn a_record_comes_again_where_its_place_or_its_count_fails() {
    let body = body(&[placed("ada", 1, 1)]);
    let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
    let fails = |_| async { Err::<(), _>(Refused) };
    let no_place = Handling::new().give_up(
        1,
        |_| async { Ok::<_, Refused>(1) },
        |letter| async move {
            assert_eq!((letter.id.as_str(), letter.attempts), ("event-1", 1));
            Err(Refused)
        },
    );
    assert!(no_place.handle(&event, fails).await.again_from().is_some());
    let no_count = Handling::new().give_up(
        1,
        |_| async { Err(Refused) },
        |_| async { panic!("nobody knows how often it failed") as Result<(), Refused> },
    );
    assert!(no_count.handle(&event, fails).await.again_from().is_some());
}
