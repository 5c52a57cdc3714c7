//! Handling an event: in order where order matters, with a true answer about what must be delivered again.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use serde::Serialize;

use super::error::RecordError;
use super::info::SequenceNumber;
use super::keys::PartitionKey;
use super::lambda::{Delivered, LambdaEvent};
use super::table_change::TableChange;
use crate::error::BoxError;

/// How many partition keys are handled at once, unless a [`Handling`] says otherwise.
const CONCURRENCY: usize = 8;

/// Handles the changes of a Lambda event. The answer makes Lambda deliver again what was not handled.
///
/// The changes of one partition key are handled in order, and those of different keys concurrently. A record that cannot be read,
/// or on which `handler` fails, ends the handling of its key in this event. Other keys go on.
///
/// This is [`Handling::handle`] with the default settings.
pub async fn handle<C, H, F, E>(event: &LambdaEvent<'_, C>, handler: H) -> BatchResponse
where
    C: TableChange,
    H: Fn(C) -> F,
    F: Future<Output = Result<(), E>>,
    E: Into<BoxError>,
{
    Handling::new().handle(event, handler).await
}

/// How events are handled.
///
/// ```
/// use dynamorm::changes::{BatchResponse, EventError, Handling, LambdaEvent, TableChange};
/// use example_models::shop::ShopChange;
///
/// async fn on_event(body: &[u8]) -> Result<BatchResponse, EventError> {
///     let event = LambdaEvent::<ShopChange>::read(body)?;
///     let handling = Handling::new().concurrency(4);
///     let handled = handling.handle(&event, |change: ShopChange| async move {
///         println!("{}", change.record().event_id());
///         Ok::<(), dynamorm::Error>(())
///     });
///     Ok(handled.await) // Lambda delivers again what failed
/// }
/// # let body = br#"{ "Records": [] }"#;
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # let answer = runtime.block_on(on_event(body)).unwrap();
/// # assert_eq!(answer.handled(), 0);
/// ```
#[must_use = "nothing is handled until `.handle(…)`"]
pub struct Handling<'h> {
    concurrency: usize,
    give_up: Option<GiveUp<'h>>,
}

type Boxed<'h, T> = Pin<Box<dyn Future<Output = T> + Send + 'h>>;

struct GiveUp<'h> {
    after: u32,
    count: Box<dyn Fn(String) -> Boxed<'h, Result<u32, BoxError>> + Send + Sync + 'h>,
    place: Box<dyn Fn(DeadLetter) -> Boxed<'h, Result<(), BoxError>> + Send + Sync + 'h>,
}

/// A record that was given up, for the caller's dead-letter place.
pub struct DeadLetter {
    /// The record's event id; its sequence number if it has no event id.
    pub id: String,
    /// The record's sequence number.
    pub sequence_number: Option<SequenceNumber>,
    /// How often the handling has failed.
    pub attempts: u32,
    /// Why it failed the last time.
    pub error: BoxError,
    /// The record as JSON, as it came.
    pub record: String,
}

impl Default for Handling<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'h> Handling<'h> {
    /// Handles 8 partition keys at once. A record that fails is delivered again until it succeeds or expires from the stream.
    pub fn new() -> Self {
        Handling { concurrency: CONCURRENCY, give_up: None }
    }

    /// Handles the changes of so many partition keys at once, at least one.
    ///
    /// They share the task that calls [`handle`](Self::handle), so a handler that computes for a long time delays the others.
    pub fn concurrency(mut self, keys: usize) -> Self {
        self.concurrency = keys.max(1);
        self
    }

    /// Gives up a record that has failed `after` times, and passes it to `place`, which may write to a table or a queue. If
    /// `place` succeeds, the record counts as handled.
    ///
    /// Events do not say how often a record was delivered, so `count` must store that: it counts one more failure of the record
    /// with this id, and returns the number of failures. [`count_attempt`](super::count_attempt) does so in a declared model. If
    /// `count` fails, the record is delivered again.
    pub fn give_up<Count, Counted, Place, Placed, E, F>(
        mut self,
        after: u32,
        count: Count,
        place: Place,
    ) -> Self
    where
        Count: Fn(String) -> Counted + Send + Sync + 'h,
        Counted: Future<Output = Result<u32, E>> + Send + 'h,
        Place: Fn(DeadLetter) -> Placed + Send + Sync + 'h,
        Placed: Future<Output = Result<(), F>> + Send + 'h,
        E: Into<BoxError>,
        F: Into<BoxError>,
    {
        self.give_up = Some(GiveUp {
            after,
            count: Box::new(move |id| {
                let counted = count(id);
                Box::pin(async move { counted.await.map_err(Into::into) })
            }),
            place: Box::new(move |letter| {
                let placed = place(letter);
                Box::pin(async move { placed.await.map_err(Into::into) })
            }),
        });
        self
    }

    /// As the function [`handle`], with these settings.
    ///
    /// A record whose key is unknown is handled alone, and delays no other.
    pub async fn handle<C, H, F, E>(&self, event: &LambdaEvent<'_, C>, handler: H) -> BatchResponse
    where
        C: TableChange,
        H: Fn(C) -> F,
        F: Future<Output = Result<(), E>>,
        E: Into<BoxError>,
    {
        let mut waiting = sequences(event).into_iter();
        let mut running = FuturesUnordered::new();
        let mut outcomes = Vec::new();
        loop {
            while running.len() < self.concurrency
                && let Some(sequence) = waiting.next()
            {
                running.push(self.handle_sequence(event, sequence, &handler));
            }
            match running.next().await {
                Some(outcome) => outcomes.push(outcome),
                None => return BatchResponse::of(outcomes),
            }
        }
    }

    /// Handles the records of one key until one fails.
    async fn handle_sequence<C, H, F, E>(
        &self,
        event: &LambdaEvent<'_, C>,
        sequence: Vec<(usize, Delivered<C>)>,
        handler: &H,
    ) -> Outcome
    where
        C: TableChange,
        H: Fn(C) -> F,
        F: Future<Output = Result<(), E>>,
        E: Into<BoxError>,
    {
        let mut outcome = Outcome::default();
        for (position, Delivered { identifier, change, .. }) in sequence {
            let name = Name::of(&change);
            let handled = match change {
                Ok(change) => handler(change).await.map_err(Into::into),
                Err(error) => Err(BoxError::from(error)),
            };
            let Err(error) = handled else {
                outcome.handled += 1;
                continue;
            };
            let record = || event.record(position).unwrap_or_default().to_owned();
            match self.given_up(name.clone(), error, record).await {
                Ok(()) => outcome.given_up += 1,
                Err(error) => {
                    outcome.failure = Some(Failure { position, identifier, event_id: name.event_id, error });
                    break;
                }
            }
        }
        outcome
    }

    /// Passes a record that has failed often enough to its place. If that fails, the record fails.
    async fn given_up(
        &self,
        name: Name,
        error: BoxError,
        record: impl FnOnce() -> String,
    ) -> Result<(), BoxError> {
        let (Some(give_up), Some(id)) = (&self.give_up, name.id()) else { return Err(error) };
        let attempts = (give_up.count)(id.clone()).await?;
        if attempts < give_up.after {
            return Err(error);
        }
        let letter =
            DeadLetter { id, sequence_number: name.sequence_number, attempts, error, record: record() };
        (give_up.place)(letter).await
    }
}

/// What identifies a record.
#[derive(Clone)]
struct Name {
    event_id: Option<String>,
    sequence_number: Option<SequenceNumber>,
}

impl Name {
    fn of<C: TableChange>(change: &Result<C, RecordError>) -> Self {
        match change {
            Ok(change) => Name {
                event_id: Some(change.record().event_id().to_owned()),
                sequence_number: change.record().sequence_number().cloned(),
            },
            Err(error) => Name {
                event_id: error.event_id().map(str::to_owned),
                sequence_number: error.sequence_number().cloned(),
            },
        }
    }

    fn id(&self) -> Option<String> {
        let number = || self.sequence_number.as_ref().map(|number| number.as_str().to_owned());
        self.event_id.clone().or_else(number)
    }
}

/// The records of each key, in order. A record whose key is unknown is alone.
fn sequences<C: TableChange>(event: &LambdaEvent<'_, C>) -> Vec<Vec<(usize, Delivered<C>)>> {
    let mut places: HashMap<PartitionKey, usize> = HashMap::new();
    let mut sequences: Vec<Vec<_>> = Vec::new();
    for (position, mut delivered) in event.delivered().enumerate() {
        let next = sequences.len();
        let place = match delivered.partition.take() {
            Some(partition) => *places.entry(partition).or_insert(next),
            None => next,
        };
        if place == next {
            sequences.push(Vec::new());
        }
        sequences[place].push((position, delivered));
    }
    sequences
}

/// The outcome for the records of one key.
#[derive(Default)]
struct Outcome {
    handled: usize,
    given_up: usize,
    failure: Option<Failure>,
}

/// The first failure of a key: its later changes were not handled.
#[derive(Debug)]
pub struct Failure {
    position: usize,
    identifier: Option<String>,
    event_id: Option<String>,
    error: BoxError,
}

impl Failure {
    /// The record's place in the event, counted from 0.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The record's event id, if it has one.
    pub fn event_id(&self) -> Option<&str> {
        self.event_id.as_deref()
    }

    /// Why it failed.
    pub fn error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self.error.as_ref()
    }
}

/// A function's answer to Lambda, for event source mappings with `ReportBatchItemFailures`: from which record on Lambda delivers
/// again.
///
/// That is the first record that failed. Lambda delivers it again with *all records behind it*, including those that were
/// handled; a [`Ledger`](super::Ledger) recognizes them. The answer is serialized as Lambda expects it:
///
/// ```text
/// {"batchItemFailures":[{"itemIdentifier":"4421584500000000017450439092"}]}
/// ```
///
/// A record without a sequence number cannot be named. If it is the first that failed, Lambda delivers the whole batch again.
#[derive(Debug, Serialize)]
#[must_use = "return it to Lambda, or what failed is lost"]
pub struct BatchResponse {
    #[serde(rename = "batchItemFailures")]
    items: Vec<ItemIdentifier>,
    #[serde(skip)]
    failures: Vec<Failure>,
    #[serde(skip)]
    handled: usize,
    #[serde(skip)]
    given_up: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct ItemIdentifier {
    #[serde(rename = "itemIdentifier")]
    identifier: String,
}

impl BatchResponse {
    fn of(outcomes: Vec<Outcome>) -> Self {
        let handled = outcomes.iter().map(|outcome| outcome.handled).sum();
        let given_up = outcomes.iter().map(|outcome| outcome.given_up).sum();
        let mut failures: Vec<_> = outcomes.into_iter().filter_map(|outcome| outcome.failure).collect();
        failures.sort_by_key(Failure::position);
        // An empty name means the whole batch.
        let first = failures.first().map(|failure| failure.identifier.clone().unwrap_or_default());
        let items = first.into_iter().map(|identifier| ItemIdentifier { identifier }).collect();
        BatchResponse { items, failures, handled, given_up }
    }

    /// Lambda's name for the record from which on it delivers again: empty for the whole batch, `None` if all were handled.
    pub fn again_from(&self) -> Option<&str> {
        self.items.first().map(|item| item.identifier.as_str())
    }

    /// The first failure of each key, in the order of the records.
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// How many records were handled.
    pub fn handled(&self) -> usize {
        self.handled
    }

    /// How many records were given up, and are in the caller's place.
    pub fn given_up(&self) -> usize {
        self.given_up
    }

    /// The answer as JSON, in Lambda's format.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl fmt::Debug for Handling<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handling")
            .field("concurrency", &self.concurrency)
            .field("give_up", &self.give_up.as_ref().map(|give_up| give_up.after))
            .finish()
    }
}

/// Shows everything but the record, whose values may be sensitive.
impl fmt::Debug for DeadLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeadLetter")
            .field("id", &self.id)
            .field("sequence_number", &self.sequence_number)
            .field("attempts", &self.attempts)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}
