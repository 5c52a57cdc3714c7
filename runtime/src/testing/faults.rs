//! Which faults the requests of a client meet.

use std::collections::VecDeque;
use std::ops::Range;
use std::time::Duration;

use aws_sdk_dynamodb::Config;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::retry::{RetryConfig, RetryPartition, TokenBucket};

/// What happens to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// No fault: the engine answers it.
    Pass,
    /// The engine gets it so much later.
    Delay(Duration),
    /// No connection is made, so it is certain that nothing was sent.
    RefuseConnection,
    /// The connection breaks before the engine gets it.
    LoseRequest,
    /// The engine carries it out, and the connection breaks before the answer comes.
    LoseResponse,
    /// DynamoDB throttles it, with `ProvisionedThroughputExceededException` and the table or index; for an operation on tables,
    /// with `ThrottlingException`.
    Throttle,
    /// `InternalServerError`, and the engine has not seen it.
    ServerError,
    /// `InternalServerError`, although the engine has carried it out.
    ServerErrorAfter,
    /// Another transaction is at work on the item: `TransactionConflictException` for a write of one item, and for a transaction
    /// `TransactionCanceledException`, with `TransactionConflict` as the reason of one of its operations. Applies only to these.
    Conflict,
    /// So many of a batch's requests or keys come back as `UnprocessedItems` or `UnprocessedKeys`, at most all but one. They are
    /// the last ones, ordered by the names of their tables. The others are carried out. Applies to batches of two or more.
    LeaveOver(usize),
    /// The answer is old: the engine's answer to an earlier request that was the same. Applies to `GetItem`, `Query`, `Scan` and
    /// `BatchGetItem` that are not strongly consistent, and that the engine has answered before.
    Lag,
}

/// Decides which faults the requests of a client meet: by a seed and probabilities, or by a script.
///
/// [`Client::with_faults`](crate::Client::with_faults) takes it:
///
/// ```
/// # use dynamorm::Operations;
/// # use dynamorm::testing::{Fault, Faults};
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let db = db.with_faults(Faults::script([Fault::Throttle, Fault::LoseResponse]));
/// assert!(Book::get("9780141439518").send(&db).await?.is_some()); // the third attempt
/// # Ok(()) });
/// ```
///
/// Every probability is 0 unless it is set. A value below 0, or `NaN`, counts as 0, and a value above 1 as 1. If several faults are
/// drawn for a request, chance chooses one of them. A delay comes on top of it. The same seed and settings give the same faults for
/// the same requests in the same order.
///
/// A script counts requests in the order in which they reach the connector, the SDK's retries included. Requests that
/// [`on`](Self::on) leaves out do not count.
#[derive(Clone, Debug)]
pub struct Faults {
    pub(super) script: VecDeque<Fault>,
    pub(super) seed: u64,
    pub(super) chances: Chances,
    /// `None` for all operations.
    pub(super) operations: Option<Vec<String>>,
    pub(crate) keeps_pauses: bool,
}

/// How likely each fault is.
#[derive(Clone, Debug, Default)]
pub(super) struct Chances {
    pub delay: f64,
    pub delays: Range<Duration>,
    pub refuse_connection: f64,
    pub lose_request: f64,
    pub lose_response: f64,
    pub throttle: f64,
    pub server_error: f64,
    pub server_error_after: f64,
    pub conflict: f64,
    pub leave_over: f64,
    pub lag: f64,
}

impl Faults {
    /// Faults by chance, decided by this seed. Without a probability, there are none.
    pub fn seeded(seed: u64) -> Self {
        Faults {
            script: VecDeque::new(),
            seed,
            chances: Chances::default(),
            operations: None,
            keeps_pauses: false,
        }
    }

    /// The faults of the first requests, one for each. Later requests pass, or have faults by the probabilities that are also
    /// set, with the seed 0.
    ///
    /// A request to which its fault does not apply, such as a [`Conflict`](Fault::Conflict) for a read, is not sent. It fails
    /// with an error that says so ([`is_construction`](crate::Error::is_construction)).
    pub fn script(faults: impl IntoIterator<Item = Fault>) -> Self {
        Faults { script: faults.into_iter().collect(), ..Faults::seeded(0) }
    }

    /// Disturbs only these operations, named as in DynamoDB, such as `PutItem`. Others pass, and do not count.
    #[must_use]
    pub fn on<O: Into<String>>(mut self, operations: impl IntoIterator<Item = O>) -> Self {
        self.operations = Some(operations.into_iter().map(Into::into).collect());
        self
    }

    /// How likely a request reaches the engine later, and by how much: uniformly distributed over the range, which excludes its
    /// end. For an empty range, the delay is its start.
    #[must_use]
    pub fn delay(mut self, probability: f64, by: Range<Duration>) -> Self {
        self.chances.delay = probability;
        self.chances.delays = by;
        self
    }

    /// How likely [no connection is made](Fault::RefuseConnection).
    #[must_use]
    pub fn refuse_connection(mut self, probability: f64) -> Self {
        self.chances.refuse_connection = probability;
        self
    }

    /// How likely [a request is lost](Fault::LoseRequest).
    #[must_use]
    pub fn lose_request(mut self, probability: f64) -> Self {
        self.chances.lose_request = probability;
        self
    }

    /// How likely [a response is lost](Fault::LoseResponse) of a request that was carried out.
    #[must_use]
    pub fn lose_response(mut self, probability: f64) -> Self {
        self.chances.lose_response = probability;
        self
    }

    /// How likely a request [is throttled](Fault::Throttle).
    #[must_use]
    pub fn throttle(mut self, probability: f64) -> Self {
        self.chances.throttle = probability;
        self
    }

    /// How likely DynamoDB [fails](Fault::ServerError) before it carries a request out.
    #[must_use]
    pub fn server_error(mut self, probability: f64) -> Self {
        self.chances.server_error = probability;
        self
    }

    /// How likely DynamoDB [fails](Fault::ServerErrorAfter) after it has carried a request out.
    #[must_use]
    pub fn server_error_after(mut self, probability: f64) -> Self {
        self.chances.server_error_after = probability;
        self
    }

    /// How likely another transaction [is in the way](Fault::Conflict) of a write or a transaction.
    #[must_use]
    pub fn conflict(mut self, probability: f64) -> Self {
        self.chances.conflict = probability;
        self
    }

    /// How likely a batch [is carried out in part](Fault::LeaveOver). Chance decides how many of its requests or keys come back,
    /// and which ones.
    #[must_use]
    pub fn leave_over(mut self, probability: f64) -> Self {
        self.chances.leave_over = probability;
        self
    }

    /// How likely a read that is not strongly consistent [has an older answer](Fault::Lag), if the same request came before.
    #[must_use]
    pub fn lag(mut self, probability: f64) -> Self {
        self.chances.lag = probability;
        self
    }

    /// Keeps the SDK client's pauses between attempts, and its quota of retries. Otherwise it tries again at once, and as often
    /// as its configuration says.
    #[must_use]
    pub fn with_sdk_pauses(mut self) -> Self {
        self.keeps_pauses = true;
        self
    }

    /// Whether an answer may be given again.
    pub(super) fn may_lag(&self) -> bool {
        self.chances.lag > 0.0 || self.script.contains(&Fault::Lag)
    }
}

/// Configures as many attempts as before, without pauses, and without the quota that the SDK's clients of one region share.
pub(crate) fn retry_at_once(config: &Config, builder: &mut Builder) {
    let retries = config.retry_config().cloned().unwrap_or_else(RetryConfig::standard);
    let retries = retries.with_initial_backoff(Duration::ZERO).with_max_backoff(Duration::ZERO);
    builder.set_retry_config(Some(retries));
    let partition = RetryPartition::custom("dynamorm-testing").token_bucket(TokenBucket::unlimited()).build();
    builder.set_retry_partition(Some(partition));
}
