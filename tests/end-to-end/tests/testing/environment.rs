//! Time and ids that a test decides.

use std::sync::Arc;
use std::time::Duration;

use dynamorm::testing::{Environment, Fault, Faults};
use dynamorm::{Client, Operations, Timestamp};
use end_to_end::managed_values::{Line, Note, Order, tables};
use end_to_end::samples::{database, embedded, instant};

use crate::three_parcels;

fn order() -> Order {
    let line = Line::builder().sku("a").build().unwrap();
    Order::builder().customer("Ada").lines(vec![line]).build().unwrap()
}

async fn orders() -> Client {
    database(&[&tables::ORDERS, &tables::NOTES]).await
}

async fn orders_in_process() -> Client {
    embedded(&[&tables::ORDERS, &tables::NOTES]).await
}

#[test]
fn builders_take_the_environment_that_the_thread_is_in() {
    let environment = Environment::seeded(7);
    let entered = environment.enter();
    let first = order();
    environment.advance(Duration::from_secs(90));
    let second = order();
    drop(entered);

    assert_eq!(first.placed_at, Environment::START);
    assert_eq!(first.expires_at, Some(instant("2024-01-31T00:00:00Z")));
    assert_eq!(second.placed_at, instant("2024-01-01T00:01:30Z"));
    assert_eq!(first.id.timestamp_ms(), 1_704_067_200_000);
    let (seconds, _) = first.lines[0].number.get_timestamp().unwrap().to_unix();
    assert_eq!(seconds, 1_704_067_200);
    assert!(first.id < second.id);

    let again = Environment::seeded(7);
    let _entered = again.enter();
    assert_eq!(order(), first);
    again.set(instant("2024-01-01T00:01:30Z"));
    assert_eq!(order(), second);
}

#[test]
fn other_seeds_give_other_ids() {
    let id = |seed| {
        let _entered = Environment::seeded(seed).enter();
        (order().id, Note::builder().text("a").changed_at(Environment::START).build().unwrap().id)
    };

    assert_eq!(id(1), id(1));
    assert_ne!(id(1).0, id(2).0);
    assert_ne!(id(1).1, id(2).1);
}

#[test]
fn who_leaves_an_environment_is_back_in_the_one_before() {
    let (outer, inner) = (Environment::seeded(1), Environment::seeded(2));
    inner.advance(Duration::from_secs(1));
    let before = dynamorm::now();
    let outer = outer.enter();
    {
        let _inner = inner.enter();
        assert_eq!(order().placed_at, instant("2024-01-01T00:00:01Z"));
    }
    assert_eq!(order().placed_at, Environment::START);
    std::thread::spawn(move || assert!(order().placed_at >= before)).join().unwrap();

    drop(outer);
    assert!(order().placed_at >= before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scope_is_where_its_future_is_polled() {
    let before = dynamorm::now();
    let tasks: Vec<_> = (0..4)
        .map(|seed| {
            let environment = Environment::seeded(seed);
            environment.advance(Duration::from_secs(seed));
            tokio::spawn(environment.scope(async {
                let mut moments = Vec::new();
                for _ in 0..20 {
                    moments.push(order().placed_at);
                    tokio::task::yield_now().await;
                }
                moments
            }))
        })
        .collect();
    for (seed, task) in (0..).zip(tasks) {
        let expected = Environment::START + Duration::from_secs(seed);
        assert_eq!(task.await.unwrap(), [expected; 20]);
        assert!(order().placed_at >= before);
    }
}

#[tokio::test]
async fn a_clients_writes_are_at_the_time_of_its_environment() {
    let environment = Environment::seeded(7);
    let db = orders().await.with_environment(&environment);
    environment.advance(Duration::from_secs(5));
    let mut order = order();

    order.put().send(&db).await.unwrap();

    assert_eq!(order.changed_at, instant("2024-01-01T00:00:05Z"));
    let later = db.with_clock(|| instant("2031-01-01T00:00:00Z"));
    order.put().send(&later).await.unwrap();
    assert_eq!(order.changed_at, instant("2031-01-01T00:00:00Z"));
}

#[tokio::test]
async fn ids_of_writes_are_decided_by_the_seed() {
    let write_id = async |seed| {
        let environment = Environment::seeded(seed);
        let db = orders().await.with_environment(&environment);
        let mut order = order();
        order.put().send(&db).await.unwrap();
        order.write_id.unwrap()
    };

    assert_eq!(write_id(1).await, write_id(1).await);
    assert_ne!(write_id(1).await, write_id(2).await);
}

#[tokio::test]
async fn tokens_of_transactions_are_decided_by_the_seed() {
    let token = async |seed| {
        let environment = Environment::seeded(seed);
        let (db, log) = orders().await.with_environment(&environment).with_request_log();
        let mut order = order();
        dynamorm::transaction().put(order.put()).send(&db).await.unwrap();
        log.requests()[0].body["ClientRequestToken"].as_str().unwrap().to_owned()
    };

    assert_eq!(token(1).await, token(1).await);
    assert_ne!(token(1).await, token(2).await);
}

#[tokio::test]
async fn a_wall_clock_that_goes_back_harms_no_write_and_no_deadline() {
    let environment = Environment::seeded(7);
    let db = orders().await.with_environment(&environment).with_deadline(Duration::from_secs(5));
    let mut order = order();
    order.put().send(&db).await.unwrap();

    for moment in ["1999-01-01T00:00:00Z", "2024-01-01T00:00:00Z", "1970-01-01T00:00:00Z"] {
        environment.set(instant(moment));
        assert_eq!(environment.now(), instant(moment));
        let mut tracked = order.tracked();
        tracked.pieces += 1;
        tracked.save().send(&db).await.unwrap();
        order = tracked.into_inner();
        assert_eq!(order.changed_at, instant(moment));
    }

    assert_eq!((order.pieces, order.version), (4, 4));
}

#[test]
fn the_wall_clock_does_not_leave_the_range_of_instants() {
    let environment = Environment::seeded(7);
    environment.advance(Duration::MAX);
    assert_eq!(environment.now(), instant("9999-12-30T22:00:00.999999Z"));
    environment.set(Timestamp::MIN);
    assert_eq!(environment.now(), Timestamp::MIN);
}

#[tokio::test]
async fn moments_are_as_fine_as_what_is_stored() {
    let environment = Environment::seeded(7);
    environment.advance(Duration::from_nanos(1_234));
    let db = orders().await.with_environment(&environment);
    let mut order = order();

    order.put().send(&db).await.unwrap();

    assert_eq!(order.changed_at, instant("2024-01-01T00:00:00.000001Z"));
}

/// How long a request waits that is never answered in time, by tokio's clock.
async fn waited(db: &Client) -> Duration {
    let faults = Faults::script([Fault::Delay(Duration::from_secs(100_000))]);
    let before = tokio::time::Instant::now();
    let error = Note::get(dynamorm::Uuid::nil()).send(&db.clone().with_faults(faults)).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    before.elapsed()
}

#[tokio::test(start_paused = true)]
async fn deadlines_end_by_tokios_clock() {
    let environment = Environment::seeded(7);
    let db = orders_in_process().await.with_environment(&environment).with_deadline(Duration::from_secs(60));

    assert_eq!(waited(&db).await.as_secs(), 60);
    environment.advance(Duration::from_secs(3600));
    assert_eq!(waited(&db).await.as_secs(), 60);
}

/// A hook that advances the clock while an operation runs.
fn slow(db: Client, environment: &Environment, by: Duration) -> Client {
    let environment = environment.clone();
    db.with_hooks(dynamorm::Hooks::new().before_put::<Order>(move |_| {
        environment.advance(by);
        Ok(())
    }))
}

#[tokio::test]
async fn time_that_is_advanced_is_time_that_a_deadline_counts() {
    for environment in [Environment::seeded(7), Environment::seeded(7).with_own_monotonic_clock()] {
        let db = orders().await.with_environment(&environment).with_deadline(Duration::from_secs(60));
        let (early, late) = (Duration::from_secs(50), Duration::from_secs(60));

        order().put().send(&slow(db.clone(), &environment, early)).await.unwrap();
        let error = order().put().send(&slow(db, &environment, late)).await.unwrap_err();

        assert!(error.is_timeout(), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_own_monotonic_clock_does_not_count_what_tokios_counts() {
    let hours = |db: Client| {
        db.with_hooks(dynamorm::Hooks::new().before_put_async::<Order>(|_| {
            Box::pin(async {
                tokio::time::advance(Duration::from_secs(3600)).await;
                Ok(())
            })
        }))
    };
    let tokios = Environment::seeded(7);
    let own = Environment::seeded(7).with_own_monotonic_clock();

    let db = hours(orders_in_process().await).with_deadline(Duration::from_secs(3000));
    let put = |db: Client| async move { order().put().send(&db).await };

    let error = put(db.clone().with_environment(&tokios)).await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");

    let db = db.with_environment(&own);
    put(db.clone()).await.unwrap();
    assert_eq!(waited(&db).await.as_secs(), 3000, "sleeps are tokio's");
}

#[tokio::test]
async fn a_simulation_decides_the_clocks_and_the_bits() {
    let bits = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let counted = Arc::clone(&bits);
    let start = tokio::time::Instant::now();
    let environment = Environment::with(
        || instant("2050-01-01T00:00:00Z"),
        move || start,
        move || counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
    );
    let _entered = environment.enter();

    let order = order();

    assert_eq!(order.placed_at, instant("2050-01-01T00:00:00Z"));
    assert_eq!(order.id.random() & 0xFF, 3, "the last of the bits that were drawn");
    assert_eq!(bits.load(std::sync::atomic::Ordering::Relaxed), 4);
    environment.advance(Duration::from_secs(1));
    assert_eq!(environment.now(), instant("2050-01-01T00:00:01Z"));
}

#[tokio::test]
async fn an_environment_goes_with_faults_and_a_log_in_any_order() {
    let environment = Environment::seeded(7);
    let (db, log) = three_parcels().await.with_environment(&environment).with_request_log();
    let db = db.with_faults(Faults::seeded(1)).with_environment(&environment);

    assert_eq!(crate::weight(&db, 1).await, Some(1));

    log.assert_requests(1);
}
