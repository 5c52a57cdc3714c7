//! A scan by several requests at a time.

use std::time::Duration;

use crate::client::Client;
use crate::error::Result;
use crate::operation::read::count::total;
use crate::operation::read::items::Items;
use crate::operation::read::request::Read;
use crate::operation::read::select::Decoder;

/// A scan whose segments are read at the same time (`Scan`).
///
/// ```
/// # use example_models::catalogue::Book;
/// # example_models::examples::run(async |db| {
/// let count = Book::scan().parallel(4).concurrency(2).count(&db).await?;
/// assert_eq!(count, 2);
/// # Ok(()) });
/// ```
///
/// It spawns no tasks. Requests are under way only while the stream or the count is polled, and dropping that drops them.
#[must_use = "nothing is read until `.items(&db)` or `.count(&db)`"]
pub struct Parallel<T> {
    read: Read,
    decode: Decoder<T>,
    segments: u32,
    concurrency: usize,
}

impl<T: Send + 'static> Parallel<T> {
    pub(crate) fn new(mut read: Read, decode: Decoder<T>, segments: u32) -> Self {
        if read.start.is_some() || read.segment.is_some() {
            read.contradiction = Some(
                "a parallel scan reads every segment from its beginning: it takes no `start_at` and no `segment`",
            );
        }
        let concurrency = usize::try_from(segments).unwrap_or(usize::MAX);
        Parallel { read, decode, segments, concurrency }
    }

    /// Reads at most so many segments at a time, instead of all of them. With more segments than that, a finished segment makes
    /// room for the next, so no slow segment ends alone. 0 counts as 1.
    pub fn concurrency(mut self, segments: usize) -> Self {
        self.concurrency = segments.max(1);
        self
    }

    /// Ends each request for a page after `deadline`, instead of after the client's.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.read.deadline = Some(deadline);
        self
    }

    /// A stream of all items, in no order. It ends after the first failed request of any segment.
    pub fn items(self, db: &Client) -> Items<T> {
        let (facts, limit) = (self.read.facts(), self.read.limit);
        let reads = segments(self.read, self.segments);
        Items::parallel(facts, reads, self.concurrency.max(1), limit, db, self.decode)
    }

    /// Counts the items of all segments (`Select = COUNT`). It consumes the capacity of reading them.
    ///
    /// # Errors
    /// The read is invalid (nothing was sent), or a request failed.
    pub async fn count(self, db: &Client) -> Result<u64> {
        let limit = self.read.limit;
        total(segments(self.read, self.segments), self.concurrency.max(1), limit, db).await
    }
}

/// The reads of the segments. Without segments, one read that is refused.
fn segments(read: Read, number: u32) -> impl Iterator<Item = Read> + Send {
    (0..number.max(1)).map(move |segment| Read { segment: Some((segment, number)), ..read.clone() })
}

impl<T> std::fmt::Debug for Parallel<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parallel")
            .field("read", &self.read)
            .field("segments", &self.segments)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
