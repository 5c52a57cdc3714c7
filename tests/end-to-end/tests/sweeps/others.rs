//! Other clients write meanwhile: they win, and their items are met again.

use super::*;
use dynamorm::sweep::SweepProblem;
use end_to_end::connector::{Step, disturbed};

#[tokio::test]
async fn an_item_that_is_deleted_meanwhile_stays_deleted() {
    let db = today().await;
    stored_orders(&db, 1).await;
    let other = db.clone();
    let delete = Step::meanwhile(async move {
        before::Order::delete("000").send(&other).await.unwrap();
    });
    let (sweeping, record) = disturbed(&db, [Step::Pass, delete]);
    let report = Order::sweep().segments(1).run(&sweeping).await.unwrap();
    assert_eq!(record.operations(), ["Scan", "UpdateItem", "GetItem"]);
    assert!(report.is_clean(), "{report}");
    assert_eq!((report.counts().changed, report.counts().gone), (0, 1));
    assert!(items(&db, &tables::ORDERS).await.is_empty());
}

#[tokio::test]
async fn what_a_program_that_knows_no_version_writes_meanwhile_counts() {
    let db = today().await;
    stored_orders(&db, 1).await;
    let other = db.clone();
    let rename = Step::meanwhile(async move {
        let update = other.sdk().update_item().table_name("orders").key("id", text("000"));
        let update = update.update_expression("SET customer = :name");
        update.expression_attribute_values(":name", text("Barbara")).send().await.unwrap();
    });
    let (sweeping, record) = disturbed(&db, [Step::Pass, rename]);
    let report = Order::sweep().segments(1).run(&sweeping).await.unwrap();
    assert_eq!(record.operations(), ["Scan", "UpdateItem", "GetItem", "UpdateItem"]);
    assert_eq!((report.counts().changed, report.counts().met_again), (1, 1));
    let stored = &items(&db, &tables::ORDERS).await.into_values().next().unwrap();
    assert_eq!(stored["by_customer"], text("CUSTOMER#Barbara"));
    assert_eq!(stored["version"], number("2"));
}

#[tokio::test]
async fn what_no_change_derives_from_may_change_meanwhile() {
    let db = today().await;
    store(&db, &tables::STOCK, &stale_box()).await;
    let other = db.clone();
    let weigh = Step::meanwhile(async move {
        let update = other.sdk().update_item().table_name("stock").set_key(Some(key_of_box()));
        let update = update.update_expression("SET weight = :weight");
        update.expression_attribute_values(":weight", number("77")).send().await.unwrap();
    });
    let (sweeping, record) = disturbed(&db, [Step::Pass, weigh]);
    let report = models::Box::sweep().segments(1).run(&sweeping).await.unwrap();
    assert_eq!(record.operations(), ["Scan", "UpdateItem"]);
    assert_eq!(report.counts().met_again, 0);
    let stored = items(&db, &tables::STOCK).await.into_values().next().unwrap();
    assert_eq!((&stored["weight"], &stored["seen"]), (&number("77"), &text("2024-03-01T12:00:00.000000Z")));
}

/// A box whose index key another program wrote in another notation.
fn stale_box() -> [(&'static str, AttributeValue); 8] {
    [
        ("pk", text("STOCK#north")),
        ("sk", text("0000000001")),
        ("type", text("Box")),
        ("site", text("north")),
        ("number", number("1")),
        ("place", text("A1")),
        ("seen", text("2024-03-01T13:00:00.000+01:00")),
        ("weight", number("5")),
    ]
}

fn key_of_box() -> Item {
    stale_box().into_iter().take(2).map(|(name, value)| (name.to_owned(), value)).collect()
}

#[tokio::test]
async fn an_item_that_others_write_every_time_is_a_listed_failure() {
    let db = today().await;
    stored_orders(&db, 1).await;
    let mut script = vec![Step::Pass];
    for amount in 0..10_u32 {
        let other = db.clone();
        script.push(Step::meanwhile(async move {
            let update = before::Order::update("000").set(before::Order::AMOUNT, amount);
            update.send(&other).await.unwrap();
        }));
        // The update, and the read that follows.
        script.extend([Step::Pass, Step::Pass]);
    }
    let (sweeping, _) = disturbed(&db, script);
    let report = Order::sweep().segments(1).run(&sweeping).await.unwrap();
    let [failure] = report.failures() else { panic!("{report}") };
    assert_eq!(failure.problem(), SweepProblem::Contended);
    let again = Order::sweep().only(report.failures()).run(&db).await.unwrap();
    assert!(again.is_clean(), "{again}");
}

#[tokio::test]
async fn a_write_whose_answer_is_lost_is_carried_out_once() {
    let db = today().await;
    stored_orders(&db, 1).await;
    let (sweeping, _) = disturbed(&db, [Step::Pass, Step::LoseResponse]);
    let report = Order::sweep().segments(1).run(&sweeping).await.unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!(order(&db, "000").await.version, 2);
}

#[tokio::test(start_paused = true)]
async fn throttled_requests_slow_it_down_and_are_sent_again() {
    let db = end_to_end::samples::embedded(tables::TABLES).await;
    stored_orders(&db, 3).await;
    let throttled = || Step::exception(400, "ProvisionedThroughputExceededException");
    let script = std::iter::repeat_with(throttled).take(6);
    let (sweeping, _) = disturbed(&db, script);
    let mut run = Order::sweep().segments(1).read_units(100.0).run(&sweeping);
    let mut rates = Vec::new();
    let mut report = None;
    while let Some(event) = run.next().await {
        match event.unwrap() {
            dynamorm::sweep::SweepEvent::Throttled { reads, .. } => rates.push(reads.unwrap()),
            dynamorm::sweep::SweepEvent::Ended(ended) => report = Some(ended),
            _ => {}
        }
    }
    let report = report.unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.counts().throttled, 2);
    assert_eq!(rates[0], 50.0);
}
