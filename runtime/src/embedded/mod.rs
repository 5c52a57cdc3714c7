//! The embedded engine: DynamoDB in this process, without a server or a socket.
//!
//! The SDK passes its requests to an HTTP connector. This connector passes them to `dynoxide-rs`, and the answers back. Nothing
//! else knows which engine it runs on. A layer in front makes up for differences between the engine and DynamoDB.
//! `docs/embedded-engine.md` in the repository lists them, and those that remain.

mod account;
mod answer;
mod backups;
mod engine;
mod expiry;
mod front;
mod kept;
mod pages;
mod streams;
mod tables;
#[cfg(test)]
mod tests;

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

use crate::client::Client;
use crate::embedded::answer::Failure;
use crate::embedded::engine::Engine;
use crate::error::{Error, Result};

impl Client {
    /// A client on an empty database in memory, which lives as long as the client and its clones.
    ///
    /// Requests are answered on the calling thread.
    ///
    /// # Errors
    /// The engine could not be started.
    pub fn embedded() -> Result<Self> {
        Database::memory().map(connect).map_err(|error| Error::construction(error.into()))
    }

    /// A client on a database in a file, which is created if it does not exist.
    ///
    /// # Errors
    /// The file cannot be opened or is no database; or the path is empty, `:memory:`, or begins with `file:`, which the engine
    /// does not treat as a file.
    pub fn embedded_at(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let refused = |what: &str| Error::construction(format!("{path:?} {what}").into());
        let text = path.to_str().ok_or_else(|| refused("is not UTF-8"))?;
        // SQLite treats these as temporary databases, or as addresses.
        if text.is_empty() || text == ":memory:" || text.starts_with("file:") {
            return Err(refused(
                "names no file, and a database in memory would be lost: that is `Client::embedded()`",
            ));
        }
        Database::new(text).map(connect).map_err(|error| Error::construction(error.into()))
    }
}

fn connect(database: Database) -> Client {
    let connector = Connector(Engine::new(database));
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("embedded"))
        .endpoint_url("http://embedded.invalid")
        .http_client(connector.clone())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .allow_no_auth()
        .build();
    let client = Client::new(aws_sdk_dynamodb::Client::from_conf(config)).with_tables_of_others();
    #[cfg(feature = "streams")]
    let client = client.with_streams(streams_client(connector));
    client
}

/// The SDK's client for the engine's streams.
#[cfg(feature = "streams")]
fn streams_client(connector: Connector) -> aws_sdk_dynamodbstreams::Client {
    use aws_sdk_dynamodbstreams::config::timeout::TimeoutConfig;
    use aws_sdk_dynamodbstreams::config::{BehaviorVersion, Region, StalledStreamProtectionConfig};

    let config = aws_sdk_dynamodbstreams::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("embedded"))
        .endpoint_url("http://embedded.invalid")
        .http_client(connector)
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .timeout_config(TimeoutConfig::disabled())
        .allow_no_auth()
        .build();
    aws_sdk_dynamodbstreams::Client::from_conf(config)
}

/// The stack that must be free: for a request, and for each of its bytes, because a few bytes make a level of an expression.
/// Builds with debug information need the most. If less is free, the request runs on another stack, which makes a small request
/// take half as long again.
const REQUEST_STACK_BYTES: usize = 512 * 1024;
const STACK_BYTES_OF_A_BYTE: usize = 2048;
const MAXIMUM_NEEDED_BYTES: usize = 4 * 1024 * 1024;
const STACK_BYTES: usize = 32 * 1024 * 1024;

#[derive(Clone)]
struct Connector(Engine);

impl std::fmt::Debug for Connector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Connector")
    }
}

impl HttpClient for Connector {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        // The engine parses expressions recursively, and small stacks do not suffice for the deepest that DynamoDB accepts.
        let needed = REQUEST_STACK_BYTES + body.len().saturating_mul(STACK_BYTES_OF_A_BYTE);
        let answer = stacker::maybe_grow(needed.min(MAXIMUM_NEEDED_BYTES), STACK_BYTES, || {
            front::answer(&self.0, operation, body)
        });
        let (status, body) = match answer {
            Ok(body) => (200, body),
            Err(Failure { status, body }) => (status, body),
        };
        let status = StatusCode::try_from(status).map_err(|error| ConnectorError::other(error.into(), None));
        HttpConnectorFuture::ready(status.map(|status| {
            let mut response = HttpResponse::new(status, SdkBody::from(body));
            response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
            response
        }))
    }
}
