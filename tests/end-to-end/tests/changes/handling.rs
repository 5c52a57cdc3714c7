//! Handling events: in order per key, with an answer that names what has to come again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use dynamorm::changes::{BatchResponse, EventKind, Handling, LambdaEvent, TableChange, handle};
use dynamorm::testing::proptest::{self, prelude::*};
use serde_json::{Value, json};

use crate::models::{OrderKey, ShopChange};
use crate::synthetic::{body, corrupt, kinesis_body, kinesis_data, placed, sequence_number};

/// Why the handler of a test fails.
#[derive(Debug)]
pub struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

impl std::error::Error for Refused {}

/// The key of an order's change.
pub fn key(change: &ShopChange) -> OrderKey {
    match change {
        ShopChange::Order(change) => change.key.clone(),
        other => panic!("{other:?}"),
    }
}

fn names(response: &BatchResponse) -> Value {
    serde_json::from_str(&response.to_json()).expect("JSON")
}

#[tokio::test]
async fn nothing_comes_again_where_all_was_handled() {
    let body = body(&[placed("ada", 1, 1), placed("bob", 1, 2), placed("ada", 2, 3)]);
    let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
    let response = handle(&event, |change| async move {
        assert_eq!(change.record().kind(), EventKind::Insert);
        Ok::<_, Refused>(())
    });
    let response = response.await;
    assert_eq!((response.handled(), response.again_from()), (3, None));
    assert_eq!(names(&response), json!({ "batchItemFailures": [] }));
}

#[tokio::test]
async fn a_failure_stops_its_key_and_no_other() {
    let records = [
        placed("ada", 1, 1),
        placed("bob", 1, 2),
        placed("ada", 2, 3),
        placed("bob", 2, 4),
        placed("ada", 3, 5),
    ];
    let body = body(&records);
    let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
    let handled = Mutex::new(Vec::new());
    let response = handle(&event, |change| {
        let key = key(&change);
        let fails = key.customer_id == "ada" && key.number == 2;
        handled.lock().expect("no panic").push(key);
        async move { if fails { Err(Refused) } else { Ok(()) } }
    });
    let response = response.await;
    let handled: Vec<_> = handled
        .into_inner()
        .expect("no panic")
        .into_iter()
        .map(|key| (key.customer_id, key.number))
        .collect();
    let of = |customer: &str| -> Vec<u32> {
        handled.iter().filter(|(id, _)| id == customer).map(|(_, number)| *number).collect()
    };
    assert_eq!(of("ada"), [1, 2]);
    assert_eq!(of("bob"), [1, 2]);
    assert_eq!(response.handled(), 3);
    assert_eq!(names(&response), json!({ "batchItemFailures": [{ "itemIdentifier": sequence_number(3) }] }));
    let failure = &response.failures()[0];
    assert_eq!((failure.position(), failure.event_id()), (2, Some("event-3")));
    assert_eq!(failure.error().to_string(), "refused");
}

#[tokio::test]
async fn a_record_that_cannot_be_read_fails_its_key() {
    let records =
        [placed("ada", 1, 1), corrupt(placed("ada", 2, 2)), placed("ada", 3, 3), placed("bob", 1, 4)];
    let body = body(&records);
    let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
    let response = handle(&event, |_| async { Ok::<_, Refused>(()) }).await;
    assert_eq!((response.handled(), response.again_from()), (2, Some(sequence_number(2).as_str())));
    assert!(response.failures()[0].error().to_string().contains("total"), "{response:?}");
}

#[tokio::test]
async fn a_record_without_a_number_brings_the_whole_batch_again() {
    let mut nameless = corrupt(placed("bob", 1, 2));
    nameless["dynamodb"].as_object_mut().expect("an object").remove("SequenceNumber");
    let late = corrupt(placed("ada", 1, 3));
    let body = body(&[placed("cleo", 1, 1), nameless, late]);
    let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
    let response = handle(&event, |_| async { Ok::<_, Refused>(()) }).await;
    assert_eq!(names(&response), json!({ "batchItemFailures": [{ "itemIdentifier": "" }] }));
}

#[tokio::test]
async fn kinesis_names_the_record_by_its_own_number() {
    let data: Vec<_> = (1..=3)
        .map(|number| kinesis_data(&placed("ada", number, number.into()), "MILLISECOND", number.into()))
        .collect();
    let body = kinesis_body(&data);
    let event = LambdaEvent::<ShopChange>::read_kinesis(&body).expect("an event");
    let response =
        handle(&event, |change| async move { if key(&change).number == 2 { Err(Refused) } else { Ok(()) } });
    let again = "49568167373333333333333333333333333333333333333333333301";
    assert_eq!(response.await.again_from().map(|number| number.len()), Some(again.len()));
}

#[tokio::test]
async fn no_more_keys_are_handled_at_once_than_allowed() {
    let records: Vec<_> =
        (1..=12_u32).map(|number| placed(&format!("customer-{number}"), 1, number.into())).collect();
    let body = body(&records);
    let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
    let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let handling = Handling::new().concurrency(3);
    let response = handling.handle(&event, |_| async {
        most.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
        tokio::task::yield_now().await;
        now.fetch_sub(1, Ordering::Relaxed);
        Ok::<_, Refused>(())
    });
    assert_eq!(response.await.handled(), 12);
    assert_eq!(most.into_inner(), 3);
}

/// The records of an event, by their keys; those that fail; those that no type can read.
fn events() -> impl Strategy<Value = (Vec<usize>, BTreeSet<usize>, BTreeSet<usize>, usize)> {
    let keys = proptest::collection::vec(0..4_usize, 1..24);
    keys.prop_flat_map(|keys| {
        let places = || proptest::collection::btree_set(0..keys.len(), 0..4);
        (Just(keys.clone()), places(), places(), 1..6_usize)
    })
}

proptest::proptest! {
    #[test]
    fn order_is_kept_and_failures_are_told(
        (keys, failing, unreadable, concurrency) in events(),
        pauses in proptest::collection::vec(0..4_usize, 24),
    ) {
        let records: Vec<_> = keys
            .iter()
            .enumerate()
            .map(|(position, key)| {
                let number = u32::try_from(position).expect("a few");
                let record = placed(&format!("customer-{key}"), number, number.into());
                if unreadable.contains(&position) { corrupt(record) } else { record }
            })
            .collect();
        let body = body(&records);
        let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
        let handled = Mutex::new(Vec::new());
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let response = runtime.block_on(Handling::new().concurrency(concurrency).handle(&event, |change| {
            let position = key(&change).number as usize;
            let (pause, fails, handled) = (pauses[position], failing.contains(&position), &handled);
            async move {
                for _ in 0..pause {
                    tokio::task::yield_now().await;
                }
                handled.lock().expect("no panic").push(position);
                if fails { Err(Refused) } else { Ok(()) }
            }
        }));

        let called = handled.into_inner().expect("no panic");
        let mut expected_failures = Vec::new();
        let mut succeeded = 0;
        for key in 0..4 {
            let of_key: Vec<_> = (0..keys.len()).filter(|position| keys[*position] == key).collect();
            let first = of_key.iter().position(|at| failing.contains(at) || unreadable.contains(at));
            let reached = first.map_or(of_key.len(), |first| first + 1);
            let expected: Vec<_> =
                of_key[..reached].iter().copied().filter(|at| !unreadable.contains(at)).collect();
            let order: Vec<_> = called.iter().copied().filter(|at| keys[*at] == key).collect();
            prop_assert_eq!(order, expected);
            succeeded += first.unwrap_or(of_key.len());
            expected_failures.extend(first.map(|first| of_key[first]));
        }
        expected_failures.sort_unstable();
        let failures: Vec<_> = response.failures().iter().map(|failure| failure.position()).collect();
        prop_assert_eq!(&failures, &expected_failures);
        prop_assert_eq!(response.handled(), succeeded);
        let again = expected_failures.first().map(|first| sequence_number(*first as u64));
        prop_assert_eq!(response.again_from().map(str::to_owned), again);
    }

    /// Whatever comes again in the end is handled, each key in its order, and nothing is left out: Lambda's part is played here.
    #[test]
    fn batches_that_come_again_end_with_everything_handled(
        (keys, failing, _, concurrency) in events(),
    ) {
        let records: Vec<_> = keys
            .iter()
            .enumerate()
            .map(|(position, key)| {
                let number = u32::try_from(position).expect("a few");
                placed(&format!("customer-{key}"), number, number.into())
            })
            .collect();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let left: Mutex<BTreeMap<usize, u32>> =
            Mutex::new(failing.iter().map(|position| (*position, 2)).collect());
        let done = Mutex::new(BTreeSet::new());
        let mut from = 0;
        for _ in 0..64 {
            let body = body(&records[from..]);
            let event = LambdaEvent::<ShopChange>::read(&body).expect("an event");
            let response = runtime.block_on(Handling::new().concurrency(concurrency).handle(&event, |change| {
                let position = key(&change).number as usize;
                let mut left = left.lock().expect("no panic");
                let fails = left.get_mut(&position).filter(|left| **left > 0);
                let fails = fails.map(|left| *left -= 1).is_some();
                if !fails {
                    let mut done = done.lock().expect("no panic");
                    // Nothing of a key is handled before what came before it was.
                    assert!((0..position).all(|before| keys[before] != keys[position] || done.contains(&before)));
                    done.insert(position);
                }
                async move { if fails { Err(Refused) } else { Ok(()) } }
            }));
            let again = response.again_from().map(str::to_owned);
            match again.and_then(|again| (0..records.len()).find(|at| sequence_number(*at as u64) == again)) {
                Some(first) => from = first,
                None => break,
            }
        }
        let done = done.into_inner().expect("no panic");
        prop_assert_eq!(done.len(), keys.len());
    }
}
