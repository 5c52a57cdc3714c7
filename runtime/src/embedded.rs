//! The embedded engine: DynamoDB in this process, without a server or a socket.
//!
//! The SDK hands its requests to an HTTP connector; this one hands them to `dynoxide-rs`, and its answers back. Nothing
//! else knows which engine it runs on.

use std::path::Path;

use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region, RuntimeComponents, StalledStreamProtectionConfig};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use dynoxide::Database;
use dynoxide::errors::DynoxideError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::{Error, Result};

/// The most bytes that DynamoDB takes in one request.
const MAXIMUM_REQUEST_BYTES: usize = 16 * 1024 * 1024;

impl Client {
    /// A client on an empty database in memory, which is gone with the client's last clone.
    ///
    /// Requests are answered on the calling thread.
    ///
    /// # Errors
    /// The engine could not be started.
    pub fn embedded() -> Result<Self> {
        Database::memory().map(connect).map_err(|error| Error::construction(error.into()))
    }

    /// A client on a database in a file, which is created if it is not there.
    ///
    /// # Errors
    /// The file cannot be opened or is no database; or what the path says is none to the engine: it is empty, `:memory:`, or
    /// begins with `file:`.
    pub fn embedded_at(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let refused = |what: &str| Error::construction(format!("{path:?} {what}").into());
        let text = path.to_str().ok_or_else(|| refused("is not UTF-8"))?;
        // SQLite takes these for databases that are gone when they are closed, and for addresses of such.
        if text.is_empty() || text == ":memory:" || text.starts_with("file:") {
            return Err(refused(
                "names no file, and a database in memory would be lost: that is `Client::embedded()`",
            ));
        }
        Database::new(text).map(connect).map_err(|error| Error::construction(error.into()))
    }
}

fn connect(database: Database) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("embedded"))
        .endpoint_url("http://embedded.invalid")
        .http_client(Engine(database))
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .allow_no_auth()
        .build();
    Client::new(aws_sdk_dynamodb::Client::from_conf(config)).with_tables_of_others()
}

/// The stack that must be free: for a request, and for each of its bytes, since few of them make a level of an expression.
/// Builds with debug information take the most.
/// Where it is not, another is taken, which costs a small request half as much time again.
const REQUEST_STACK_BYTES: usize = 512 * 1024;
const STACK_BYTES_OF_A_BYTE: usize = 2048;
const MAXIMUM_NEEDED_BYTES: usize = 4 * 1024 * 1024;
const STACK_BYTES: usize = 32 * 1024 * 1024;

#[derive(Clone)]
struct Engine(Database);

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Engine")
    }
}

impl HttpClient for Engine {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Engine {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        // The engine parses expressions recursively, and small stacks are too small for the deepest that DynamoDB takes.
        let needed = REQUEST_STACK_BYTES + body.len().saturating_mul(STACK_BYTES_OF_A_BYTE);
        let answer = stacker::maybe_grow(needed.min(MAXIMUM_NEEDED_BYTES), STACK_BYTES, || {
            answer(&self.0, operation, body)
        });
        let (status, body) = match answer {
            Ok(body) => (200, body),
            Err(failure) => (failure.status, failure.body),
        };
        let status = StatusCode::try_from(status).map_err(|error| ConnectorError::other(error.into(), None));
        HttpConnectorFuture::ready(status.map(|status| {
            let mut response = HttpResponse::new(status, SdkBody::from(body));
            response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
            response
        }))
    }
}

struct Failure {
    status: u16,
    body: Vec<u8>,
}

impl From<DynoxideError> for Failure {
    fn from(error: DynoxideError) -> Self {
        Failure { status: error.status_code(), body: error.to_json().into_bytes() }
    }
}

fn answer(database: &Database, operation: &str, body: &[u8]) -> Result<Vec<u8>, Failure> {
    if body.len() > MAXIMUM_REQUEST_BYTES {
        return Err(failure("ValidationException", "Request size exceeds the maximum of 16 MB"));
    }
    match operation {
        "GetItem" => run(body, |request| database.get_item(request)),
        "PutItem" => run(body, |request| database.put_item(request)),
        "UpdateItem" => run(body, |request| database.update_item(request)),
        "DeleteItem" => run(body, |request| database.delete_item(request)),
        "Query" => run(body, |request| database.query(request)),
        "Scan" => run(body, |request| database.scan(request)),
        "BatchGetItem" => run(body, |request| database.batch_get_item(request)),
        "BatchWriteItem" => run(body, |request| database.batch_write_item(request)),
        "TransactGetItems" => run(body, |request| database.transact_get_items(request)),
        "TransactWriteItems" => run(body, |request| database.transact_write_items(request)),
        "CreateTable" => run(body, |request| database.create_table(request)),
        "DeleteTable" => run(body, |request| database.delete_table(request)),
        "DescribeTable" => run(body, |request| database.describe_table(request)),
        "UpdateTable" => run(body, |request| database.update_table(request)),
        "ListTables" => run(body, |request| database.list_tables(request)),
        "UpdateTimeToLive" => run(body, |request| database.update_time_to_live(request)),
        "DescribeTimeToLive" => run(body, |request| database.describe_time_to_live(request)),
        "TagResource" => run(body, |request| database.tag_resource(request)),
        "UntagResource" => run(body, |request| database.untag_resource(request)),
        "ListTagsOfResource" => run(body, |request| database.list_tags_of_resource(request)),
        "ListStreams" => run(body, |request| database.list_streams(request)),
        "DescribeStream" => run(body, |request| database.describe_stream(request)),
        "GetShardIterator" => run(body, |request| database.get_shard_iterator(request)),
        "GetRecords" => run(body, |request| database.get_records(request)),
        "ExecuteStatement" => run(body, |request| database.execute_statement(request)),
        "ExecuteTransaction" => run(body, |request| database.execute_transaction(request)),
        "BatchExecuteStatement" => run(body, |request| database.batch_execute_statement(request)),
        _ => Err(failure("UnknownOperationException", &format!("the embedded engine has no {operation}"))),
    }
}

fn run<Q: DeserializeOwned, A: Serialize>(
    body: &[u8],
    operation: impl FnOnce(Q) -> std::result::Result<A, DynoxideError>,
) -> Result<Vec<u8>, Failure> {
    let request = serde_json::from_slice(body).map_err(|error| unreadable(&error.to_string()))?;
    let response = operation(request)?;
    serde_json::to_vec(&response).map_err(|error| failure("InternalServerError", &error.to_string()))
}

/// The engine reports many validations while it reads a request, and marks them in the message.
fn unreadable(message: &str) -> Failure {
    let message = message.split(" at line ").next().unwrap_or(message);
    for marker in ["VALIDATION:", "VALIDATION_REQUEST:"] {
        if let Some(message) = message.strip_prefix(marker) {
            return failure("ValidationException", message);
        }
    }
    failure("SerializationException", message.strip_prefix("SERIALIZATION:").unwrap_or(message))
}

fn failure(code: &str, message: &str) -> Failure {
    let body = serde_json::json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": message });
    let status = if code == "InternalServerError" { 500 } else { 400 };
    Failure { status, body: body.to_string().into_bytes() }
}
