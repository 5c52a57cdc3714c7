//! The network between the clients and the engine: it carries requests out, late, twice, in part or never.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

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

use crate::fault::{Fault, Weather};
use crate::history::{Application, Change, Entry, RequestId};
use crate::item;
use crate::world::{Event, State, World, locked};

/// The engine itself, and a copy of it whose indexes lag behind.
pub struct Storage {
    connector: Option<SharedHttpConnector>,
    lagging: Option<SharedHttpConnector>,
    components: Option<RuntimeComponents>,
    /// What the copy has not been told yet.
    untold: Vec<(u64, String, Value)>,
    /// It lives as long as its client.
    _embedded: Vec<Client>,
}

impl Storage {
    pub fn new(embedded: &Client) -> Self {
        Storage {
            connector: None,
            lagging: None,
            components: None,
            untold: Vec::new(),
            _embedded: vec![embedded.clone()],
        }
    }

    /// The engine, in whose place there is none.
    pub fn take(&mut self) -> Self {
        let none = Storage {
            connector: None,
            lagging: None,
            components: None,
            untold: Vec::new(),
            _embedded: Vec::new(),
        };
        std::mem::replace(self, none)
    }
}

/// A request on its way to the engine.
pub struct Delivery {
    request: RequestId,
    action: String,
    body: Value,
    /// Where its answer goes, after so long, and what becomes of it.
    reply: Option<(Slot, u64, Shape)>,
}

/// What becomes of an answer on its way.
enum Shape {
    AsItIs,
    Lost,
    Failed,
    Half,
    /// With what was left over.
    Partly(Value),
}

/// What a client gets.
pub enum Reply {
    Response(u16, String),
    Lost,
    Unconnected,
}

/// Where a client waits for its answer.
#[derive(Clone)]
pub struct Slot(RequestId, Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    reply: Option<Reply>,
    waker: Option<Waker>,
}

/// The connector that the SDK sends its requests by.
#[derive(Clone)]
pub struct Network {
    world: World,
    embedded: SharedHttpClient,
}

impl Network {
    pub fn new(world: &World, embedded: &Client) -> Self {
        let embedded = embedded.sdk().config().http_client().expect("the embedded engine is an HTTP client");
        Network { world: world.clone(), embedded }
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Network")
    }
}

impl HttpClient for Network {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        let mut state = self.world.state();
        if state.engine.connector.is_none() {
            state.engine.connector = Some(self.embedded.http_connector(settings, components));
            state.engine.components = Some(components.clone());
        }
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Network {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let action = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = request.body().bytes().unwrap_or_default();
        let body = serde_json::from_slice(body).expect("the SDK sends JSON");
        HttpConnectorFuture::new(send(&self.world, action, body))
    }
}

/// Sends a request, whose fate the weather decides.
fn send(world: &World, action: String, body: Value) -> Answer {
    let mut state = world.state();
    let operation = state.polled;
    let request = state.history.requests.len();
    state.history.requests.push(operation);
    let slot = Slot(request, Arc::default());
    if state.is_calm {
        let (status, text) = carry_out(&mut state, request, &action, &body);
        locked(&slot.1).reply = Some(Reply::Response(status, text));
        return Answer(slot);
    }
    let fault = possible(state.fate(operation), &action);
    state.log(Entry::Sent { request, action: action.clone(), body: body.clone(), fault });
    let delivery = Delivery { request, action, body, reply: None };
    plan(&mut state, slot.clone(), delivery, fault);
    Answer(slot)
}

/// A fault that this request can meet.
fn possible(fault: Fault, action: &str) -> Fault {
    match fault {
        Fault::Partly if !action.starts_with("Batch") => Fault::Throttled,
        Fault::Conflict if is_read(action) || action.starts_with("Batch") => Fault::Throttled,
        Fault::Refused if action != "UpdateItem" => Fault::Throttled,
        fault => fault,
    }
}

fn is_read(action: &str) -> bool {
    !matches!(action, "PutItem" | "UpdateItem" | "DeleteItem" | "TransactWriteItems" | "BatchWriteItem")
}

/// Lets happen what becomes of a request.
fn plan(state: &mut State, slot: Slot, mut delivery: Delivery, fault: Fault) {
    let (there, back) = (travel(state), travel(state));
    let refused = |delivery: &Delivery, code: &str| refusal(400, code, &delivery.action, &delivery.body);
    let answer = |shape| Some((slot.clone(), back, shape));
    let only = match fault {
        Fault::None => {
            delivery.reply = answer(Shape::AsItIs);
            return state.schedule(there, Event::Deliver(delivery));
        }
        Fault::Held => {
            delivery.reply = answer(Shape::AsItIs);
            return state.held.push(delivery);
        }
        Fault::HeldAndLost => {
            delivery.reply = answer(Shape::Lost);
            return state.held.push(delivery);
        }
        Fault::FailedAfterwards => {
            delivery.reply = answer(Shape::Failed);
            return state.schedule(there, Event::Deliver(delivery));
        }
        Fault::Cut => {
            delivery.reply = answer(Shape::Half);
            return state.schedule(there, Event::Deliver(delivery));
        }
        Fault::Partly => {
            let (now, later) = divided(&delivery.action, &delivery.body, &mut state.random);
            delivery.body = now;
            delivery.reply = answer(Shape::Partly(later));
            return state.schedule(there, Event::Deliver(delivery));
        }
        Fault::ResponseLost => {
            state.schedule(there, Event::Deliver(delivery));
            Reply::Lost
        }
        Fault::Late => {
            let late = there + lateness(state);
            state.schedule(late, Event::Deliver(delivery));
            return state.schedule(there, Event::Answer(slot, Reply::Lost));
        }
        Fault::Duplicate => {
            for _ in 0..2 {
                let Delivery { request, action, body, .. } = &delivery;
                let twin =
                    Delivery { request: *request, action: action.clone(), body: body.clone(), reply: None };
                let late = there + lateness(state);
                state.schedule(late, Event::Deliver(twin));
            }
            return state.schedule(there, Event::Answer(slot, Reply::Lost));
        }
        Fault::Silence => return,
        Fault::SilenceAfterwards => return state.schedule(there, Event::Deliver(delivery)),
        Fault::RequestLost => Reply::Lost,
        Fault::Unconnected => Reply::Unconnected,
        Fault::Throttled => {
            let code =
                ["ProvisionedThroughputExceededException", "ThrottlingException"][state.random.usize(0..2)];
            refused(&delivery, code)
        }
        Fault::Refused => {
            let message = [
                "Item size to update has exceeded the maximum allowed size",
                "The document path provided in the update expression is invalid for update",
            ][state.random.usize(0..2)];
            Reply::Response(400, exception("ValidationException", message).to_string())
        }
        Fault::Failed => failure(),
        Fault::Conflict => refused(&delivery, "TransactionConflictException"),
    };
    state.schedule(there + back, Event::Answer(slot, only));
}

/// How long a request or an answer takes.
fn travel(state: &mut State) -> u64 {
    match &state.weather {
        Weather::Random(rates) => {
            let longest = rates.longest;
            state.random.u64(1..=longest)
        }
        Weather::Scripted(_) => 1000,
    }
}

/// How much later a late request arrives.
fn lateness(state: &mut State) -> u64 {
    match &state.weather {
        Weather::Random(rates) => {
            let latest = rates.latest;
            state.random.u64(1..=latest)
        }
        // At once, after a retry, or after everything.
        Weather::Scripted(_) => [500, 100_000, 60_000_000][state.random.usize(0..3)],
    }
}

/// A batch that is carried out, and what is left over of it.
fn divided(action: &str, body: &Value, random: &mut fastrand::Rng) -> (Value, Value) {
    let (mut now, mut later) = (json!({}), json!({}));
    for (table, requests) in body["RequestItems"].as_object().into_iter().flatten() {
        let reads = action == "BatchGetItem";
        let list = if reads { &requests["Keys"] } else { requests };
        let (first, second): (Vec<_>, Vec<_>) =
            list.as_array().cloned().unwrap_or_default().into_iter().partition(|_| random.bool());
        let add = |side: &mut Value, list: Vec<Value>| {
            if !list.is_empty() {
                side[table] = if reads { json!({ "Keys": list }) } else { Value::Array(list) };
            }
        };
        add(&mut now, first);
        add(&mut later, second);
    }
    let mut rest = body.clone();
    rest["RequestItems"] = now;
    (rest, later)
}

fn refusal(status: u16, code: &str, action: &str, body: &Value) -> Reply {
    let body = if action == "TransactWriteItems" && code == "TransactionConflictException" {
        let parts = body["TransactItems"].as_array().map_or(0, Vec::len);
        let reasons: Vec<_> = (0..parts)
            .map(|part| json!({ "Code": if part == 0 { "TransactionConflict" } else { "None" } }))
            .collect();
        let mut body = exception("TransactionCanceledException", "by the weather");
        body["CancellationReasons"] = Value::Array(reasons);
        body
    } else {
        exception(code, "by the weather")
    };
    Reply::Response(status, body.to_string())
}

fn exception(code: &str, message: &str) -> Value {
    json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": message })
}

fn failure() -> Reply {
    refusal(500, "InternalServerError", "", &Value::Null)
}

/// The request arrives.
pub fn deliver(world: &World, delivery: Delivery) {
    let mut state = world.state();
    let Delivery { request, action, body, reply } = delivery;
    let is_empty = body.get("RequestItems").is_some_and(|items| *items == json!({}));
    let (status, text) =
        if is_empty { (200, "{}".to_owned()) } else { carry_out(&mut state, request, &action, &body) };
    let Some((slot, back, shape)) = reply else { return };
    let reply = match shape {
        Shape::AsItIs => Reply::Response(status, text),
        Shape::Lost => Reply::Lost,
        Shape::Failed => failure(),
        Shape::Half => Reply::Response(status, "{\"Attributes\": {\"te".to_owned()),
        Shape::Partly(rest) if status == 200 => {
            let mut answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| json!({}));
            let name = if action == "BatchGetItem" { "UnprocessedKeys" } else { "UnprocessedItems" };
            answer[name] = rest;
            Reply::Response(status, answer.to_string())
        }
        Shape::Partly(_) => Reply::Response(status, text),
    };
    state.schedule(back, Event::Answer(slot, reply));
}

/// The answer arrives.
pub fn answer(world: &World, slot: &Slot, reply: Reply) {
    let with = match &reply {
        Reply::Response(status, text) => {
            // The engine writes attributes in no particular order.
            let text =
                serde_json::from_str::<Value>(text).map_or_else(|_| text.clone(), |value| value.to_string());
            format!("{status} {}", text.chars().take(300).collect::<String>())
        }
        Reply::Lost => "the connection breaks".to_owned(),
        Reply::Unconnected => "there is no connection".to_owned(),
    };
    world.log(Entry::Answered { request: slot.0, with });
    let mut waiting = locked(&slot.1);
    waiting.reply = Some(reply);
    if let Some(waker) = waiting.waker.take() {
        waker.wake();
    }
}

/// A client that waits for its answer.
struct Answer(Slot);

impl Future for Answer {
    type Output = Result<HttpResponse, ConnectorError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut waiting = locked(&self.0.1);
        match waiting.reply.take() {
            None => {
                waiting.waker = Some(context.waker().clone());
                Poll::Pending
            }
            Some(Reply::Response(status, text)) => {
                let status = StatusCode::try_from(status).expect("the engine answers with a valid status");
                let mut response = HttpResponse::new(status, SdkBody::from(text));
                response.headers_mut().insert("content-type", "application/x-amz-json-1.0");
                Poll::Ready(Ok(response))
            }
            Some(Reply::Lost) => Poll::Ready(Err(ConnectorError::io("the connection was reset".into()))),
            Some(Reply::Unconnected) => {
                Poll::Ready(Err(ConnectorError::io(ResolveDnsError::new("there is no such host").into())))
            }
        }
    }
}

/// Lets the engine carry a request out, and notes what it changed.
fn carry_out(state: &mut State, request: RequestId, action: &str, body: &Value) -> (u16, String) {
    // What is not read consistently may be read as it was a while ago.
    let is_consistent = body["ConsistentRead"].as_bool().unwrap_or_default();
    if matches!(action, "GetItem" | "Query" | "Scan") && !is_consistent && !state.is_calm {
        return ask_lagging(state, action, body);
    }
    let connector = state.engine.connector.clone().expect("there was a request before");
    let (status, text) = ask(&connector, action, body);
    let changes_tables = action.ends_with("Table");
    if is_read(action) && !changes_tables {
        return (status, text);
    }
    if status != 200 {
        let answer: Value = serde_json::from_str(&text).unwrap_or_default();
        let code =
            answer["__type"].as_str().unwrap_or_default().rsplit('#').next().unwrap_or_default().to_owned();
        state.log(Entry::Refused { request, code });
        return (status, text);
    }
    state.engine.untold.push((state.now, action.to_owned(), body.clone()));
    if changes_tables {
        return (status, text);
    }
    let token = body["ClientRequestToken"].as_str();
    let is_replay = token.is_some_and(|token| !state.tokens.insert(token.to_owned()));
    let mut changes = Vec::new();
    for item::Written { key, wire, is_update } in item::written(action, body) {
        let get = json!({ "TableName": key.0, "Key": wire, "ConsistentRead": true });
        let (_, answer) = ask(&connector, "GetItem", &get);
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let after = answer.get("Item").map(item::canonical);
        let before = match &after {
            Some(item) => state.items.insert(key.clone(), item.clone()),
            None => state.items.remove(&key),
        };
        assert!(!is_replay || before == after, "the engine carried a transaction out twice");
        changes.push(Change { key, before, after, is_update });
    }
    let action = action.to_owned();
    state.log(Entry::Applied(Application { request, action, is_replay, changes }));
    (status, text)
}

/// The longest that an index lags behind, in microseconds.
const LAG: u64 = 50_000;

/// Asks the copy of the engine that is told of writes later.
fn ask_lagging(state: &mut State, action: &str, body: &Value) -> (u16, String) {
    let lagging = match &state.engine.lagging {
        Some(lagging) => lagging.clone(),
        None => {
            let copy = Client::embedded().expect("the embedded engine starts");
            let http = copy.sdk().config().http_client().expect("the embedded engine is an HTTP client");
            let components = state.engine.components.as_ref().expect("there was a request before");
            let lagging = http.http_connector(&HttpConnectorSettings::default(), components);
            state.engine._embedded.push(copy);
            state.engine.lagging = Some(lagging.clone());
            lagging
        }
    };
    let lag = state.random.u64(0..LAG);
    let now = state.now;
    let (told, untold) = std::mem::take(&mut state.engine.untold)
        .into_iter()
        .partition(|(at, ..)| at + lag <= now || *at == 0);
    state.engine.untold = untold;
    let told: Vec<(u64, String, Value)> = told;
    for (_, action, body) in told {
        ask(&lagging, &action, &body);
    }
    ask(&lagging, action, body)
}

/// Asks an engine, which answers at once.
fn ask(connector: &SharedHttpConnector, action: &str, body: &Value) -> (u16, String) {
    let mut request = HttpRequest::new(SdkBody::from(body.to_string()));
    request.headers_mut().insert("x-amz-target", format!("DynamoDB_20120810.{action}"));
    let mut answer = std::pin::pin!(connector.call(request));
    let mut context = Context::from_waker(Waker::noop());
    let Poll::Ready(Ok(response)) = answer.as_mut().poll(&mut context) else {
        panic!("the embedded engine does not answer at once");
    };
    let text = String::from_utf8_lossy(response.body().bytes().unwrap_or_default()).into_owned();
    (response.status().as_u16(), text)
}
