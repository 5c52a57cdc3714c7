//! The rest of an operation whose response has arrived.

use tracing::Span;

use crate::client::outcome;
use crate::error::{Context, Error};
use crate::wire;

/// An operation whose response has arrived and is still unread.
pub(crate) struct Answered {
    operation: &'static str,
    context: Context,
    attempts: u32,
    span: Span,
}

impl Answered {
    pub(super) fn new(operation: &'static str, context: Context, attempts: u32, span: Span) -> Self {
        Answered { operation, context, attempts, span }
    }

    /// As [`Call::record_units`].
    pub fn record_units(&self, items: usize, capacity_units: Option<f64>) {
        record(&self.span, items, capacity_units);
    }

    /// As [`Call::broken`].
    #[cold]
    pub fn broken(self, failure: wire::Failure) -> Error {
        let context = Context { operation: Some(self.operation), ..self.context };
        Error::new(outcome::of_broken_success(self.operation), context)
            .with_source(failure.into())
            .with_attempts(self.attempts)
    }
}

#[inline]
pub(super) fn record(span: &Span, items: usize, capacity_units: Option<f64>) {
    if !span.is_disabled() {
        span.record("items", items);
        if let Some(units) = capacity_units {
            span.record("consumed_capacity", units);
        }
    }
}
