//! Counting the items of one read, or of several at the same time.

use futures_util::{StreamExt, TryStreamExt, stream};

use crate::client::Client;
use crate::error::Result;
use crate::future::{BoxFuture, ResponseFuture};
use crate::operation::read::merge::CONCURRENCY;
use crate::operation::read::partitions::Partitions;
use crate::operation::read::request::Read;

/// How many items a read has, up to its limit.
pub(crate) fn count(mut read: Read, db: &Client) -> ResponseFuture<'_, u64> {
    if let Some(partitions) = read.source.partitions.take() {
        return ResponseFuture::new(of_partitions(read, partitions, db));
    }
    ResponseFuture::new(async move {
        let (mut total, mut start) = (0, None);
        // An item that is an error has no place in a number.
        read.shows_untyped = false;
        // What their keys tell apart, DynamoDB does not count apart.
        let reads_keys = read.source.among_alike;
        if reads_keys {
            read.attributes = read.facts().table.key().map(|key| key.name).collect();
        }
        loop {
            let page = read.page(db, start, !reads_keys).await?.read(0, &mut |_, _| ())?;
            total += if reads_keys { page.items.try_into().unwrap_or(u64::MAX) } else { page.count };
            if let Some(limit) = read.limit.filter(|limit| total >= *limit) {
                return Ok(limit);
            }
            if page.next.is_none() {
                return Ok(total);
            }
            start = page.next;
        }
    })
}

/// How many items several reads have together, up to a limit.
pub(crate) fn total<'a>(
    reads: impl Iterator<Item = Read> + Send + 'a,
    concurrency: usize,
    limit: Option<u64>,
    db: &'a Client,
) -> BoxFuture<'a, Result<u64>> {
    Box::pin(async move {
        let limit = limit.unwrap_or(u64::MAX);
        let counts = stream::iter(reads).map(|read| count(read, db));
        let mut counts = counts.buffer_unordered(concurrency);
        let mut total = 0;
        while let Some(count) = counts.try_next().await? {
            total += count;
            if total >= limit {
                return Ok(limit);
            }
        }
        Ok(total)
    })
}

fn of_partitions(mut read: Read, partitions: Partitions, db: &Client) -> BoxFuture<'_, Result<u64>> {
    if read.start.take().is_some() {
        read.contradiction =
            Some("a count of several partitions begins with the first: it takes no `start_at`");
    }
    let limit = read.limit;
    let parts = partitions.in_order(false).into_iter().flatten();
    total(parts.map(move |part| read.of_partition(&partitions, part)), CONCURRENCY, limit, db)
}
