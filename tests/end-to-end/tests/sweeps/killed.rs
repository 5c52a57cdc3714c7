//! A sweep that is killed at any request, and run again, makes the same table as one that is not.

use super::*;
use dynamorm::sweep::{Sweep, SweepTable, checkpoint_table};
use end_to_end::connector::{Record, Step, disturbed};
use std::time::Duration;

static SWEEPS: Table = checkpoint_table("sweeps");

const ORDERS: u32 = 7;

async fn orders_of_before() -> Client {
    let db = end_to_end::samples::embedded(tables::TABLES).await;
    db.create_tables(&[&SWEEPS]).await.unwrap();
    stored_orders(&db, ORDERS).await;
    db
}

fn sweep() -> Sweep {
    let sweep = Order::sweep().segments(2).page_size(2).concurrent_writes(2);
    let sweep = sweep.checkpoints(SweepTable::new(&SWEEPS)).checkpoint_every(Duration::ZERO);
    sweep.lease(Duration::from_secs(1))
}

/// What the table holds, without what no two runs have alike.
async fn table(db: &Client) -> BTreeMap<String, Item> {
    let mut items = items(db, &tables::ORDERS).await;
    for item in items.values_mut() {
        item.remove("changed_at");
    }
    items
}

/// Runs until so many requests were sent, and is killed while the last of them is on its way.
async fn killed_at(request: usize, last: Step, db: &Client) -> bool {
    let script = std::iter::repeat_n(Step::Pass, request).chain([last, Step::Hang, Step::Hang]);
    let (sweeping, record) = disturbed(db, script);
    tokio::select! {
        report = sweep().run(&sweeping) => {
            assert!(report.unwrap().is_clean());
            false
        }
        () = sent(&record, request + 1) => true,
    }
}

async fn sent(record: &Record, requests: usize) {
    while record.sent().len() < requests {
        tokio::task::yield_now().await;
    }
    // The engine may carry the last one out before the client dies.
    for _ in 0..3 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_sweep_killed_at_every_request_makes_the_same_table() {
    let undisturbed = orders_of_before().await;
    assert!(sweep().run(&undisturbed).await.unwrap().is_clean());
    let expected = table(&undisturbed).await;
    for last in [Step::Hang, Step::LoseResponse] {
        let mut request = 0;
        loop {
            let db = orders_of_before().await;
            let was_killed = killed_at(request, last.clone(), &db).await;
            // A process that is killed gives no lease back.
            let later = in_a_minute(&db);
            let report = sweep().run(&later).await.unwrap();
            assert!(report.is_clean(), "killed at {request}: {report}");
            assert_eq!(report.counts().items, u64::from(ORDERS), "killed at {request}: {report}");
            assert_eq!(table(&db).await, expected, "killed at {request}");
            if !was_killed {
                break;
            }
            request += 1;
        }
        assert!(request > 15, "{request} requests are fewer than a sweep sends");
    }
}

/// The same client, when the lease of whoever was killed has run out.
fn in_a_minute(db: &Client) -> Client {
    let later = dynamorm::now() + Duration::from_secs(60);
    db.clone().with_clock(move || later)
}

#[tokio::test]
async fn a_sweep_killed_at_every_request_beside_writers_loses_none_of_their_writes() {
    let mut request = 0;
    loop {
        let db = orders_of_before().await;
        let writing = db.clone();
        let writer = async {
            for number in 0..ORDERS {
                let id = format!("{number:03}");
                // Release N, which knows neither the index nor the default.
                let update = before::Order::update(&id).set(before::Order::CUSTOMER, "Barbara");
                update.add(before::Order::AMOUNT, 1_000).send(&writing).await.unwrap();
                tokio::task::yield_now().await;
            }
        };
        let (was_killed, ()) = tokio::join!(killed_at(request, Step::LoseResponse, &db), writer);
        let report = sweep().afresh().run(&in_a_minute(&db)).await.unwrap();
        assert!(report.is_clean(), "killed at {request}: {report}");
        for number in 0..ORDERS {
            let order = order(&db, &format!("{number:03}")).await;
            assert_eq!((order.amount, order.customer.as_str()), (number + 1_000, "Barbara"));
        }
        let page = Order::of_customer("Barbara").send(&db).await.unwrap();
        assert_eq!(page.items().len(), ORDERS as usize, "killed at {request}");
        if !was_killed {
            break;
        }
        request += 1;
    }
}
