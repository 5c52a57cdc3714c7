//! The client: which tables, how long, and how every request is sent.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll, ready};
use std::time::Duration;

use aws_sdk_dynamodb::config::{AsyncSleep, SharedAsyncSleep};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::{ConsumedCapacity, ReturnConsumedCapacity};
use aws_smithy_async::rt::sleep::{Sleep, default_async_sleep};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use jiff::Timestamp;
use tracing::level_filters::LevelFilter;
use tracing::{Span, field};

use crate::attempts::{self, Attempts};
use crate::deadline::Deadline;
use crate::decode::Item;
use crate::environment::Environment;
use crate::error::{Context, Error, ErrorKind, Result, is_write};
use crate::hooks::Hooks;
use crate::item_key::ItemKey;
use crate::model::Facts;
use crate::operation::CursorKeys;
use crate::scope::Scopes;
use crate::table::Table;
use crate::throttling::throttled_by;

/// A connection to DynamoDB, or to an embedded engine. Cloning one is cheap.
///
/// ```
/// # async fn example(aws_config: aws_sdk_dynamodb::Config) {
/// let sdk = aws_sdk_dynamodb::Client::from_conf(aws_config);
/// let db = dynamorm::Client::new(sdk).with_table_prefix("prod-");
/// # }
/// ```
///
/// Credentials, region, endpoint and retries are the SDK client's own settings.
#[derive(Clone)]
pub struct Client {
    sdk: aws_sdk_dynamodb::Client,
    settings: Arc<Settings>,
}

#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Most clients call tables as they are declared.
    names: Option<Box<TableNames>>,
    deadline: Option<Duration>,
    consumed_capacity: bool,
    cursor_keys: CursorKeys,
    pub(crate) environment: Environment,
    hooks: Vec<Arc<Hooks>>,
    pub(crate) scopes: Scopes,
}

#[derive(Clone, Debug, Default)]
struct TableNames {
    prefix: String,
    suffix: String,
    /// Those of single tables, which have neither.
    own: BTreeMap<&'static str, String>,
}

impl TableNames {
    fn of(&self, table: &Table) -> String {
        match self.own.get(table.name) {
            Some(name) => name.clone(),
            None => [&self.prefix, table.name, &self.suffix].concat(),
        }
    }
}

/// How long a request may take, the SDK's retries included, unless a client or a call says otherwise. A stream, a count, a
/// parallel scan, a batch or a wait takes as many requests as it needs.
pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(30);

impl Client {
    /// A client that sends its requests through an SDK client.
    ///
    /// It takes over the SDK client's configuration; its connections are of its own, unless that names an HTTP client.
    pub fn new(sdk: aws_sdk_dynamodb::Client) -> Self {
        let settings = Settings {
            names: None,
            deadline: Some(DEFAULT_DEADLINE),
            consumed_capacity: true,
            cursor_keys: CursorKeys::default(),
            environment: Environment::default(),
            hooks: Vec::new(),
            scopes: Scopes::default(),
        };
        Client { sdk: attempts::watched(&sdk), settings: Arc::new(settings) }
    }

    /// Puts `prefix` before the name of every table, such as `prod-`.
    #[must_use]
    pub fn with_table_prefix(self, prefix: impl Into<String>) -> Self {
        self.with(|settings| settings.names().prefix = prefix.into())
    }

    /// Puts `suffix` behind the name of every table.
    #[must_use]
    pub fn with_table_suffix(self, suffix: impl Into<String>) -> Self {
        self.with(|settings| settings.names().suffix = suffix.into())
    }

    /// Calls one table `name`, without prefix or suffix.
    #[must_use]
    pub fn with_table_name(self, table: &'static Table, name: impl Into<String>) -> Self {
        self.with(|settings| {
            settings.names().own.insert(table.name, name.into());
        })
    }

    /// Ends every request that takes longer than `deadline`, retries included; [`DEFAULT_DEADLINE`] otherwise. Transactions
    /// keep to it as a whole, their repetitions included.
    #[must_use]
    pub fn with_deadline(self, deadline: Duration) -> Self {
        self.with(|settings| settings.deadline = Some(deadline))
    }

    /// Lets operations take as long as the SDK lets them: by its defaults, for ever.
    #[must_use]
    pub fn without_deadline(self) -> Self {
        self.with(|settings| settings.deadline = None)
    }

    /// Does not ask DynamoDB for the capacity that each request consumed, which it does by default.
    #[must_use]
    pub fn without_consumed_capacity(self) -> Self {
        self.with(|settings| settings.consumed_capacity = false)
    }

    /// Tells the time by `clock`, for tests: when an item is written (`generate = "updated"`), and whether it has expired
    /// ([`live_only`](crate::Get::live_only)). What a builder sets does not depend on a client.
    #[must_use]
    pub fn with_clock(self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.with(|settings| {
            let environment = std::mem::take(&mut settings.environment);
            settings.environment = environment.with_wall_clock(clock);
        })
    }

    /// Signs cursors with the first of these keys (HMAC-SHA256), and takes those that were signed with any of them and no
    /// others: to change keys, put the new one before the old ones for as long as cursors live. Keys are random bytes. Without any
    /// key queries and scans are refused, since nobody who asks for signatures wants none.
    #[must_use]
    pub fn with_cursor_keys(self, newest_first: impl IntoIterator<Item = [u8; 32]>) -> Self {
        self.with(|settings| settings.cursor_keys = CursorKeys::new(newest_first))
    }

    /// Runs `hooks` before and after the writes of this client, behind those that it has already.
    #[must_use]
    pub fn with_hooks(self, hooks: Hooks) -> Self {
        self.with(|settings| settings.hooks.push(Arc::new(hooks)))
    }

    /// The SDK client.
    pub fn sdk(&self) -> &aws_sdk_dynamodb::Client {
        &self.sdk
    }

    /// What a table is called through this client.
    pub fn table_name(&self, table: &Table) -> String {
        match &self.settings.names {
            None => table.name.to_owned(),
            Some(names) => names.of(table),
        }
    }

    pub(crate) fn consumed_capacity(&self) -> Option<ReturnConsumedCapacity> {
        self.settings.consumed_capacity.then_some(ReturnConsumedCapacity::Total)
    }

    pub(crate) fn cursor_keys(&self) -> &CursorKeys {
        &self.settings.cursor_keys
    }

    pub(crate) fn hooks(&self) -> &[Arc<Hooks>] {
        &self.settings.hooks
    }

    pub(crate) fn has_hooks(&self) -> bool {
        !self.settings.hooks.is_empty()
    }

    pub(crate) fn deadline(&self) -> Option<Duration> {
        self.settings.deadline
    }

    /// The current instant, by this client's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.settings.environment.now()
    }

    /// Where the client has its time, randomness and ids from.
    pub(crate) fn environment(&self) -> &Environment {
        &self.settings.environment
    }

    pub(crate) async fn sleep(&self, duration: Duration) {
        if let Some(sleep) = self.sleep_impl() {
            sleep.sleep(duration).await;
        }
    }

    /// Whether there is anything to sleep by.
    pub(crate) fn can_sleep(&self) -> bool {
        self.sleep_impl().is_some()
    }

    /// How to sleep: as the SDK client was told, or else by the SDK's own default, which its configuration does not show.
    fn sleep_impl(&self) -> Option<SharedAsyncSleep> {
        self.sdk.config().sleep_impl().or_else(default_async_sleep)
    }

    pub(crate) fn scopes(&self) -> &Scopes {
        &self.settings.scopes
    }

    /// The same client with another SDK client, which counts attempts already: a copy of its own.
    #[cfg(feature = "testing")]
    pub(crate) fn with_sdk(mut self, sdk: aws_sdk_dynamodb::Client) -> Self {
        self.sdk = sdk;
        self
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(Arc::make_mut(&mut self.settings));
        self
    }
}

impl Settings {
    fn names(&mut self) -> &mut TableNames {
        self.names.get_or_insert_default()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// A request that is ready to be sent, pinned by whoever sends it: it has kilobytes, which every move would copy.
pub(crate) type Request<'r, T, E> =
    Pin<&'r mut (dyn Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send + 'r)>;

/// One operation on its way: its span, its deadline, its attempts, and where its errors happened.
pub(crate) struct Call<'a> {
    client: &'a Client,
    operation: &'static str,
    subject: Subject,
    deadline: Deadline,
    attempts: Attempts,
    span: Span,
}

/// What an operation is about, for its errors.
enum Subject {
    Item(&'static Facts, ItemKey),
    Other(Context),
}

impl<'a> Call<'a> {
    /// An operation on a table as a whole.
    pub fn table(client: &'a Client, operation: &'static str, table: String) -> Self {
        let deadline = Deadline::of(None, client);
        Self::new(client, operation, Context { table: Some(table), ..Context::default() }, deadline)
    }

    /// An operation on one item, whose key the client [admits](Client::admit).
    pub fn item(
        client: &'a Client,
        operation: &'static str,
        facts: &'static Facts,
        key: &Item,
        deadline: Deadline,
    ) -> Self {
        Call {
            client,
            operation,
            subject: Subject::Item(facts, ItemKey::of(facts, None, key)),
            deadline,
            attempts: Attempts::default(),
            span: span(operation, &|| Some(client.table_name(facts.table)), None),
        }
    }

    pub fn new(client: &'a Client, operation: &'static str, context: Context, deadline: Deadline) -> Self {
        let span = span(operation, &|| context.table.clone(), context.index);
        Call {
            client,
            operation,
            subject: Subject::Other(context),
            deadline,
            attempts: Attempts::default(),
            span,
        }
    }

    /// Waits for the response, for no longer than the deadline.
    pub fn run<'c, T, E>(&'c mut self, request: Request<'c, T, E>) -> impl Future<Output = Result<T>> + Send
    where
        T: 'static,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.response(request, |call, outcome| outcome.map_err(|error| call.sdk_error(error)))
    }

    /// As [`run`](Self::run), with what `read` says of the output, and the item that a failed condition returns.
    pub fn run_with_item<'c, T, E, R>(
        &'c mut self,
        request: Request<'c, T, E>,
        read: fn(&Call<'_>, T) -> R,
        item: fn(&E) -> Option<&Item>,
    ) -> impl Future<Output = Result<R>> + Send
    where
        T: 'static,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.response(request, move |call, outcome| match outcome {
            Ok(output) => Ok(read(call, output)),
            Err(error) => {
                let item = error.as_service_error().and_then(item).cloned();
                Err(call.sdk_error(error).with_item(item))
            }
        })
    }

    /// As [`run`](Self::run), with the reasons of a cancelled transaction by the positions of its operations.
    pub fn run_with<'c, T, E>(
        &'c mut self,
        request: Request<'c, T, E>,
        mut cancellations: impl FnMut(&E) -> Vec<(usize, Error)> + Send,
    ) -> impl Future<Output = Result<T>> + Send
    where
        T: 'static,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.response(request, move |call, outcome| {
            outcome.map_err(|error| {
                let cancellations = error.as_service_error().map(&mut cancellations).unwrap_or_default();
                call.sdk_error(error).with_cancellations(cancellations)
            })
        })
    }

    fn response<'c, T, E, F, R>(
        &'c mut self,
        request: Request<'c, T, E>,
        read: F,
    ) -> Response<'c, 'a, T, E, F>
    where
        F: FnMut(&Call<'_>, Result<T, SdkError<E, HttpResponse>>) -> Result<R>,
    {
        Response { call: self, request, timer: None, read }
    }

    /// The error of the deadline, once it has passed.
    fn poll_deadline(&self, timer: &mut Option<Sleep>, context: &mut task::Context<'_>) -> Poll<Error> {
        if timer.is_none() {
            let Some(left) = self.deadline.left(self.client) else { return Poll::Pending };
            *timer = self.client.sleep_impl().map(|sleep| sleep.sleep(left));
        }
        match timer {
            Some(timer) => Pin::new(timer).poll(context).map(|()| self.timeout()),
            None => Poll::Pending,
        }
    }

    #[cold]
    fn sdk_error<E>(&self, error: SdkError<E, HttpResponse>) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let kind = self.classify(&error);
        let throttled_by = error.as_service_error().map(throttled_by).unwrap_or_default();
        self.error(kind)
            .with_throttled_by(throttled_by)
            .with_source(error.into())
            .with_attempts(self.attempts.count())
    }

    /// Records what an operation returned and consumed.
    #[inline]
    pub fn record(&self, items: usize, consumed: Option<&ConsumedCapacity>) {
        if !self.span.is_disabled() {
            self.record_in_span(items, consumed);
        }
    }

    fn record_in_span(&self, items: usize, consumed: Option<&ConsumedCapacity>) {
        self.span.record("items", items);
        if let Some(units) = consumed.and_then(ConsumedCapacity::capacity_units) {
            self.span.record("consumed_capacity", units);
        }
    }

    /// The error of a deadline that has passed.
    #[cold]
    pub fn timeout(&self) -> Error {
        let error = self.error(ErrorKind::Timeout(self.deadline.span()));
        error
            .with_attempts(self.attempts.count())
            .unanswered(is_write(self.operation) && self.attempts.is_open())
    }

    /// The same request goes on, after attempts that were counted before.
    pub fn after(mut self, attempts: Attempts) -> Self {
        self.attempts = attempts;
        self
    }

    /// What was counted so far.
    pub fn attempts(&self) -> Attempts {
        self.attempts
    }

    /// Whether an attempt had no definite answer: where another succeeded, the request may have been carried out twice.
    pub fn was_unanswered(&self) -> bool {
        self.attempts.unanswered() > 0
    }

    /// Whether several attempts had no definite answer: of those, more than one may have been carried out.
    pub fn was_unanswered_repeatedly(&self) -> bool {
        self.attempts.unanswered() > 1
    }

    /// The error of a request that was carried out, and perhaps twice.
    #[cold]
    pub fn unclear(&self, item: Option<Item>) -> Error {
        self.error(ErrorKind::OutcomeUnknown).with_attempts(self.attempts.count()).with_item(item)
    }

    /// The error of a response that lacks what it must have.
    pub fn protocol_error(&self, what: &'static str) -> Error {
        self.error(ErrorKind::Protocol(what))
    }

    /// An error of this operation.
    #[cold]
    pub fn error(&self, kind: ErrorKind) -> Error {
        let context = match &self.subject {
            Subject::Item(facts, key) => Context {
                model: Some(facts.model),
                table: Some(self.client.table_name(facts.table)),
                key: key.text(),
                ..Context::default()
            },
            Subject::Other(context) => context.clone(),
        };
        Error::new(kind, Context { operation: Some(self.operation), ..context })
    }

    fn classify<E: ProvideErrorMetadata>(&self, error: &SdkError<E, HttpResponse>) -> ErrorKind {
        let write = is_write(self.operation);
        let sent = self.attempts.count() > 0;
        let unanswered = self.attempts.unanswered() > 0;
        let unclear = if write && sent { ErrorKind::OutcomeUnknown } else { ErrorKind::Connection };
        let kind = match error {
            // A success of which the rest was cut off or is no JSON.
            SdkError::ServiceError(failure) if failure.raw().status().is_success() => unclear,
            SdkError::ServiceError(_) => {
                service_error(error.code().unwrap_or_default(), error.message().unwrap_or_default())
            }
            SdkError::ConstructionFailure(_) => ErrorKind::Construction,
            SdkError::DispatchFailure(failure) if failure.is_user() => ErrorKind::Construction,
            SdkError::DispatchFailure(failure) => match failure.as_connector_error() {
                // Credentials are resolved for every attempt, before it is sent.
                Some(cause) if failure.is_other() && crate::cause::is_of_credentials(cause) => {
                    ErrorKind::AccessDenied
                }
                Some(_) if failure.is_other() && !sent => ErrorKind::Construction,
                Some(cause) if !unanswered && crate::cause::is_without_connection(cause) => {
                    ErrorKind::Connection
                }
                _ => unclear,
            },
            _ => unclear,
        };
        // Whatever refused this attempt, an earlier one may have been carried out: its condition may have failed, its item
        // have grown too large or its table have appeared because of this very write.
        if write && unanswered { ErrorKind::OutcomeUnknown } else { kind }
    }
}

/// What comes of a request, if it comes before the deadline.
///
/// Written by hand: every `async` function that hands an output on copies it, and the SDK's have hundreds of bytes.
struct Response<'c, 'a, T, E, F> {
    call: &'c mut Call<'a>,
    request: Request<'c, T, E>,
    /// There is none before the request has to wait for something: to sign and to send it takes microseconds.
    timer: Option<Sleep>,
    read: F,
}

impl<T, E, F> Unpin for Response<'_, '_, T, E, F> {}

impl<T, E, F, R> Future for Response<'_, '_, T, E, F>
where
    F: FnMut(&Call<'_>, Result<T, SdkError<E, HttpResponse>>) -> Result<R>,
{
    type Output = Result<R>;

    fn poll(mut self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<Result<R>> {
        let Response { call, request, timer, read } = &mut *self;
        // What has no time left is not sent.
        if timer.is_none() && call.deadline.is_past(call.client) {
            return Poll::Ready(Err(call.timeout()));
        }
        let polled = if call.span.is_disabled() {
            call.attempts.poll(request.as_mut(), context)
        } else {
            let _entered = call.span.enter();
            call.attempts.poll(request.as_mut(), context)
        };
        let outcome = match polled {
            Poll::Ready(outcome) => read(call, outcome),
            Poll::Pending => Err(ready!(call.poll_deadline(timer, context))),
        };
        if !call.span.is_disabled() {
            call.span.record("attempts", call.attempts.count());
        }
        Poll::Ready(outcome)
    }
}

#[inline]
fn span(operation: &'static str, table: &dyn Fn() -> Option<String>, index: Option<&'static str>) -> Span {
    // With the `log` feature of `tracing`, spans that nobody listens to would be told nevertheless.
    if LevelFilter::current() < LevelFilter::INFO {
        return Span::none();
    }
    tracing::info_span!(
        "dynamodb",
        operation,
        table = table(),
        index,
        attempts = field::Empty,
        items = field::Empty,
        consumed_capacity = field::Empty,
    )
}

fn service_error(code: &str, message: &str) -> ErrorKind {
    match code {
        "ConditionalCheckFailedException" => ErrorKind::ConditionFailed,
        "ProvisionedThroughputExceededException" | "ThrottlingException" | "RequestLimitExceeded" => {
            ErrorKind::Throttled
        }
        "LimitExceededException" => ErrorKind::LimitExceeded,
        "TransactionCanceledException" => ErrorKind::Cancelled,
        "TransactionInProgressException"
        | "TransactionConflictException"
        | "ReplicatedWriteConflictException" => ErrorKind::Conflict,
        "ResourceNotFoundException" | "TableNotFoundException" => ErrorKind::TableNotFound,
        "ResourceInUseException" | "TableInUseException" => ErrorKind::TableInUse,
        "ItemCollectionSizeLimitExceededException" => ErrorKind::ItemCollectionTooLarge,
        "AccessDeniedException"
        | "UnrecognizedClientException"
        | "ExpiredTokenException"
        | "InvalidSignatureException"
        | "IncompleteSignatureException"
        | "MissingAuthenticationTokenException"
        | "NotAuthorized" => ErrorKind::AccessDenied,
        "ValidationException"
            if message.contains("does not have the specified index")
                || message.contains("backfilling global secondary index") =>
        {
            ErrorKind::IndexNotFound
        }
        // Keys, expressions and requests have a size that may be exceeded, too.
        "ValidationException" if message.contains("Item size") && message.contains("exceeded") => {
            ErrorKind::ItemTooLarge
        }
        "ValidationException" => Error::rejected(message),
        "SerializationException" | "IdempotentParameterMismatchException" => ErrorKind::Rejected,
        _ => ErrorKind::Service,
    }
}
