//! The deadline of an operation: one moment for everything that it does.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::time::Instant;

use crate::client::handle::Client;
use crate::error::{Context, Error, Reason, Result};

/// The moment at which an operation ends, however many requests, pauses and hooks it has.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Deadline {
    /// The time that the operation was allowed, for its error.
    span: Duration,
    /// `None` if the operation may take for ever, or longer than the clock reaches.
    end: Option<Instant>,
}

impl Deadline {
    /// The deadline of an operation that begins now, with the time that its caller or its client allows.
    pub fn of(span: Option<Duration>, db: &Client) -> Self {
        Self::after(span.or(db.deadline()), db)
    }

    /// A deadline this long from now; none for `None`.
    pub fn after(span: Option<Duration>, db: &Client) -> Self {
        match span {
            Some(span) => Deadline { span, end: db.environment().moment().checked_add(span) },
            None => Self::default(),
        }
    }

    /// The earlier one of the two.
    pub fn or_earlier(self, other: Deadline) -> Self {
        match (self.end, other.end) {
            (Some(own), Some(end)) if end < own => other,
            (None, Some(_)) => other,
            _ => self,
        }
    }

    /// The deadline of one of many requests: this one, or else the client's for each request.
    pub fn or_request(self, db: &Client) -> Self {
        if self.end.is_some() { self } else { Self::of(None, db) }
    }

    /// The time left; `None` if it is unlimited.
    pub fn left(&self, db: &Client) -> Option<Duration> {
        self.end.map(|end| end.saturating_duration_since(db.environment().moment()))
    }

    /// Whether no time is left.
    pub fn is_past(&self, db: &Client) -> bool {
        self.end.is_some_and(|end| end <= db.environment().moment())
    }

    /// Whether a pause would end before the deadline.
    pub fn allows(&self, pause: Duration, db: &Client) -> bool {
        self.left(db).is_none_or(|left| pause < left)
    }

    /// The error of an operation that had not begun, or had nothing under way, when its time was over.
    pub fn timeout(&self, context: Context) -> Error {
        Error::new(Reason::Timeout(self.span), context)
    }

    /// The time that was allowed.
    pub fn span(&self) -> Duration {
        self.span
    }

    /// Waits for work that is no request, until the deadline at the latest.
    ///
    /// # Errors
    /// The time was over. `work` has been dropped.
    pub async fn bound<T>(&self, work: impl Future<Output = T>, db: &Client) -> Result<T> {
        let Some(left) = self.left(db).filter(|_| db.can_sleep()) else { return Ok(work.await) };
        match select(pin!(work), pin!(db.sleep(left))).await {
            Either::Left((done, _)) => Ok(done),
            Either::Right(_) => Err(self.timeout(Context::default())),
        }
    }
}
