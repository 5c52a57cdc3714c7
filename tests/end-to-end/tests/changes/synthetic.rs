//! Records and events that no engine wrote, in the shape in which DynamoDB writes them.

use serde_json::{Value, json};

/// An order was placed: the record of it with this number.
pub fn placed(customer: &str, order: u32, number: u64) -> Value {
    let key =
        json!({ "pk": { "S": format!("CUSTOMER#{customer}") }, "sk": { "S": format!("ORDER#{order:06}") } });
    let mut item = key.clone();
    item["customer_id"] = json!({ "S": customer });
    item["status"] = json!({ "S": "pending" });
    item["total"] = json!({ "N": order.to_string() });
    item["lines"] = json!({ "L": [] });
    json!({
        "eventID": format!("event-{number}"),
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "eu-west-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1_767_225_600.0,
            "Keys": key,
            "NewImage": item,
            "SequenceNumber": sequence_number(number),
            "SizeBytes": 100,
            "StreamViewType": "NEW_AND_OLD_IMAGES",
        },
        "eventSourceARN": "arn:aws:dynamodb:eu-west-1:123456789012:table/shop/stream/2026-01-01T00:00:00.000",
    })
}

/// The sequence number of the record with this number.
pub fn sequence_number(number: u64) -> String {
    format!("{}", 100_000_000_000_000_000_000_u128 + u128::from(number))
}

/// The same record without its total, so that the item cannot be read.
pub fn corrupt(mut record: Value) -> Value {
    record["dynamodb"]["NewImage"].as_object_mut().expect("an item").remove("total");
    record
}

/// The bytes of an event of these records.
pub fn body(records: &[Value]) -> Vec<u8> {
    serde_json::to_vec(&json!({ "Records": records })).expect("JSON")
}

/// What a Kinesis data stream holds of such a record: no sequence number, and a finer moment.
pub fn kinesis_data(record: &Value, precision: &str, moment: u64) -> Value {
    let mut data = record.clone();
    data["tableName"] = json!("shop");
    data["recordFormat"] = json!("application/json");
    data["userIdentity"] = data.get("userIdentity").cloned().unwrap_or(Value::Null);
    data.as_object_mut().expect("an object").remove("eventSourceARN");
    let body = data["dynamodb"].as_object_mut().expect("an object");
    body.remove("SequenceNumber");
    body.remove("StreamViewType");
    body.insert("ApproximateCreationDateTime".to_owned(), json!(moment));
    body.insert("ApproximateCreationDateTimePrecision".to_owned(), json!(precision));
    data
}

/// The event that Lambda hands to a function for records of a Kinesis data stream.
pub fn kinesis_body(data: &[Value]) -> Vec<u8> {
    let record = |(number, data): (usize, &Value)| {
        let number = format!("495681673733333333333333333333333333333333333333333333{number:02}");
        json!({
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": "EB5DAB11E3A2C0B3F4A35F0E7A4E6C4F",
                "sequenceNumber": number,
                "data": base64(&serde_json::to_vec(data).expect("JSON")),
                "approximateArrivalTimestamp": 1_767_225_600.123,
            },
            "eventSource": "aws:kinesis",
            "eventVersion": "1.0",
            "eventID": format!("shardId-000000000000:{number}"),
            "eventName": "aws:kinesis:record",
            "invokeIdentityArn": "arn:aws:iam::123456789012:role/consumer",
            "awsRegion": "eu-west-1",
            "eventSourceARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/changes",
        })
    };
    let records: Vec<_> = data.iter().enumerate().map(record).collect();
    body(&records)
}

/// The text of bytes in base64.
pub fn base64(bytes: &[u8]) -> String {
    aws_smithy_types::base64::encode(bytes)
}
