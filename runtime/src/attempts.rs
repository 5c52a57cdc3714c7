//! How often the SDK sends a request. One interceptor of the client counts, for the call whose request is polled.
//!
//! An interceptor for each request would do the same, but the SDK needs a few percent of a call's time to install it.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use aws_sdk_dynamodb::config::FrameworkMetadata;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextMut, BeforeTransmitInterceptorContextRef,
    FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, SharedInterceptor, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::cause;
use crate::error::BoxError;
use crate::wire;

/// How often a call's request was sent, and how many attempts got no definite answer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Attempts {
    sent: u32,
    unanswered: u32,
    /// Whether an attempt is under way. A client made from another client's SDK client has two counters, and one of them counts.
    under_way: bool,
}

thread_local! {
    /// The attempts of the call whose request this thread polls. The SDK's interceptors run during the poll.
    static POLLED: Cell<Attempts> = const { Cell::new(Attempts { sent: 0, unanswered: 0, under_way: false }) };
}

/// The same SDK client, with counted attempts and with this library's name in its user agent.
pub(crate) fn watched(sdk: &aws_sdk_dynamodb::Client) -> aws_sdk_dynamodb::Client {
    let mut config = sdk.config().to_builder();
    // A client made from another client's SDK client adds it twice, and the SDK sends it once.
    if let Ok(framework) = FrameworkMetadata::new("dynamorm", Some(env!("CARGO_PKG_VERSION"))) {
        config.push_framework_metadata(framework);
    }
    // The SDK looks up an interceptor that could be disabled in the request's configuration each time it runs.
    config.push_interceptor(SharedInterceptor::permanent(Counter));
    aws_sdk_dynamodb::Client::from_conf(config.build())
}

impl Attempts {
    pub fn count(&self) -> u32 {
        self.sent
    }

    /// How many attempts got no definite answer.
    pub fn unanswered(&self) -> u32 {
        self.unanswered
    }

    /// Whether a request was sent and has no definite answer, or none yet.
    pub fn is_open(&self) -> bool {
        self.unanswered > 0 || self.under_way
    }

    /// Polls the call's request.
    pub fn poll<T>(
        &mut self,
        request: Pin<&mut (dyn Future<Output = T> + Send + '_)>,
        context: &mut Context<'_>,
    ) -> Poll<T> {
        let _restored = Restored(POLLED.replace(*self), self);
        request.poll(context)
    }
}

/// Takes the count, and returns the thread to the call that was polled before, even if the request panics.
struct Restored<'a>(Attempts, &'a mut Attempts);

impl Drop for Restored<'_> {
    fn drop(&mut self) {
        *self.1 = POLLED.replace(self.0);
    }
}

#[derive(Debug)]
struct Counter;

#[dyn_dispatch_hint]
impl Intercept for Counter {
    fn name(&self) -> &'static str {
        "DynamormAttempts"
    }

    fn modify_before_serialization(
        &self,
        _: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        wire::before_serialization(cfg);
        Ok(())
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        wire::before_transmit(cfg)?;
        let attempts = POLLED.get();
        if !attempts.under_way {
            POLLED.set(Attempts { sent: attempts.sent + 1, under_way: true, ..attempts });
        }
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let attempts = POLLED.get();
        // An unsent request was not carried out: the attempt ended before, or there was no connection.
        let failed = match context.output_or_error() {
            Some(Err(error)) if attempts.under_way && !error.is_operation_error() => {
                !error.as_connector_error().is_some_and(|error| cause::is_without_connection(error))
            }
            _ => false,
        };
        let server_error = context.response().is_some_and(|response| response.status().is_server_error());
        let is_unanswered = attempts.under_way && (failed || server_error);
        let unanswered = attempts.unanswered + u32::from(is_unanswered);
        POLLED.set(Attempts { unanswered, under_way: false, ..attempts });
        Ok(())
    }
}
