//! What cannot be had is refused before anything is sent.

use super::*;
use dynamorm::sweep::{Sweep, SweepError, SweepFile, SweepTable, checkpoint_table};
use end_to_end::connector::recorded;
use std::time::Duration;

async fn refused(sweep: Sweep) -> String {
    let db = today().await;
    let (recording, record) = recorded(&db);
    let planned = sweep.clone().plan().send(&recording).await.unwrap_err();
    let Err(SweepError::Request(error)) = sweep.run(&recording).await else { panic!("it was run") };
    assert!(error.is_validation(), "{error}");
    assert_eq!(planned.to_string(), error.to_string());
    assert_eq!(record.operations(), Vec::<String>::new());
    error.to_string()
}

#[tokio::test]
async fn no_segments_no_rate_and_no_writes() {
    let said = refused(Order::sweep().segments(0)).await;
    assert!(said.contains("1 to 1000000 segments, not 0"), "{said}");
    let said = refused(Order::sweep().segments(1_000_001)).await;
    assert!(said.contains("not 1000001"), "{said}");
    for units in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let said = refused(Order::sweep().read_units(units).write_units(units)).await;
        assert!(said.contains("`read_units` must be a number above 0"), "{said}");
        assert!(said.contains("`write_units` must be a number above 0"), "{said}");
    }
    let said = refused(Order::sweep().concurrent_writes(0).page_size(0)).await;
    assert!(said.contains("`concurrent_writes`") && said.contains("`page_size`"), "{said}");
    let said = refused(Order::sweep().lease(Duration::from_millis(10))).await;
    assert!(said.contains("a lease lasts for a second"), "{said}");
}

#[tokio::test]
async fn checkpoints_in_the_swept_table() {
    let said = refused(Order::sweep().checkpoints(SweepTable::new(&tables::ORDERS))).await;
    assert!(said.contains("in the table that is swept"), "{said}");
}

#[tokio::test]
async fn a_key_that_is_none() {
    let said = refused(models::Box::sweep().only_keys([Item::from([("pk".to_owned(), text("a"))])])).await;
    assert!(said.contains("a key lacks an attribute"), "{said}");
}

#[tokio::test]
async fn the_status_of_a_sweep_without_checkpoints() {
    let db = today().await;
    let error = Order::sweep().status(&db).await.unwrap_err();
    assert!(error.to_string().contains("`checkpoints`"), "{error}");
}

#[tokio::test]
async fn a_checkpoint_table_whose_key_is_a_number() {
    static NUMBERS: Table = Table::new(
        "numbers",
        dynamorm::table::KeyAttribute { name: "id", scalar: dynamorm::table::Scalar::Number },
    );
    let db = today().await;
    let error = Order::sweep().checkpoints(SweepTable::new(&NUMBERS)).run(&db).await.unwrap_err();
    assert!(error.to_string().contains("whose key is text"), "{error}");
}

#[tokio::test]
async fn a_file_that_is_no_file_of_checkpoints() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sweep.json");
    std::fs::write(&path, "not JSON").unwrap();
    let db = today().await;
    for _ in 0..2 {
        let error = Order::sweep().checkpoints(SweepFile::new(&path)).run(&db).await.unwrap_err();
        assert!(error.to_string().contains("no file of a sweep's checkpoints"), "{error}");
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "not JSON");
    let nowhere = folder.path().join("missing").join("sweep.json");
    let error = Order::sweep().checkpoints(SweepFile::new(nowhere)).run(&db).await.unwrap_err();
    assert!(matches!(error, SweepError::Store(_)), "{error}");
}

#[tokio::test]
async fn a_checkpoint_table_that_is_not_there() {
    static SWEEPS: Table = checkpoint_table("sweeps");
    let db = today().await;
    let error = Order::sweep().checkpoints(SweepTable::new(&SWEEPS)).run(&db).await.unwrap_err();
    assert!(error.to_string().contains("sweeps"), "{error}");
}
