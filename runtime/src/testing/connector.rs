//! The layer between a client and its engine: an HTTP client that wraps the client's own.

use std::fmt;
use std::sync::Arc;

use aws_sdk_dynamodb::Config;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, ConfigBag, SharedAsyncSleep};
use aws_smithy_runtime::client::defaults::default_http_client_plugin_v2;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;

use crate::cause::NothingSent;
use crate::client::Client;
use crate::error::BoxError;

/// Answers requests, most of them with the engine behind it.
pub(super) trait Between: Send + Sync + 'static {
    fn call(&self, request: HttpRequest, engine: Engine) -> HttpConnectorFuture;
}

/// The engine behind, and how to sleep before asking it.
#[derive(Clone, Debug)]
pub(super) struct Engine {
    connector: SharedHttpConnector,
    pub sleep: Option<SharedAsyncSleep>,
}

impl Engine {
    pub fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.connector.call(request)
    }
}

/// The same client, whose requests pass through `between`. `change` also changes the SDK client's configuration.
pub(super) fn wrapped(
    db: Client,
    between: impl Between,
    change: impl FnOnce(&Config, &mut Builder),
) -> Client {
    let config = db.sdk().config();
    let inner = config.http_client().or_else(default_http_client);
    let mut builder = config.to_builder();
    builder.set_http_client(Some(SharedHttpClient::new(Wrapped { inner, between: Arc::new(between) })));
    change(config, &mut builder);
    let sdk = aws_sdk_dynamodb::Client::from_conf(builder.build());
    db.with_sdk(sdk)
}

/// The HTTP client that the SDK uses if its configuration names none. Its features decide which one, if any.
fn default_http_client() -> Option<SharedHttpClient> {
    let plugin = default_http_client_plugin_v2(BehaviorVersion::latest())?;
    plugin.runtime_components(&RuntimeComponentsBuilder::new("dynamorm")).http_client()
}

struct Wrapped<B> {
    inner: Option<SharedHttpClient>,
    between: Arc<B>,
}

impl<B> fmt::Debug for Wrapped<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wrapped").field("inner", &self.inner).finish_non_exhaustive()
    }
}

impl<B: Between> HttpClient for Wrapped<B> {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let connector = match &self.inner {
            Some(inner) => inner.http_connector(settings, components),
            None => SharedHttpConnector::new(NoEngine),
        };
        let engine = Engine { connector, sleep: components.sleep_impl() };
        SharedHttpConnector::new(Connector { engine, between: Arc::clone(&self.between) })
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.inner.as_ref().map_or(Ok(()), |inner| inner.validate_base_client_config(components, config))
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        self.inner.as_ref().map_or(Ok(()), |inner| inner.validate_final_config(components, config))
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.inner.as_ref()?.connector_metadata()
    }
}

struct Connector<B> {
    engine: Engine,
    between: Arc<B>,
}

impl<B> fmt::Debug for Connector<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").field("engine", &self.engine).finish_non_exhaustive()
    }
}

impl<B: Between> HttpConnector for Connector<B> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.between.call(request, self.engine.clone())
    }
}

/// Replaces a missing HTTP client.
#[derive(Debug)]
struct NoEngine;

impl HttpConnector for NoEngine {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(Err(unsent(
            "the SDK client has no HTTP client: configure one, or enable `default-https-client` of `aws-sdk-dynamodb`",
        )))
    }
}

/// The error of a request that was not sent, because the test asks for something impossible.
pub(super) fn unsent(message: &str) -> ConnectorError {
    ConnectorError::user(NothingSent(message.to_owned()).into())
}
