//! Whole tables: creating, describing, naming and deleting them.

use dynamorm::Operations;
use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{
    BillingMode, IndexStatus, KeyType, ProjectionType, ScalarAttributeType, StreamViewType, TableClass,
    TableStatus,
};
use dynamorm::table::IndexScope;
use end_to_end::connector::{Step, disturbed, recorded};
use end_to_end::operations::{self, Parcel, tables};
use end_to_end::samples::{database, parcel};
use serde_json::json;
use test_support::{can_run, client};

#[tokio::test]
async fn a_created_table_is_active_with_all_its_indexes() {
    let db = client().await;

    db.create_table(&tables::PARCELS).await.unwrap();

    let table = db.describe_table(&tables::PARCELS).await.unwrap();
    assert_eq!(table.table_status(), Some(&TableStatus::Active));
    let indexes = table.global_secondary_indexes();
    let names: BTreeSet<_> = indexes.iter().filter_map(|index| index.index_name()).collect();
    let declared = tables::PARCELS.indexes.iter().filter(|index| index.scope == IndexScope::Global);
    assert_eq!(names, declared.map(|index| index.name).collect());
    assert!(!names.is_empty());
    assert!(
        indexes.iter().all(|index| index.index_status().is_none_or(|status| *status == IndexStatus::Active))
    );
}

#[tokio::test]
async fn a_table_has_its_declared_key() {
    let db = database(&[&tables::PARCELS]).await;

    let table = db.describe_table(&tables::PARCELS).await.unwrap();

    let key: Vec<_> =
        table.key_schema().iter().map(|key| (key.attribute_name(), key.key_type().clone())).collect();
    assert_eq!(key, [("depot", KeyType::Hash), ("number", KeyType::Range)]);
}

#[tokio::test]
async fn exactly_the_attributes_of_keys_are_defined() {
    let db = database(&[&tables::PARCELS]).await;

    let table = db.describe_table(&tables::PARCELS).await.unwrap();

    let mut defined: Vec<_> = table
        .attribute_definitions()
        .iter()
        .map(|attribute| (attribute.attribute_name(), attribute.attribute_type().clone()))
        .collect();
    defined.sort();
    let expected = [
        ("arrived_at", ScalarAttributeType::S),
        ("courier", ScalarAttributeType::S),
        ("depot", ScalarAttributeType::S),
        ("number", ScalarAttributeType::N),
        ("recipient", ScalarAttributeType::S),
        ("state", ScalarAttributeType::S),
        ("weight", ScalarAttributeType::N),
    ];
    assert_eq!(defined, expected);
}

#[tokio::test]
async fn every_index_has_its_declared_projection() {
    let db = database(&[&tables::PARCELS]).await;

    let table = db.describe_table(&tables::PARCELS).await.unwrap();

    let global =
        table.global_secondary_indexes().iter().map(|index| (index.index_name(), index.projection()));
    let local = table.local_secondary_indexes().iter().map(|index| (index.index_name(), index.projection()));
    let mut projections: Vec<_> = global
        .chain(local)
        .map(|(name, projection)| {
            let projection = projection.unwrap();
            let mut included = projection.non_key_attributes().to_vec();
            included.sort();
            (name.unwrap(), projection.projection_type().unwrap().clone(), included.join(" "))
        })
        .collect();
    projections.sort();
    let expected = [
        ("by-arrival", ProjectionType::All, ""),
        ("by-courier", ProjectionType::KeysOnly, ""),
        ("by-recipient", ProjectionType::All, ""),
        ("by-state", ProjectionType::Include, "recipient tags weight"),
        ("by-weight", ProjectionType::Include, "recipient"),
    ];
    assert_eq!(projections, expected.map(|(name, kind, included)| (name, kind, included.to_owned())));
}

#[tokio::test]
async fn a_table_is_billed_by_request_unless_declared_otherwise() {
    let db = database(&[&tables::PARCELS]).await;

    let table = db.describe_table(&tables::PARCELS).await.unwrap();

    let billing = table.billing_mode_summary().and_then(|summary| summary.billing_mode());
    assert_eq!(billing, Some(&BillingMode::PayPerRequest));
}

#[tokio::test]
async fn provisioned_capacity_is_as_declared() {
    let db = database(&[&tables::SETTINGS]).await;

    let table = db.describe_table(&tables::SETTINGS).await.unwrap();

    let throughput = table.provisioned_throughput().unwrap();
    assert_eq!((throughput.read_capacity_units(), throughput.write_capacity_units()), (Some(3), Some(2)));
    let throughput = table.global_secondary_indexes()[0].provisioned_throughput().unwrap();
    assert_eq!((throughput.read_capacity_units(), throughput.write_capacity_units()), (Some(2), Some(1)));
}

#[tokio::test]
async fn a_declared_stream_is_on() {
    let db = database(&[&tables::SETTINGS]).await;

    let table = db.describe_table(&tables::SETTINGS).await.unwrap();

    let stream = table.stream_specification().unwrap();
    assert!(stream.stream_enabled());
    assert_eq!(stream.stream_view_type(), Some(&StreamViewType::NewAndOldImages));
}

#[tokio::test]
async fn no_stream_is_on_unless_declared() {
    let db = database(&[&tables::PARCELS]).await;

    let table = db.describe_table(&tables::PARCELS).await.unwrap();

    assert!(table.stream_specification().is_none_or(|stream| !stream.stream_enabled()));
}

#[tokio::test]
async fn a_declared_time_to_live_is_on() {
    let db = database(&[&tables::PARCELS]).await;

    let request = db.sdk().describe_time_to_live().table_name("parcels");
    let ttl = request.send().await.unwrap().time_to_live_description.unwrap();

    assert_eq!(ttl.attribute_name(), Some("expires_at"));
    assert!(ttl.time_to_live_status().unwrap().as_str().starts_with("ENABL"));
}

#[tokio::test]
async fn declared_tags_are_set() {
    if !can_run("declared_tags_are_set") {
        return;
    }
    let db = database(&[&tables::SETTINGS]).await;
    let table = db.describe_table(&tables::SETTINGS).await.unwrap();

    let tags =
        db.sdk().list_tags_of_resource().resource_arn(table.table_arn().unwrap()).send().await.unwrap();

    let mut tags: Vec<_> = tags.tags().iter().map(|tag| (tag.key(), tag.value())).collect();
    tags.sort();
    assert_eq!(tags, [("cost centre", "42"), ("team", "parcels")]);
}

#[tokio::test]
async fn a_declared_table_class_is_set() {
    if !can_run("a_declared_table_class_is_set") {
        return;
    }
    let db = database(&[&tables::SETTINGS]).await;

    let table = db.describe_table(&tables::SETTINGS).await.unwrap();

    let class = table.table_class_summary().and_then(|summary| summary.table_class());
    assert_eq!(class, Some(&TableClass::StandardInfrequentAccess));
}

#[tokio::test]
async fn a_protected_table_is_not_deleted() {
    if !can_run("a_protected_table_is_not_deleted") {
        return;
    }
    let db = database(&[&tables::SETTINGS]).await;

    db.delete_table(&tables::SETTINGS).await.unwrap_err();

    assert!(db.table_exists(&tables::SETTINGS).await.unwrap());
}

#[tokio::test]
async fn creating_a_table_that_exists_says_so() {
    let db = database(&[&tables::PARCELS]).await;

    let error = db.create_table(&tables::PARCELS).await.unwrap_err();

    assert!(error.is_table_in_use(), "{error:?}");
    assert_eq!(error.table(), Some("parcels"));
}

#[tokio::test]
async fn creating_all_tables_again_changes_nothing() {
    let db = client().await;
    db.create_tables(operations::TABLES).await.unwrap();
    let parcel = parcel("Ulm", 1);
    parcel.put().send(&db).await.unwrap();

    db.create_tables(operations::TABLES).await.unwrap();

    assert_eq!(Parcel::scan().consistent().count(&db).await.unwrap(), 1);
}

#[tokio::test]
async fn a_table_exists_from_its_creation_to_its_deletion() {
    let db = client().await;

    let before = db.table_exists(&tables::PARCELS).await.unwrap();
    db.create_table(&tables::PARCELS).await.unwrap();
    let between = db.table_exists(&tables::PARCELS).await.unwrap();
    db.delete_table(&tables::PARCELS).await.unwrap();
    let after = db.table_exists(&tables::PARCELS).await.unwrap();

    assert_eq!((before, between, after), (false, true, false));
}

#[tokio::test]
async fn a_table_that_is_not_there_cannot_be_described_awaited_or_deleted() {
    let db = client().await;

    let described = db.describe_table(&tables::PARCELS).await.map(|_| ());
    let awaited = db.wait_until_active(&tables::PARCELS).await;
    let deleted = db.delete_table(&tables::PARCELS).await;

    for outcome in [described, awaited, deleted] {
        let error = outcome.unwrap_err();
        assert!(error.is_table_not_found(), "{error:?}");
        assert_eq!(error.table(), Some("parcels"));
    }
}

#[tokio::test]
async fn a_new_table_that_cannot_be_described_yet_is_waited_for() {
    let missing = Step::exception(400, "ResourceNotFoundException");
    let (db, record) = disturbed(&client().await, [Step::Pass, missing.clone(), missing]);

    db.create_table(&tables::MARKS).await.unwrap();

    assert!(record.operations().len() >= 4, "{:?}", record.operations());
}

#[tokio::test]
async fn a_new_table_that_never_appears_is_an_error() {
    let created = Step::Answer(200, json!({}));
    let missing = vec![Step::exception(400, "ResourceNotFoundException"); 100];
    let (db, _) = disturbed(&client().await, [created].into_iter().chain(missing));
    tokio::time::pause();
    let start = tokio::time::Instant::now();

    let error = db.create_table(&tables::MARKS).await.unwrap_err();

    assert!(error.is_table_not_found(), "{error:?}");
    assert!((30..40).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_wait_is_not_ended_by_throttling() {
    let throttled = vec![Step::exception(400, "ThrottlingException"); 7];
    let (db, _) = disturbed(&database(&[&tables::MARKS]).await, throttled);

    db.wait_until_active(&tables::MARKS).await.unwrap();
}

#[tokio::test]
async fn creating_all_tables_again_turns_on_a_time_to_live_that_was_not_reached() {
    let denied = Step::exception(400, "AccessDeniedException");
    let (db, record) = disturbed(&client().await, [Step::Pass, Step::Pass, denied]);
    let error = db.create_tables(&[&tables::PARCELS]).await.unwrap_err();
    assert!(error.is_access_denied(), "{error:?}");
    record.forget();

    db.create_tables(&[&tables::PARCELS]).await.unwrap();
    db.create_tables(&[&tables::PARCELS]).await.unwrap();

    let turned_on = ["CreateTable", "DescribeTable", "DescribeTimeToLive", "UpdateTimeToLive"];
    let left_as_it_is = ["CreateTable", "DescribeTable", "DescribeTimeToLive"];
    let mut operations = record.operations();
    operations.dedup();
    assert_eq!(operations, [&turned_on[..], &left_as_it_is].concat());
    assert_eq!(db.plan_table(&tables::PARCELS).await.unwrap().steps, []);
}

#[tokio::test]
async fn creating_all_tables_turns_on_the_time_to_live_of_one_that_was_not_waited_for() {
    let db = client().await;
    db.create_table_without_waiting(&tables::PARCELS).await.unwrap();

    db.create_tables(&[&tables::PARCELS]).await.unwrap();

    assert_eq!(db.plan_table(&tables::PARCELS).await.unwrap().steps, []);
}

#[tokio::test]
async fn a_time_to_live_that_another_client_turned_on_meanwhile_is_as_declared() {
    let db = database(&[&tables::PARCELS]).await;
    let off = json!({ "TimeToLiveDescription": { "TimeToLiveStatus": "DISABLED" } });
    let refused = Step::exception(400, "ValidationException");
    let (db, record) = disturbed(&db, [Step::Pass, Step::Pass, Step::Answer(200, off), refused]);

    db.create_tables(&[&tables::PARCELS]).await.unwrap();

    let last = ["DescribeTimeToLive", "UpdateTimeToLive", "DescribeTimeToLive"];
    assert_eq!(record.operations()[2..], last);
}

#[tokio::test]
async fn a_client_gives_every_table_its_prefix_and_suffix() {
    let db = client().await.with_table_prefix("test-").with_table_suffix(".v2");
    db.create_table(&tables::PARCELS).await.unwrap();
    let parcel = parcel("Ulm", 1);

    parcel.put().send(&db).await.unwrap();

    assert_eq!(db.table_name(&tables::PARCELS), "test-parcels.v2");
    assert_eq!(db.describe_table(&tables::PARCELS).await.unwrap().table_name(), Some("test-parcels.v2"));
    assert_eq!(Parcel::get(&parcel).consistent().send(&db).await.unwrap(), Some(parcel));
}

#[tokio::test]
async fn a_client_renames_one_table_and_no_other() {
    let db = client().await.with_table_prefix("test-").with_table_name(&tables::PARCELS, "elsewhere");

    assert_eq!(db.table_name(&tables::PARCELS), "elsewhere");
    assert_eq!(db.table_name(&tables::MARKS), "test-marks");
}

#[tokio::test]
async fn a_table_is_not_seen_under_another_prefix() {
    let db = database(&[&tables::PARCELS]).await;
    let other = db.clone().with_table_prefix("other-");

    let error = Parcel::get(("Ulm", 1)).send(&other).await.unwrap_err();

    assert!(error.is_table_not_found(), "{error:?}");
    assert_eq!(error.table(), Some("other-parcels"));
}

#[tokio::test]
async fn a_table_is_created_with_one_request_of_what_is_declared() {
    let (db, record) = recorded(&client().await);

    db.create_table_without_waiting(&tables::PARCELS).await.unwrap();

    let sent = record.only();
    let mut names: Vec<_> = sent.body.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    let expected = [
        "AttributeDefinitions",
        "BillingMode",
        "GlobalSecondaryIndexes",
        "KeySchema",
        "LocalSecondaryIndexes",
        "TableName",
    ];
    assert_eq!(names, expected);
}
