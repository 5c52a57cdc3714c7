//! Checkpoints and leases: a run goes on where another was killed, and two at once do not both run.

use super::*;
use dynamorm::sweep::{Sweep, SweepError, SweepEvent, SweepFile, SweepTable, checkpoint_table};
use end_to_end::connector::recorded;
use std::time::Duration;

static SWEEPS: Table = checkpoint_table("sweeps");

async fn with_checkpoint_table() -> Client {
    let db = today().await;
    db.create_tables(&[&SWEEPS]).await.unwrap();
    db
}

fn sweep() -> Sweep {
    Order::sweep().segments(1).page_size(5).checkpoint_every(Duration::ZERO)
}

/// Runs until so many pages have been dealt with, and is killed then.
async fn killed_after(pages: usize, sweep: Sweep, db: &Client) {
    let mut run = sweep.run(db);
    let mut seen = 0;
    while let Some(event) = run.next().await {
        seen += usize::from(matches!(event.unwrap(), SweepEvent::Checkpoint));
        if seen == pages {
            return;
        }
    }
    panic!("it ended before it was killed");
}

#[tokio::test]
async fn a_run_goes_on_where_another_was_killed_by_a_file() {
    let db = today().await;
    stored_orders(&db, 20).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.json");
    killed_after(2, sweep().checkpoints(SweepFile::new(&path)), &db).await;
    let status = sweep().checkpoints(SweepFile::new(&path)).status(&db).await.unwrap().unwrap();
    assert_eq!((status.report().counts().items, status.segments(), status.segments_ended()), (10, 1, 0));
    assert_eq!(status.report().ended(), None);

    let (recording, record) = recorded(&db);
    let report = sweep().checkpoints(SweepFile::new(&path)).run(&recording).await.unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!((report.counts().items, report.counts().changed), (20, 20), "what the first did counts too");
    let scans = record.operations().iter().filter(|operation| *operation == "Scan").count();
    assert!(scans <= 3, "two of four pages were left, and perhaps one that is empty: {scans}");

    // It had ended, so the next one begins anew.
    let again = sweep().checkpoints(SweepFile::new(&path)).run(&db).await.unwrap();
    assert_eq!((again.counts().items, again.counts().unchanged), (20, 20));
}

#[tokio::test]
async fn a_run_goes_on_where_another_was_killed_by_a_table() {
    let db = with_checkpoint_table().await;
    stored_orders(&db, 20).await;
    let sweep = || sweep().checkpoints(SweepTable::new(&SWEEPS)).lease(Duration::from_secs(1));
    killed_after(2, sweep(), &db).await;
    let error = sweep().run(&db).await.unwrap_err();
    let SweepError::Held { until: Some(_), .. } = error else { panic!("{error}") };
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    let report = sweep().run(&db).await.unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!((report.counts().items, report.counts().changed), (20, 20));
    let status = sweep().status(&db).await.unwrap().unwrap();
    assert!(status.report().is_clean());
}

#[tokio::test]
async fn of_two_at_once_one_is_refused() {
    let db = with_checkpoint_table().await;
    stored_orders(&db, 20).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.json");
    for sweep in [sweep().checkpoints(SweepFile::new(&path)), sweep().checkpoints(SweepTable::new(&SWEEPS))] {
        let mut first = sweep.clone().run(&db);
        assert!(first.next().await.is_some());
        let error = sweep.run(&db).await.unwrap_err();
        assert!(matches!(error, SweepError::Held { .. }), "{error}");
        let report = first.await.unwrap();
        assert!(report.is_clean(), "{report}");
    }
}

#[tokio::test]
async fn whoever_loses_the_lease_stops() {
    let db = with_checkpoint_table().await;
    stored_orders(&db, 20).await;
    let mut first = sweep().checkpoints(SweepTable::new(&SWEEPS)).run(&db);
    assert!(first.next().await.is_some());
    let update = db.sdk().update_item().table_name("sweeps").key("sweep", text("sweep:orders:Order"));
    let update =
        update.update_expression("SET #holder = :other").expression_attribute_names("#holder", "holder");
    update.expression_attribute_values(":other", text("another")).send().await.unwrap();
    let error = first.await.unwrap_err();
    assert!(matches!(error, SweepError::LeaseLost), "{error}");
}

#[tokio::test]
async fn a_run_that_is_stopped_is_gone_on_with() {
    let db = today().await;
    stored_orders(&db, 20).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.json");
    let mut run = sweep().checkpoints(SweepFile::new(&path)).run(&db);
    let stop = run.stop_handle();
    let mut ended = None;
    while let Some(event) = run.next().await {
        match event.unwrap() {
            SweepEvent::Progress(_) => stop.stop(),
            SweepEvent::Ended(report) => ended = Some(report),
            _ => {}
        }
    }
    let ended = ended.unwrap();
    assert_eq!((ended.counts().items, ended.ended()), (5, None));
    let report = sweep().checkpoints(SweepFile::new(&path)).run(&db).await.unwrap();
    assert_eq!(report.counts().items, 20);
    assert!(report.is_clean());
}

#[tokio::test]
async fn a_checkpoint_of_another_sweep_is_refused_and_kept() {
    let db = today().await;
    stored_orders(&db, 20).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all.json");
    killed_after(1, sweep().named("all").checkpoints(SweepFile::new(&path)), &db).await;
    let before = std::fs::read_to_string(&path).unwrap();
    let other = || models::Member::sweep().named("all").checkpoints(SweepFile::new(&path));
    let error = other().run(&db).await.unwrap_err();
    assert!(matches!(error, SweepError::OtherSweep { .. }), "{error}");
    assert!(error.to_string().contains("`afresh`"), "{error}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
    // Of the same model with other declarations.
    let error =
        before::Order::sweep().named("all").checkpoints(SweepFile::new(&path)).run(&db).await.unwrap_err();
    assert!(matches!(error, SweepError::OtherSweep { .. }), "{error}");
    assert!(other().afresh().run(&db).await.unwrap().is_clean());
}

#[tokio::test]
async fn what_is_swept_by_keys_leaves_the_place_of_a_run_over_all() {
    let db = today().await;
    stored_orders(&db, 20).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.json");
    killed_after(2, sweep().checkpoints(SweepFile::new(&path)), &db).await;
    let before = std::fs::read_to_string(&path).unwrap();
    let key = Item::from([("id".to_owned(), text("019"))]);
    let report = sweep().checkpoints(SweepFile::new(&path)).only_keys([key]).run(&db).await.unwrap();
    assert_eq!(report.counts().items, 1);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), before);
}

#[tokio::test]
async fn a_sweep_of_one_table_does_not_go_on_where_that_of_another_was() {
    let db = today().await;
    stored_orders(&db, 20).await;
    let prefixed = db.clone().with_table_prefix("test-");
    prefixed.create_tables(&[&tables::ORDERS]).await.unwrap();
    stored_orders(&prefixed, 5).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.json");
    killed_after(2, sweep().checkpoints(SweepFile::new(&path)), &db).await;
    let report = sweep().checkpoints(SweepFile::new(&path)).run(&prefixed).await.unwrap();
    assert_eq!(report.counts().items, 5);
    let report = sweep().checkpoints(SweepFile::new(&path)).run(&db).await.unwrap();
    assert_eq!(report.counts().items, 20);

    killed_after(2, sweep().afresh().named("one").checkpoints(SweepFile::new(&path)), &db).await;
    let error = sweep().named("one").checkpoints(SweepFile::new(&path)).run(&prefixed).await.unwrap_err();
    assert!(matches!(error, SweepError::OtherSweep { .. }), "{error}");
}
