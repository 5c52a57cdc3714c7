//! Differences between the engine and DynamoDB. Each test shows what the engine answers, so it fails once the engine is fixed,
//! and what the layer in front answers.

use dynoxide::Database;
use serde_json::{Value, json};

use crate::embedded::answer::Failure;
use crate::embedded::engine::Engine;
use crate::embedded::front;

fn engine() -> Engine {
    Engine::new(Database::memory().expect("an engine"))
}

/// What the layer in front of the engine answers.
fn answer(engine: &Engine, operation: &str, request: &Value) -> Result<Value, String> {
    let answer = front::answer(engine, operation, request.to_string().as_bytes());
    answer.map(|body| serde_json::from_slice(&body).expect("JSON")).map_err(refusal)
}

/// What the engine itself answers.
fn bare(engine: &Engine, operation: &str, request: &Value) -> Result<Value, String> {
    engine.ask(operation, request).map_err(refusal)
}

fn refusal(Failure { body, .. }: Failure) -> String {
    String::from_utf8(body).expect("text")
}

/// A request that creates the table `abc`, with further members.
fn table(more: Value) -> Value {
    let mut request = json!({
        "TableName": "abc",
        "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
        "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
        "BillingMode": "PAY_PER_REQUEST",
    });
    let more = more.as_object().expect("an object").clone();
    request.as_object_mut().expect("an object").extend(more);
    request
}

fn created(more: Value) -> Engine {
    let engine = engine();
    answer(&engine, "CreateTable", &table(more)).expect("a table");
    engine
}

fn named(more: Value) -> Value {
    let mut request = json!({ "TableName": "abc" });
    request.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    request
}

fn put(engine: &Engine, id: &str, bytes: usize) {
    let item = json!({ "id": { "S": id }, "text": { "S": "x".repeat(bytes) } });
    answer(engine, "PutItem", &named(json!({ "Item": item }))).expect("an item");
}

fn provisioned() -> Value {
    json!({ "BillingMode": "PROVISIONED", "ProvisionedThroughput": units(5, 5) })
}

fn units(read: u32, write: u32) -> Value {
    json!({ "ReadCapacityUnits": read, "WriteCapacityUnits": write })
}

/// An update that creates an index, with further members.
fn new_index(more: Value) -> Value {
    let mut index = json!({
        "IndexName": "by-day",
        "KeySchema": [{ "AttributeName": "day", "KeyType": "HASH" }],
        "Projection": { "ProjectionType": "ALL" },
    });
    index.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    named(json!({
        "AttributeDefinitions": [{ "AttributeName": "day", "AttributeType": "S" }],
        "GlobalSecondaryIndexUpdates": [{ "Create": index }],
    }))
}

fn index_of(described: &Value) -> &Value {
    &described["Table"]["GlobalSecondaryIndexes"][0]
}

fn read_units(described: &Value) -> Option<i64> {
    index_of(described)["ProvisionedThroughput"]["ReadCapacityUnits"].as_i64()
}

#[test]
fn an_update_gives_an_index_its_capacity() {
    let engine = created(provisioned());
    answer(&engine, "UpdateTable", &new_index(json!({ "ProvisionedThroughput": units(3, 4) })))
        .expect("an index");

    assert_ne!(read_units(&bare(&engine, "DescribeTable", &named(json!({}))).unwrap()), Some(3));
    assert_eq!(read_units(&answer(&engine, "DescribeTable", &named(json!({}))).unwrap()), Some(3));

    let update = json!({ "Update": { "IndexName": "by-day", "ProvisionedThroughput": units(7, 4) } });
    let update = named(json!({ "GlobalSecondaryIndexUpdates": [update] }));
    let updated = answer(&engine, "UpdateTable", &update).unwrap();
    let index = &updated["TableDescription"]["GlobalSecondaryIndexes"][0];
    assert_eq!(index["ProvisionedThroughput"]["ReadCapacityUnits"], json!(7));
    assert_ne!(read_units(&bare(&engine, "DescribeTable", &named(json!({}))).unwrap()), Some(7));
    assert_eq!(read_units(&answer(&engine, "DescribeTable", &named(json!({}))).unwrap()), Some(7));
}

#[test]
fn an_index_of_a_table_that_is_paid_for_by_request_has_no_capacity() {
    let engine = created(provisioned());
    answer(&engine, "UpdateTable", &new_index(json!({ "ProvisionedThroughput": units(3, 4) })))
        .expect("an index");

    answer(&engine, "UpdateTable", &named(json!({ "BillingMode": "PAY_PER_REQUEST" }))).unwrap();

    assert_eq!(read_units(&answer(&engine, "DescribeTable", &named(json!({}))).unwrap()), Some(0));
}

#[test]
fn a_table_that_is_created_again_has_nothing_of_the_one_before() {
    let engine = created(provisioned());
    answer(&engine, "UpdateTable", &new_index(json!({ "ProvisionedThroughput": units(3, 4) })))
        .expect("an index");
    let on = json!({ "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true } });
    answer(&engine, "UpdateContinuousBackups", &named(on)).unwrap();
    answer(&engine, "DeleteTable", &named(json!({}))).unwrap();

    answer(&engine, "CreateTable", &table(provisioned())).expect("a table");
    answer(&engine, "UpdateTable", &new_index(json!({}))).expect("an index");

    assert_ne!(read_units(&answer(&engine, "DescribeTable", &named(json!({}))).unwrap()), Some(3));
    let backups = answer(&engine, "DescribeContinuousBackups", &named(json!({}))).unwrap();
    assert!(backups.to_string().contains("DISABLED"), "{backups}");
}

#[test]
fn an_index_has_a_maximum() {
    let engine = created(json!({}));
    let maximum = json!({ "OnDemandThroughput": { "MaxReadRequestUnits": 5 } });
    answer(&engine, "UpdateTable", &new_index(maximum)).expect("an index");
    let described = |engine| answer(engine, "DescribeTable", &named(json!({}))).unwrap();

    assert_eq!(
        index_of(&bare(&engine, "DescribeTable", &named(json!({}))).unwrap()).get("OnDemandThroughput"),
        None
    );
    assert_eq!(index_of(&described(&engine))["OnDemandThroughput"], json!({ "MaxReadRequestUnits": 5 }));

    let change = |maximum: Value| {
        let update = json!({ "Update": { "IndexName": "by-day", "OnDemandThroughput": maximum } });
        named(json!({ "GlobalSecondaryIndexUpdates": [update] }))
    };
    let both = change(json!({ "MaxReadRequestUnits": -1, "MaxWriteRequestUnits": 9 }));
    bare(&engine, "UpdateTable", &both).expect_err("the engine refuses it");
    answer(&engine, "UpdateTable", &both).unwrap();
    assert_eq!(index_of(&described(&engine))["OnDemandThroughput"], json!({ "MaxWriteRequestUnits": 9 }));

    let other =
        json!({ "Update": { "IndexName": "other", "OnDemandThroughput": { "MaxReadRequestUnits": 5 } } });
    let refused = answer(&engine, "UpdateTable", &named(json!({ "GlobalSecondaryIndexUpdates": [other] })));
    assert!(refused.unwrap_err().contains("ValidationException"));
}

#[test]
fn the_encryption_of_a_table_is_changed() {
    let by = |key: &str| json!({ "Enabled": true, "SSEType": "KMS", "KMSMasterKeyId": key });
    let engine = created(json!({ "SSESpecification": by("one") }));
    let key = |described: &Value| described["Table"]["SSEDescription"]["KMSMasterKeyArn"].clone();
    let described = |engine| answer(engine, "DescribeTable", &named(json!({}))).unwrap();
    assert_eq!(key(&described(&engine)), json!("arn:aws:kms:dynoxide:000000000000:key/one"));

    let change = named(json!({ "SSESpecification": by("two") }));
    bare(&engine, "UpdateTable", &change).expect_err("the engine refuses it");
    answer(&engine, "UpdateTable", &change).unwrap();
    assert_eq!(key(&described(&engine)), json!("arn:aws:kms:dynoxide:000000000000:key/two"));

    answer(&engine, "UpdateTable", &named(json!({ "SSESpecification": { "Enabled": false } }))).unwrap();
    assert_eq!(described(&engine)["Table"].get("SSEDescription"), None);
    let missing = json!({ "TableName": "other", "SSESpecification": { "Enabled": false } });
    assert!(answer(&engine, "UpdateTable", &missing).unwrap_err().contains("ResourceNotFoundException"));
}

#[test]
fn continuous_backups_have_settings() {
    let engine = created(json!({}));
    let update = |more: Value| named(json!({ "PointInTimeRecoverySpecification": more }));
    let days = |answer: &Value| {
        answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]["RecoveryPeriodInDays"]
            .as_u64()
    };
    bare(&engine, "DescribeContinuousBackups", &named(json!({}))).expect_err("the engine does not know it");

    assert_eq!(days(&answer(&engine, "DescribeContinuousBackups", &named(json!({}))).unwrap()), None);
    let on = update(json!({ "PointInTimeRecoveryEnabled": true }));
    assert_eq!(days(&answer(&engine, "UpdateContinuousBackups", &on).unwrap()), Some(35));
    let week = update(json!({ "PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 7 }));
    assert_eq!(days(&answer(&engine, "UpdateContinuousBackups", &week).unwrap()), Some(7));
    assert_eq!(days(&answer(&engine, "UpdateContinuousBackups", &on).unwrap()), Some(7));
    let off = update(json!({ "PointInTimeRecoveryEnabled": false }));
    assert_eq!(days(&answer(&engine, "UpdateContinuousBackups", &off).unwrap()), None);

    let long = update(json!({ "PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 36 }));
    assert!(answer(&engine, "UpdateContinuousBackups", &long).unwrap_err().contains("ValidationException"));
    let missing = json!({ "TableName": "other" });
    let refused = answer(&engine, "DescribeContinuousBackups", &missing).unwrap_err();
    assert!(refused.contains("TableNotFoundException"), "{refused}");
}

/// A table with a stream, and the stream's ARN.
fn streamed(engine: &Engine) -> String {
    let stream = json!({ "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "KEYS_ONLY" } });
    answer(engine, "CreateTable", &table(stream)).expect("a table");
    let streams = answer(engine, "ListStreams", &json!({})).unwrap();
    streams["Streams"][0]["StreamArn"].as_str().expect("a stream").to_owned()
}

fn shard(engine: &Engine, stream: &str) -> Value {
    let described = answer(engine, "DescribeStream", &json!({ "StreamArn": stream })).unwrap();
    described["StreamDescription"]["Shards"][0].clone()
}

/// The keys of a stream's records, from its beginning.
fn records(engine: &Engine, stream: &str, kind: &str) -> Vec<String> {
    let shard = shard(engine, stream)["ShardId"].clone();
    let request = json!({ "StreamArn": stream, "ShardId": shard, "ShardIteratorType": kind });
    let iterator = answer(engine, "GetShardIterator", &request).unwrap()["ShardIterator"].clone();
    let read = answer(engine, "GetRecords", &json!({ "ShardIterator": iterator })).unwrap();
    let records = read["Records"].as_array().expect("records");
    records.iter().map(|record| record["dynamodb"]["Keys"]["id"]["S"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn shards_are_called_as_dynamodb_calls_them() {
    let engine = engine();
    let stream = streamed(&engine);
    put(&engine, "one", 1);

    let described = bare(&engine, "DescribeStream", &json!({ "StreamArn": stream })).unwrap();
    let id = described["StreamDescription"]["Shards"][0]["ShardId"].as_str().expect("an id").len();
    assert!(id < 28, "the engine's have {id} characters");
    let id = shard(&engine, &stream)["ShardId"].as_str().expect("an id").to_owned();
    assert!((28..=65).contains(&id.len()) && id.starts_with("shardId-"), "{id}");
    assert_eq!(records(&engine, &stream, "TRIM_HORIZON"), ["one"]);

    let behind = json!({ "StreamArn": stream, "ExclusiveStartShardId": id });
    let described = answer(&engine, "DescribeStream", &behind).unwrap();
    assert_eq!(described["StreamDescription"]["Shards"], json!([]));
    let other =
        json!({ "StreamArn": stream, "ShardId": "shardId-00000001-abc", "ShardIteratorType": "LATEST" });
    let refused = answer(&engine, "GetShardIterator", &other).unwrap_err();
    assert!(refused.contains("ResourceNotFoundException"), "{refused}");
}

#[test]
fn a_stream_has_no_records_of_a_table_that_was_deleted() {
    let engine = engine();
    let first = streamed(&engine);
    put(&engine, "before", 1);
    let number = shard(&engine, &first)["SequenceNumberRange"]["StartingSequenceNumber"].clone();
    answer(&engine, "DeleteTable", &named(json!({}))).unwrap();
    let second = streamed(&engine);
    assert_ne!(first, second);
    assert_eq!(records(&engine, &second, "TRIM_HORIZON"), Vec::<String>::new());
    assert_eq!(shard(&engine, &second)["SequenceNumberRange"], json!({}));

    put(&engine, "after", 1);

    let described = bare(&engine, "DescribeStream", &json!({ "StreamArn": second })).unwrap();
    let range = &described["StreamDescription"]["Shards"][0]["SequenceNumberRange"];
    assert_eq!(range["StartingSequenceNumber"], number, "the engine begins with the records before");
    assert_eq!(records(&engine, &second, "TRIM_HORIZON"), ["after"]);
    assert_ne!(shard(&engine, &second)["SequenceNumberRange"]["StartingSequenceNumber"], number);
    let at = json!({
        "StreamArn": second,
        "ShardId": shard(&engine, &second)["ShardId"],
        "ShardIteratorType": "AT_SEQUENCE_NUMBER",
        "SequenceNumber": number,
    });
    let refused = answer(&engine, "GetShardIterator", &at).unwrap_err();
    assert!(refused.contains("TrimmedDataAccessException"), "{refused}");
    // The first stream is another one, and gone.
    bare(&engine, "DescribeStream", &json!({ "StreamArn": first }))
        .expect("the engine does not look at the label");
    let refused = answer(&engine, "DescribeStream", &json!({ "StreamArn": first })).unwrap_err();
    assert!(refused.contains("ResourceNotFoundException"), "{refused}");
}

#[test]
fn time_to_live_is_not_turned_on_twice() {
    let engine = created(json!({}));
    let set =
        |on: bool| named(json!({ "TimeToLiveSpecification": { "AttributeName": "gone_at", "Enabled": on } }));

    let refused = answer(&engine, "UpdateTimeToLive", &set(false)).unwrap_err();
    assert!(refused.contains("TimeToLive is already disabled"), "{refused}");
    answer(&engine, "UpdateTimeToLive", &set(true)).unwrap();
    let refused = answer(&engine, "UpdateTimeToLive", &set(true)).unwrap_err();
    assert!(refused.contains("TimeToLive is already enabled"), "{refused}");
    bare(&engine, "UpdateTimeToLive", &set(true)).expect("the engine takes it twice");
    answer(&engine, "UpdateTimeToLive", &set(false)).unwrap();
}

#[test]
fn a_page_holds_the_item_that_crosses_one_megabyte() {
    let engine = created(json!({}));
    for id in ["1", "2", "3", "4"] {
        put(&engine, id, 390_000);
    }
    let scan = named(json!({ "ReturnConsumedCapacity": "TOTAL" }));

    let engines = bare(&engine, "Scan", &scan).unwrap();
    assert_eq!(engines["Count"], json!(2), "the engine ends before it");
    let page = answer(&engine, "Scan", &scan).unwrap();
    assert_eq!((&page["Count"], &page["ScannedCount"]), (&json!(3), &json!(3)));
    assert_eq!(page["Items"].as_array().map(Vec::len), Some(3));
    let capacity = |page: &Value| page["ConsumedCapacity"]["CapacityUnits"].as_f64().expect("capacity");
    assert!(capacity(&page) > capacity(&engines));

    let mut rest = scan.clone();
    rest["ExclusiveStartKey"] = page["LastEvaluatedKey"].clone();
    let rest = answer(&engine, "Scan", &rest).unwrap();
    assert_eq!((&rest["Count"], rest.get("LastEvaluatedKey")), (&json!(1), None));
    let limited = answer(&engine, "Scan", &named(json!({ "Limit": 2 }))).unwrap();
    assert_eq!(limited["Count"], json!(2));
    let counted = answer(&engine, "Scan", &named(json!({ "Select": "COUNT" }))).unwrap();
    assert_eq!((&counted["Count"], counted.get("Items")), (&json!(3), None));
}

#[test]
fn an_account_has_limits_and_endpoints() {
    let engine = engine();
    for operation in ["DescribeLimits", "DescribeEndpoints"] {
        bare(&engine, operation, &json!({})).expect_err("the engine does not know it");
        answer(&engine, operation, &json!({})).unwrap();
    }
}

/// The remaining differences, which `docs/embedded-engine.md` lists.
mod left {
    use super::*;

    #[test]
    fn a_stream_that_was_turned_off_cannot_be_read() {
        let engine = engine();
        let stream = streamed(&engine);
        put(&engine, "one", 1);

        let off = named(json!({ "StreamSpecification": { "StreamEnabled": false } }));
        answer(&engine, "UpdateTable", &off).unwrap();

        bare(&engine, "DescribeStream", &json!({ "StreamArn": stream }))
            .expect_err("DynamoDB shows it for a day");
    }

    #[test]
    fn an_open_shard_has_an_end() {
        let engine = engine();
        let stream = streamed(&engine);
        put(&engine, "one", 1);

        let range = shard(&engine, &stream)["SequenceNumberRange"].clone();
        assert!(
            range.get("EndingSequenceNumber").is_some(),
            "DynamoDB says it of closed shards alone: {range}"
        );
    }
}
