//! What a client sends, and what its requests cost.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::ops::{Add, AddAssign};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_runtime_api::client::http::HttpConnectorFuture;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use serde_json::Value;

use crate::client::Client;
use crate::testing::connector::{Between, Engine, wrapped};
use crate::testing::wire;

/// A request as it was sent, with facts from its answer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// The operation, as DynamoDB calls it: `PutItem` and so on.
    pub operation: String,
    /// The tables that it names, each once, with the client's prefix and suffix.
    pub tables: Vec<String>,
    /// The body.
    pub body: Value,
    /// Which attempt of the SDK it is, from 1.
    pub attempt: u32,
    /// The HTTP status of the answer; `None` without an answer.
    pub status: Option<u16>,
    /// The capacity units that it consumed, as DynamoDB reported them: by tables (`books`), and by indexes (`books/by-author`) if
    /// the request asked for these.
    pub consumed: BTreeMap<String, Units>,
}

impl LoggedRequest {
    /// The capacity units that it consumed.
    pub fn units(&self) -> Units {
        self.consumed.values().copied().fold(Units::default(), Add::add)
    }
}

/// Capacity units.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Units {
    /// Read capacity units.
    pub read: f64,
    /// Write capacity units.
    pub write: f64,
}

impl Add for Units {
    type Output = Units;

    fn add(self, other: Units) -> Units {
        Units { read: self.read + other.read, write: self.write + other.write }
    }
}

impl AddAssign for Units {
    fn add_assign(&mut self, other: Units) {
        *self = *self + other;
    }
}

/// Every request of a client, in the order in which they were sent, the SDK's retries included. Clones are the same log.
///
/// [`Client::with_request_log`] makes it and has an example.
#[derive(Clone, Debug, Default)]
pub struct RequestLog(Arc<Mutex<Log>>);

#[derive(Debug, Default)]
struct Log {
    /// How many were forgotten.
    cleared: usize,
    requests: Vec<LoggedRequest>,
}

impl RequestLog {
    /// The requests.
    pub fn requests(&self) -> Vec<LoggedRequest> {
        self.locked().requests.clone()
    }

    /// The requests' operations.
    pub fn operations(&self) -> Vec<String> {
        self.locked().requests.iter().map(|request| request.operation.clone()).collect()
    }

    /// The capacity units that all requests consumed together, as DynamoDB reported them. A client can [stop
    /// asking](Client::without_consumed_capacity) for them.
    pub fn units(&self) -> Units {
        self.locked().requests.iter().map(LoggedRequest::units).fold(Units::default(), Add::add)
    }

    /// The same by tables, and by indexes if requests asked for these.
    pub fn units_by_resource(&self) -> BTreeMap<String, Units> {
        let mut units: BTreeMap<_, Units> = BTreeMap::new();
        for (resource, consumed) in self.locked().requests.iter().flat_map(|request| &request.consumed) {
            *units.entry(resource.clone()).or_default() += *consumed;
        }
        units
    }

    /// Forgets all requests so far. The log will not record answers to requests under way.
    pub fn clear(&self) {
        let mut log = self.locked();
        log.cleared += log.requests.len();
        log.requests.clear();
    }

    /// Asserts how many requests were sent.
    ///
    /// # Panics
    /// There were more or fewer. The message lists them.
    #[track_caller]
    pub fn assert_requests(&self, count: usize) {
        let requests = self.requests();
        assert!(requests.len() == count, "expected {count} requests, but {}", Listed(&requests));
    }

    /// Asserts which operations were sent, in this order.
    ///
    /// # Panics
    /// There were others. The message lists them.
    #[track_caller]
    pub fn assert_operations(&self, operations: &[&str]) {
        let requests = self.requests();
        let sent = requests.iter().map(|request| request.operation.as_str());
        assert!(sent.eq(operations.iter().copied()), "expected {operations:?}, but {}", Listed(&requests));
    }

    fn locked(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a request, and returns its number.
    fn push(&self, request: LoggedRequest) -> usize {
        let mut log = self.locked();
        log.requests.push(request);
        log.cleared + log.requests.len() - 1
    }

    fn answer(&self, number: usize, status: u16, consumed: BTreeMap<String, Units>) {
        let mut log = self.locked();
        let Some(position) = number.checked_sub(log.cleared) else { return };
        if let Some(request) = log.requests.get_mut(position) {
            request.status = Some(status);
            request.consumed = consumed;
        }
    }
}

impl Client {
    /// The same client with recorded requests, and their log. Its tables, settings and hooks stay as they are, and so do its
    /// requests.
    ///
    /// ```
    /// # #[cfg(feature = "embedded")]
    /// # async fn example() -> dynamorm::Result<()> {
    /// let (db, log) = dynamorm::Client::embedded()?.with_request_log();
    /// // …
    /// log.assert_operations(&["GetItem", "PutItem"]);
    /// assert!(log.units().read <= 1.0);
    /// # let _ = db; Ok(()) }
    /// ```
    ///
    /// With [faults](Client::with_faults), the order counts. `with_faults(…).with_request_log()` records what the client sent,
    /// and the answers that it got. `with_request_log()` before `with_faults(…)` records what reached the engine, and the
    /// engine's answers.
    ///
    /// # Errors
    /// Every request fails ([`is_construction`](crate::Error::is_construction)) if the SDK client has no HTTP client.
    #[must_use]
    pub fn with_request_log(self) -> (Client, RequestLog) {
        let log = RequestLog::default();
        (wrapped(self, Recorder(log.clone()), |_, _| ()), log)
    }
}

struct Recorder(RequestLog);

impl Between for Recorder {
    fn call(&self, request: HttpRequest, engine: Engine) -> HttpConnectorFuture {
        let operation = wire::operation(&request).to_owned();
        let body = wire::body(&request);
        let number = self.0.push(LoggedRequest {
            operation: operation.clone(),
            tables: wire::tables(&body),
            body,
            attempt: wire::attempt(&request),
            status: None,
            consumed: BTreeMap::new(),
        });
        let log = self.0.clone();
        let answer = engine.call(request);
        HttpConnectorFuture::new(async move {
            let (response, bytes) = wire::whole(answer.await?).await?;
            let consumed = consumed(wire::is_read(&operation), &wire::json_of(&bytes));
            log.answer(number, response.status().as_u16(), consumed);
            Ok(response)
        })
    }
}

/// The units of an answer, which has them for one table, or for several.
fn consumed(is_read: bool, answer: &Value) -> BTreeMap<String, Units> {
    let mut consumed: BTreeMap<_, Units> = BTreeMap::new();
    let mut add = |resource: String, capacity: &Value| {
        *consumed.entry(resource).or_default() += units(is_read, capacity)
    };
    let reported = &answer["ConsumedCapacity"];
    let one = reported.is_object().then_some(reported);
    for reported in reported.as_array().into_iter().flatten().chain(one) {
        let Some(table) = reported["TableName"].as_str() else { continue };
        // With separate indexes, the sum of all is there as well.
        let own = &reported["Table"];
        add(table.to_owned(), if own.is_object() { own } else { reported });
        for indexes in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
            for (index, capacity) in reported[indexes].as_object().into_iter().flatten() {
                add(format!("{table}/{index}"), capacity);
            }
        }
    }
    consumed
}

/// Only transactions separate reads and writes. Other requests do one of them.
fn units(is_read: bool, capacity: &Value) -> Units {
    let number = |member: &str| capacity[member].as_f64();
    match (number("ReadCapacityUnits"), number("WriteCapacityUnits"), number("CapacityUnits")) {
        (None, None, Some(all)) if is_read => Units { read: all, write: 0.0 },
        (None, None, Some(all)) => Units { read: 0.0, write: all },
        (read, write, _) => Units { read: read.unwrap_or_default(), write: write.unwrap_or_default() },
    }
}

/// Requests as a message lists them.
struct Listed<'a>(&'a [LoggedRequest]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            0 => f.write_str("none was sent"),
            1 => f.write_str("1 was sent:"),
            count => write!(f, "{count} were sent:"),
        }?;
        for (number, request) in (1..).zip(self.0) {
            write!(f, "\n{number:>3}. {} {}", request.operation, request.tables.join(", "))?;
            match request.status {
                Some(status) => write!(f, " -> {status}")?,
                None => f.write_str(" -> no answer")?,
            }
            if request.attempt > 1 {
                write!(f, " (attempt {})", request.attempt)?;
            }
            write!(f, "\n     {}", request.body)?;
        }
        f.write_char('\n')
    }
}
