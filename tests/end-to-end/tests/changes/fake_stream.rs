//! A stream whose shards a test decides: DynamoDB splits, closes and forgets shards when it likes.

use std::sync::{Arc, Mutex, MutexGuard};

use aws_sdk_dynamodbstreams::config::{BehaviorVersion, Region};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use dynamorm::Client;
use serde_json::{Value, json};

use crate::synthetic::{placed, sequence_number};

/// A stream, shared by the client that reads it and the test that changes it.
#[derive(Clone, Debug, Default)]
pub struct FakeStream(Arc<Mutex<Shards>>);

#[derive(Debug, Default)]
pub struct Shards {
    shards: Vec<Shard>,
    pub is_disabled: bool,
    /// How many iterators have expired when they are used next.
    pub expired: usize,
    /// How many requests fail next, as DynamoDB fails.
    pub failing: usize,
}

#[derive(Debug)]
struct Shard {
    id: String,
    parent: Option<String>,
    records: Vec<Value>,
    /// How many of them are gone.
    trimmed: usize,
    is_closed: bool,
}

impl FakeStream {
    pub fn shards(&self) -> MutexGuard<'_, Shards> {
        self.0.lock().expect("no panic")
    }

    /// The client, with this as the streams of its tables.
    pub fn of(&self, db: Client) -> Client {
        let config = aws_sdk_dynamodbstreams::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("fake"))
            .endpoint_url("http://fake.invalid")
            .http_client(self.clone())
            .retry_config(aws_sdk_dynamodbstreams::config::retry::RetryConfig::disabled())
            .allow_no_auth()
            .build();
        db.with_streams(aws_sdk_dynamodbstreams::Client::from_conf(config))
    }
}

impl Shards {
    /// Adds a shard, after `parent`.
    pub fn shard(&mut self, id: &str, parent: Option<&str>) {
        let (id, parent) = (id.to_owned(), parent.map(str::to_owned));
        self.shards.push(Shard { id, parent, records: Vec::new(), trimmed: 0, is_closed: false });
    }

    /// Writes the record that the order of this number was placed.
    pub fn write(&mut self, shard: &str, number: u32) {
        self.one(shard).records.push(placed("ada", number, number.into()));
    }

    pub fn close(&mut self, shard: &str) {
        self.one(shard).is_closed = true;
    }

    /// Forgets the first records.
    pub fn trim(&mut self, shard: &str, records: usize) {
        self.one(shard).trimmed = records;
    }

    /// Forgets a shard.
    pub fn forget(&mut self, id: &str) {
        self.shards.retain(|shard| shard.id != id);
    }

    fn one(&mut self, id: &str) -> &mut Shard {
        self.shards.iter_mut().find(|shard| shard.id == id).expect("a shard")
    }

    fn answer(&mut self, operation: &str, request: &Value) -> Result<Value, &'static str> {
        if self.failing > 0 {
            self.failing -= 1;
            return Err("InternalServerError");
        }
        let text = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
        match operation {
            // Two shards a page.
            "DescribeStream" => {
                let last = text("ExclusiveStartShardId");
                let first = self.shards.iter().position(|shard| shard.id == last).map_or(0, |at| at + 1);
                let page: Vec<_> = self.shards.iter().skip(first).take(2).collect();
                let has_more = first + page.len() < self.shards.len();
                let next = page.last().filter(|_| has_more).map(|shard| shard.id.clone());
                let shards: Vec<_> = page
                    .iter()
                    .map(|shard| json!({ "ShardId": shard.id, "ParentShardId": shard.parent }))
                    .collect();
                Ok(json!({ "StreamDescription": {
                    "StreamStatus": if self.is_disabled { "DISABLED" } else { "ENABLED" },
                    "Shards": shards,
                    "LastEvaluatedShardId": next,
                } }))
            }
            "GetShardIterator" => {
                let shard = self.one(&text("ShardId"));
                let place = match text("ShardIteratorType").as_str() {
                    "TRIM_HORIZON" => shard.trimmed,
                    "AFTER_SEQUENCE_NUMBER" => {
                        let number = text("SequenceNumber");
                        let is_it = |record: &Value| record["dynamodb"]["SequenceNumber"] == json!(number);
                        shard.records.iter().position(is_it).ok_or("ValidationException")? + 1
                    }
                    _ => return Err("ValidationException"),
                };
                if place < shard.trimmed {
                    return Err("TrimmedDataAccessException");
                }
                Ok(json!({ "ShardIterator": format!("{}|{place}", shard.id) }))
            }
            "GetRecords" => {
                if self.expired > 0 {
                    self.expired -= 1;
                    return Err("ExpiredIteratorException");
                }
                let iterator = text("ShardIterator");
                let (id, place) = iterator.split_once('|').expect("an iterator");
                let place: usize = place.parse().expect("a number");
                let shard = self.one(id);
                if place < shard.trimmed {
                    return Err("TrimmedDataAccessException");
                }
                // Two records a page.
                let records: Vec<_> = shard.records.iter().skip(place).take(2).cloned().collect();
                let next = place + records.len();
                let is_end = shard.is_closed && next >= shard.records.len();
                let next = (!is_end).then(|| format!("{id}|{next}"));
                Ok(json!({ "Records": records, "NextShardIterator": next }))
            }
            _ => Err("UnknownOperationException"),
        }
    }
}

impl HttpClient for FakeStream {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for FakeStream {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        let body = serde_json::from_slice(request.body().bytes().unwrap_or_default()).expect("JSON");
        let (status, body) = match self.shards().answer(operation, &body) {
            Ok(body) => (200, body),
            Err(code) => (400, json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}") })),
        };
        let body = SdkBody::from(body.to_string());
        HttpConnectorFuture::ready(Ok(HttpResponse::new(
            StatusCode::try_from(status).expect("a status"),
            body,
        )))
    }
}

/// The sequence number of the record that the order of this number was placed.
pub fn number(order: u32) -> String {
    sequence_number(order.into())
}
