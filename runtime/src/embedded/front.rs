//! The layer in front of the engine, which answers as DynamoDB does where the engine does not.

use serde_json::Value;

use crate::embedded::answer::{Result, invalid, to_bytes, typed};
use crate::embedded::engine::Engine;
use crate::embedded::{account, backups, expiry, pages, streams, tables};

/// The largest request that DynamoDB accepts, in bytes.
const MAXIMUM_REQUEST_BYTES: usize = 16 * 1024 * 1024;

/// Answers a request. Most go to the engine unparsed.
pub(super) fn answer(engine: &Engine, operation: &str, body: &[u8]) -> Result<Vec<u8>> {
    if body.len() > MAXIMUM_REQUEST_BYTES {
        return Err(invalid("Request size exceeds the maximum of 16 MB"));
    }
    let in_front: fn(&Engine, Value) -> Result<Value> = match operation {
        "CreateTable" => tables::create,
        "DescribeTable" => tables::describe,
        "UpdateTable" => tables::update,
        "DeleteTable" => tables::delete,
        "DescribeContinuousBackups" => backups::describe,
        "UpdateContinuousBackups" => backups::update,
        "UpdateTimeToLive" => expiry::update,
        "DescribeStream" => streams::describe,
        "GetShardIterator" => streams::shard_iterator,
        "DescribeLimits" => account::limits,
        "DescribeEndpoints" => account::endpoints,
        "Query" => return pages::query(engine, body),
        "Scan" => return pages::scan(engine, body),
        _ => return engine.pass(operation, body),
    };
    to_bytes(&in_front(engine, typed(body)?)?)
}
