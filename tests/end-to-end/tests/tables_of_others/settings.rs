//! Encryption, point-in-time recovery and on-demand maximums: what is sent to create, compare and change them.

use dynamorm::Client;
use dynamorm::table::{
    Billing, Encryption, Index, KeyAttribute, OnDemandMaximum, PointInTimeRecovery, Scalar, Setting, Table,
    TablePlan, TableStep,
};
use end_to_end::connector::{Record, Step, disturbed, recorded};
use serde_json::{Value, json};
use test_support::{can_run, client};

use crate::models::tables::LEDGER;

const ACCOUNT: KeyAttribute = KeyAttribute { name: "account", scalar: Scalar::Text };
const KEY_ARN: &str = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const MONITORED: PointInTimeRecovery = PointInTimeRecovery { days: None };

/// The requests of these operations, without the name of the table.
fn sent(record: &Record, operation: &str) -> Vec<Value> {
    let sent = record.sent().into_iter().filter(|sent| sent.operation == operation);
    let without_name = |mut body: Value| {
        assert_eq!(body.as_object_mut().unwrap().remove("TableName"), Some(json!("ledger")));
        body
    };
    sent.map(|sent| without_name(sent.body)).collect()
}

/// A description of a table that is like this, besides being active and on demand.
fn described(like: Value) -> Step {
    let mut table = json!({
        "TableStatus": "ACTIVE",
        "TableArn": "arn:aws:dynamodb:eu-west-1:111122223333:table/ledger",
        "KeySchema": [{ "AttributeName": "account", "KeyType": "HASH" }],
        "AttributeDefinitions": [{ "AttributeName": "account", "AttributeType": "S" }],
        "BillingModeSummary": { "BillingMode": "PAY_PER_REQUEST" },
    });
    table.as_object_mut().unwrap().extend(like.as_object().unwrap().clone());
    Step::Answer(200, json!({ "Table": table }))
}

fn no_expiry() -> Step {
    Step::Answer(200, json!({ "TimeToLiveDescription": { "TimeToLiveStatus": "DISABLED" } }))
}

fn recovery(status: &str, days: Option<u8>) -> Step {
    let mut recovery = json!({ "PointInTimeRecoveryStatus": status });
    if let Some(days) = days {
        recovery["RecoveryPeriodInDays"] = json!(days);
    }
    let backups = json!({ "ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery });
    Step::Answer(200, json!({ "ContinuousBackupsDescription": backups }))
}

/// A client that is answered so, again and again.
async fn answered(steps: impl IntoIterator<Item = Step>) -> (Client, Record) {
    disturbed(&client().await, steps)
}

/// The plan for a table that is described so, where point-in-time recovery is not declared.
async fn plan(table: &'static Table, like: Value) -> Vec<TableStep> {
    let (db, _) = answered([described(like), no_expiry()]).await;
    db.plan_table(table).await.unwrap().steps
}

#[tokio::test]
async fn a_table_is_created_with_its_encryption_and_its_maximums() {
    let (db, record) = answered([Step::Answer(200, json!({}))]).await;

    db.create_table_without_waiting(&LEDGER).await.unwrap();

    let expected = json!({
        "AttributeDefinitions": [
            { "AttributeName": "account", "AttributeType": "S" },
            { "AttributeName": "owner", "AttributeType": "S" },
        ],
        "KeySchema": [{ "AttributeName": "account", "KeyType": "HASH" }],
        "BillingMode": "PAY_PER_REQUEST",
        "OnDemandThroughput": { "MaxReadRequestUnits": 500 },
        "SSESpecification": { "Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": KEY_ARN },
        "Tags": [{ "Key": "team", "Value": "ledger" }],
        "GlobalSecondaryIndexes": [{
            "IndexName": "by-owner",
            "KeySchema": [{ "AttributeName": "owner", "KeyType": "HASH" }],
            "Projection": { "ProjectionType": "ALL" },
            "OnDemandThroughput": { "MaxReadRequestUnits": 50, "MaxWriteRequestUnits": 20 },
        }],
    });
    assert_eq!(sent(&record, "CreateTable"), [expected]);
}

#[tokio::test]
async fn point_in_time_recovery_is_turned_on_when_the_table_is_active() {
    let unavailable = Step::exception(400, "ContinuousBackupsUnavailableException");
    let active = || described(json!({}));
    let (db, record) = answered([
        Step::Answer(200, json!({})),
        active(),
        active(),
        unavailable,
        Step::Answer(200, json!({})),
    ])
    .await;
    tokio::time::pause();

    db.create_table(&LEDGER).await.unwrap();

    let asked = json!({
        "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 7 },
    });
    assert_eq!(sent(&record, "UpdateContinuousBackups"), [asked.clone(), asked]);
}

#[tokio::test]
async fn point_in_time_recovery_that_an_interrupted_creation_left_off_is_turned_on() {
    let exists = Step::exception(400, "ResourceInUseException");
    let active = || described(json!({}));
    let off = recovery("DISABLED", None);
    let (db, record) =
        answered([exists, active(), active(), off, active(), Step::Answer(200, json!({}))]).await;

    db.create_tables(&[&LEDGER]).await.unwrap();

    assert_eq!(record.operations().last().map(String::as_str), Some("UpdateContinuousBackups"));
}

#[tokio::test]
async fn every_declared_setting_is_changed_by_a_request_of_its_own() {
    static OTHERWISE: Table = Table {
        billing: Some(Billing::OnDemand),
        on_demand_maximum: OnDemandMaximum { read: Setting::Off, write: Setting::On(9) },
        encryption: Some(Encryption::AwsOwned),
        point_in_time_recovery: Setting::Off,
        ..Table::new("ledger", ACCOUNT)
    };
    let maximum = json!({ "MaxReadRequestUnits": 500, "MaxWriteRequestUnits": -1 });
    let encryption = json!({ "Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": KEY_ARN });
    let states = [
        (json!({ "OnDemandThroughput": maximum, "SSEDescription": encryption }), "ENABLED"),
        (
            json!({ "OnDemandThroughput": { "MaxWriteRequestUnits": 9 }, "SSEDescription": encryption }),
            "ENABLED",
        ),
        (json!({ "OnDemandThroughput": { "MaxWriteRequestUnits": 9 } }), "ENABLED"),
        (json!({ "OnDemandThroughput": { "MaxWriteRequestUnits": 9 } }), "DISABLED"),
    ];
    // To wait for the table, its three descriptions, and the step.
    let steps = states.into_iter().flat_map(|(like, status)| {
        let table = described(like);
        [table.clone(), table, no_expiry(), recovery(status, None), Step::Answer(200, json!({}))]
    });
    let (db, record) = answered(steps).await;

    let update = db.update_table(&OTHERWISE).await.unwrap();

    let steps = [
        TableStep::OnDemandMaximum(OTHERWISE.on_demand_maximum),
        TableStep::Encryption(Encryption::AwsOwned),
        TableStep::DisablePointInTimeRecovery,
    ];
    assert_eq!(update.steps, steps);
    let expected = [
        json!({ "OnDemandThroughput": { "MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 9 } }),
        json!({ "SSESpecification": { "Enabled": false } }),
    ];
    assert_eq!(sent(&record, "UpdateTable"), expected);
    let off = json!({ "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": false } });
    assert_eq!(sent(&record, "UpdateContinuousBackups"), [off]);
}

#[tokio::test]
async fn the_maximum_of_an_index_is_changed_by_a_request_of_its_own() {
    static BY_OWNER: Index = Index {
        on_demand_maximum: OnDemandMaximum { read: Setting::On(50), write: Setting::Undeclared },
        ..Index::global("by-owner", &[KeyAttribute { name: "owner", scalar: Scalar::Text }], &[])
    };
    static WITH_INDEX: Table = Table { indexes: &[&BY_OWNER], ..Table::new("ledger", ACCOUNT) };
    let index = |maximum: Value| {
        described(json!({ "GlobalSecondaryIndexes": [{
            "IndexName": "by-owner",
            "IndexStatus": "ACTIVE",
            "KeySchema": [{ "AttributeName": "owner", "KeyType": "HASH" }],
            "Projection": { "ProjectionType": "ALL" },
            "OnDemandThroughput": maximum,
        }] }))
    };
    let before = index(json!({ "MaxReadRequestUnits": 10, "MaxWriteRequestUnits": 10 }));
    let after = index(json!({ "MaxReadRequestUnits": 50, "MaxWriteRequestUnits": 10 }));
    let done = Step::Answer(200, json!({}));
    let (db, record) =
        answered([before.clone(), before, no_expiry(), done, after.clone(), after, no_expiry()]).await;

    let update = db.update_table(&WITH_INDEX).await.unwrap();

    assert_eq!(update.steps, [TableStep::IndexOnDemandMaximum("by-owner", BY_OWNER.on_demand_maximum)]);
    let action = json!({ "IndexName": "by-owner", "OnDemandThroughput": { "MaxReadRequestUnits": 50 } });
    assert_eq!(
        sent(&record, "UpdateTable"),
        [json!({ "GlobalSecondaryIndexUpdates": [{ "Update": action }] })]
    );
}

#[tokio::test]
async fn encryption_is_compared_as_far_as_a_description_tells_it() {
    const OTHER_ARN: &str = "arn:aws:kms:eu-west-1:111122223333:key/ffffffff-12ab-34cd-56ef-1234567890ab";
    const fn encrypted(encryption: Encryption) -> Table {
        Table { encryption: Some(encryption), ..Table::new("ledger", ACCOUNT) }
    }
    static OWNED: Table = encrypted(Encryption::AwsOwned);
    static MANAGED: Table = encrypted(Encryption::AwsManaged);
    static BY_ARN: Table = encrypted(Encryption::Key(KEY_ARN));
    static BY_ID: Table = encrypted(Encryption::Key("1234abcd-12ab-34cd-56ef-1234567890ab"));
    static BY_ALIAS: Table = encrypted(Encryption::Key("alias/ledger"));
    static UNDECLARED: Table = Table::new("ledger", ACCOUNT);
    let by = |arn: &str| json!({ "SSEDescription": { "Status": "ENABLED", "KMSMasterKeyArn": arn } });
    let by_aws = || json!({});
    let turned_off = || json!({ "SSEDescription": { "Status": "DISABLED" } });

    for (table, like) in [
        (&OWNED, by_aws()),
        (&OWNED, turned_off()),
        (&MANAGED, by(KEY_ARN)),
        (&BY_ARN, by(KEY_ARN)),
        (&BY_ID, by(KEY_ARN)),
        (&BY_ALIAS, by(OTHER_ARN)),
        (&UNDECLARED, by(KEY_ARN)),
        (&UNDECLARED, by_aws()),
    ] {
        assert_eq!(plan(table, like.clone()).await, [], "{:?} {like}", table.encryption);
    }
    for (table, like) in [
        (&OWNED, by(KEY_ARN)),
        (&MANAGED, by_aws()),
        (&BY_ARN, by_aws()),
        (&BY_ARN, by(OTHER_ARN)),
        (&BY_ID, by(OTHER_ARN)),
        (&BY_ALIAS, turned_off()),
    ] {
        let step = TableStep::Encryption(table.encryption.unwrap());
        assert_eq!(plan(table, like.clone()).await, [step], "{:?} {like}", table.encryption);
    }
}

#[tokio::test]
async fn the_days_of_point_in_time_recovery_are_compared_where_they_are_declared() {
    const fn recovered(recovery: PointInTimeRecovery) -> Table {
        Table { point_in_time_recovery: Setting::On(recovery), ..Table::new("ledger", ACCOUNT) }
    }
    static ON: Table = recovered(MONITORED);
    static WEEK: Table = recovered(PointInTimeRecovery { days: Some(7) });
    let on = TableStep::EnablePointInTimeRecovery(MONITORED);
    let week = TableStep::EnablePointInTimeRecovery(PointInTimeRecovery { days: Some(7) });

    for (table, status, days, steps) in [
        (&ON, "ENABLED", Some(35), vec![]),
        (&WEEK, "ENABLED", Some(7), vec![]),
        (&ON, "DISABLED", None, vec![on]),
        (&WEEK, "ENABLED", Some(35), vec![week.clone()]),
        (&WEEK, "DISABLED", None, vec![week]),
    ] {
        let (db, _) = answered([described(json!({})), no_expiry(), recovery(status, days)]).await;
        assert_eq!(db.plan_table(table).await.unwrap().steps, steps, "{status} {days:?}");
    }
}

#[tokio::test]
async fn every_setting_can_be_declared_and_tables_be_created_on_an_engine_that_lacks_some() {
    let db = client().await;
    db.create_tables(&[&LEDGER]).await.unwrap();

    assert_eq!(db.update_table(&LEDGER).await.unwrap(), TablePlan::default());
    assert_eq!(db.check_tables(&[&LEDGER]).await.unwrap().to_string(), "");
}

#[tokio::test]
async fn settings_are_kept_and_changed_by_an_engine_that_has_them() {
    if !can_run("settings_are_kept_and_changed_by_an_engine_that_has_them") {
        return;
    }
    static OTHERWISE: Table = Table {
        billing: Some(Billing::OnDemand),
        on_demand_maximum: OnDemandMaximum { read: Setting::On(7), write: Setting::On(8) },
        encryption: Some(Encryption::AwsOwned),
        point_in_time_recovery: Setting::On(PointInTimeRecovery { days: Some(3) }),
        ..Table::new("ledger", ACCOUNT)
    };
    let db = client().await;
    db.create_table(&LEDGER).await.unwrap();
    let (recorder, record) = recorded(&db);

    let update = recorder.update_table(&OTHERWISE).await.unwrap();

    let steps = [
        TableStep::OnDemandMaximum(OTHERWISE.on_demand_maximum),
        TableStep::Encryption(Encryption::AwsOwned),
        TableStep::EnablePointInTimeRecovery(PointInTimeRecovery { days: Some(3) }),
    ];
    assert_eq!(update.steps, steps);
    assert_eq!(sent(&record, "UpdateTable").len(), 2);
    assert_eq!(db.update_table(&OTHERWISE).await.unwrap().steps, []);
    let differences = db.check_tables(&[&LEDGER]).await.unwrap();
    assert_eq!(differences.differences().count(), 3, "{differences}");
}
