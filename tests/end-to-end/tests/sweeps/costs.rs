//! What a sweep costs.

use super::*;
use end_to_end::connector::recorded;

#[tokio::test]
async fn items_that_are_as_they_should_be_cost_the_scan_alone() {
    let db = today().await;
    stored_orders(&db, 20).await;
    let _ = Order::sweep().run(&db).await.unwrap();
    let (recording, record) = recorded(&db);
    let report = Order::sweep().segments(3).run(&recording).await.unwrap();
    assert_eq!((report.counts().unchanged, report.counts().changed), (20, 0));
    assert_eq!(record.operations(), ["Scan", "Scan", "Scan"]);
    assert_eq!(report.counts().write_units, 0.0);
    let scan = db.sdk().scan().table_name("orders");
    let scan =
        scan.return_consumed_capacity(dynamorm_types::ReturnConsumedCapacity::Total).send().await.unwrap();
    let units = scan.consumed_capacity.unwrap().capacity_units.unwrap();
    assert!((units..=units + 1.5).contains(&report.counts().read_units), "{units} {report}");
}

use aws_sdk_dynamodb::types as dynamorm_types;

#[tokio::test(start_paused = true)]
async fn a_rate_is_kept_over_all_segments() {
    let db = end_to_end::samples::embedded(tables::TABLES).await;
    stored_orders(&db, 40).await;
    let began = tokio::time::Instant::now();
    let report = Order::sweep().segments(4).write_units(10.0).run(&db).await.unwrap();
    let seconds = began.elapsed().as_secs_f64();
    let units = report.counts().write_units;
    assert!(units >= 80.0, "a write of the table, and one of the index: {report}");
    let rate = units / seconds;
    assert!((5.0..=14.0).contains(&rate), "{rate} units a second: {units} in {seconds} seconds");
}
