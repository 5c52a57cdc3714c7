//! A transaction that was sent and whose outcome is unknown, to be sent again as it was.

use std::fmt;
use std::time::Duration;

use tokio::time::Instant;

use crate::client::{Client, Deadline};
use crate::error::{Context, Error};
use crate::future::ResponseFuture;
use crate::operation::transaction::part::WritePart;
use crate::operation::transaction::send::{Sending, exchange};
use crate::validation::Violation;

/// For how long DynamoDB knows the token of a transaction.
const MEMORY: Duration = Duration::from_secs(600);

/// A transaction as it was sent, to be sent again byte for byte: see [`Error::into_prepared`](crate::Error::into_prepared).
///
/// DynamoDB carries it out once, however often it is sent within ten minutes of the first time. What the runtime wrote
/// itself is not written back into values: read the items again.
#[must_use = "nothing is sent until `.send(&db)`"]
pub struct PreparedTransaction {
    parts: Vec<WritePart>,
    sending: Sending,
    /// When it was sent first.
    first_sent: Instant,
    deadline: Option<Duration>,
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

    /// Sends it again. `Ok` says that it has been carried out, by this request or by an earlier one.
    ///
    /// # Errors
    /// It was sent first ten minutes ago or more, so that DynamoDB could carry it out twice (nothing was sent); or as
    /// [`Transaction::send`](crate::Transaction::send). Its outcome stays unknown where it is refused, since an earlier
    /// request may have been carried out; only where no answer came it is handed back once more.
    pub fn send(self, db: &Client) -> ResponseFuture<'_, ()> {
        ResponseFuture::new(async move {
            let deadline = Deadline::of(self.deadline, db);
            if db.environment().moment().saturating_duration_since(self.first_sent) >= MEMORY {
                let message = "the transaction was sent first more than ten minutes ago, and DynamoDB may carry it out again";
                return Err(Error::validation(Context::default(), vec![Violation::new("", message)]));
            }
            exchange(self.parts, self.sending, self.first_sent, deadline, db).await.map(|_| ())
        })
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
    /// The transaction as it was sent, where its outcome is unknown: to be sent again, byte for byte. DynamoDB carries it out
    /// once, within ten minutes.
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
