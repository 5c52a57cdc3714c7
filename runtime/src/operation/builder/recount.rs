//! Counting anew what a counter counts.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use crate::client::{Client, Deadline};
use crate::decode::Value;
use crate::error::{Context, Error, Result};
use crate::facts::CounterFacts;
use crate::kind::Kind;
use crate::model::{IntoKey, Model, Record};
use crate::model_item::key_attributes;
use crate::operation::builder::query::{Origin, Query};
use crate::operation::count::counters::counters;
use crate::operation::count::recount::{Recounting, recount};
use crate::operation::read::request::Read;
use crate::validation::Violation;

/// Counts anew what a counter of an item counts, and corrects the counter where it is not that.
///
/// A counter `members` of a model `Project` gives the function `Project::recount_members(key)`, which returns this builder. Counters
/// are exact as long as this library writes what they count. Recount where other programs write too, where items were
/// there before the counter was declared, and where items expire: DynamoDB deletes them without counting.
///
/// It reads all items that are counted, twice where the counter is not right, and writes the counter alone. Writes meanwhile are seen:
/// it corrects the counter where two passes agree, and if nothing has changed it since.
#[must_use = "nothing is counted until `.send(&db)`"]
pub struct Recount<O, K> {
    /// The key, and what was found wrong.
    counted: Result<Recounting>,
    deadline: Option<Duration>,
    marker: PhantomData<fn() -> (O, K)>,
}

/// What a counter was before it was counted anew, and what it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recounted<V> {
    /// What was stored.
    pub was: V,
    /// What is right, and stored now.
    pub now: V,
}

impl<O: Model, K: Kind> Recount<O, K> {
    /// Counts the `C`s that `query` finds for a key: for generated code.
    #[doc(hidden)]
    pub fn new<C: Model, S: Origin, Q: Into<Query<C, S>>>(
        attribute: &'static str,
        key: impl IntoKey<O>,
        query: fn(&O::Key) -> Q,
    ) -> Self {
        let key = key.into_key();
        let read = query(&key).into().stage.0;
        Recount { counted: counted::<O, C>(attribute, key, read), deadline: None, marker: PhantomData }
    }

    /// Ends each request after `deadline`, instead of after the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Counts, and corrects the counter.
    ///
    /// # Errors
    /// The key is invalid (nothing was sent), there is no such item ([`is_not_found`](crate::Error::is_not_found)), something that is
    /// counted cannot be read ([`is_item_error`](crate::Error::is_item_error)), other writes changed the counter again and again
    /// ([`is_conflict`](crate::Error::is_conflict)), or a request failed.
    pub async fn send(self, db: &Client) -> Result<Recounted<K::Value>> {
        let deadline = Deadline::of(self.deadline, db);
        let [was, now] = recount(self.counted?, deadline, db).await?;
        let decode = |value| {
            let value = K::decode(Value::from(&value));
            value.map_err(|error| Error::decode(Context::model(O::FACTS), error))
        };
        Ok(Recounted { was: decode(was)?, now: decode(now)? })
    }
}

fn counted<O: Model, C: Model>(attribute: &'static str, key: O::Key, mut read: Read) -> Result<Recounting> {
    let (owner, counted) = (O::FACTS, <C as Record>::FACTS);
    let (key, mut violations) = key_attributes::<O>(key);
    let is_meant =
        |counter: &&CounterFacts| counter.attribute == attribute && (counter.owner)().are_those_of(owner);
    let counter = counters(counted).iter().find(is_meant);
    if counter.is_none() {
        violations.push(Violation::new(attribute, "counts nothing"));
    }
    match counter {
        Some(counter) if violations.is_empty() => {
            read.shows_untyped = false;
            read.consistent = read.source.index.is_none();
            Ok(Recounting { owner, key, counter, counted, read })
        }
        _ => Err(Error::validation(Context::model(owner), violations)),
    }
}

impl<O, K> fmt::Debug for Recount<O, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recount").finish_non_exhaustive()
    }
}
