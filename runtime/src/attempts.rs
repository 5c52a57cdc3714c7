//! How often the SDK sends a request: counted by one interceptor of the client, for the call whose request is polled.
//!
//! An interceptor given to each request would do the same; the SDK takes a few percent of a call's time to take it in.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::task::{Context, Poll};

use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

use crate::error::BoxError;

/// How often a call's request was sent, and whether an attempt had no definite answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attempts(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    sent: AtomicU32,
    unanswered: AtomicBool,
}

thread_local! {
    /// Of the call whose request this thread polls. The SDK's interceptors run while it does.
    static POLLED: RefCell<Option<Attempts>> = const { RefCell::new(None) };
}

/// The same SDK client, whose requests count for the calls that poll them.
pub(crate) fn counted(sdk: &aws_sdk_dynamodb::Client) -> aws_sdk_dynamodb::Client {
    aws_sdk_dynamodb::Client::from_conf(sdk.config().to_builder().interceptor(Counter).build())
}

impl Attempts {
    pub fn count(&self) -> u32 {
        self.0.sent.load(Ordering::Relaxed)
    }

    pub fn unanswered(&self) -> bool {
        self.0.unanswered.load(Ordering::Relaxed)
    }

    /// Polls the call's request.
    pub fn poll<T>(
        &self,
        request: Pin<&mut (dyn Future<Output = T> + Send + '_)>,
        context: &mut Context<'_>,
    ) -> Poll<T> {
        let _restored = Restored(POLLED.replace(Some(self.clone())));
        request.poll(context)
    }
}

/// Gives the thread back to the call that was polled before, also if the request panics.
struct Restored(Option<Attempts>);

impl Drop for Restored {
    fn drop(&mut self) {
        POLLED.set(self.0.take());
    }
}

#[derive(Debug)]
struct Counter;

#[dyn_dispatch_hint]
impl Intercept for Counter {
    fn name(&self) -> &'static str {
        "DynamormAttempts"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // The attempt's number, so that a client of a client's SDK client, which has two counters, counts right.
        let attempt = config.load::<RequestAttempts>().map_or(1, RequestAttempts::attempts);
        POLLED.with_borrow(|polled| {
            if let Some(attempts) = polled {
                attempts.0.sent.fetch_max(attempt, Ordering::Relaxed);
            }
        });
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let failed = matches!(context.output_or_error(), Some(Err(error)) if !error.is_operation_error());
        let server_error = context.response().is_some_and(|response| response.status().is_server_error());
        if failed || server_error {
            POLLED.with_borrow(|polled| {
                if let Some(attempts) = polled {
                    attempts.0.unanswered.store(true, Ordering::Relaxed);
                }
            });
        }
        Ok(())
    }
}
