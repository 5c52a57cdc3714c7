//! One deadline holds for everything that an operation does. On tokio's paused clock, so that an hour takes no time.

use std::time::Duration;

use dynamorm::{Client, Error, Hooks, Operations};
use end_to_end::connector::{Step, disturbed};
use tokio::time::Instant;

use crate::models::{Account, Counter, Lock, Member, Order, TABLES, tables};
use crate::{lock, order};

const SECOND: Duration = Duration::from_secs(1);

/// The embedded engine: a server's answers take real time, which a paused clock does not wait for.
async fn embedded() -> Client {
    let db = test_support::on_path(Client::embedded().unwrap());
    db.create_tables(TABLES).await.unwrap();
    db
}

fn member(id: &str) -> Member {
    Member::builder()
        .tenant("acme")
        .id(id)
        .number(id.len() as u32)
        .email(Some(id.to_owned()))
        .build()
        .unwrap()
}

fn slow(db: &Client, each: Duration) -> Client {
    disturbed(db, vec![Step::Delay(each); 200]).0
}

#[tokio::test(start_paused = true)]
async fn the_reads_of_a_transaction_keep_to_its_deadline() {
    let db = slow(&embedded().await, Duration::from_secs(100));
    let members: Vec<_> = ["a", "bb", "ccc", "dddd"].map(member).into();
    let transaction = members.iter().fold(dynamorm::transaction(), |all, member| all.put(member.put()));
    let start = Instant::now();

    let error = transaction.deadline(SECOND).send(&db).await.unwrap_err();

    assert!(error.is_timeout() && !error.is_outcome_unknown(), "{error:?}");
    assert_eq!(start.elapsed().as_secs(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_reads_of_a_transaction_run_side_by_side() {
    let db = slow(&embedded().await, 3 * SECOND);
    let members: Vec<_> = ["a", "bb", "ccc", "dddd"].map(member).into();
    let transaction = members.iter().fold(dynamorm::transaction(), |all, member| all.put(member.put()));
    let start = Instant::now();

    transaction.send(&db).await.unwrap();

    assert_eq!(start.elapsed().as_secs(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_guarded_write_keeps_to_its_deadline() {
    let engine = embedded().await;
    member("a").put().send(&engine).await.unwrap();
    let db = slow(&engine, 4 * SECOND);
    let start = Instant::now();

    let put = member("a").put().deadline(6 * SECOND).send(&db).await;
    let delete = Member::delete(("acme", "a")).deadline(6 * SECOND).send(&db).await;

    // A put that changes no unique value is a plain one, which was under way.
    assert!(put.unwrap_err().is_outcome_unknown());
    assert!(delete.unwrap_err().is_outcome_unknown());
    assert_eq!(start.elapsed().as_secs(), 12);
}

#[tokio::test(start_paused = true)]
async fn what_is_retried_on_conflicts_keeps_to_its_deadline() {
    let engine = embedded().await;
    Counter { name: "a".to_owned(), count: 0, version: 0 }.put().send(&engine).await.unwrap();
    let db = slow(&engine, 4 * SECOND);
    let start = Instant::now();

    let change = |counter: &mut Counter| {
        counter.count += 1;
        Ok(())
    };
    let get = Counter::get("a").deadline(6 * SECOND);
    let error = get.retry_on_conflict(9, change).send(&db).await.unwrap_err();

    assert!(error.is_timeout() && error.is_outcome_unknown(), "{error:?}");
    assert_eq!(start.elapsed().as_secs(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_table_counts_the_time_of_its_requests() {
    let engine = embedded().await;
    let answered = Step::Answer(200, serde_json::json!({}));
    let script = [answered].into_iter().chain(vec![Step::Delay(20 * SECOND); 500]);
    let (db, _) = disturbed(&engine, script);
    let start = Instant::now();

    let error = db.delete_table(&tables::NOTES).await.unwrap_err();

    assert!(error.is_timeout(), "{error:?}");
    assert!(start.elapsed() <= 600 * SECOND, "{:?}", start.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_batch_keeps_to_its_deadline() {
    let engine = embedded().await;
    let db = slow(&engine, 4 * SECOND);
    let start = Instant::now();

    let error = dynamorm::batch_write().put(&lock("me")).deadline(SECOND).send(&db).await.unwrap_err();

    assert!(error.is_outcome_unknown(), "{error:?}");
    assert_eq!(error.into_unwritten().unwrap().len(), 1);
    assert_eq!(start.elapsed().as_secs(), 1);
}

/// Every kind of operation, with a deadline of its own.
async fn every_operation(db: &Client, deadline: Duration) -> Vec<(&'static str, Result<(), Error>)> {
    let (mut order, mut saved, mut lock) = (order(), order().tracked(), lock("me"));
    saved.pieces = 2;
    let account = Account::builder().id(order.id).login("ada").build().unwrap();
    let change = |counter: &mut Counter| {
        counter.count += 1;
        Ok(())
    };
    let retried = Counter::get("a").deadline(deadline).retry_on_conflict(3, change);
    vec![
        ("get", Lock::get("door").deadline(deadline).send(db).await.map(drop)),
        ("put", lock.put().deadline(deadline).send(db).await),
        ("put or get", lock.put().or_get().deadline(deadline).send(db).await.map(drop)),
        ("versioned put", order.put().deadline(deadline).send(db).await),
        ("guarded put", { account }.put().if_not_exists().deadline(deadline).send(db).await),
        ("update", Lock::update("door").add(Lock::COUNT, 1).deadline(deadline).send(db).await),
        ("upsert", lock.upsert().add(Lock::COUNT, 1).deadline(deadline).send(db).await),
        (
            "exactly once",
            Lock::update("door").add(Lock::COUNT, 1).exactly_once().deadline(deadline).send(db).await,
        ),
        ("retry", retried.send(db).await.map(drop)),
        ("save", saved.save().deadline(deadline).send(db).await),
        ("query", Order::by_customer("Ada").deadline(deadline).send(db).await.map(drop)),
        ("scan", Lock::scan().deadline(deadline).send(db).await.map(drop)),
        ("batch get", Lock::batch_get(["door"]).deadline(deadline).send(db).await.map(drop)),
        ("batch", dynamorm::batch_write().put(&lock).deadline(deadline).send(db).await),
        ("transaction", dynamorm::transaction().put(lock.put()).deadline(deadline).send(db).await),
        (
            "reads",
            dynamorm::read_transaction((Lock::get("door"),)).deadline(deadline).send(db).await.map(drop),
        ),
        ("guarded delete", Member::delete(("acme", "a")).deadline(deadline).send(db).await),
        ("delete", Lock::delete("door").deadline(deadline).send(db).await),
    ]
}

#[tokio::test]
async fn without_any_time_nothing_is_sent() {
    let (db, record) = disturbed(&embedded().await, []);

    for (name, outcome) in every_operation(&db, Duration::ZERO).await {
        let error = outcome.expect_err(name);
        assert!(error.is_timeout() && !error.is_outcome_unknown(), "{name}: {error:?}");
        assert_eq!(error.attempts(), 0, "{name}");
    }

    assert_eq!(record.operations(), Vec::<String>::new());
}

#[tokio::test]
async fn with_all_the_time_there_is_everything_is_done() {
    let db = embedded().await;
    Counter { name: "a".to_owned(), count: 0, version: 0 }.put().send(&db).await.unwrap();

    for deadline in [Duration::MAX, Duration::from_secs(u64::MAX), Duration::from_secs(1 << 40)] {
        for (name, outcome) in every_operation(&db.clone().with_deadline(deadline), deadline).await {
            match outcome {
                Ok(()) => {}
                // There is no such order.
                Err(error) if name == "save" => assert!(error.is_not_found(), "{error:?}"),
                // One that was left by the round before.
                Err(error) if name == "guarded put" => assert!(error.is_not_unique(), "{error:?}"),
                Err(error) => panic!("{name}: {error:?}"),
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn hooks_before_a_write_keep_to_its_deadline() {
    let (db, record) = disturbed(&embedded().await, []);
    let slow = Hooks::new().before_put_async::<Lock>(|_| {
        Box::pin(async {
            tokio::time::sleep(60 * SECOND).await;
            Ok(())
        })
    });
    let db = db.with_hooks(slow);

    let error = lock("me").put().deadline(SECOND).send(&db).await.unwrap_err();

    assert!(error.is_timeout() && !error.is_outcome_unknown(), "{error:?}");
    assert!(record.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn hooks_after_a_write_have_the_time_they_take() {
    let slow = Hooks::new().after_put_async::<Lock>(|_| Box::pin(tokio::time::sleep(60 * SECOND)));
    let db = embedded().await.with_hooks(slow);
    let start = Instant::now();

    lock("me").put().deadline(SECOND).send(&db).await.unwrap();

    assert_eq!(start.elapsed().as_secs(), 60);
}

#[tokio::test]
async fn a_clock_that_runs_backwards_harms_nothing() {
    let db = embedded().await;
    let clock = std::sync::atomic::AtomicI64::new(1_700_000_000);
    let backwards = move || {
        let second = clock.fetch_sub(3600, std::sync::atomic::Ordering::Relaxed);
        dynamorm::Timestamp::from_second(second).unwrap()
    };
    let db = db.with_clock(backwards);
    let mut order = order();

    for version in 1..=4 {
        order.put().send(&db).await.unwrap();
        assert_eq!(order.version, version);
    }
    dynamorm::transaction().put(order.put()).deadline(SECOND).send(&db).await.unwrap();

    assert_eq!(order.version, 5);
}
