//! Walking a live table to what is declared.

use dynamorm::table::{
    Billing, Index, KeyAttribute, Projection, Scalar, Setting, StreamView, Table, TablePlan, TableStep,
    Throughput,
};
use end_to_end::connector::{Step, disturbed};
use end_to_end::operations::tables::PARCELS;
use serde_json::json;
use test_support::client;

const ID: KeyAttribute = KeyAttribute { name: "id", scalar: Scalar::Text };
const AGE: KeyAttribute = KeyAttribute { name: "age", scalar: Scalar::Number };

const fn table(indexes: &'static [&'static Index]) -> Table {
    Table { indexes, ..Table::new("walked", ID) }
}

const fn index(name: &'static str, projection: Projection) -> Index {
    Index { projection, ..Index::global(name, &[AGE], &[]) }
}

static BY_AGE: Index = index("by-age", Projection::All);
static BY_AGE_KEYS: Index = index("by-age", Projection::KeysOnly);
static OTHER: Index = index("other", Projection::All);
static PLAIN: Table = table(&[]);
static ONE_INDEX: Table = table(&[&BY_AGE]);
static OTHER_INDEXES: Table = table(&[&BY_AGE_KEYS, &OTHER]);
static EVERYTHING: Table = Table {
    billing: Some(Billing::Provisioned(Throughput { read: 3, write: 4 })),
    ttl: Setting::On("expires_at"),
    stream: Setting::On(StreamView::NewImage),
    ..table(&[])
};
static NOTHING: Table = Table {
    billing: Some(Billing::OnDemand),
    ttl: Setting::Off,
    stream: Setting::Off,
    deletion_protection: Some(false),
    ..table(&[])
};
static OTHER_STREAM: Table = Table { stream: Setting::On(StreamView::KeysOnly), ..table(&[]) };
static STREAM: Table = Table { stream: Setting::On(StreamView::NewImage), ..table(&[]) };
static OTHER_KEY: Table = Table::new("walked", KeyAttribute { name: "other", scalar: Scalar::Text });

/// Creates the first table and walks it to the second, deletions included; a second walk must take no step, and find nothing to
/// withhold.
async fn walk(from: &'static Table, to: &'static Table) -> Vec<TableStep> {
    let db = client().await;
    db.create_table(from).await.unwrap();
    let planned = db.plan_table(to).allow_deletions().await.unwrap();
    let taken = db.update_table(to).allow_deletions().await.unwrap();
    assert_eq!(planned, taken);
    assert_eq!(db.update_table(to).await.unwrap(), TablePlan::default());
    assert!(db.check_tables(&[to]).await.unwrap().is_as_declared());
    taken.steps
}

#[tokio::test]
async fn a_table_that_is_as_declared_takes_no_step() {
    let db = client().await;
    db.create_table(&PARCELS).await.unwrap();

    assert_eq!(db.update_table(&PARCELS).await.unwrap(), TablePlan::default());
}

#[tokio::test]
async fn billing_stream_and_expiry_are_changed_one_after_the_other() {
    let steps = [
        TableStep::Billing(Billing::Provisioned(Throughput { read: 3, write: 4 })),
        TableStep::EnableStream(StreamView::NewImage),
        TableStep::EnableTimeToLive("expires_at"),
    ];
    assert_eq!(walk(&PLAIN, &EVERYTHING).await, steps);
}

#[tokio::test]
async fn billing_stream_and_expiry_are_turned_off_again() {
    let steps = [
        TableStep::Billing(Billing::OnDemand),
        TableStep::DisableStream,
        TableStep::DisableTimeToLive("expires_at".to_owned()),
    ];
    assert_eq!(walk(&EVERYTHING, &NOTHING).await, steps);
}

#[tokio::test]
async fn a_stream_that_shows_something_else_is_turned_off_and_on() {
    let steps = [TableStep::DisableStream, TableStep::EnableStream(StreamView::KeysOnly)];
    assert_eq!(walk(&STREAM, &OTHER_STREAM).await, steps);
}

#[tokio::test]
async fn an_index_is_created() {
    assert_eq!(walk(&PLAIN, &ONE_INDEX).await, [TableStep::CreateIndex("by-age")]);
}

#[tokio::test]
async fn an_index_that_has_changed_is_deleted_and_created_again() {
    let steps = [
        TableStep::DeleteIndex("by-age".to_owned()),
        TableStep::CreateIndex("by-age"),
        TableStep::CreateIndex("other"),
    ];
    assert_eq!(walk(&ONE_INDEX, &OTHER_INDEXES).await, steps);
}

#[tokio::test]
async fn a_key_that_has_changed_is_an_error_that_says_so() {
    let db = client().await;
    db.create_table(&PLAIN).await.unwrap();

    let error = db.update_table(&OTHER_KEY).await.unwrap_err();

    assert!(error.is_table_mismatch());
    assert!(error.to_string().contains("the key of a table cannot be changed"), "{error}");
}

#[tokio::test]
async fn a_table_that_is_not_there_is_an_error() {
    assert!(client().await.update_table(&PLAIN).await.unwrap_err().is_table_not_found());
}

#[tokio::test]
async fn a_description_that_does_not_show_a_step_yet_is_asked_for_again() {
    let db = client().await;
    db.create_table(&PLAIN).await.unwrap();
    // To wait for the table, to describe it and its expiry, and the step; and then the table as it was before.
    let script = [Step::Pass, Step::Pass, Step::Pass, Step::Pass, created(), created()];
    let (db, record) = disturbed(&db, script);

    assert_eq!(
        db.update_table(&STREAM).await.unwrap().steps,
        [TableStep::EnableStream(StreamView::NewImage)]
    );

    let steps = record.operations().into_iter().filter(|operation| operation == "UpdateTable");
    assert_eq!(steps.count(), 1);
}

#[tokio::test]
async fn a_step_that_is_never_shown_is_an_error() {
    let nothing = Step::Answer(200, json!({}));
    // To wait for the table, to describe it and its expiry; and the step after the first time.
    let mut script = vec![[created(), created(), nothing.clone()]; 100].concat();
    script.insert(3, nothing);
    let (db, _) = disturbed(&client().await, script);
    tokio::time::pause();

    let error = db.update_table(&STREAM).await.unwrap_err();

    assert!(error.is_table_mismatch(), "{error:?}");
}

/// A description of the table as it was created.
fn created() -> Step {
    let key = json!([{ "AttributeName": "id", "KeyType": "HASH" }]);
    Step::Answer(200, json!({ "Table": { "TableStatus": "ACTIVE", "KeySchema": key } }))
}
