//! Reads of a partition that is spread over shards: which of them are read.

use std::fmt;
use std::marker::PhantomData;

use crate::operation::builder::query::Reading;
use crate::operation::read::request::Read;
use crate::operation::read::source::Source;

/// A read of what is spread over shards, as soon as it is said which of them.
///
/// ```
/// # use dynamorm::Operations;
/// # use example_models::school::Visit;
/// # example_models::examples::run(async |db| {
/// # let day = dynamorm::Date::constant(2026, 11, 29);
/// for minute in 0..40 {
///     Visit { id: format!("visit-{minute}"), day, minute }.put().send(&db).await?;
/// }
/// let latest = Visit::on(day).all_shards().descending().limit(20).send(&db).await?.into_items()?;
/// assert_eq!(latest.len(), 20);
/// assert!(latest.iter().rev().is_sorted_by_key(|visit| visit.minute));
/// # Ok(()) });
/// ```
#[must_use = "say which shards are read: `.all_shards()`"]
pub struct Sharded<Q> {
    read: Read,
    marker: PhantomData<fn() -> Q>,
}

impl<Q: From<Reading>> Sharded<Q> {
    /// Reads every shard, up to 16 at a time, and merges their items in the order of the sort key. Items with one sort key are in
    /// the order of their shards.
    pub fn all_shards(self) -> Q {
        Q::from(Reading(self.read))
    }

    /// Reads one shard, counted from 0, so that several workers share the items.
    pub fn shard(mut self, shard: u32) -> Q {
        if let Some(partitions) = &mut self.read.source.partitions {
            partitions.keep_shard(shard);
        }
        Q::from(Reading(self.read))
    }
}

impl<Q> From<Source> for Sharded<Q> {
    fn from(source: Source) -> Self {
        Sharded { read: Read::from(source), marker: PhantomData }
    }
}

impl<Q> fmt::Debug for Sharded<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sharded").field("read", &self.read).finish()
    }
}
