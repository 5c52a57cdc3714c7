//! Plans: what a run would do.

use super::*;
use end_to_end::connector::recorded;

#[tokio::test]
async fn a_plan_writes_nothing_and_says_what_a_run_does() {
    let db = today().await;
    stored_orders(&db, 12).await;
    let before = items(&db, &tables::ORDERS).await;
    let (recording, record) = recorded(&db);
    let plan = Order::sweep().plan().send(&recording).await.unwrap();
    assert!(record.operations().iter().all(|operation| operation == "Scan"), "{:?}", record.operations());
    assert_eq!(items(&db, &tables::ORDERS).await, before);
    assert!(!plan.is_clean());
    let [first, ..] = &plan.changes()[..] else { panic!("{plan}") };
    assert_eq!(first.examples().len(), 3, "the first examples are shown by their keys: {plan}");

    let report = Order::sweep().run(&db).await.unwrap();
    assert_eq!(plan.changes().len(), report.changes().len());
    assert_eq!(plan.counts().changed, report.counts().changed);
    assert_eq!(plan.counts().read_units, report.counts().read_units);
    assert_eq!(plan.counts().write_units, report.counts().write_units, "{plan}\n{report}");
    let again = Order::sweep().plan().send(&db).await.unwrap();
    assert!(again.is_clean(), "{again}");
}
