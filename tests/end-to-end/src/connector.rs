//! What stands between a client and its engine: it records every request, and disturbs those that a script says.

use std::collections::VecDeque;
use std::fmt;
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_smithy_runtime_api::client::dns::ResolveDnsError;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use dynamorm::Client;
use serde_json::{Value, json};

/// What happens to one request.
#[derive(Clone, Debug)]
pub enum Step {
    /// The engine answers it.
    Pass,
    /// This answers it, and the engine does not see it.
    Answer(u16, Value),
    /// No connection to the engine is made.
    Unconnected,
    /// It is lost on its way to the engine.
    LoseRequest,
    /// The engine carries it out, and its answer is lost.
    LoseResponse,
    /// The engine carries it out, and half of its answer arrives.
    CutResponse,
    /// The engine answers it, but later.
    Delay(Duration),
    /// Nothing ever comes back, and the engine does not see it.
    Hang,
    /// Another client does something first; what becomes of the request then is the next step.
    Meanwhile(Meanwhile),
}

/// What another client does before a request arrives.
#[derive(Clone)]
pub struct Meanwhile(Arc<Mutex<Option<Other>>>);

type Other = Pin<Box<dyn Future<Output = ()> + Send>>;

impl fmt::Debug for Meanwhile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Meanwhile")
    }
}

impl Step {
    /// Another client does this before the request arrives.
    pub fn meanwhile(other: impl Future<Output = ()> + Send + 'static) -> Self {
        Step::Meanwhile(Meanwhile(Arc::new(Mutex::new(Some(Box::pin(other))))))
    }

    /// The service refuses it.
    pub fn exception(status: u16, code: &str) -> Self {
        Step::Answer(
            status,
            json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": "by the script" }),
        )
    }
}

/// A request as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// `PutItem` and so on.
    pub operation: String,
    pub body: Value,
}

/// What a client has sent.
#[derive(Clone, Debug, Default)]
pub struct Record {
    sent: Arc<Mutex<Vec<Sent>>>,
    user_agent: Arc<Mutex<String>>,
}

impl Record {
    /// Every request so far, retries included.
    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the last request says of its sender.
    pub fn user_agent(&self) -> String {
        self.user_agent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The names of their operations.
    pub fn operations(&self) -> Vec<String> {
        self.sent().into_iter().map(|sent| sent.operation).collect()
    }

    /// The only request.
    ///
    /// # Panics
    /// There were none, or several.
    pub fn only(&self) -> Sent {
        match <[Sent; 1]>::try_from(self.sent()) {
            Ok([sent]) => sent,
            Err(sent) => panic!("not one request: {sent:#?}"),
        }
    }

    pub fn forget(&self) {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A client on the engine of `db`, and what it sends.
pub fn recorded(db: &Client) -> (Client, Record) {
    disturbed(db, [])
}

/// A client on the engine of `db` whose first requests fare as `script` says. Its requests are sent three times at the most,
/// and its retries wait for no longer than a millisecond.
///
/// # Panics
/// `db` has no HTTP client.
pub fn disturbed(db: &Client, script: impl IntoIterator<Item = Step>) -> (Client, Record) {
    let record = Record::default();
    let engine = db.sdk().config().http_client().expect("every client of the tests has its HTTP client");
    let between = Between {
        engine,
        record: record.clone(),
        script: Arc::new(Mutex::new(script.into_iter().collect())),
    };
    let retries = RetryConfig::standard()
        .with_max_attempts(3)
        .with_initial_backoff(Duration::from_millis(1))
        .with_max_backoff(Duration::from_millis(1));
    let config = db.sdk().config().to_builder().http_client(between).retry_config(retries).build();
    (test_support::on_path(Client::new(aws_sdk_dynamodb::Client::from_conf(config))), record)
}

#[derive(Clone)]
struct Between {
    engine: SharedHttpClient,
    record: Record,
    script: Arc<Mutex<VecDeque<Step>>>,
}

impl fmt::Debug for Between {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Between")
    }
}

impl HttpClient for Between {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let engine = self.engine.http_connector(settings, components);
        SharedHttpConnector::new(Connector { engine, between: self.clone() })
    }
}

#[derive(Debug)]
struct Connector {
    engine: SharedHttpConnector,
    between: Between,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.between.note(&request);
        self.perform(request)
    }
}

impl Connector {
    fn perform(&self, request: HttpRequest) -> HttpConnectorFuture {
        let step = self.between.script.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        match step.unwrap_or(Step::Pass) {
            Step::Pass => self.engine.call(request),
            Step::Answer(status, body) => HttpConnectorFuture::ready(Ok(response(status, &body))),
            Step::Unconnected => HttpConnectorFuture::ready(Err(unconnected())),
            Step::LoseRequest => HttpConnectorFuture::ready(Err(lost())),
            Step::LoseResponse => {
                let answer = self.engine.call(request);
                HttpConnectorFuture::new(async move { answer.await.and(Err(lost())) })
            }
            Step::CutResponse => {
                let answer = self.engine.call(request);
                HttpConnectorFuture::new(async move { answer.await.map(cut) })
            }
            Step::Delay(duration) => {
                let engine = self.engine.clone();
                HttpConnectorFuture::new(async move {
                    tokio::time::sleep(duration).await;
                    engine.call(request).await
                })
            }
            Step::Hang => HttpConnectorFuture::new(pending()),
            Step::Meanwhile(Meanwhile(other)) => {
                let other = other.lock().unwrap_or_else(PoisonError::into_inner).take();
                let connector = Connector { engine: self.engine.clone(), between: self.between.clone() };
                HttpConnectorFuture::new(async move {
                    if let Some(other) = other {
                        other.await;
                    }
                    connector.perform(request).await
                })
            }
        }
    }
}

impl Between {
    fn note(&self, request: &HttpRequest) {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = request.body().bytes().unwrap_or_default();
        let body = serde_json::from_slice(body).unwrap_or(Value::Null);
        self.record.sent.lock().unwrap_or_else(PoisonError::into_inner).push(Sent { operation, body });
        let user_agent = request.headers().get("x-amz-user-agent").unwrap_or_default().to_owned();
        *self.record.user_agent.lock().unwrap_or_else(PoisonError::into_inner) = user_agent;
    }
}

fn response(status: u16, body: &Value) -> HttpResponse {
    let status = StatusCode::try_from(status).expect("a script answers with a valid status");
    let mut response = HttpResponse::new(status, SdkBody::from(body.to_string()));
    response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
    response
}

fn cut(response: HttpResponse) -> HttpResponse {
    response.map(|_| SdkBody::from("{\"Item\": {\"depot\": {\"S\""))
}

fn unconnected() -> ConnectorError {
    ConnectorError::io(ResolveDnsError::new("there is no such host").into())
}

fn lost() -> ConnectorError {
    ConnectorError::io("the connection was reset".into())
}
