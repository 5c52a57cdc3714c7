//! The connector that disturbs requests: it draws a fault for each, and lets it happen.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_sdk_dynamodb::config::AsyncSleep;
use aws_smithy_runtime_api::client::dns::ResolveDnsError;
use aws_smithy_runtime_api::client::http::HttpConnectorFuture;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use fastrand::Rng;
use serde_json::{Value, json};

use crate::client::Client;
use crate::testing::batch::Batch;
use crate::testing::connector::{Between, Engine, unsent, wrapped};
use crate::testing::faults::{Fault, Faults, retry_at_once};
use crate::testing::{batch, wire};

pub(super) struct Faulty {
    region: String,
    state: Arc<Mutex<State>>,
}

struct State {
    faults: Faults,
    rng: Rng,
    memory: Memory,
}

/// The last answer to each read that may lag; empty if none may.
type Memory = HashMap<Read, Vec<u8>>;

/// A read's operation and body.
type Read = (String, String);

/// What happens to a request.
struct Drawn {
    delay: Option<Duration>,
    fault: Fault,
    /// Decides what the fault leaves open; `None` for a script, which leaves nothing open.
    rng: Option<Rng>,
}

impl Faulty {
    pub fn new(faults: Faults, region: String) -> Self {
        let rng = Rng::with_seed(faults.seed);
        let state = State { faults, rng, memory: Memory::new() };
        Faulty { region, state: Arc::new(Mutex::new(state)) }
    }
}

fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Between for Faulty {
    fn call(&self, request: HttpRequest, engine: Engine) -> HttpConnectorFuture {
        let operation = wire::operation(&request).to_owned();
        let mut state = locked(&self.state);
        if state.faults.operations.as_ref().is_some_and(|operations| !operations.contains(&operation)) {
            return engine.call(request);
        }
        let body = wire::body(&request);
        let read = state.faults.may_lag().then(|| read_of(&operation, &body)).flatten();
        let older = read.as_ref().and_then(|read| state.memory.get(read)).cloned();
        let drawn = match state.draw(&operation, &body, older.is_some()) {
            Ok(drawn) => drawn,
            Err(error) => return HttpConnectorFuture::ready(Err(error)),
        };
        drop(state);
        tracing::debug!(operation, fault = ?drawn.fault, delay = ?drawn.delay, "disturbed");
        let disturbed = Disturbed { operation, body, region: self.region.clone(), request, engine };
        let state = Arc::clone(&self.state);
        HttpConnectorFuture::new(async move {
            let fault = drawn.fault.clone();
            let response = disturbed.meet(drawn, older).await?;
            let Some(read) = read.filter(|_| fault == Fault::Pass && response.status().is_success()) else {
                return Ok(response);
            };
            let (response, bytes) = wire::whole(response).await?;
            locked(&state).memory.insert(read, bytes);
            Ok(response)
        })
    }
}

impl State {
    /// Draws the next fault.
    ///
    /// # Errors
    /// The script's fault does not apply to this request.
    fn draw(&mut self, operation: &str, body: &Value, has_older: bool) -> Result<Drawn, ConnectorError> {
        let applies = |fault: &Fault| match fault {
            Fault::Conflict => batch::conflicts(operation),
            Fault::LeaveOver(_) => Batch::of(operation, body).is_some(),
            Fault::Lag => has_older,
            _ => true,
        };
        if let Some(fault) = self.faults.script.pop_front() {
            return match fault {
                Fault::Delay(delay) => Ok(Drawn { delay: Some(delay), fault: Fault::Pass, rng: None }),
                fault if applies(&fault) => Ok(Drawn { delay: None, fault, rng: None }),
                fault => Err(unsent(&format!("the script's {fault:?} does not apply to this {operation}"))),
            };
        }
        // Draws one number of the sequence per request, which starts a new sequence with one number per fault. So the faults of a
        // request do not depend on earlier requests or on what was drawn for them.
        let mut rng = self.rng.fork();
        let chances = &self.faults.chances;
        let delay = (rng.f64() < chances.delay).then_some(&chances.delays);
        let part = rng.f64();
        let delay = delay.map(|by| by.start + by.end.saturating_sub(by.start).mul_f64(part));
        let of_batch = Batch::of(operation, body).map_or(0, |batch| rng.usize(1..batch.len()));
        let mut drawn: Vec<_> = [
            (chances.refuse_connection, Fault::RefuseConnection),
            (chances.lose_request, Fault::LoseRequest),
            (chances.lose_response, Fault::LoseResponse),
            (chances.throttle, Fault::Throttle),
            (chances.server_error, Fault::ServerError),
            (chances.server_error_after, Fault::ServerErrorAfter),
            (chances.conflict, Fault::Conflict),
            (chances.leave_over, Fault::LeaveOver(of_batch)),
            (chances.lag, Fault::Lag),
        ]
        .into_iter()
        .filter(|(probability, fault)| rng.f64() < *probability && applies(fault))
        .map(|(_, fault)| fault)
        .collect();
        let fault = if drawn.is_empty() { Fault::Pass } else { drawn.swap_remove(rng.usize(..drawn.len())) };
        Ok(Drawn { delay, fault, rng: Some(rng) })
    }
}

/// What identifies a read that may lag.
fn read_of(operation: &str, body: &Value) -> Option<Read> {
    let consistent = |read: &Value| read["ConsistentRead"] == Value::Bool(true);
    let may_lag = match operation {
        "GetItem" | "Query" | "Scan" => !consistent(body),
        "BatchGetItem" => !body["RequestItems"].as_object()?.values().any(consistent),
        _ => false,
    };
    may_lag.then(|| (operation.to_owned(), body.to_string()))
}

/// A request, and its fault.
struct Disturbed {
    operation: String,
    body: Value,
    region: String,
    request: HttpRequest,
    engine: Engine,
}

impl Disturbed {
    async fn meet(self, drawn: Drawn, older: Option<Vec<u8>>) -> Result<HttpResponse, ConnectorError> {
        if let Some(delay) = drawn.delay {
            let Some(sleep) = &self.engine.sleep else {
                return Err(unsent(
                    "the SDK client has nothing to sleep with, so that no request can be delayed",
                ));
            };
            sleep.sleep(delay).await;
        }
        match drawn.fault {
            Fault::Pass | Fault::Delay(_) => self.engine.call(self.request).await,
            Fault::RefuseConnection => Err(refused_connection()),
            Fault::LoseRequest => Err(lost()),
            Fault::LoseResponse => {
                let response = self.engine.call(self.request).await?;
                wire::whole(response).await?;
                Err(lost())
            }
            Fault::Throttle => self.throttled(),
            Fault::ServerError => server_error(),
            Fault::ServerErrorAfter => {
                let response = self.engine.call(self.request).await?;
                wire::whole(response).await?;
                server_error()
            }
            Fault::Conflict => batch::conflict(&self.operation, &self.body, drawn.rng),
            Fault::LeaveOver(count) => {
                let left = match Batch::of(&self.operation, &self.body) {
                    Some(batch) => batch.leave_over(count, drawn.rng),
                    None => return Err(unsent("no part of this request can be left over")),
                };
                left.answer(self.request, &self.engine).await
            }
            Fault::Lag => match older {
                Some(older) => wire::success(older),
                None => self.engine.call(self.request).await,
            },
        }
    }

    fn throttled(&self) -> Result<HttpResponse, ConnectorError> {
        let kind = match (wire::is_read(&self.operation), wire::is_write(&self.operation)) {
            (true, _) => "Read",
            (_, true) => "Write",
            _ => return wire::exception(400, "ThrottlingException", "Rate exceeded", json!({})),
        };
        let tables = wire::tables(&self.body);
        let index = self.body["IndexName"].as_str();
        let reasons: Vec<_> = tables
            .first()
            .map(|table| {
                let arn = match table.starts_with("arn:") {
                    true => table.clone(),
                    false => format!("arn:aws:dynamodb:{}:000000000000:table/{table}", self.region),
                };
                let (what, resource) = match index {
                    Some(index) => ("Index", format!("{arn}/index/{index}")),
                    None => ("Table", arn),
                };
                json!({ "reason": format!("{what}{kind}KeyRangeThroughputExceeded"), "resource": resource })
            })
            .into_iter()
            .collect();
        let message = "The level of configured provisioned throughput for one or more partitions of the table or index was \
                       exceeded.";
        let code = "ProvisionedThroughputExceededException";
        wire::exception(400, code, message, json!({ "ThrottlingReasons": reasons }))
    }
}

fn server_error() -> Result<HttpResponse, ConnectorError> {
    wire::exception(500, "InternalServerError", "Internal server error", json!({}))
}

fn lost() -> ConnectorError {
    ConnectorError::io(io::Error::from(io::ErrorKind::ConnectionReset).into())
}

fn refused_connection() -> ConnectorError {
    ConnectorError::io(ResolveDnsError::new("there is no such host").into())
}

impl Client {
    /// The same client, whose requests meet faults on their way to the engine. Its tables, settings and hooks stay as they are.
    ///
    /// ```
    /// # #[cfg(feature = "embedded")]
    /// # async fn example() -> dynamorm::Result<()> {
    /// use dynamorm::Client;
    /// use dynamorm::testing::Faults;
    ///
    /// let db = Client::embedded()?; // sees what was done in truth
    /// let faulty = db.clone().with_faults(Faults::seeded(7).lose_response(0.1).throttle(0.2));
    /// # let _ = faulty; Ok(()) }
    /// ```
    ///
    /// The SDK sends failed requests again, as often as its own configuration says, without pauses and without a quota of retries
    /// (but see [`Faults::with_sdk_pauses`]). Delays sleep like the SDK client: by tokio's clock, unless it is configured
    /// otherwise. The library's own repetitions, such as the rest of a batch, keep their pauses. A test that pauses tokio's clock
    /// does not wait for them.
    ///
    /// Clones of the client share its script and its seed. A client may have several faults. Those that were added last meet a
    /// request first.
    ///
    /// Faults happen after a request was signed. So an engine that checks signatures, as DynamoDB itself does, refuses a batch
    /// that a fault has [cut](Fault::LeaveOver).
    ///
    /// # Errors
    /// Every request fails ([`is_construction`](crate::Error::is_construction)) if the SDK client has no HTTP client.
    #[must_use]
    pub fn with_faults(self, faults: Faults) -> Client {
        let keeps_pauses = faults.keeps_pauses;
        let region = self.sdk().config().region().map_or("embedded", |region| region.as_ref()).to_owned();
        let faulty = Faulty::new(faults, region);
        wrapped(self, faulty, |config, builder| {
            if !keeps_pauses {
                retry_at_once(config, builder);
            }
        })
    }
}
