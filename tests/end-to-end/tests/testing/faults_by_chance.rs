//! Faults by a seed and probabilities.

use std::time::Duration;

use dynamorm::testing::Faults;
use dynamorm::{Client, Operations};
use end_to_end::operations::Parcel;
use end_to_end::samples::parcel;

use crate::{three_parcels, three_parcels_in_process};

/// Every fault now and then.
fn all(seed: u64) -> Faults {
    Faults::seeded(seed)
        .delay(0.3, Duration::from_millis(1)..Duration::from_secs(1))
        .refuse_connection(0.1)
        .lose_request(0.1)
        .lose_response(0.1)
        .throttle(0.1)
        .server_error(0.1)
        .server_error_after(0.1)
        .conflict(0.1)
        .leave_over(0.5)
        .lag(0.2)
}

/// Sends requests of several kinds, and says how each fared, and when.
async fn history(faults: Faults) -> Vec<(String, Option<u16>, u32, Duration)> {
    let (faulty, log) = three_parcels_in_process().await.with_faults(faults).with_request_log();
    let start = tokio::time::Instant::now();
    let mut moments = Vec::new();
    for number in 1..=30 {
        let _ = Parcel::get(("Ulm", number % 3)).send(&faulty).await;
        let _ = parcel("Ulm", u32::try_from(number).unwrap()).put().send(&faulty).await;
        let _ = Parcel::query("Ulm").send(&faulty).await;
        moments.push(start.elapsed());
    }
    let requests = log.requests().into_iter();
    let moments = moments.into_iter().chain(std::iter::repeat(Duration::ZERO));
    requests.zip(moments).map(|(r, moment)| (r.operation, r.status, r.attempt, moment)).collect()
}

#[tokio::test(start_paused = true)]
async fn one_seed_decides_everything_and_another_one_otherwise() {
    let first = history(all(7)).await;

    assert_eq!(first, history(all(7)).await);
    assert_ne!(first, history(all(8)).await);
    let statuses: std::collections::BTreeSet<_> = first.iter().map(|(_, status, ..)| *status).collect();
    assert_eq!(Vec::from_iter(statuses), [None, Some(200), Some(400), Some(500)]);
}

#[tokio::test(start_paused = true)]
async fn clones_of_faults_begin_anew_and_clones_of_a_client_go_on() {
    let db = three_parcels_in_process().await;
    let faults = Faults::seeded(3).server_error(0.5);
    let config = db.sdk().config().to_builder();
    let retries = aws_sdk_dynamodb::config::retry::RetryConfig::disabled();
    let once = test_support::on_path(Client::new(aws_sdk_dynamodb::Client::from_conf(
        config.retry_config(retries).build(),
    )));
    let fates = async |clients: [&Client; 2]| {
        let mut fates = Vec::new();
        for number in 0..40 {
            fates.push(Parcel::get(("Ulm", 1)).send(clients[number % 2]).await.is_ok());
        }
        fates
    };

    let one = once.clone().with_faults(faults.clone());
    let other = once.with_faults(faults);

    let alone = fates([&one, &one]).await;
    assert!(alone.contains(&true) && alone.contains(&false));
    assert_eq!(alone, fates([&other, &other.clone()]).await);
}

#[tokio::test]
async fn probabilities_beyond_their_range_are_never_or_always() {
    let db = three_parcels().await;
    for never in [0.0, -0.0, -1.0, f64::NAN, f64::NEG_INFINITY] {
        let faulty = db.clone().with_faults(Faults::seeded(1).lose_request(never).throttle(never));
        for _ in 0..50 {
            Parcel::get(("Ulm", 1)).send(&faulty).await.unwrap();
        }
    }
    for always in [1.0, 2.0, f64::INFINITY] {
        let faulty = db.clone().with_faults(Faults::seeded(1).throttle(always));
        for _ in 0..50 {
            assert!(Parcel::get(("Ulm", 1)).send(&faulty).await.unwrap_err().is_throttled());
        }
    }
}

#[tokio::test]
async fn a_fault_that_does_not_apply_is_not_drawn() {
    let faults = Faults::seeded(1).conflict(1.0).leave_over(1.0).lag(1.0);
    let faulty = three_parcels().await.with_faults(faults);

    assert!(Parcel::get(("Ulm", 1)).consistent().send(&faulty).await.unwrap().is_some());
    dynamorm::batch_write().put(&parcel("Ulm", 4)).send(&faulty).await.unwrap();

    assert!(parcel("Ulm", 5).put().send(&faulty).await.unwrap_err().is_conflict());
}

#[tokio::test(start_paused = true)]
async fn batches_of_which_something_is_always_left_over_end() {
    for seed in 0..20 {
        let db = three_parcels_in_process().await;
        let (faulty, log) = db.clone().with_faults(Faults::seeded(seed).leave_over(1.0)).with_request_log();

        let parcels: Vec<_> = (1..=25).map(|number| parcel("Ulm", number)).collect();
        dynamorm::batch_write().put_all(&parcels).send(&faulty).await.unwrap();
        let keys = parcels.iter().map(|parcel| ("Ulm", parcel.number));
        let found = Parcel::batch_get(keys).consistent().send(&faulty).await.unwrap().into_items().unwrap();

        let found: Vec<_> = found.into_iter().flatten().collect();
        assert_eq!(found, parcels, "seed {seed}");
        assert!(log.requests().len() > 2, "seed {seed}");
    }
}

#[tokio::test(start_paused = true)]
async fn delays_are_within_their_range() {
    let db = three_parcels_in_process().await;
    let (shortest, longest) = (Duration::from_millis(100), Duration::from_millis(200));
    let faulty = db.clone().with_faults(Faults::seeded(5).delay(1.0, shortest..longest));
    let mut waited = std::collections::BTreeSet::new();
    for _ in 0..50 {
        let before = tokio::time::Instant::now();
        Parcel::get(("Ulm", 1)).send(&faulty).await.unwrap();
        let elapsed = before.elapsed();
        // Timers count in milliseconds.
        assert!(elapsed >= shortest && elapsed <= longest + Duration::from_millis(1), "{elapsed:?}");
        waited.insert(elapsed);
    }
    assert!(waited.len() > 10, "{waited:?}");

    let faulty = db.with_faults(Faults::seeded(5).delay(1.0, longest..shortest));
    let before = tokio::time::Instant::now();
    Parcel::get(("Ulm", 1)).send(&faulty).await.unwrap();
    assert_eq!(before.elapsed().as_millis(), 200);
}

#[tokio::test]
async fn what_follows_a_script_fares_by_chance() {
    let script = [dynamorm::testing::Fault::Pass, dynamorm::testing::Fault::Pass];
    let faulty = three_parcels().await.with_faults(Faults::script(script).throttle(1.0));

    for passes in [true, true, false, false] {
        assert_eq!(Parcel::get(("Ulm", 1)).send(&faulty).await.is_ok(), passes);
    }
}

#[tokio::test]
async fn faults_that_were_given_last_meet_a_request_first() {
    let db = three_parcels().await.with_faults(Faults::seeded(1).throttle(1.0));

    let error = Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err();
    assert!(error.is_throttled(), "{error:?}");

    let db = db.with_faults(Faults::seeded(1).refuse_connection(1.0));
    let error = Parcel::get(("Ulm", 1)).send(&db).await.unwrap_err();
    assert!(error.is_connection(), "{error:?}");
}
