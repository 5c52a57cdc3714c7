//! Streams whose shards have names like DynamoDB's, and which hold only their own records.
//!
//! The engine keeps records by the table's name, so the records of a deleted table appear in the stream of its successor. Both
//! the numbers of records and the labels of streams follow the clock, so a record that is older than its stream belongs to
//! another stream.

use dynoxide::streams::shard_id;
use serde_json::{Value, json};

use crate::embedded::answer::{Failure, Result, failure, text};
use crate::embedded::engine::Engine;

/// Added to a record's number, because DynamoDB's numbers have at least 21 digits.
const NUMBER_OFFSET: u128 = 100_000_000_000_000_000_000;

/// A stream, by its ARN.
struct Stream {
    table: String,
    /// The smallest number of its records.
    first: u128,
    shard: String,
}

pub(super) fn describe(engine: &Engine, mut request: Value) -> Result<Value> {
    let stream = current(engine, &request)?;
    let is_behind = text(&request, "ExclusiveStartShardId").is_some();
    request.as_object_mut().and_then(|request| request.remove("ExclusiveStartShardId"));
    let mut answer = engine.ask("DescribeStream", &request)?;
    let description = &mut answer["StreamDescription"];
    if is_behind {
        // There is one shard.
        description["Shards"] = json!([]);
    }
    for shard in description["Shards"].as_array_mut().into_iter().flatten() {
        shard["ShardId"] = json!(stream.shard);
        let range = &mut shard["SequenceNumberRange"];
        let is_own = |number: &str| number.parse().is_ok_and(|number: u128| number >= stream.first);
        let last = text(range, "EndingSequenceNumber");
        if last.is_some_and(|last| !is_own(last)) {
            *range = json!({});
        } else if text(range, "StartingSequenceNumber").is_some_and(|first| !is_own(first)) {
            range["StartingSequenceNumber"] = json!(stream.first.to_string());
        }
    }
    Ok(answer)
}

pub(super) fn shard_iterator(engine: &Engine, mut request: Value) -> Result<Value> {
    let stream = current(engine, &request)?;
    let arn = text(&request, "StreamArn").unwrap_or_default();
    if text(&request, "ShardId") != Some(stream.shard.as_str()) {
        return Err(not_found("Shard", text(&request, "ShardId").unwrap_or_default(), arn));
    }
    request["ShardId"] = json!(shard_id(&stream.table));
    let number = text(&request, "SequenceNumber").and_then(|number| number.parse::<u128>().ok());
    match (text(&request, "ShardIteratorType"), number) {
        (Some("TRIM_HORIZON"), None) => {
            request["ShardIteratorType"] = json!("AT_SEQUENCE_NUMBER");
            request["SequenceNumber"] = json!(stream.first.to_string());
        }
        (Some("AT_SEQUENCE_NUMBER" | "AFTER_SEQUENCE_NUMBER"), Some(number)) if number < stream.first => {
            let message = "The operation attempted to read past the oldest stream record in a shard.";
            return Err(failure("TrimmedDataAccessException", message));
        }
        _ => {}
    }
    engine.ask("GetShardIterator", &request)
}

/// The stream of a request, if its table has this one and no later one.
fn current(engine: &Engine, request: &Value) -> Result<Stream> {
    let arn = text(request, "StreamArn").unwrap_or_default();
    let missing = || not_found("Stream", arn, arn);
    let mut parts = arn.split('/').skip(1);
    let (Some(table), Some("stream"), Some(label)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(missing());
    };
    let live = engine.ask("DescribeTable", &json!({ "TableName": table })).map_err(|_| missing())?;
    if text(&live["Table"], "LatestStreamLabel") != Some(label) {
        return Err(missing());
    }
    let first = microseconds(label).ok_or_else(missing)? + NUMBER_OFFSET;
    let shard = format!("shardId-{:020}-{:08x}", 1, hash(arn));
    Ok(Stream { table: table.to_owned(), first, shard })
}

/// When a stream began, by its label: seconds, and nanoseconds behind a point.
fn microseconds(label: &str) -> Option<u128> {
    let (seconds, nanoseconds) = label.split_once('.')?;
    let nanoseconds: u128 = nanoseconds.parse().ok()?;
    Some(seconds.parse::<u128>().ok()? * 1_000_000 + nanoseconds / 1_000)
}

/// FNV-1a: the same for the same stream, in every process.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn not_found(what: &str, name: &str, arn: &str) -> Failure {
    let of = if name == arn { String::new() } else { format!(" in stream: {arn}") };
    failure(
        "ResourceNotFoundException",
        &format!("Requested resource not found: {what}: {name} not found{of}"),
    )
}
