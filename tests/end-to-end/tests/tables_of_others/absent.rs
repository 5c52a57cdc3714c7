//! A declared change that deletes something first is refused unless deletions are allowed.

use dynamorm::table::{Index, KeyAttribute, Scalar, Setting, StreamView, Table, TableStep};
use end_to_end::connector::recorded;
use test_support::client;

use crate::ID;

static BY_DAY: Index = Index::global("by-day", &[KeyAttribute { name: "day", scalar: Scalar::Text }], &[]);
static BY_NUMBER: Index =
    Index::global("by-day", &[KeyAttribute { name: "number", scalar: Scalar::Number }], &[]);
static BY_DAY_AS_NUMBER: Index =
    Index::global("by-day", &[KeyAttribute { name: "day", scalar: Scalar::Number }], &[]);
static BEFORE: Table = Table {
    ttl: Setting::On("expires"),
    stream: Setting::On(StreamView::KeysOnly),
    indexes: &[&BY_DAY],
    ..Table::new("sessions", ID)
};
static OTHER_INDEX: Table = Table { indexes: &[&BY_NUMBER], ..Table::new("sessions", ID) };
static OTHER_TYPE: Table = Table { indexes: &[&BY_DAY_AS_NUMBER], ..Table::new("sessions", ID) };
static OTHER_STREAM: Table =
    Table { stream: Setting::On(StreamView::NewImage), ..Table::new("sessions", ID) };
static OTHER_EXPIRY: Table = Table { ttl: Setting::On("gone_at"), ..Table::new("sessions", ID) };

#[tokio::test]
async fn a_change_that_deletes_something_is_refused_before_anything_is_done() {
    let db = client().await;
    db.create_table(&BEFORE).await.unwrap();
    let (db, record) = recorded(&db);

    for (table, what) in [
        (&OTHER_INDEX, "delete index by-day and create index by-day"),
        (&OTHER_TYPE, "delete index by-day and create index by-day"),
        (&OTHER_STREAM, "turn the stream off and turn the stream on, showing NewImage"),
        (&OTHER_EXPIRY, "turn expiry by expires off and turn expiry by gone_at on"),
    ] {
        for error in [db.plan_table(table).await.unwrap_err(), db.update_table(table).await.unwrap_err()] {
            assert!(error.is_deletion_not_allowed(), "{error:?}");
            assert_eq!(error.table(), Some("sessions"));
            let text = error.to_string();
            assert!(text.contains(what) && text.contains("allow_deletions()"), "{text}");
        }
    }

    assert!(!record.operations().iter().any(|operation| operation.starts_with("Update")));
}

#[tokio::test]
async fn an_index_with_another_key_is_deleted_and_created_again_where_that_is_allowed() {
    let db = client().await;
    db.create_table(&BEFORE).await.unwrap();

    let update = db.update_table(&OTHER_INDEX).allow_deletions().await.unwrap();

    let steps = [
        TableStep::DisableStream,
        TableStep::DeleteIndex("by-day".to_owned()),
        TableStep::CreateIndex("by-day"),
        TableStep::DisableTimeToLive("expires".to_owned()),
    ];
    assert_eq!(update.steps, steps);
    assert_eq!(db.check_tables(&[&OTHER_INDEX]).await.unwrap().to_string(), "");
}

#[tokio::test]
async fn an_expiry_by_another_attribute_turns_the_first_one_off_where_that_is_allowed() {
    let db = client().await;
    db.create_table(&BEFORE).await.unwrap();

    let update = db.update_table(&OTHER_EXPIRY).allow_deletions().await.unwrap();

    let expiry = [TableStep::DisableTimeToLive("expires".to_owned()), TableStep::EnableTimeToLive("gone_at")];
    assert!(update.steps.ends_with(&expiry), "{:?}", update.steps);
}
