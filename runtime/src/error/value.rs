//! The error as it is made and carried.

use std::any::Any;

use crate::decode::DecodeError;
use crate::error::context::Context;
use crate::error::reason::Reason;
use crate::item::Item;
use crate::throttling::ThrottledBy;
use crate::validation::Violation;

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync + 'static>;

/// The outcome of an operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why an operation failed.
///
/// ```
/// # async fn example(db: dynamorm::Client, order: dynamorm::BatchWrite) {
/// if let Err(error) = order.send(&db).await {
///     if error.is_throttled() {
///         // Try again later.
///     }
///     eprintln!("{error}");
/// }
/// # }
/// ```
///
/// What happened is told by the [`kind`](Self::kind) and asked by predicates, each of which says what to do. Where it happened is
/// told by [`model`](Self::model), [`table`](Self::table), [`index`](Self::index), [`key`](Self::key) and
/// [`attribute`](Self::attribute). The SDK's error, where there is one, is the [`source`](std::error::Error::source).
///
/// `Display` and `Debug` say the same in one line, so that a `main` that returns the error prints what people can read.
pub struct Error(pub(super) Box<Inner>);

pub(super) struct Inner {
    pub(super) kind: Reason,
    pub(super) context: Context,
    pub(super) attempts: u32,
    /// Whether the deadline passed while an attempt of a write had no answer.
    pub(super) is_unanswered: bool,
    pub(super) item: Option<Item>,
    /// What can be sent again. Its type belongs to the operation that failed, which depends on this one.
    pub(super) rest: Option<Box<dyn Any + Send + Sync>>,
    pub(super) throttled_by: Vec<ThrottledBy>,
    pub(super) cancellations: Vec<(usize, Error)>,
    pub(super) source: Option<BoxError>,
}

impl Error {
    #[cold]
    pub(crate) fn new(kind: Reason, context: Context) -> Self {
        Error(Box::new(Inner {
            kind,
            context,
            attempts: 0,
            is_unanswered: false,
            item: None,
            rest: None,
            throttled_by: Vec::new(),
            cancellations: Vec::new(),
            source: None,
        }))
    }

    #[cold]
    pub(crate) fn validation(context: Context, violations: Vec<Violation>) -> Self {
        Self::new(Reason::Validation(violations), context)
    }

    pub(crate) fn decode(context: Context, error: DecodeError) -> Self {
        let source = error.clone();
        Self::new(Reason::Decode(error), context).with_source(source.into())
    }

    pub(crate) fn construction(source: BoxError) -> Self {
        Self::new(Reason::Construction, Context::default()).with_source(source)
    }

    pub(crate) fn with_source(mut self, source: BoxError) -> Self {
        self.0.source = Some(source);
        self
    }

    pub(crate) fn with_context(mut self, context: Context) -> Self {
        self.0.context = context;
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_item(mut self, item: Option<Item>) -> Self {
        self.0.item = item;
        self
    }

    /// Keeps what can be sent again.
    pub(crate) fn with_rest<T: Any + Send + Sync>(mut self, rest: T) -> Self {
        self.0.rest = Some(Box::new(rest));
        self
    }

    /// What can be sent again, if it is a `T`.
    pub(crate) fn into_rest<T: Any>(self) -> Option<T> {
        self.0.rest?.downcast().ok().map(|rest| *rest)
    }

    pub(crate) fn with_throttled_by(mut self, throttled_by: Vec<ThrottledBy>) -> Self {
        self.0.throttled_by = throttled_by;
        self
    }

    /// Notes that an attempt of a write had no answer when the deadline passed.
    pub(crate) fn unanswered(mut self, is_unanswered: bool) -> Self {
        self.0.is_unanswered = is_unanswered;
        self
    }

    /// Notes why a transaction was cancelled. What all operations agree on is the error's own kind, unless an earlier attempt
    /// may have been carried out.
    pub(crate) fn with_cancellations(mut self, cancellations: Vec<(usize, Error)>) -> Self {
        if !self.is_unclear()
            && let [(_, first), rest @ ..] = cancellations.as_slice()
            && rest.iter().all(|(_, other)| other.0.kind == first.0.kind)
        {
            self.0.kind = first.0.kind.clone();
        }
        self.0.cancellations = cancellations;
        self
    }

    /// The kind of what DynamoDB refuses as invalid, for no reason that has a kind of its own.
    pub(crate) fn rejected(message: &str) -> Reason {
        if message.contains("document path") { Reason::PathNotStored } else { Reason::Rejected }
    }

    pub(crate) fn set_kind(&mut self, kind: Reason) {
        self.0.kind = kind;
    }

    pub(crate) fn take_item(&mut self) -> Option<Item> {
        self.0.item.take()
    }

    pub(crate) fn context_mut(&mut self) -> &mut Context {
        &mut self.0.context
    }

    /// Why a transaction was cancelled, by the positions of its operations.
    pub(crate) fn take_cancellations(&mut self) -> Vec<(usize, Error)> {
        std::mem::take(&mut self.0.cancellations)
    }

    /// Why a transaction was cancelled, to be changed.
    pub(crate) fn cancellations_mut(&mut self) -> &mut Vec<(usize, Error)> {
        &mut self.0.cancellations
    }
}
