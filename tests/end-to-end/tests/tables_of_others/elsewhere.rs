//! Tables that are declared `managed = "elsewhere"` are checked, and never created or changed.

use dynamorm::Operations;
use dynamorm::table::TablePlan;
use end_to_end::connector::recorded;
use test_support::client;

use crate::MADE_BY_A_TEMPLATE;
use crate::models::{Session, tables};

#[tokio::test]
async fn a_client_neither_creates_nor_changes_nor_deletes_them() {
    let owner = client().await;
    owner.create_table(&MADE_BY_A_TEMPLATE).await.unwrap();
    let (db, record) = recorded(&owner);

    let errors = [
        db.create_table(&tables::SESSIONS).await.unwrap_err(),
        db.create_table_without_waiting(&tables::SESSIONS).await.unwrap_err(),
        db.plan_table(&tables::SESSIONS).await.unwrap_err(),
        db.update_table(&tables::SESSIONS).allow_deletions().await.unwrap_err(),
        db.delete_table(&tables::SESSIONS).await.unwrap_err(),
        db.delete_table_without_waiting(&tables::SESSIONS).await.unwrap_err(),
    ];

    for error in errors {
        assert!(error.is_managed_elsewhere(), "{error:?}");
        assert_eq!(error.table(), Some("sessions"));
    }
    assert_eq!(record.operations(), Vec::<String>::new());
}

#[tokio::test]
async fn a_client_checks_them() {
    let owner = client().await;
    owner.create_table(&MADE_BY_A_TEMPLATE).await.unwrap();
    let (db, _) = recorded(&owner);

    let report = db.check_tables(&[&tables::SESSIONS]).await.unwrap();

    assert!(report.is_as_declared());
    assert_eq!(report.extras().count(), 3);
}

#[tokio::test]
async fn creating_all_tables_waits_for_them() {
    let owner = client().await;
    owner.create_table(&MADE_BY_A_TEMPLATE).await.unwrap();
    let (db, record) = recorded(&owner);

    db.create_tables(&[&tables::SESSIONS]).await.unwrap();

    assert_eq!(record.operations(), ["DescribeTable"]);
}

#[tokio::test]
async fn creating_all_tables_names_one_that_is_not_there() {
    let (db, record) = recorded(&client().await);

    let error = db.create_tables(&[&tables::SESSIONS]).await.unwrap_err();

    assert!(error.is_table_not_found(), "{error:?}");
    assert_eq!(error.table(), Some("sessions"));
    assert_eq!(record.operations(), ["DescribeTable"]);
}

#[tokio::test]
async fn a_client_that_takes_the_place_of_the_others_makes_them() {
    let db = client().await.with_tables_of_others();

    db.create_tables(&[&tables::SESSIONS]).await.unwrap();

    assert_eq!(db.update_table(&tables::SESSIONS).await.unwrap(), TablePlan::default());
    assert_eq!(Session::get("1").send(&db).await.unwrap(), None);
    db.delete_table(&tables::SESSIONS).await.unwrap();
}
