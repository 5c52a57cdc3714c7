//! How every request is sent: with a span, a deadline, counted attempts, and errors that name their place.

use std::future::Future;
use std::pin::Pin;
use std::task::{self, Poll, ready};

use aws_sdk_dynamodb::config::AsyncSleep;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::ConsumedCapacity;
use aws_smithy_async::rt::sleep::Sleep;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::body::SdkBody;
use tracing::level_filters::LevelFilter;
use tracing::{Span, field};

use crate::attempts::Attempts;
use crate::client::answered::{self, Answered};
use crate::client::deadline::Deadline;
use crate::client::handle::Client;
use crate::client::outcome;
use crate::error::{Context, Error, Reason, Result};
use crate::facts::Facts;
use crate::item::{Item, ItemKey, KeyAttributes};
use crate::throttling::throttled_by;
use crate::wire::{self, Large, Slot};

/// A request that is ready to be sent. Its sender pins it, because it has kilobytes that every move would copy.
pub(crate) type PinnedRequest<'r, T, E> =
    Pin<&'r mut (dyn Future<Output = Result<T, SdkError<E, HttpResponse>>> + Send + 'r)>;

/// One operation under way: its span, its deadline, its attempts, and the place that its errors name.
pub(crate) struct Call<'a> {
    client: &'a Client,
    operation: &'static str,
    subject: Subject,
    deadline: Deadline,
    attempts: Attempts,
    slot: Slot,
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
        key: &dyn KeyAttributes,
        deadline: Deadline,
    ) -> Self {
        Call {
            client,
            operation,
            subject: Subject::Item(facts, ItemKey::of(facts.table, key)),
            deadline,
            attempts: Attempts::default(),
            slot: Slot::default(),
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
            slot: Slot::default(),
            span,
        }
    }

    /// Waits for the response, until the deadline at the latest.
    pub fn run<'c, T, E>(
        &'c mut self,
        request: PinnedRequest<'c, T, E>,
    ) -> impl Future<Output = Result<T>> + Send
    where
        T: 'static,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.response(request, |call, outcome| outcome.map_err(|error| call.sdk_error(error)))
    }

    /// As [`run`](Self::run), with the result of `read` on the output, and the item that a failed condition returns.
    pub fn run_with_item<'c, T, E, R>(
        &'c mut self,
        request: PinnedRequest<'c, T, E>,
        read: fn(&mut Call<'_>, T) -> Result<R>,
        item: fn(&E) -> Option<&Item>,
    ) -> impl Future<Output = Result<R>> + Send
    where
        T: 'static,
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.response(request, move |call, outcome| match outcome {
            Ok(output) => read(call, output),
            Err(error) => {
                let item = error.as_service_error().and_then(item).cloned();
                Err(call.sdk_error(error).with_item(item))
            }
        })
    }

    /// As [`run`](Self::run), with the reasons of a cancelled transaction by the positions of its operations.
    pub fn run_with<'c, T, E>(
        &'c mut self,
        request: PinnedRequest<'c, T, E>,
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
        request: PinnedRequest<'c, T, E>,
        read: F,
    ) -> Response<'c, 'a, T, E, F>
    where
        F: FnMut(&mut Call<'_>, Result<T, SdkError<E, HttpResponse>>) -> Result<R>,
    {
        if let Some(operation) = self.wire_operation() {
            self.slot.check(operation);
        }
        Response { call: self, request, timer: None, read }
    }

    /// The deadline's error, once the deadline has passed.
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
        let kind = outcome::kind_of(self.operation, self.attempts, &error);
        let throttled_by = error.as_service_error().map(throttled_by).unwrap_or_default();
        self.error(kind)
            .with_throttled_by(throttled_by)
            .with_source(error.into())
            .with_attempts(self.attempts.count())
    }

    /// Records what an operation returned and consumed.
    #[inline]
    pub fn record(&self, items: usize, consumed: Option<&ConsumedCapacity>) {
        self.record_units(items, consumed.and_then(ConsumedCapacity::capacity_units));
    }

    /// As [`record`](Self::record), for a response that the SDK has not parsed.
    #[inline]
    pub fn record_units(&self, items: usize, capacity_units: Option<f64>) {
        answered::record(&self.span, items, capacity_units);
    }

    /// The error of a deadline that has passed.
    #[cold]
    pub fn timeout(&self) -> Error {
        let error = self.error(Reason::Timeout(self.deadline.span()));
        error
            .with_attempts(self.attempts.count())
            .unanswered(outcome::is_write(self.operation) && self.attempts.is_open())
    }

    /// Continues the same request after attempts that were counted before.
    pub fn after(mut self, attempts: Attempts) -> Self {
        self.attempts = attempts;
        self
    }

    /// What was counted so far.
    pub fn attempts(&self) -> Attempts {
        self.attempts
    }

    /// Whether an attempt got no definite answer. If another succeeded, the request may have been carried out twice.
    pub fn was_unanswered(&self) -> bool {
        self.attempts.unanswered() > 0
    }

    /// Whether several attempts got no definite answer. More than one of them may have been carried out.
    pub fn was_unanswered_repeatedly(&self) -> bool {
        self.attempts.unanswered() > 1
    }

    /// The error of a request that was carried out, and perhaps twice.
    #[cold]
    pub fn unclear(&self, item: Option<Item>) -> Error {
        self.error(Reason::OutcomeUnknown).with_attempts(self.attempts.count()).with_item(item)
    }

    /// Leaves the body of a success unparsed, for [`take_body`](Self::take_body), unless the client's owner has turned that off.
    pub fn keep_body(&mut self) {
        if let Some(operation) = self.wire_operation() {
            self.slot.keep_body(operation);
        }
    }

    /// Completes the request with the parts that the SDK got as empty, if there are any.
    pub fn complete(&mut self, large: Option<Large>) {
        if let (Some(operation), Some(large)) = (self.wire_operation(), large) {
            self.slot.complete(operation, large);
        }
    }

    /// The operation, if the client reads and writes its bodies itself and its owner has not turned that off.
    fn wire_operation(&self) -> Option<wire::Operation> {
        self.client.is_wire_decoding().then(|| wire::Operation::named(self.operation)).flatten()
    }

    /// The body that was left unparsed; `None` if the SDK has parsed it.
    pub fn take_body(&mut self) -> Option<SdkBody> {
        self.slot.take_body()
    }

    /// The error of a success whose body breaks off or is not what DynamoDB sends, the same as if the SDK had found it.
    #[cold]
    pub fn broken(&self, failure: wire::Failure) -> Error {
        self.error(outcome::of_broken_success(self.operation))
            .with_source(failure.into())
            .with_attempts(self.attempts.count())
    }

    /// The rest of the operation once its response has arrived. It borrows nothing.
    pub fn into_answered(self) -> Answered {
        let context = match self.subject {
            Subject::Item(..) => self.context(),
            Subject::Other(context) => context,
        };
        Answered::new(self.operation, context, self.attempts.count(), self.span)
    }

    /// The error of a response that lacks what it must have.
    pub fn protocol_error(&self, what: &'static str) -> Error {
        self.error(Reason::Protocol(what))
    }

    /// An error of this operation.
    #[cold]
    pub fn error(&self, kind: Reason) -> Error {
        Error::new(kind, Context { operation: Some(self.operation), ..self.context() })
    }

    fn context(&self) -> Context {
        match &self.subject {
            Subject::Item(facts, key) => Context {
                model: Some(facts.model),
                table: Some(self.client.table_name(facts.table)),
                key: key.text(),
                ..Context::default()
            },
            Subject::Other(context) => context.clone(),
        }
    }
}

/// The outcome of a request, if it comes before the deadline.
///
/// Written by hand, because every `async` function that passes an output on copies it, and the SDK's outputs have hundreds of
/// bytes.
struct Response<'c, 'a, T, E, F> {
    call: &'c mut Call<'a>,
    request: PinnedRequest<'c, T, E>,
    /// `None` until the request has to wait for something. Signing and sending take microseconds.
    timer: Option<Sleep>,
    read: F,
}

impl<T, E, F> Unpin for Response<'_, '_, T, E, F> {}

impl<T, E, F, R> Future for Response<'_, '_, T, E, F>
where
    F: FnMut(&mut Call<'_>, Result<T, SdkError<E, HttpResponse>>) -> Result<R>,
{
    type Output = Result<R>;

    fn poll(mut self: Pin<&mut Self>, context: &mut task::Context<'_>) -> Poll<Result<R>> {
        let Response { call, request, timer, read } = &mut *self;
        // A request without time left is not sent.
        if timer.is_none() && call.deadline.is_past(call.client) {
            return Poll::Ready(Err(call.timeout()));
        }
        let polled = {
            let _slot = call.slot.enter();
            let _entered = (!call.span.is_disabled()).then(|| call.span.enter());
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
    // With the `log` feature of `tracing`, spans would be logged even if nobody listens to them.
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
