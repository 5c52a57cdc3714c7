//! The changes of a live table, one after the other.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use aws_sdk_dynamodbstreams::types::Record;
use futures_core::Stream;

use super::checkpoint::{Checkpoint, Place};
use super::error::ChangesError;
use super::record::from_sdk_record;
use super::requests::{Mishap, Requests};
use super::shards::Shards;
use crate::changes::table_change::TableChange;
use crate::client::Client;
use crate::error::Error;

/// How long to wait while no shard has anything new, unless the caller says otherwise.
const PAUSE: Duration = Duration::from_secs(1);

impl Client {
    /// The changes of a table, from the oldest that its stream keeps, at most a day back, or from a
    /// [checkpoint](Changes::resume).
    ///
    /// This needs a client for streams ([`with_streams`](Self::with_streams)). An embedded engine has one.
    ///
    /// ```
    /// # use dynamorm::{Client, changes::TableChange};
    /// # async fn example<ShopChange: TableChange>(db: Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut changes = db.changes::<ShopChange>();
    /// while let Some(change) = changes.next().await {
    ///     let change = change?;
    ///     // … handle it, and then keep:
    ///     let checkpoint = changes.checkpoint().map(|checkpoint| checkpoint.to_string());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn changes<C: TableChange>(&self) -> Changes<C> {
        Changes {
            requests: Requests::new(self.clone(), C::TABLE),
            pause: PAUSE,
            idle_rounds: None,
            stream: None,
            shards: Shards::default(),
            is_described: false,
            is_closed: false,
            iterators: BTreeMap::new(),
            buffer: VecDeque::new(),
            current: None,
            has_ended: false,
            lost: VecDeque::new(),
            quiet: BTreeSet::new(),
            quiet_rounds: 0,
            marker: PhantomData,
        }
    }
}

/// The changes of a live table. [`Client::changes`] returns it and has an example.
///
/// The changes of one item come in order. When DynamoDB splits a shard, its successors are read after it. Resuming from an
/// earlier checkpoint repeats changes. No change is lost silently.
#[must_use = "nothing is read until `.next().await`"]
pub struct Changes<C> {
    requests: Requests,
    pause: Duration,
    idle_rounds: Option<u32>,
    /// The stream's name (ARN), once it is known.
    stream: Option<String>,
    shards: Shards,
    is_described: bool,
    is_closed: bool,
    iterators: BTreeMap<String, String>,
    /// Records of the current shard.
    buffer: VecDeque<Record>,
    current: Option<String>,
    /// Whether the current shard ends with the buffer.
    has_ended: bool,
    /// Shards that have lost records, still to be reported.
    lost: VecDeque<String>,
    /// Shards that had nothing new since something new was last read.
    quiet: BTreeSet<String>,
    quiet_rounds: u32,
    marker: PhantomData<fn() -> C>,
}

/// How reading goes on.
enum Step {
    Again,
    End,
}

impl<C: TableChange> Changes<C> {
    /// Continues behind a checkpoint, on the checkpoint's stream. If the table has another stream by now, read that one after
    /// this one has ended.
    pub fn resume(mut self, checkpoint: Checkpoint) -> Self {
        self.stream = Some(checkpoint.stream);
        self.shards = Shards::of(checkpoint.shards);
        self
    }

    /// Sets how long to wait while no shard has anything new; a second by default. DynamoDB allows five reads of a shard per
    /// second, for all readers together.
    pub fn pause(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    /// Ends once no shard has had anything new for so many rounds, instead of waiting for more. At least one round is read. This
    /// suits tests, and jobs that run from time to time.
    pub fn until_idle(mut self, rounds: u32) -> Self {
        self.idle_rounds = Some(rounds.max(1));
        self
    }

    /// How far the stream was read: up to and including the change that [`next`](Self::next) returned last. Keep it once that
    /// change is handled. `None` before the first change.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        let stream = self.stream.clone()?;
        Some(Checkpoint { stream, shards: self.shards.places() })
    }

    /// The next change; `None` once the stream is closed and has been read to its end.
    ///
    /// It is cancel safe: dropping it before it is ready, as `select!` does, loses nothing.
    ///
    /// # Errors
    /// The record cannot be read, records were gone before they were read, or a request failed.
    pub async fn next(&mut self) -> Option<Result<C, ChangesError>> {
        loop {
            if let Some(shard) = self.lost.pop_front() {
                return Some(Err(ChangesError::Trimmed { shard }));
            }
            if let Some(record) = self.buffer.pop_front() {
                let number = record.dynamodb.as_ref().and_then(|body| body.sequence_number.clone());
                if let (Some(shard), Some(number)) = (&self.current, number) {
                    self.shards.set(shard, Place::After(number));
                }
                return Some(from_sdk_record(record).map_err(ChangesError::from));
            }
            match self.read().await {
                Ok(Step::Again) => {}
                Ok(Step::End) => return None,
                Err(error) => return Some(Err(error.into())),
            }
        }
    }

    /// The changes as a stream, which gives no checkpoints; use [`next`](Self::next) for those.
    pub fn into_stream(self) -> impl Stream<Item = Result<C, ChangesError>> + Send {
        futures_util::stream::unfold(self, |mut changes| async move {
            let next = changes.next().await?;
            Some((next, changes))
        })
    }

    /// Makes one step towards the next record.
    async fn read(&mut self) -> Result<Step, Error> {
        if std::mem::take(&mut self.has_ended)
            && let Some(shard) = self.current.take()
        {
            self.shards.set(&shard, Place::End);
            self.iterators.remove(&shard);
            self.is_described = false;
        }
        let stream = match &self.stream {
            Some(stream) => stream.clone(),
            None => self.stream.insert(self.requests.stream().await?).clone(),
        };
        if !self.is_described {
            let description = self.requests.describe(&stream).await?;
            self.is_closed = description.is_closed;
            self.lost.extend(self.shards.update(description.shards));
            self.is_described = true;
            return Ok(Step::Again);
        }
        let Some(shard) = self.shards.next_readable(self.current.as_deref()) else {
            return self.wait_for_shards().await;
        };
        let place = self.shards.place(&shard).cloned().unwrap_or(Place::Start);
        let iterator = match self.iterators.get(&shard) {
            Some(iterator) => Some(iterator.clone()),
            None => match self.requests.iterator(&stream, &shard, &place).await {
                Ok(iterator) => iterator,
                Err((mishap, error)) => return self.after(mishap, error, shard),
            },
        };
        let Some(iterator) = iterator else {
            self.current = Some(shard);
            self.has_ended = true;
            return Ok(Step::Again);
        };
        let read = match self.requests.records(&iterator).await {
            Ok(read) => read,
            Err((mishap, error)) => return self.after(mishap, error, shard),
        };
        // Nothing is awaited from here until all of it is noted.
        self.buffer = read.records.unwrap_or_default().into();
        self.has_ended = read.next_shard_iterator.is_none();
        match read.next_shard_iterator {
            Some(next) => self.iterators.insert(shard.clone(), next),
            None => self.iterators.remove(&shard),
        };
        self.current = Some(shard.clone());
        if !self.buffer.is_empty() || self.has_ended {
            self.quiet.clear();
            self.quiet_rounds = 0;
            return Ok(Step::Again);
        }
        self.quiet.insert(shard);
        if self.shards.readable().all(|shard| self.quiet.contains(shard)) {
            self.rest().await
        } else {
            Ok(Step::Again)
        }
    }

    /// How to continue after a shard could not be read.
    fn after(&mut self, mishap: Option<Mishap>, error: Error, shard: String) -> Result<Step, Error> {
        match mishap {
            Some(Mishap::Trimmed) => {
                self.iterators.remove(&shard);
                self.shards.set(&shard, Place::Start);
                self.lost.push_back(shard);
                Ok(Step::Again)
            }
            Some(Mishap::Expired) => {
                self.iterators.remove(&shard);
                Ok(Step::Again)
            }
            None => {
                // The iterator may have become invalid.
                self.iterators.remove(&shard);
                Err(error)
            }
        }
    }

    /// Waits after all shards have been read to their ends. Their successors are listed soon, unless the stream is closed.
    async fn wait_for_shards(&mut self) -> Result<Step, Error> {
        if self.is_closed {
            return Ok(Step::End);
        }
        self.is_described = false;
        self.rest().await
    }

    /// Ends a round without anything new.
    async fn rest(&mut self) -> Result<Step, Error> {
        self.quiet.clear();
        self.quiet_rounds = self.quiet_rounds.saturating_add(1);
        if self.idle_rounds.is_some_and(|rounds| self.quiet_rounds >= rounds) {
            self.quiet_rounds = 0;
            return Ok(Step::End);
        }
        self.requests.client().sleep(self.pause).await;
        Ok(Step::Again)
    }
}

impl<C> fmt::Debug for Changes<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes")
            .field("stream", &self.stream)
            .field("shards", &self.shards)
            .field("buffered", &self.buffer.len())
            .finish_non_exhaustive()
    }
}
