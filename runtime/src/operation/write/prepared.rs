//! A transaction that was sent with an unknown outcome, for sending it again unchanged.

use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use crate::attempts::Attempts;
use crate::error::Error;
use crate::operation::write::part::WritePart;

/// A transaction as it was sent, for sending it again byte for byte. [`Error::into_prepared`](crate::Error::into_prepared)
/// returns it.
///
/// DynamoDB carries it out once, however often it is sent within ten minutes of the first time. Managed values are not written
/// back into values, so read the items again.
#[must_use = "nothing is sent until `.send(&db)`"]
pub struct PreparedTransaction {
    pub(crate) parts: Vec<WritePart>,
    pub(crate) sending: Sending,
    /// When it was first sent.
    pub(crate) first_sent: Instant,
    pub(crate) deadline: Option<Duration>,
}

impl PreparedTransaction {
    pub(crate) fn new(parts: Vec<WritePart>, sending: Sending, first_sent: Instant) -> Self {
        PreparedTransaction { parts, sending, first_sent, deadline: None }
    }

    /// Its name.
    pub fn token(&self) -> &str {
        &self.sending.token
    }

    /// Ends the operation after `deadline`, instead of after the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }
}

impl fmt::Debug for PreparedTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PreparedTransaction")
            .field("operations", &self.parts.len())
            .field("token", &self.sending.token)
            .finish_non_exhaustive()
    }
}

impl Error {
    /// The transaction as it was sent, if its outcome is unknown, for sending it again byte for byte. Within ten minutes,
    /// DynamoDB carries it out once.
    ///
    /// ```
    /// # async fn example(db: dynamorm::Client, transaction: dynamorm::Transaction<'_>) -> dynamorm::Result<()> {
    /// match transaction.send(&db).await {
    ///     Err(error) if error.is_outcome_unknown() => match error.into_prepared() {
    ///         Some(prepared) => prepared.send(&db).await,
    ///         None => Ok(()),
    ///     },
    ///     outcome => outcome,
    /// }
    /// # }
    /// ```
    pub fn into_prepared(self) -> Option<PreparedTransaction> {
        self.into_rest()
    }
}

/// How one request is sent, and sent again.
#[derive(Clone)]
pub(crate) struct Sending {
    pub token: String,
    /// The attempts so far.
    pub attempts: Attempts,
}

impl Sending {
    pub(crate) fn new(token: String) -> Self {
        Sending { token, attempts: Attempts::default() }
    }
}
