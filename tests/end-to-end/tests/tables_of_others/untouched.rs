//! What is not declared is left alone.

use dynamorm::table::{Setting, StreamView, Table, TableStep};
use end_to_end::connector::recorded;
use test_support::client;

use crate::{ID, MADE_BY_A_TEMPLATE, SESSIONS};

fn extras() -> Vec<TableStep> {
    vec![
        TableStep::DisableStream,
        TableStep::DeleteIndex("by-day".to_owned()),
        TableStep::DisableTimeToLive("expires".to_owned()),
    ]
}

#[tokio::test]
async fn an_update_leaves_what_others_turned_on_and_says_so() {
    let db = client().await;
    db.create_table(&MADE_BY_A_TEMPLATE).await.unwrap();
    let (recorder, record) = recorded(&db);

    let update = recorder.update_table(&SESSIONS).await.unwrap();

    assert_eq!(update.steps, []);
    assert_eq!(update.withheld, extras());
    assert!(!record.operations().iter().any(|operation| operation.starts_with("Update")));
    let report = db.check_tables(&[&MADE_BY_A_TEMPLATE]).await.unwrap();
    assert_eq!(report.to_string(), "");
}

#[tokio::test]
async fn a_plan_says_what_an_update_would_withhold() {
    let db = client().await;
    db.create_table(&MADE_BY_A_TEMPLATE).await.unwrap();

    let plan = db.plan_table(&SESSIONS).await.unwrap();

    assert_eq!(plan, db.update_table(&SESSIONS).await.unwrap());
    let deletions = db.plan_table(&SESSIONS).allow_deletions().await.unwrap();
    assert_eq!((deletions.steps, deletions.withheld), (extras(), Vec::new()));
}

#[tokio::test]
async fn an_update_that_may_delete_deletes_what_is_not_declared() {
    let db = client().await;
    db.create_table(&MADE_BY_A_TEMPLATE).await.unwrap();

    let update = db.update_table(&SESSIONS).allow_deletions().await.unwrap();

    assert_eq!(update.steps, extras());
    let report = db.check_tables(&[&SESSIONS]).await.unwrap();
    assert_eq!(report.to_string(), "");
}

#[tokio::test]
async fn what_is_declared_to_be_off_is_turned_off_without_being_asked() {
    static OFF: Table = Table { ttl: Setting::Off, stream: Setting::Off, ..Table::new("sessions", ID) };
    let db = client().await;
    db.create_table(&MADE_BY_A_TEMPLATE).await.unwrap();

    let update = db.update_table(&OFF).await.unwrap();

    let off = [TableStep::DisableStream, TableStep::DisableTimeToLive("expires".to_owned())];
    assert_eq!(update.steps, off);
    assert_eq!(update.withheld, [TableStep::DeleteIndex("by-day".to_owned())]);
}

#[tokio::test]
async fn what_is_declared_of_a_table_of_others_is_changed_and_nothing_else() {
    static PROTECTED: Table = Table { ttl: Setting::On("expires"), ..Table::new("sessions", ID) };
    static WITHOUT_EXPIRY: Table =
        Table { stream: Setting::On(StreamView::KeysOnly), ..Table::new("sessions", ID) };
    let db = client().await;
    db.create_table(&WITHOUT_EXPIRY).await.unwrap();

    let update = db.update_table(&PROTECTED).await.unwrap();

    assert_eq!(update.steps, [TableStep::EnableTimeToLive("expires")]);
    assert_eq!(update.withheld, [TableStep::DisableStream]);
}

#[tokio::test]
async fn a_protection_that_nobody_declared_stays() {
    static PROTECTED: Table = Table { deletion_protection: Some(true), ..Table::new("sessions", ID) };
    static UNPROTECTED: Table = Table { deletion_protection: Some(false), ..Table::new("sessions", ID) };
    let db = client().await;
    db.create_table(&PROTECTED).await.unwrap();

    let undeclared = db.update_table(&SESSIONS).await.unwrap();
    let declared = db.update_table(&UNPROTECTED).await.unwrap();

    assert_eq!(undeclared.steps, []);
    assert_eq!(undeclared.withheld, [TableStep::DeletionProtection(false)]);
    assert_eq!(declared.steps, [TableStep::DeletionProtection(false)]);
}
