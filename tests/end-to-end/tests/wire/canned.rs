//! Connectors that answer by themselves, and what an interceptor of the SDK's sees of the outputs.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{
    BehaviorVersion, ConfigBag, Credentials, Intercept, Region, RuntimeComponents,
};
use aws_sdk_dynamodb::error::BoxError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::interceptors::context::AfterDeserializationInterceptorContextRef;
use aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use dynamorm::Client;
use serde_json::Value;

/// One response; none ever where its status is 0.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    pub headers: Vec<(&'static str, String)>,
}

impl Answer {
    pub fn new(body: impl ToString) -> Self {
        let body = body.to_string();
        let length = ("content-length", body.len().to_string());
        Answer { status: 200, body, headers: vec![length] }
    }

    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub fn header(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }
}

/// What a request gets, by its operation and its body.
type Answering = dyn Fn(&str, &Value) -> Answer + Send + Sync;

/// A connector that answers every request at once.
#[derive(Clone)]
pub struct Canned(Arc<Answering>);

impl Canned {
    pub fn new(answer: impl Fn(&str, &Value) -> Answer + Send + Sync + 'static) -> Self {
        Canned(Arc::new(answer))
    }

    /// The answers to one request after the other; the last one to all that follow.
    pub fn in_order(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers = Mutex::new(answers.into_iter().collect::<VecDeque<_>>());
        Canned::new(move |_, _| {
            let mut answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
            match answers.len() {
                1 => answers[0].clone(),
                _ => answers.pop_front().expect("there is an answer"),
            }
        })
    }
}

impl std::fmt::Debug for Canned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Canned")
    }
}

impl HttpClient for Canned {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Canned {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let operation = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = operation.rsplit('.').next().unwrap_or_default();
        let body = serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap_or_default();
        let answer = (self.0)(operation, &body);
        let Ok(status) = StatusCode::try_from(answer.status) else {
            return HttpConnectorFuture::new(std::future::pending());
        };
        let mut response = HttpResponse::new(status, SdkBody::from(answer.body));
        for (name, value) in answer.headers {
            response.headers_mut().insert(name, value);
        }
        // Yields once, so that calls take turns.
        HttpConnectorFuture::new(async move {
            tokio::task::yield_now().await;
            Ok(response)
        })
    }
}

/// The outputs that the SDK has made, as interceptors see them.
#[derive(Clone, Debug, Default)]
pub struct Outputs(Arc<Mutex<Vec<String>>>);

impl Outputs {
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[dyn_dispatch_hint]
impl Intercept for Outputs {
    fn name(&self) -> &'static str {
        "Outputs"
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let output = format!("{:?}", context.output_or_error());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(output);
        Ok(())
    }
}

/// A client with this connector. Its requests are sent three times at the most.
pub fn client(connector: Canned) -> (Client, Outputs) {
    let outputs = Outputs::default();
    let retries = RetryConfig::standard()
        .with_max_attempts(3)
        .with_initial_backoff(std::time::Duration::from_millis(1))
        .with_max_backoff(std::time::Duration::from_millis(1));
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(Credentials::new("key", "secret", None, None, "tests"))
        .retry_config(retries)
        .interceptor(outputs.clone())
        .http_client(connector)
        .build();
    (Client::new(aws_sdk_dynamodb::Client::from_conf(config)), outputs)
}
