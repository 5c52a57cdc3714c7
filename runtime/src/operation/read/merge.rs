//! The items of several partitions in one order: those of shards are merged, and buckets follow one another.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use aws_sdk_dynamodb::types::AttributeValue;
use futures_core::Stream;
use futures_util::stream::FuturesUnordered;

use crate::client::Client;
use crate::error::{Error, Reason, Result};
use crate::future::BoxFuture;
use crate::item::Item;
use crate::operation::read::cursor::Cursor;
use crate::operation::read::of_partition::GoesOn;
use crate::operation::read::partitions::{Part, Partitions, SortPosition};
use crate::operation::read::request::{RawPage, Read};

/// How many requests are under way at a time.
pub(crate) const CONCURRENCY: usize = 16;

/// The items of a read of several partitions, in the order of the buckets, then of the sort keys, then of the shards.
///
/// Of each shard at most one page is held, and at most one request is under way.
pub(crate) struct Merge {
    db: Client,
    read: Read,
    partitions: Partitions,
    sorted_by: Vec<&'static str>,
    /// The buckets that have not begun.
    rest: VecDeque<Vec<Part>>,
    /// Where the first of them goes on.
    start: Option<Start>,
    has_begun: bool,
    lanes: Vec<Lane>,
    active: FuturesUnordered<BoxFuture<'static, Arrived>>,
    told: Told,
}

/// What the requests so far said.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Told {
    pub requests: u64,
    pub scanned: u64,
    pub capacity: Option<f64>,
}

/// The position of the last item that was read before: its shard, and its key.
struct Start {
    shard: usize,
    key: Item,
    sort: SortPosition,
}

/// The read of one shard.
struct Lane {
    step: Step,
    ready: VecDeque<(SortPosition, Item)>,
    /// What comes before this was read before: in a shard before that of the position, what equals it too.
    skip: Option<(SortPosition, bool)>,
    /// What its condition does not leave out by itself.
    without: Option<(&'static str, AttributeValue)>,
}

enum Step {
    /// A request is due.
    Due(Box<Read>, Option<Item>),
    UnderWay,
    Ended,
}

type Arrived = (usize, Box<Read>, Result<RawPage>);

impl Lane {
    /// Whether it is not known which item comes next.
    fn is_dry(&self) -> bool {
        self.ready.is_empty() && !matches!(self.step, Step::Ended)
    }

    fn take_in(&mut self, item: Item, sorted_by: &[&'static str], descending: bool) {
        let sort = SortPosition::of(&item, sorted_by);
        let was_read = self.skip.as_ref().is_some_and(|(position, with_equal)| {
            match sort.compared(position, descending) {
                Ordering::Less => true,
                Ordering::Equal => *with_equal,
                Ordering::Greater => false,
            }
        });
        let is_without = self.without.as_ref().is_some_and(|(name, value)| {
            SortPosition::of(&item, &[name]) == SortPosition::of_values([Some(value)])
        });
        if !was_read && !is_without {
            self.ready.push_back((sort, item));
        }
    }
}

impl Merge {
    /// Nothing is looked at before it is polled.
    pub fn new(read: Read, partitions: Partitions, db: &Client) -> Self {
        let rest = partitions.in_order(read.descending).into();
        Merge {
            db: db.clone(),
            sorted_by: read.sort_attributes(),
            partitions,
            rest,
            start: None,
            has_begun: false,
            lanes: Vec::new(),
            active: FuturesUnordered::new(),
            told: Told::default(),
            read,
        }
    }

    /// The next item. Behind an error there is none.
    pub fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Item>>> {
        loop {
            if let Err(error) = self.begin() {
                return Poll::Ready(Some(Err(self.failed(error))));
            }
            if self.lanes.iter().any(Lane::is_dry) {
                let Some(arrived) = ready!(Pin::new(&mut self.active).poll_next(context)) else {
                    // What is dry has a request under way.
                    return Poll::Ready(None);
                };
                if let Err(error) = self.take_in(arrived) {
                    return Poll::Ready(Some(Err(self.failed(error))));
                }
            } else if let Some(item) = self.take_least() {
                return Poll::Ready(Some(Ok(item)));
            } else if self.rest.is_empty() {
                return Poll::Ready(None);
            } else {
                self.next_bucket();
            }
        }
    }

    /// The next item.
    ///
    /// # Errors
    /// The read is invalid (nothing was sent), or a request failed.
    pub async fn next(&mut self) -> Result<Option<Item>> {
        poll_fn(|context| self.poll_next(context)).await.transpose()
    }

    /// Whether there may be another item.
    pub fn may_go_on(&self) -> bool {
        let is_over = |lane: &Lane| lane.ready.is_empty() && matches!(lane.step, Step::Ended);
        !self.rest.is_empty() || !self.lanes.iter().all(is_over)
    }

    /// Whether the next item, if there is one, takes another request.
    pub fn needs_request(&self) -> bool {
        self.lanes.iter().any(Lane::is_dry) || self.lanes.iter().all(|lane| lane.ready.is_empty())
    }

    pub fn told(&self) -> Told {
        self.told
    }

    fn failed(&mut self, error: Error) -> Error {
        self.rest.clear();
        self.lanes.clear();
        self.active.clear();
        error
    }

    /// Finds where it goes on, and sends what is due.
    fn begin(&mut self) -> Result<()> {
        if !self.has_begun {
            self.has_begun = true;
            if let Some(cursor) = self.read.start.take() {
                self.go_to(&cursor)?;
            }
        }
        let dry = self.lanes.iter_mut().enumerate().filter(|(_, lane)| lane.is_dry());
        for (number, lane) in dry {
            if self.active.len() == CONCURRENCY {
                break;
            }
            match std::mem::replace(&mut lane.step, Step::UnderWay) {
                Step::Due(read, start) => {
                    let db = self.db.clone();
                    self.active.push(Box::pin(async move {
                        let page = read.page(&db, start, false).await;
                        (number, read, page)
                    }));
                }
                other => lane.step = other,
            }
        }
        Ok(())
    }

    /// Leaves out the buckets before the position of a cursor.
    fn go_to(&mut self, cursor: &Cursor) -> Result<()> {
        let key = self.read.start_key(&self.db, cursor)?;
        let Some((bucket, shard)) = self.partitions.place(self.rest.make_contiguous(), &key) else {
            let why = "it is of another partition";
            return Err(Error::new(Reason::InvalidCursor(why), self.read.context(&self.db)));
        };
        self.rest.drain(..bucket);
        self.start = Some(Start { shard, sort: SortPosition::of(&key, &self.sorted_by), key });
        Ok(())
    }

    fn next_bucket(&mut self) {
        let parts = self.rest.pop_front().unwrap_or_default();
        let start = self.start.take();
        let lane = |(shard, part)| {
            let mut read = Box::new(self.read.of_partition(&self.partitions, part));
            let mut lane = Lane { step: Step::Ended, ready: VecDeque::new(), skip: None, without: None };
            match &start {
                None => lane.step = Step::Due(read, None),
                Some(start) if shard == start.shard => {
                    lane.step = Step::Due(read, Some(start.key.clone()));
                }
                Some(start) => {
                    let beyond = shard < start.shard;
                    if let GoesOn::Here(without) = read.go_on_from(&start.key, beyond) {
                        lane.without = without;
                        lane.skip = Some((start.sort.clone(), beyond));
                        lane.step = Step::Due(read, None);
                    }
                }
            }
            lane
        };
        self.lanes = parts.into_iter().enumerate().map(lane).collect();
    }

    fn take_in(&mut self, arrived: Arrived) -> Result<()> {
        let (number, read, page) = arrived;
        self.told.requests += 1;
        let mut items = Vec::new();
        let end = page?.read(usize::MAX, &mut |index, fields| {
            items.truncate(index);
            items.push(fields.into_item().unwrap_or_default());
        })?;
        items.truncate(end.items);
        self.told.scanned += end.scanned;
        if let Some(units) = end.capacity {
            *self.told.capacity.get_or_insert_default() += units;
        }
        if let Some(lane) = self.lanes.get_mut(number) {
            for item in items {
                lane.take_in(item, &self.sorted_by, self.read.descending);
            }
            lane.step = match end.next {
                Some(next) => Step::Due(read, Some(next)),
                None => Step::Ended,
            };
        }
        Ok(())
    }

    /// The item that comes first; of several that are equal, that of the first shard.
    fn take_least(&mut self) -> Option<Item> {
        let descending = self.read.descending;
        let fronts = self.lanes.iter_mut().filter(|lane| !lane.ready.is_empty());
        let least = fronts.min_by(|one, other| match (one.ready.front(), other.ready.front()) {
            (Some((one, _)), Some((other, _))) => one.compared(other, descending),
            _ => Ordering::Equal,
        })?;
        least.ready.pop_front().map(|(_, item)| item)
    }
}
